"""`sweep`: a scenario at many points of its parameters and levers."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from caresim.cli.base import FAILED, app, complain
from caresim.cli.options import Asked, runs_the_model, stoppable

if TYPE_CHECKING:
    from caresim.scenario import Scenario

Axes = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME[=RANGE]", help="Vary this: process.parameter, instruments.INSTRUMENT.LEVER or "
                 "mixes.MIX.instruments.INSTRUMENT.LEVER; range LOW:HIGH or [a, b]; instead of the config's; may be "
                 "repeated."),
]  # fmt: skip


@app.command()
@runs_the_model
def sweep(
    asked: Asked,
    design: Annotated[
        str | None,
        typer.Option(help="one (lever at a time), grid, lhs, sobol or csv; by default the config's."),
    ] = None,
    points: Annotated[
        str | None,
        typer.Option(
            help="Points (of one and grid: levels of each axis), or a CSV file of them, whose header names "
            "the axes; instead of the config's."
        ),
    ] = None,
    axis: Axes = None,
    out: Annotated[Path | None, typer.Option(help="Folder; by default results/NAME_sweep.")] = None,
    monthly: Annotated[bool, typer.Option("--monthly", help="Keep every month too.")] = False,
) -> None:
    """Run a scenario at many points of its parameters and levers, with the same luck at each."""
    gc.enable()
    scenario = designed(asked, axis, design, points)
    from caresim.experiment.sweep import sweep as run_sweep

    folder = out if out is not None else Path("results") / f"{scenario.name}_sweep"
    with stoppable():
        found = run_sweep(scenario, out=folder, monthly=monthly, **asked.how)
    typer.echo(str(folder))
    failed = found.manifest.get("failed", 0)
    if failed:
        complain(f"{failed} runs failed, the others are kept; see {folder / 'failures.csv'}")
        raise typer.Exit(FAILED)


def designed(
    asked: Asked, axes: list[str] | None, kind: str | None = None, points: str | None = None
) -> Scenario:
    """Return the scenario of a config with the design that options ask for."""
    more = [("--design", f"design.kind={json.dumps(kind)}")] if kind is not None else []
    if points is not None:
        number = points.removeprefix("-").isdecimal()
        more.append(("--points", f"design.points={points if number else json.dumps(points)}"))
    if axes:
        more.append(("--axis", f"design.axes={json.dumps(axes)}"))
    return asked.scenario(more)
