"""The normaliser of relative risks of death: by how much the mean of all must be divided so that the table holds."""

from __future__ import annotations

import itertools

import numpy as np

from caresim.agents.health_effects import ELDERS_FROM
from caresim.agents.lifetimes import STATES
from caresim.agents.people import LIVING_REGISTERED, age_in_years
from caresim.agents.place import OLDEST
from caresim.kernel.compiled import compiled

GROUPS = (60, 65, 70, 75, 80, 85, 90, 95, OLDEST)
"""Bounds of the age groups in which a current normaliser is taken."""


def expected_norm(
    risks: np.ndarray, risk_dementia: float, disability: np.ndarray, dementia: np.ndarray
) -> np.ndarray:
    """Return the mean relative risk by sex and single year of age, 1 below 60, from prevalences.

    Args:
        risks: relative risks by single year of age and state of disability.
        risk_dementia: relative risk with dementia.
        disability: share of each state by sex and single year of age.
        dementia: share with dementia by sex and single year of age.
    """
    norm = (disability * risks).sum(axis=2)
    norm *= 1.0 + dementia * (risk_dementia - 1.0)
    norm[:, :ELDERS_FROM] = 1.0
    return norm


def current_norm(risks: np.ndarray, counts: np.ndarray, death: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return the normaliser that makes the living die at the table's rates, cell by cell.

    Within a sex and age group it is the mean relative risk weighted by the table's rates, so that the group's expected
    deaths are the table's; a group without people keeps the normaliser of the start.

    Args:
        risks: relative risks by single year of age, state and dementia.
        counts: living registered elders by sex, single year of age, state and dementia.
        death: rates of death by sex and single year of age.
        start: the normaliser of the start.
    """
    norm = start.copy()
    for first, last in itertools.pairwise(GROUPS):
        dying = counts[:, first:last] * death[:, first:last, None, None]
        table, model = dying.sum(axis=(1, 2, 3)), (dying * risks[first:last]).sum(axis=(1, 2, 3))
        known = table > 0.0
        norm[known, first:last] = (model[known] / table[known])[:, None]
    return norm


@compiled
def count_elders(state, born, disability, dementia, n, month):
    """Count living registered people of 60 and over by sex, single year of age, state and dementia."""
    counts = np.zeros((2, OLDEST, STATES, 2), dtype=np.int64)
    for i in range(n):
        age = age_in_years(month, born[i])
        if age >= ELDERS_FROM and state[i] & LIVING_REGISTERED == LIVING_REGISTERED:
            counts[state[i] & 1, min(age, OLDEST - 1), disability[i], dementia[i]] += 1
    return counts
