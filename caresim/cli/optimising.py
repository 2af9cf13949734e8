"""`optimise`: the mixes that do best under a budget."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated, Any

import typer

from caresim.cli.base import app, complain
from caresim.cli.running import ConfigPath, Jobs, Mixes, Replications, Scheduler, Seed, Set
from caresim.cli.sweeping import Axes, Resume, designed, stoppable


@app.command()
def optimise(
    config: ConfigPath,
    axis: Axes = None,
    budget: Annotated[
        float | None, typer.Option(min=0.0, help="Most public spending, yuan a month for each resident elder.")
    ] = None,
    objective: Annotated[
        list[str] | None,
        typer.Option(metavar="INDICATOR[=maximize]", help="What should be small (or large); may be repeated; by "
                     "default unmet_share and lonely_share."),
    ] = None,
    trials: Annotated[int, typer.Option(min=1, help="Mixes to try.")] = 128,
    generation: Annotated[int, typer.Option(min=2, help="Mixes of a generation.")] = 16,
    out: Annotated[Path | None, typer.Option(help="Folder; by default results/NAME_front.")] = None,
    jobs: Jobs = None,
    seed: Seed = None,
    replications: Replications = None,
    mix: Mixes = None,
    set: Set = None,
    resume: Resume = False,
    scheduler: Scheduler = None,
) -> None:  # fmt: skip
    """Turn levers until no mix within a budget is better in every objective, and show the front."""
    gc.enable()
    scenario = designed(config, set, seed, replications, mix, axis)
    from caresim.experiment.optimise import optimise as find

    said = [text.partition("=") for text in objective or ()]
    aims: Any = {name: direction or "minimize" for name, _, direction in said}
    folder = out if out is not None else Path("results") / f"{scenario.name}_front"
    with stoppable():
        found = find(scenario, budget=budget, objectives=aims or None, trials=trials, generation=generation,
                     out=folder, jobs=jobs, resume=resume, scheduler=scheduler)  # fmt: skip
    if found.front.empty:
        complain(f"none of {len(found.trials)} mixes stays within the budget; raise it, or turn other levers")
    else:
        typer.echo(found.front.to_string(index=False, float_format="{:.4g}".format))
    typer.echo(str(folder))
