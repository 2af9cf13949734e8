"""Failures: the tasks of a run that came to nothing, and why."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from caresim.results.parts import Task
from caresim.results.tables import safely

FAILURES = "failures.csv"
MONTH = re.compile(r"^\w+: (\d{4}-(?:0[1-9]|1[0-2])):")


@dataclass(frozen=True)
class FailedTask:
    """A task that came to nothing.

    Attributes:
        mix: the policy mix.
        replication: number of the replication.
        county: number of the county.
        month: the month in which it stopped, empty where that is not known.
        message: what went wrong, in one line.
    """

    mix: str
    replication: int
    county: int
    month: str
    message: str

    @classmethod
    def of(cls, task: Task, message: str) -> FailedTask:
        """Return a task's failure; a broken law says in which month."""
        month = MONTH.match(message)
        return cls(*task, month[1] if month else "", message)

    @property
    def task(self) -> Task:
        """Return the task that came to nothing."""
        return Task(self.mix, self.replication, self.county)

    def __str__(self) -> str:
        return f"{self.task}: {self.message}"


def write_failures(folder: Path, failures: list[FailedTask]) -> None:
    """Leave the failures in a run folder; none leave no file."""
    path = folder / FAILURES
    if not failures:
        path.unlink(missing_ok=True)
        return
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(field.name for field in fields(FailedTask))
    rows.writerows(astuple(failure) for failure in failures)
    with safely(path) as file:
        file.write(text.getvalue().encode())


def read_failures(folder: Path) -> list[FailedTask]:
    """Return the failures that a run folder tells of."""
    try:
        text = (folder / FAILURES).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [
        FailedTask(row["mix"], int(row["replication"]), int(row["county"]), row["month"], row["message"])
        for row in csv.DictReader(io.StringIO(text))
    ]
