"""Elders as they would be with the ages and sexes of China's elders, to set beside national surveys.

Each share is taken by sex and five-year age group (60-64 ... 85+) and weighted by China's elders in the censuses of
2010 and 2020, in a straight line between and beyond by the nearer one.
"""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

from caresim.agents.elder_census import ADL_DISABLED, CONDITIONS, ELDERS, by_condition
from caresim.agents.people import FEMALE, INSTITUTION, REGISTERED, VILLAGE
from caresim.agents.world import World
from caresim.kernel.clock import EPOCH_YEAR
from caresim.kernel.compiled import compiled
from caresim.kernel.tables import Field, read_table
from caresim.recorder import Indicator, census, number, tally

CENSUSES = Path(__file__).resolve().parent.parent / "data" / "china" / "elders.csv"
FIRST_AGE, N_GROUPS = 60, 6
ADL = 2
FIELDS = (
    Field("census_year", "int", "year"),
    Field("sex", "str", "sex", choices=("male", "female")),
    Field("age_group", "str", "years"),
    Field("persons", "int", "persons", low=0),
)


@functools.cache
def census_weights() -> dict[int, np.ndarray]:
    """Return the shares of China's elders by sex and age group, by census year."""
    table = read_table(CENSUSES, FIELDS, key=("census_year", "sex", "age_group"))
    years, persons = np.asarray(table["census_year"]), np.asarray(table["persons"], dtype=float)
    return {
        int(year): (persons[years == year] / persons[years == year].sum()).reshape(2, N_GROUPS)
        for year in np.unique(years)
    }


@functools.cache
def weights(month: int) -> np.ndarray:
    """Return the shares of China's elders by sex and age group in a month."""
    census = census_weights()
    (first, last), year = sorted(census), EPOCH_YEAR + month / 12.0
    later = min(1.0, max(0.0, (year - first) / (last - first)))
    return census[first] * (1.0 - later) + census[last] * later


@tally(*(name for name, _ in CONDITIONS))
def standardised(world: World, shares: np.ndarray) -> None:
    """Return the share of each condition, weighted by China's elders; NaN where nothing keeps its column."""
    _standardise(by_condition(census(world)), weights(world.month), shares)


@compiled
def _standardise(counts, weights, shares):
    """Write the share of each condition, weighted by sex and age group; NaN where there is nobody."""
    parts, whole = np.zeros(len(counts)), 0.0
    for sex in range(2):
        for group in range(N_GROUPS):
            elders = counts[ELDERS, sex, group]
            if elders > 0:
                whole += weights[sex, group]
                for condition in range(len(counts)):
                    parts[condition] += weights[sex, group] * counts[condition, sex, group] / elders
    if whole > 0.0:
        shares[:] = parts / whole


@tally("others", "adl_disabled")
def deaths_weighted(world: World, numbers: np.ndarray) -> None:
    """Weigh the month's deaths at 65+, each by the other kind's share in its stratum (Mantel-Haenszel)."""
    weights = world.once("lives.standard", world.month // 3, lambda: weights_by_stratum(world))
    people = world.people
    if len(people.flows.dead) == 0:
        numbers.fill(0.0)
        return
    columns = (people["state"], people["born"], people["disability"], people["place"])
    _weigh(people.flows.dead, *columns, world.month, weights, numbers)


def weights_by_stratum(world: World) -> np.ndarray:
    """Return what a death of another and of an ADL-disabled counts, by sex and age group: the other kind's share.

    The lives are those of the first month of a quarter; nobody counts before 65.
    """
    found: np.ndarray = _shares(by_condition(census(world)))
    return found


@compiled
def _shares(counts):
    """Return the shares of ADL-disabled and others in each stratum from 65 on."""
    shares = np.zeros((2, 2, N_GROUPS))
    for sex in range(2):
        for group in range(1, N_GROUPS):
            elders, disabled = counts[ELDERS, sex, group], counts[ADL_DISABLED, sex, group]
            shares[0, sex, group] = disabled / max(elders, 1.0)
            shares[1, sex, group] = (elders - disabled) / max(elders, 1.0)
    return shares


@compiled
def _weigh(dead, state, born, disability, place, month, weights, numbers):
    """Add up the weights of deaths at 65+ of others and of ADL-disabled."""
    others = adl_disabled = 0.0
    for i in dead:
        at_home = state[i] & REGISTERED and place[i] in (VILLAGE, INSTITUTION)
        if at_home and month - born[i] >= (FIRST_AGE + 5) * 12:
            group = min(((month - born[i]) // 12 - FIRST_AGE) // 5, N_GROUPS - 1)
            if disability[i] >= ADL:
                adl_disabled += weights[1, state[i] & FEMALE, group]
            else:
                others += weights[0, state[i] & FEMALE, group]
    numbers[0], numbers[1] = others, adl_disabled


def _standard(name: str, label: str, zh: str, meaning: str, condition: str) -> Indicator:
    return Indicator(
        f"{name}_standard", "share", "last", f"{label}, national ages", f"{zh}（全国年龄结构）",
        f"{meaning}, weighted by the ages and sexes of China's elders.", number(standardised, condition),
        quarterly=True,
    )  # fmt: skip


INDICATORS = (
    _standard("disabled_share", "Disabled elders", "失能老人比重", "Elders in states 1-3", "disabled"),
    _standard("adl_disabled_share", "ADL-disabled elders", "日常活动失能老人比重", "Elders in states 2-3",
              "adl_disabled"),
    _standard("dementia_share", "Elders with dementia", "痴呆老人比重", "Elders with dementia", "demented"),
    _standard("living_alone_share", "Elders living alone", "独居老人比重", "Elders living alone", "alone"),
    _standard("couple_only_share", "Elders with spouse only", "仅与配偶同住老人比重",
              "Elders living with their spouse only", "couple_only"),
    _standard("with_child_share", "Elders with a child", "与子女同住老人比重", "Elders living with an own adult child",
              "with_child"),
    _standard("depressed_share", "Depressed elders", "抑郁老人比重", "Elders above the cut of the depression scale",
              "depressed"),
    Indicator("adl_deaths_weighted", "persons", "sum", "Deaths of the disabled, weighted", "失能者死亡（加权）",
              "Numerator of the Mantel-Haenszel rate ratio of death at 65+, ADL-disabled over others.",
              number(deaths_weighted, "adl_disabled")),
    Indicator("other_deaths_weighted", "persons", "sum", "Deaths of the others, weighted", "非失能者死亡（加权）",
              "Denominator of that ratio.", number(deaths_weighted, "others")),
)  # fmt: skip
