"""One replication of one mix: the model from its first month to its last, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.checks import LawBroken
from caresim.agents.entitlements import BudgetTooLow
from caresim.agents.people_census import population_table
from caresim.experiment.failure import failure_of
from caresim.kernel.clock import is_january, month_text, year_of
from caresim.results import Outcome

if TYPE_CHECKING:
    from caresim.model import CareModel
    from caresim.scenario import Scenario

Simulate = Callable[["Scenario", str, int], Outcome]
"""Runs a replication: scenario, mix, number."""


class ReplicationFailed(RuntimeError):  # noqa: N818 - the name says what happened
    """A replication stopped, or there was nobody to run it; the message is one line."""


class StepFailed(RuntimeError):  # noqa: N818 - the name says what happened
    """A month could not be simulated; the message says which, and why."""


def replicate(scenario: Scenario, mix: str, replication: int) -> Outcome:
    """Run one replication of one mix with the model."""
    from caresim.model import CareModel

    model = CareModel(scenario, mix=mix, replication=replication, collect=False)
    population: dict[int, np.ndarray] = {}
    while model.running:
        _count_in_january(model, population)
        _step(model)
    _count_in_january(model, population)
    return Outcome(model.records, population)


def _step(model: CareModel) -> None:
    """Simulate a month; if that is not possible, say which it was."""
    coming = model.scenario.start + len(model.records)
    try:
        model.step()
    except (LawBroken, BudgetTooLow):  # these say so themselves
        raise
    except Exception as error:
        raise StepFailed(f"{month_text(coming)}: {failure_of(error).message}") from error


def _count_in_january(model: CareModel, population: dict[int, np.ndarray]) -> None:
    """Count the people by age if the month to come opens a year."""
    coming = model.scenario.start + len(model.records)
    if is_january(coming):
        population[year_of(coming)] = population_table(model.people, coming)
