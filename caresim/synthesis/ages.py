"""Registered people by sex, age and whether they are at home."""

from __future__ import annotations

import numpy as np

from caresim.agents.people import OUTSIDE, PROVINCE, TOWN
from caresim.agents.place import OLDEST


def shared_out(weights: np.ndarray, total: int) -> np.ndarray:
    """Share a total out in whole numbers in proportion to weights, by largest remainder."""
    exact = weights.astype(float) * (total / weights.sum()) if weights.sum() > 0 else np.zeros(weights.shape)
    whole = np.floor(exact).astype(np.int64)
    rest = total - int(whole.sum())
    if weights.sum() > 0 and rest > 0:
        first = np.argsort((whole - exact).ravel(), kind="stable")[:rest]
        whole.ravel()[first] += 1
    return whole


def age_counts(residents: np.ndarray, n: int, absent_ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return residents and absent people by sex and age: exactly `n` residents, the absent on top."""
    present = shared_out(residents, n)
    away = n * residents / residents.sum() * absent_ratio
    return present, shared_out(away, round(float(away.sum())))


def spread(present: np.ndarray, absent: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return female, age and at-home flag of every registered person, residents first."""
    cells = np.arange(2 * OLDEST)
    cell = np.concatenate([np.repeat(cells, present.ravel()), np.repeat(cells, absent.ravel())])
    at_home = np.arange(len(cell)) < present.sum()
    return cell >= OLDEST, cell % OLDEST, at_home


def birth_months(age: np.ndarray, draw: np.ndarray, start: int) -> np.ndarray:
    """Return months of birth that give these ages in the start month."""
    return start - 12 * age - (12 * draw).astype(np.int64)


def places_away(draw: np.ndarray, town_share: float, province_share: float) -> np.ndarray:
    """Return where people outside the territory live: county town, province or beyond."""
    code = np.where(draw < town_share, TOWN, np.where(draw < town_share + province_share, PROVINCE, OUTSIDE))
    return code.astype(np.uint8)
