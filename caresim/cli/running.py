"""`run`, `validate`, `score`: a scenario from its config to its results."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from caresim.cli.base import app, complain
from caresim.cli.options import Asked, Results, Set, runs_the_model, stoppable
from caresim.kernel.mistakes import ConfigError, shown

if TYPE_CHECKING:
    from caresim.experiment.sequential import Until


@app.command()
@runs_the_model
def run(
    asked: Asked,
    out: Annotated[Path | None, typer.Option(help="Run folder; by default results/NAME.")] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="INDICATOR=HALF_WIDTH", help="Add replications until an interval is so narrow."),
    ] = None,
    most: Annotated[int | None, typer.Option(help="Replications that --until does not exceed.")] = None,
) -> None:
    """Simulate a scenario and write its run folder."""
    gc.enable()
    scenario = asked.scenario()
    folder = out if out is not None else Path("results") / scenario.name
    from caresim.experiment.runner import run_experiment
    from caresim.report.figures import draw_figures
    from caresim.report.page import write_report
    from caresim.report.words import LANGUAGES
    from caresim.results.errors import unwritable

    enough = asked_until(until, most)
    with stoppable():
        done = run_experiment(scenario, out=folder, until=enough, **asked.how)
        try:
            draw_figures(done)
            pages = [write_report(done, lang=language) for language in LANGUAGES]
        except OSError as error:  # the tables are there
            raise unwritable(folder, error) from None
    if enough is not None:
        complain(enough.told(done))
    typer.echo(str(pages[0]))


@app.command()
def validate(
    configs: Annotated[list[Path], typer.Argument(metavar="CONFIG...", help="Scenarios, YAML files.")],
    set: Set = None,
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
def score(results: Results) -> None:
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
