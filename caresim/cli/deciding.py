"""`decide`: what a comparison of mixes says to somebody who must choose."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from caresim.cli.base import app
from caresim.kernel.mistakes import ConfigError, shown

if TYPE_CHECKING:
    import pandas as pd

PRINTED = ("cost_per_hour", "cost_effectiveness", "cost_effectiveness_unmet_zero", "net_benefit", "acceptability",
           "information", "pareto", "displacement", "variance", "structures")  # fmt: skip
PERSPECTIVES = ("public", "societal")


@app.command()
def decide(
    results: Annotated[
        Path, typer.Argument(metavar="RESULTS", help="Run folder of several mixes, or a sweep.")
    ],
    perspective: Annotated[str, typer.Option(help="Whose costs count: public or societal.")] = "public",
    structure: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FOLDER", help="The same mixes under another structure; may be repeated."),
    ] = None,
) -> None:
    """Weigh costs against effects: frontier, net benefit, acceptability, information, ranks, Pareto set."""
    from caresim.kernel.mistakes import suggestion

    if perspective not in PERSPECTIVES:
        what = suggestion(perspective, PERSPECTIVES)
        raise ConfigError([f"--perspective {shown(perspective)}: not a perspective; {what}"])
    others = _structures(structure or [])
    gc.enable()
    from caresim.experiment.decision import decide as analysis
    from caresim.experiment.decision.displacing import brief
    from caresim.experiment.decision.structure import structures
    from caresim.experiment.decision.writing import write_decision

    tables = analysis(results, perspective)  # type: ignore[arg-type]
    if others:
        tables["structures"] = structures({"as it is": results, **others}, perspective)  # type: ignore[arg-type]
        tables["structures_agreement"] = tables["structures"].attrs["agreement"]
    write_decision(results, tables)
    for name in PRINTED:
        if name in tables:
            _print(brief(tables[name]) if name == "displacement" else tables[name])
    typer.echo(str(results / "decision"))


def _structures(written: list[str]) -> dict[str, Path]:
    """Read the options `NAME=FOLDER`."""
    found: dict[str, Path] = {}
    for text in written:
        name, equals, folder = text.partition("=")
        if not (name and equals and folder):
            raise ConfigError([f"--structure {shown(text)}: names no folder; write NAME=FOLDER"])
        if name in found:
            raise ConfigError([f"--structure {shown(name)}: is named twice; keep one"])
        found[name] = Path(folder)
    return found


def _print(table: pd.DataFrame) -> None:
    typer.echo(table.attrs["caption"])
    typer.echo(table.to_string(float_format="{:.6g}".format, na_rep="") + "\n")
