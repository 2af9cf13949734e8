"""`optimise`: the mixes that do best under a budget."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated, Any

import typer

from caresim.cli.base import app, complain
from caresim.cli.options import Asked, runs_the_model, stoppable
from caresim.cli.sweeping import Axes, designed


@app.command()
@runs_the_model
def optimise(
    asked: Asked,
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
) -> None:  # fmt: skip
    """Turn levers until no mix within a budget is better in every objective, and show the front."""
    gc.enable()
    scenario = designed(asked, axis)
    from caresim.experiment.optimise import optimise as find

    said = [text.partition("=") for text in objective or ()]
    aims: Any = {name: direction or "minimize" for name, _, direction in said}
    folder = out if out is not None else Path("results") / f"{scenario.name}_front"
    with stoppable():
        found = find(scenario, budget=budget, objectives=aims or None, trials=trials, generation=generation,
                     out=folder, **asked.how)  # fmt: skip
    if found.front.empty:
        complain(f"none of {len(found.trials)} mixes stays within the budget; raise it, or turn other levers")
    else:
        typer.echo(found.front.to_string(index=False, float_format="{:.4g}".format))
    from caresim.report.front import draw_front

    typer.echo(str(draw_front(folder)[0]))
    typer.echo(str(folder))
