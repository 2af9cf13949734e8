"""`schema`, `params`, `levers`, `schedule`: what can be asked, and what happens in a month."""

from __future__ import annotations

from typing import Annotated

import typer

from caresim.cli.base import app
from caresim.cli.printing import Format, print_rows
from caresim.kernel.mistakes import ConfigError, shown


@app.command()
def schema() -> None:
    """Print the JSON Schema of a config, for editors."""
    import json

    from caresim.scenario.schema import config_schema

    typer.echo(json.dumps(config_schema(), indent=2, ensure_ascii=False))


@app.command()
def params(
    process: Annotated[
        str | None, typer.Option(metavar="PROCESS", help="Only the parameters of this process.")
    ] = None,
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

        try:
            declared = parameters_in(place, start)
        except ConfigError as error:
            raise ConfigError([line.replace("Scenario.of: ", "--", 1) for line in error.lines]) from None
    elif start is not None:
        raise ConfigError(["--start: says nothing without a place; write --place NAME too"])
    else:
        declared = declared_parameters()
    rows = [row for row in declared if process in (None, row["group"])]
    print_rows([{key: value for key, value in row.items() if key != "group"} for row in rows], format)


@app.command()
def levers(
    instrument: Annotated[
        str | None, typer.Option(metavar="INSTRUMENT", help="Only the levers of this instrument.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How to print them.")] = Format.table,
) -> None:
    """Print every lever of government: status quo, off, unit, range, evidence, source, meaning, who pays."""
    from caresim.catalogue import declared_levers, instruments
    from caresim.kernel.mistakes import suggestion

    if instrument is not None and instrument not in instruments():
        what = suggestion(instrument, instruments())
        raise ConfigError([f"--instrument {shown(instrument)}: no instrument of that name; {what}"])
    rows = [row for row in declared_levers() if instrument in (None, row["group"])]
    print_rows([{key: value for key, value in row.items() if key != "group"} for row in rows], format)


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
    print_rows(rows, format)
