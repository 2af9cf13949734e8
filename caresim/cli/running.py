"""`run`, `validate`, `score`: a scenario from its config to its results."""

from __future__ import annotations

import gc
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from caresim.cli.base import FAILED, INTERRUPTED, app, complain, given
from caresim.kernel.mistakes import ConfigError, shown

if TYPE_CHECKING:
    from caresim.experiment.sequential import Until
    from caresim.scenario import Scenario

ConfigPath = Annotated[Path, typer.Argument(metavar="CONFIG", help="Scenario, a YAML file.")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Processes; by default one a core.")]
Seed = Annotated[str | None, typer.Option(help="Seed instead of the config's.")]
Replications = Annotated[str | None, typer.Option(help="Replications instead of the config's.")]
Mixes = Annotated[list[str] | None, typer.Option(metavar="MIX", help="Run this mix only; may be repeated.")]
Set = Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="Deviate from the config.")]
Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Run on the workers of this Dask scheduler.")
]


@app.command()
def run(
    config: ConfigPath,
    out: Annotated[Path | None, typer.Option(help="Run folder; by default results/NAME.")] = None,
    jobs: Jobs = None,
    seed: Seed = None,
    replications: Replications = None,
    mix: Mixes = None,
    set: Set = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted run; try again what failed.")
    ] = False,
    until: Annotated[
        str | None,
        typer.Option(metavar="INDICATOR=HALF_WIDTH", help="Add replications until an interval is so narrow."),
    ] = None,
    most: Annotated[int | None, typer.Option(help="Replications that --until does not exceed.")] = None,
    scheduler: Scheduler = None,
) -> None:
    """Simulate a scenario and write its run folder."""
    gc.enable()
    scenario = asked_scenario(config, set or [], seed, replications, mix or [])
    folder = out if out is not None else Path("results") / scenario.name
    from caresim.experiment.replication import ReplicationFailed
    from caresim.experiment.runner import run_experiment
    from caresim.report.figures import draw_figures
    from caresim.report.page import write_report
    from caresim.report.words import LANGUAGES
    from caresim.results import Unwritable

    enough = asked_until(until, most)
    try:
        done = run_experiment(
            scenario, out=folder, jobs=jobs, resume=resume, until=enough, scheduler=scheduler
        )
        draw_figures(done)
        pages = [write_report(done, lang=language) for language in LANGUAGES]
    except KeyboardInterrupt as stopped:
        again = [argument for argument in given if argument != "--resume"] + ["--resume"]
        complain(f"{stopped or 'stopped'}; the whole command: caresim {shlex.join(again)}")
        raise typer.Exit(INTERRUPTED) from None
    except (ReplicationFailed, Unwritable) as failure:
        complain(str(failure))
        raise typer.Exit(FAILED) from None
    if enough is not None:
        complain(enough.told(done))
    typer.echo(str(pages[0]))


@app.command()
def validate(
    configs: Annotated[list[Path], typer.Argument(metavar="CONFIG...", help="Scenarios, YAML files.")],
    set: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Deviate from the configs.")
    ] = None,
) -> None:
    """Report every mistake of configs as file:line:column."""
    from caresim.scenario import load_scenario

    lines: list[str] = []
    for config in configs:
        try:
            scenario = load_scenario(config, set=set or [])
        except ConfigError as error:
            lines += error.lines
        else:
            typer.echo(f"{shown(str(config))}: valid; {scenario.name}, {len(scenario.mixes)} mix(es)")
    if lines:
        raise ConfigError(dict.fromkeys(lines))


@app.command()
def score(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Run folder of a hindcast.")],
) -> None:
    """Set the results of a hindcast against the calibration targets and naive benchmarks."""
    from caresim.experiment.score import score_run

    gc.enable()
    typer.echo(score_run(results).to_string(index=False, float_format="{:.4g}".format))


def asked_until(until: str | None, most: int | None) -> Until | None:
    """Return when a run has enough replications, if that is asked."""
    if until is None:
        if most is not None:
            raise ConfigError(
                ["--most: says nothing without an interval; write --until INDICATOR=HALF_WIDTH too"]
            )
        return None
    from caresim.experiment.sequential import MOST, Until

    return Until.of(until, MOST if most is None else most)


def asked_scenario(
    config: Path,
    deviations: list[str],
    seed: str | None,
    replications: str | None,
    mixes: list[str],
    more: Iterable[tuple[str, str]] = (),
) -> Scenario:
    """Return the scenario that the options of `run` ask for; `more` are options and their `key=value`."""
    from caresim.scenario import load_scenario

    asked = {"seed": seed, "replications": replications}
    options = [(f"--{key}", f"{key}={value}") for key, value in asked.items() if value is not None]
    scenario = load_scenario(config, set=deviations, options=[*options, *more])
    if not mixes:
        return scenario
    try:
        return scenario.only(*dict.fromkeys(mixes))
    except ConfigError as error:
        raise ConfigError([f"--mix: {line}" for line in error.lines]) from None
