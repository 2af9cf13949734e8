"""`compare`, `equal-budget`: mixes side by side, with the same luck and, if asked, for the same money."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

from caresim.cli.base import app
from caresim.cli.options import Asked, Results, only, runs_the_model, stoppable
from caresim.cli.printing import Format, print_rows


@app.command()
def compare(
    results: Results,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="MIX", help="Mix that the others are compared with; by default the config's."),
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="Every indicator, not only the main ones.")] = False,
    format: Annotated[Format, typer.Option(help="How to print it.")] = Format.table,
) -> None:
    """Print how the mixes of a run differ from the baseline, replication by replication."""
    from caresim.experiment.paired import MAIN
    from caresim.experiment.paired import compare as compare_mixes

    gc.enable()
    table = compare_mixes(results, baseline).drop(columns=["label", "better"])
    table = table if all else table[table["indicator"].isin(MAIN)]
    rows = table.to_dict("records")
    print_rows([{str(key): _shown(value) for key, value in row.items()} for row in rows], format)


def _shown(value: object) -> object:
    """Return a number in four figures; nothing where there is none."""
    if not isinstance(value, float):
        return value
    return None if value != value else float(f"{value:.4g}")


@app.command("equal-budget")
@runs_the_model
def equal_budget(
    asked: Asked,
    out: Annotated[Path | None, typer.Option(help="Folder of the new configs; by default CONFIG's.")] = None,
    budget_of: Annotated[
        str, typer.Option(metavar="MIX", help="Mix whose spending is the budget.")
    ] = "integrated_pluralism",
    mix: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MIX", help="Scale this mix only, beside the one of the budget; may be repeated."
        ),
    ] = None,
    pilots: Annotated[int, typer.Option(min=1, help="Pilot replications.")] = 4,
    format: Annotated[Format, typer.Option(help="How to print the factors.")] = Format.table,
) -> None:
    """Scale the mixes of a config until they cost the same, and write configs ready for `run`."""
    gc.enable()
    scenario = asked.scenario()
    from caresim.experiment.budget_config import config_paths, write_config
    from caresim.experiment.equal_budget import check_budget
    from caresim.experiment.equal_budget import equal_budget as scale_to_budget
    from caresim.experiment.pilot_log import PilotLog
    from caresim.scenario import load_scenario
    from caresim.scenario.layers import said_together

    check_budget(budget_of, scenario)
    if mix:
        scenario = only(scenario, [scenario.baseline, budget_of, *mix])
    paths = config_paths(asked.config, out)
    with stoppable():
        log = PilotLog(paths["full"].with_name(f"{asked.config.stem}_pilots.jsonl"), scenario, asked.resume)
        table = scale_to_budget(scenario, budget_of, pilots, asked.jobs, asked.scheduler, log)
    said = said_together(asked.deviations, scenario.start)
    for kind, path in paths.items():
        write_config(scenario, table, kind, asked.config, path, pilots, said)
        load_scenario(path)
    log.close()
    rows = table.to_dict("records")
    print_rows([{str(key): _shown(value) for key, value in row.items()} for row in rows], format)
    for path in paths.values():
        typer.echo(str(path))
