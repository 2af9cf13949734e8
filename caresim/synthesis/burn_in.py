"""How many registered people are away at the start, from the hazards of migration alone."""

from __future__ import annotations

import numpy as np

from caresim.kernel.compiled import compiled
from caresim.kernel.mistakes import ConfigError

ADULT = 15
MOTHERHOOD = 28
MOST_BEHIND = 100.0
"""Absent people behind a resident above which nothing is built; in the places that ship there are at most .5."""
FULL_SINCE = 2010
"""Year from which people leave at the rates of the parameters; before, less and less."""


def absent_ratio(
    out: np.ndarray, back: np.ndarray, family_share: float, year: float, began: float, kept: float = 1.0
) -> np.ndarray:
    """Return absent registered people per resident at the start of a calendar year.

    Every cohort runs month by month through the two states present and absent from age 15. Nobody
    leaves before the year `began`; from then on the probability of leaving grows in a straight line, to the
    given one in 2010. Children below 15 are away with their mother, taken as 28 years older, for a share
    of the mothers.

    Args:
        out: probability per month that a present person leaves, by sex (0 male) and single year of age.
        back: probability per month that an absent person returns, alike.
        family_share: share of absent mothers whose children are with them.
        year: calendar year at whose start the people are counted.
        began: calendar year in which migration began.
        kept: absent people who stay on the register for a month, over residents who do: the others settle for good.

    Returns:
        Ratios by sex and single year of age, at the middle of each year of age.
    """
    months = round(12 * max(year - began, 0))
    ratio = _absent_adults(out, back, months, year, began, kept)
    ratio[:, :ADULT] = family_share * ratio[1, MOTHERHOOD : MOTHERHOOD + ADULT]
    return ratio


def check_absent(residents: np.ndarray, ratio: np.ndarray) -> None:
    """Refuse so many absent people that no computer, and no register, would hold them.

    Args:
        residents: residents of the census by sex and single year of age.
        ratio: absent people per resident, alike.

    Raises:
        ConfigError: more than `MOST_BEHIND` would stand behind each resident.
    """
    behind = float((residents * ratio).sum() / residents.sum())
    if not behind <= MOST_BEHIND:
        raise ConfigError(
            [f"parameters.migration: {behind:.3g} absent people would stand behind each resident at the start, more "
             f"than {MOST_BEHIND:g}; write smaller out or out_scale, or larger back or back_scale"]
        )  # fmt: skip


@compiled
def _absent_adults(out, back, months, year, began, kept):  # type: ignore[no-untyped-def]
    """Return the ratios of cohorts that are adult, after so many months of migration."""
    ratio = np.zeros(out.shape)
    for months_ago in range(months, 0, -1):
        grown = min(max((year - months_ago / 12 - began) / max(FULL_SINCE - began, 1e-9), 0.0), 1.0)
        younger = (
            12 - 6 + months_ago - 1
        ) // 12  # years, for those who are now in the middle of a year of age
        for sex in range(out.shape[0]):
            leaves, comes, away = out[sex, ADULT:], back[sex, ADULT:], ratio[sex, ADULT + younger :]
            for age in range(len(away)):
                leave, come, was = leaves[age] * grown, comes[age], away[age]
                away[age] = (was * (1 - come) + leave) / ((1 - leave) + come * was) * kept
    return ratio
