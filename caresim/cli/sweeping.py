"""`sweep`: a scenario at many points of its parameters and levers."""

from __future__ import annotations

import gc
import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from caresim.cli.base import FAILED, INTERRUPTED, app, complain, given
from caresim.cli.running import (
    ConfigPath,
    Jobs,
    Mixes,
    Replications,
    Scheduler,
    Seed,
    Set,
    asked_scenario,
)

if TYPE_CHECKING:
    from caresim.scenario import Scenario

Axes = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME[=RANGE]", help="Vary this: process.parameter, instruments.INSTRUMENT.LEVER or "
                 "mixes.MIX.instruments.INSTRUMENT.LEVER; range LOW:HIGH or [a, b]; instead of the config's; may be "
                 "repeated."),
]  # fmt: skip
Resume = Annotated[bool, typer.Option("--resume", help="Go on with what was interrupted.")]


@app.command()
def sweep(
    config: ConfigPath,
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
    jobs: Jobs = None,
    seed: Seed = None,
    replications: Replications = None,
    mix: Mixes = None,
    set: Set = None,
    monthly: Annotated[bool, typer.Option("--monthly", help="Keep every month too.")] = False,
    resume: Resume = False,
    scheduler: Scheduler = None,
) -> None:
    """Run a scenario at many points of its parameters and levers, with the same luck at each."""
    gc.enable()
    scenario = designed(config, set, seed, replications, mix, axis, design, points)
    from caresim.experiment.sweep import sweep as run_sweep

    folder = out if out is not None else Path("results") / f"{scenario.name}_sweep"
    with stoppable():
        found = run_sweep(
            scenario, out=folder, jobs=jobs, resume=resume, monthly=monthly, scheduler=scheduler
        )
    typer.echo(str(folder))
    failed = found.manifest.get("failed", 0)
    if failed:
        complain(f"{failed} runs failed, the others are kept; see {folder / 'failures.csv'}")
        raise typer.Exit(FAILED)


def designed(
    config: Path, set: list[str] | None, seed: str | None, replications: str | None, mixes: list[str] | None,
    axes: list[str] | None, kind: str | None = None, points: str | None = None,
) -> Scenario:  # fmt: skip
    """Return the scenario of a config with the design that options ask for."""
    more = [("--design", f"design.kind={json.dumps(kind)}")] if kind is not None else []
    if points is not None:
        number = points.removeprefix("-").isdecimal()
        more.append(("--points", f"design.points={points if number else json.dumps(points)}"))
    if axes:
        more.append(("--axis", f"design.axes={json.dumps(axes)}"))
    return asked_scenario(config, set or [], seed, replications, mixes or [], more)


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn an interrupt and a failure into one line and an exit code."""
    from caresim.experiment.executors import WorkersLost
    from caresim.experiment.replication import ReplicationFailed
    from caresim.results import Unwritable

    try:
        yield
    except KeyboardInterrupt as stopped:
        again = [argument for argument in given if argument != "--resume"] + ["--resume"]
        complain(f"{stopped or 'stopped'}; the whole command: caresim {shlex.join(again)}")
        raise typer.Exit(INTERRUPTED) from None
    except (ReplicationFailed, Unwritable, WorkersLost) as failure:
        complain(str(failure))
        raise typer.Exit(FAILED) from None
