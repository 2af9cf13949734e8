"""The command line: thin, quick to start, one line for a mistake."""

from __future__ import annotations

import gc
import os
import shlex
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import caresim
from caresim.kernel.mistakes import ConfigError, reason, shown

if TYPE_CHECKING:
    from caresim.scenario import Scenario

USAGE_ERROR: Any = typer.BadParameter.__mro__[2]
"""The command library's base of its own errors, which it does not name in public."""
FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130

_given: list[str] = []
"""The arguments of this call, to tell how to go on."""

app = typer.Typer(
    name="caresim",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Simulate who cares for rural older people, month by month, person by person.",
)

ConfigPath = Annotated[Path, typer.Argument(metavar="CONFIG", help="Scenario, a YAML file.")]


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"caresim {caresim.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Simulate who cares for rural older people, month by month, person by person."""


@app.command()
def run(
    config: ConfigPath,
    out: Annotated[Path | None, typer.Option(help="Run folder; by default results/NAME.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; by default one a core.")] = None,
    seed: Annotated[str | None, typer.Option(help="Seed instead of the config's.")] = None,
    replications: Annotated[str | None, typer.Option(help="Replications instead of the config's.")] = None,
    mix: Annotated[list[str] | None, typer.Option(help="Run this mix only; may be repeated.")] = None,
    set: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Deviate from the config.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted run.")] = False,
) -> None:
    """Simulate a scenario and write its run folder."""
    gc.enable()
    scenario = _scenario(config, set or [], seed, replications, mix or [])
    folder = out if out is not None else Path("results") / scenario.name
    from caresim.experiment.runner import ReplicationFailed, run_experiment
    from caresim.report.figures import draw_figures

    try:
        draw_figures(run_experiment(scenario, out=folder, jobs=jobs, resume=resume))
    except KeyboardInterrupt as stopped:
        again = [argument for argument in _given if argument != "--resume"] + ["--resume"]
        _complain(f"{stopped or 'stopped'}; the whole command: caresim {shlex.join(again)}")
        raise typer.Exit(INTERRUPTED) from None
    except ReplicationFailed as failure:
        _complain(str(failure))
        raise typer.Exit(FAILED) from None
    typer.echo(str(folder))


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
def schema() -> None:
    """Print the JSON Schema of a config, for editors."""
    import json

    from caresim.scenario.schema import config_schema

    typer.echo(json.dumps(config_schema(), indent=2, ensure_ascii=False))


@app.command()
def params(
    process: Annotated[str | None, typer.Option(help="Only the parameters of this process.")] = None,
    place: Annotated[
        str | None, typer.Option(help="Values in force in this place at the start; * where it differs.")
    ] = None,
    start: Annotated[
        str | None, typer.Option(help="Start that --place is asked of; by default 2020-01.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How to print them.")] = Format.table,
) -> None:
    """Print every parameter: value, unit, range, role, evidence, source, meaning."""
    from caresim.catalogue import declared_parameters, parameter_groups
    from caresim.kernel.mistakes import suggestion

    if process is not None and process not in parameter_groups():
        what = suggestion(process, parameter_groups())
        raise ConfigError([f"--process {shown(process)}: has no parameters; {what}"])
    if place is not None:
        from caresim.scenario.in_place import parameters_in

        declared = parameters_in(place, start)
    elif start is not None:
        raise ConfigError(["--start: says nothing without a place; write --place NAME too"])
    else:
        declared = declared_parameters()
    rows = [row for row in declared if process in (None, row["group"])]
    _print([{key: value for key, value in row.items() if key != "group"} for row in rows], format)


@app.command()
def levers(
    instrument: Annotated[str | None, typer.Option(help="Only the levers of this instrument.")] = None,
    format: Annotated[Format, typer.Option(help="How to print them.")] = Format.table,
) -> None:
    """Print every lever of government: status quo, off, unit, range, evidence, source, meaning, who pays."""
    from caresim.catalogue import declared_levers, instruments
    from caresim.kernel.mistakes import suggestion

    if instrument is not None and instrument not in instruments():
        what = suggestion(instrument, instruments())
        raise ConfigError([f"--instrument {shown(instrument)}: no instrument of that name; {what}"])
    rows = [row for row in declared_levers() if instrument in (None, row["group"])]
    _print([{key: value for key, value in row.items() if key != "group"} for row in rows], format)


@app.command()
def schedule(
    format: Annotated[Format, typer.Option(help="How to print it.")] = Format.table,
) -> None:
    """Print the month: what happens in which order, what it reads and what it writes."""
    from caresim.catalogue import processes

    rows = [
        {
            "number": number,
            "process": process.name,
            "meaning": process.meaning,
            "reads": ", ".join(process.reads),
            "writes": ", ".join(process.writes),
        }
        for number, process in enumerate(processes(), start=1)
    ]
    _print(rows, format)


@app.command()
def score(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Run folder of a hindcast.")],
) -> None:
    """Set the results of a hindcast against the calibration targets and naive benchmarks."""
    from caresim.experiment.score import score_run

    gc.enable()
    typer.echo(score_run(results).to_string(index=False, float_format="{:.4g}".format))


def _scenario(
    config: Path, deviations: list[str], seed: str | None, replications: str | None, mixes: list[str]
) -> Scenario:
    """Return the scenario that the options of `run` ask for."""
    from caresim.scenario import load_scenario

    asked = {"seed": seed, "replications": replications}
    options = [(f"--{key}", f"{key}={value}") for key, value in asked.items() if value is not None]
    scenario = load_scenario(config, set=deviations, options=options)
    if not mixes:
        return scenario
    try:
        return scenario.only(*dict.fromkeys(mixes))
    except ConfigError as error:
        raise ConfigError([f"--mix: {line}" for line in error.lines]) from None


def _print(rows: list[dict[str, Any]], format: Format) -> None:
    """Print rows as an aligned table, as CSV or as JSON."""
    if format is Format.json:
        import json

        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    cells = [list(rows[0])] + [[_cell(value) for value in row.values()] for row in rows] if rows else []
    if format is Format.csv:
        import csv

        csv.writer(sys.stdout, lineterminator="\n").writerows(cells)
        return
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))] if cells else []
    for row in cells:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    return "" if value is None else str(list(value) if isinstance(value, tuple) else value)


def _bad_input() -> tuple[type[BaseException], ...]:
    """Return what the user's own input can raise, as far as it is loaded: nothing else hides a bug."""
    kinds: list[type[BaseException]] = [ConfigError, OSError]
    for module, name in (("caresim.kernel.tables", "TableError"), ("caresim.results", "RunFolderError")):
        if module in sys.modules:
            kinds.append(getattr(sys.modules[module], name))
    return tuple(kinds)


def _told(error: BaseException) -> str:
    """Return an error of the system as one line that names the file."""
    if isinstance(error, OSError):
        name = f"{shown(os.fspath(error.filename))}: " if isinstance(error.filename, str | Path) else ""
        return f"{name}{reason(error)}; check the path and its permissions"
    return str(error)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    # Runs are spread over processes; threads of the linear algebra library would only delay the start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Looking for plugins of the validation library means reading every installed package's description.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    _given[:] = sys.argv[1:] if arguments is None else arguments
    gc.disable()  # a short command leaves nothing worth looking for; long ones switch it on
    try:
        code = _exit_code(_given)
    finally:
        gc.enable()
    sys.exit(code)


def _exit_code(arguments: list[str]) -> int:
    command: Callable[..., Any] = typer.main.get_command(app)
    try:
        code = command(args=arguments, prog_name="caresim", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except USAGE_ERROR as error:
        message = error.format_message()
        is_help = message.startswith("Usage:")  # what a bare `caresim` prints
        _complain(
            message if is_help else f"caresim: {' '.join(message.split()).rstrip('.')}; see caresim --help"
        )
        return BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        _complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if not isinstance(error, _bad_input()):
            raise
        _complain(_told(error))
        return BAD_INPUT


def _complain(text: str) -> None:
    if text:
        typer.echo(text, err=True)


if __name__ == "__main__":
    main()
