"""One replication of one mix: the model from its first month to its last, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.checks import LawBroken
from caresim.agents.entitlements import BudgetTooLow
from caresim.agents.people_census import population_table
from caresim.experiment.failure import failure_of
from caresim.kernel.clock import is_january, month_text, year_of
from caresim.results import Outcome, Task

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


def compile_rules(scenario: Scenario) -> None:
    """Run a small place for a year and a month: every rule is called, and workers find it compiled.

    Raises:
        ReplicationFailed: the model stopped.
    """
    mix = scenario.mixes[0].name
    small = replace(scenario, residents=600, townships=1, villages=2, months=13, replications=1, counties=1)
    try:
        replicate(small, mix, 0)
    except BudgetTooLow:  # of the small place, not of the scenario's
        return
    except Exception as error:
        raise ReplicationFailed(f"{Task(mix, 0)}: {failure_of(error).message}") from error
