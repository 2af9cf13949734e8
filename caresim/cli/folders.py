"""`status`, `query`, `verify`: what a run folder holds, and whether it still does."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caresim.cli.base import FAILED, app, complain
from caresim.cli.options import Results
from caresim.cli.printing import Format, print_rows

if TYPE_CHECKING:
    import pandas as pd

Printed = Annotated[Format, typer.Option(help="How to print it.")]


@app.command()
def status(results: Results, format: Printed = Format.table) -> None:
    """Print how far a run is: done, failed, under way, and what came last."""
    from caresim.results import run_status

    print_rows(_rows(run_status(results)), format)


@app.command()
def query(
    results: Results,
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One select over monthly, population, summary.")],
    format: Printed = Format.table,
) -> None:
    """Ask a run folder in SQL, such as "select mix, avg(unmet_share) from monthly group by mix"."""
    from caresim.results import query as asked

    gc.enable()
    found = asked(results, sql)
    print_rows(_rows(found), format, [str(name) for name in found.columns])


@app.command()
def verify(
    results: Results,
    sample: Annotated[int, typer.Option(min=0, help="Runs that are made again and compared.")] = 2,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that make them.")] = 1,
    format: Printed = Format.table,
) -> None:
    """Check a run's files, and make a sample of its runs again to compare every number."""
    from caresim.experiment.replication import ReplicationFailed
    from caresim.experiment.verification import AGAIN, verify_run

    gc.enable()
    try:
        found = verify_run(results, sample=sample, jobs=jobs)
    except ReplicationFailed as failure:
        complain(str(failure))
        raise typer.Exit(FAILED) from None
    if len(found):
        print_rows(_rows(found), format)
        complain(f"{results}: {_counted(len(found), 'difference')}; do not rely on it")
        raise typer.Exit(FAILED)
    complain(f"{results}: as its run left it; {_again(found.attrs[AGAIN])}")


def _again(number: int | None) -> str:
    """Say how many runs were made again."""
    if number is None:
        return "only its files were checked, for it holds no single run"
    return f"{_counted(number, 'run')} made again came out the same to the last bit"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain values; what is missing is None."""
    names = [str(name) for name in table.columns]
    columns = [table.iloc[:, n].astype(object) for n in range(len(names))]
    plain = [[_plain(value) for value in column] for column in columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*plain, strict=True)]


def _plain(value: Any) -> Any:
    """Return a value as JSON could say it; what is not known is None."""
    import numpy as np
    import pandas as pd

    if isinstance(value, np.generic):
        value = value.item()
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return None
    return value if isinstance(value, bool | int | float | str) else str(value)
