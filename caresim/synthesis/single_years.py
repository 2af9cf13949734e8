"""Turn census age groups into single years of age."""

from __future__ import annotations

import numpy as np

from caresim.agents.place import OLDEST

MARRIAGEABLE = 15
"""Age below which everybody has never married; the marital table starts here."""
OLD = 65
"""Age at which the marital table's open group starts."""
OPEN = 85
"""Age at which the population table's open group starts."""
SMALLEST = 1e-4
"""Share below which a logit is not taken."""


def single_years(bounds: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Split the totals of age groups into single years of age, keeping each total.

    The cumulative total is joined by the monotone cubic of Fritsch and Butland, so that no year is negative
    and neighbouring groups meet without a step. SciPy has the same curve, but loading it takes ten times as
    long as reading a place; a test holds the two together.

    Args:
        bounds: first ages of the groups, then the age at which the last one ends; at least three groups.
        totals: persons or share-years of each group.
    """
    widths = np.diff(bounds).astype(float)
    heights = totals / widths
    slopes = _slopes(widths, heights)
    ages = np.arange(bounds[0], bounds[-1] + 1)
    group = np.clip(np.searchsorted(bounds, ages, side="right") - 1, 0, len(totals) - 1)
    width, t = widths[group], (ages - bounds[group]) / widths[group]
    before = np.concatenate([[0.0], np.cumsum(totals)])
    below = before[group] + totals[group] * t * t * (3.0 - 2.0 * t)
    below += width * t * (1.0 - t) * (slopes[group] * (1.0 - t) - slopes[group + 1] * t)
    return np.maximum(np.diff(below), 0.0)


def _slopes(widths: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Return the slopes of the cumulative total where groups meet and at both ends."""
    left, right = heights[:-1], heights[1:]
    weight_left = widths[:-1] + 2.0 * widths[1:]
    weight_right = 2.0 * widths[:-1] + widths[1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = (weight_left + weight_right) / (weight_left / left + weight_right / right)
    inner = np.where((left > 0.0) & (right > 0.0), inner, 0.0)
    first = _end_slope(widths[0], widths[1], heights[0], heights[1])
    last = _end_slope(widths[-1], widths[-2], heights[-1], heights[-2])
    return np.concatenate([[first], inner, [last]])


def _end_slope(width: float, next_width: float, height: float, next_height: float) -> float:
    """Return the slope at an end: that of a parabola, kept between zero and three times the group's own."""
    slope = ((2.0 * width + next_width) * height - width * next_height) / (width + next_width)
    return float(min(max(slope, 0.0), 3.0 * height))


def resident_years(bounds: np.ndarray, persons: np.ndarray, death: np.ndarray) -> np.ndarray:
    """Spread one sex's age groups over single years of age; the open group dies out like a stationary tail.

    Args:
        bounds: first ages of the groups, the last one open (85+).
        persons: residents by group.
        death: deaths per person-year by single year of age.
    """
    alive = np.exp(-np.concatenate([[0.0], np.cumsum(death[OPEN:])]))
    lived = (alive[:-1] + alive[1:]) / 2.0
    tail = persons[-1] * lived / lived.sum()
    # The first five years of the tail only shape the curve where it reaches 85.
    closed = single_years(np.append(bounds, OPEN + 5), np.append(persons[:-1], tail[:5].sum()))
    return np.concatenate([closed[:OPEN], tail])


def marital_years(shares: np.ndarray, residents: np.ndarray) -> np.ndarray:
    """Return one sex's shares by single year of age and marital status.

    Within the open group 65+ widowhood rises with age as a logistic curve: as steep as from 55-59 to 60-64,
    and as high as the group's share needs among these residents. The others keep the group's proportions.

    Args:
        shares: by age group (15-19 to 60-64, 65+) and status (never married, married, widowed, divorced).
        residents: residents of the sex by single year of age.
    """
    bounds = np.concatenate([[0], np.arange(MARRIAGEABLE, OLD + 1, 5)])
    # Who ever married rises from none at 15, so the curve is drawn for them and not for who never did.
    ever, widowed, divorced = (
        single_years(bounds, np.concatenate([[0.0], share[:-1]]) * np.diff(bounds))
        for share in (1.0 - shares[:, 0], shares[:, 2], shares[:, 3])
    )
    years = np.zeros((OLDEST, shares.shape[1]))
    years[:OLD] = np.stack([1.0 - ever, ever - widowed - divorced, widowed, divorced], axis=1)
    years = np.maximum(years, 0.0)
    widowed = _widowed_by_age(shares[-3:, 2], residents[OLD:])
    others = shares[-1] * [1.0, 1.0, 0.0, 1.0]
    years[OLD:] = (1.0 - widowed[:, None]) * others / max(others.sum(), SMALLEST)
    years[OLD:, 2] = widowed
    return years / years.sum(axis=1, keepdims=True)


def _widowed_by_age(shares: np.ndarray, residents: np.ndarray) -> np.ndarray:
    """Return widowed shares from age 65 on, given those of 55-59, 60-64 and 65+."""
    younger, older, old = np.clip(shares, SMALLEST, 1.0 - SMALLEST)
    slope = max(_logit(older) - _logit(younger), 0.0) / 5.0
    ages = np.arange(len(residents)) + 0.5
    weights = residents / residents.sum() if residents.sum() > 0 else np.full(len(ages), 1.0 / len(ages))
    low, high = -40.0, 40.0
    for _ in range(60):
        level = (low + high) / 2.0
        widowed = 1.0 / (1.0 + np.exp(-level - slope * ages))
        low, high = (level, high) if weights @ widowed < old else (low, level)
    return np.asarray(widowed)


def _logit(share: float) -> float:
    return float(np.log(share / (1.0 - share)))
