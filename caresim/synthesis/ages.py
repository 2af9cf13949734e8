"""Registered people by sex, age and whether they are at home."""

from __future__ import annotations

import numpy as np

from caresim.agents.people import OUTSIDE, PROVINCE, TOWN
from caresim.agents.place import OLDEST
from caresim.kernel.draws import U64, Draws, purpose, uniform

EXACT = 1e-6
"""People by which a sum of expectations may miss a whole number and still be taken for it."""
RESIDENTS = purpose("synthesis.residents")
ABSENT = purpose("synthesis.absent")


def rounded(expected: np.ndarray, luck: float) -> np.ndarray:
    """Round expected people by sex and age along their cumulated sum: systematic sampling with one draw.

    The path runs up the ages of men and down those of women. So any stretch of ages of one sex, and all people from
    any age on, stay within one person of what is expected, however small the population; so does the whole, and a
    whole number of people is kept. Over draws every cell has its expectation.

    Args:
        expected: people by sex (0 male) and single year of age.
        luck: a draw in (0, 1).
    """
    reached = np.cumsum(np.concatenate([expected[0], expected[1, ::-1]]))
    path = np.floor(reached + luck).astype(np.int64)
    whole = round(reached[-1])
    if abs(reached[-1] - whole) < EXACT:  # floats do not add up to the person
        path = np.minimum(path, whole)
        path[-1] = whole
    counts = np.diff(path, prepend=0)
    return np.array([counts[:OLDEST], counts[OLDEST:][::-1]])


def age_counts(
    residents: np.ndarray, n: int, absent_ratio: np.ndarray, draws: Draws
) -> tuple[np.ndarray, np.ndarray]:
    """Return residents and absent people by sex and age: exactly `n` residents, the absent on top."""
    expected = n * residents / residents.sum()
    present, absent = (uniform(draws.word(what, 0), U64(0)) for what in (RESIDENTS, ABSENT))
    return rounded(expected, present), rounded(expected * absent_ratio, absent)


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
