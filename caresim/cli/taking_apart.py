"""`take-apart`, `disturb`: what each part of a mix carries, and what stays when a sector gives half."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caresim.cli.base import app
from caresim.cli.options import Asked, runs_the_model, stoppable
from caresim.kernel.mistakes import ConfigError, shown, suggestion

if TYPE_CHECKING:
    import pandas as pd


BY = ("sector", "instrument")


@app.command("take-apart")
@runs_the_model
def take_apart(
    asked: Asked,
    whole: Annotated[str, typer.Option(metavar="MIX", help="Mix to take apart.")] = "integrated_pluralism",
    most: Annotated[
        int | None, typer.Option(min=2, help="Run about so many subsets of its parts; by default all.")
    ] = None,
    by: Annotated[
        str, typer.Option(help="Its parts: sector, or instrument (each alone, unless --most).")
    ] = "sector",
    perspective: Annotated[str, typer.Option(help="Whose costs count: public or societal.")] = "public",
    out: Annotated[Path | None, typer.Option(help="Run folder; by default results/NAME_parts_MIX.")] = None,
) -> None:
    """Run subsets of a mix's parts: what each carries (Shapley), what two do together, whose hours each displaces."""
    gc.enable()
    if by not in BY:
        raise ConfigError([f"--by {shown(by)}: not a kind of part; {suggestion(by, BY)}"])
    if perspective not in ("public", "societal"):
        what = suggestion(perspective, ("public", "societal"))
        raise ConfigError([f"--perspective {shown(perspective)}: not a perspective; {what}"])
    scenario = asked.scenario()
    from caresim.experiment.decision.displacing import brief
    from caresim.experiment.decision.parts import AND, PARTS, single_instruments
    from caresim.experiment.decision.studies import take_apart as apart

    folder = out if out is not None else Path("results") / f"{scenario.name}_parts_{whole}"
    costs: Any = perspective
    parts = PARTS if by == "sector" else single_instruments(scenario, whole)
    alone = by == "instrument" and most is None
    with stoppable():
        tables = apart(
            scenario, whole, parts, most=most, perspective=costs, out=folder, alone=alone, **asked.how
        )
    single = brief(tables.pop("displacement")).loc[lambda table: [AND not in mix for mix, _ in table.index]]
    for table in (*tables.values(), single):
        _print(table)
    typer.echo(str(folder / "decision"))


@app.command()
@runs_the_model
def disturb(
    asked: Asked,
    first: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="First month; by default a year before the end.")
    ] = None,
    sector: Annotated[
        list[str] | None,
        typer.Option(
            help="Halve this one only: family, community, volunteers, state or market; may be repeated."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the runs; by default results/NAME_halved.")
    ] = None,
) -> None:
    """Halve what one sector after another can give for a year, and tell what stays of the hours of care."""
    gc.enable()
    scenario = asked.scenario()
    from caresim.experiment.decision.shocks import SECTORS
    from caresim.experiment.decision.studies import RESILIENCE
    from caresim.experiment.decision.studies import disturb as halve

    folder = out if out is not None else Path("results") / f"{scenario.name}_halved"
    with stoppable():
        table = halve(scenario, _month(first), sectors=tuple(sector or SECTORS), out=folder, **asked.how)
    _print(table)
    typer.echo(str(folder / RESILIENCE))


def _month(text: str | None) -> int | None:
    """Read a month that somebody typed."""
    from caresim.kernel.clock import month_number

    if text is None:
        return None
    try:
        return month_number(text)
    except ValueError:
        raise ConfigError([f"--first {shown(text)}: not a month; write one such as 2029-01"]) from None


def _print(table: pd.DataFrame) -> None:
    typer.echo(table.attrs["caption"])
    table = table.dropna(how="all")
    if table.empty:
        typer.echo("not known from so few subsets; raise --most, or leave it out\n")
        return
    typer.echo(table.to_string(float_format="{:.6g}".format, na_rep="") + "\n")
