"""Elders as they would be with the ages and sexes of China's elders, to set beside national surveys.

Each share is taken by sex and five-year age group (60-64 ... 85+) and weighted by China's elders in the censuses of
2010 and 2020, in a straight line between and beyond by the nearer one.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from caresim.agents.care import ALONE, COUPLE_ONLY, DEPRESSED, WITH_CHILD
from caresim.agents.people import FEMALE, INSTITUTION, REGISTERED, VILLAGE
from caresim.agents.world import World
from caresim.kernel.clock import EPOCH_YEAR
from caresim.kernel.compiled import compiled
from caresim.kernel.tables import Field, read_table
from caresim.recorder import Indicator, knows, resident_elders, share

ELDERS = Path(__file__).resolve().parent.parent / "data" / "china" / "elders.csv"
FIRST_AGE, N_GROUPS = 60, 6
ADL = 2
N_CONDITIONS = 8
(HEADS, DISABLED, ADL_DISABLED, WITH_DEMENTIA, BY_HIMSELF, COUPLES, CHILDREN,
 IN_DEPRESSION) = range(N_CONDITIONS)  # fmt: skip
KEPT = ("disability", "dementia", "arrangement", "mood")
FIELDS = (
    Field("census_year", "int", "year"),
    Field("sex", "str", "sex", choices=("male", "female")),
    Field("age_group", "str", "years"),
    Field("persons", "int", "persons", low=0),
)


@functools.cache
def census_weights() -> dict[int, np.ndarray]:
    """Return the shares of China's elders by sex and age group, by census year."""
    table = read_table(ELDERS, FIELDS, key=("census_year", "sex", "age_group"))
    years, persons = np.asarray(table["census_year"]), np.asarray(table["persons"], dtype=float)
    return {
        int(year): (persons[years == year] / persons[years == year].sum()).reshape(2, N_GROUPS)
        for year in np.unique(years)
    }


def weights(month: int) -> np.ndarray:
    """Return the shares of China's elders by sex and age group in a month."""
    census = census_weights()
    (first, last), year = sorted(census), EPOCH_YEAR + month / 12.0
    later = min(1.0, max(0.0, (year - first) / (last - first)))
    return census[first] * (1.0 - later) + census[last] * later


def elders_by_stratum(world: World) -> np.ndarray:
    """Return resident elders by condition, sex and age group, counted once a month."""
    return world.once("tally.standard", world.month, lambda: _elders(world))


def deaths_by_stratum(world: World) -> np.ndarray:
    """Return the month's deaths at 65+ by ADL disability, sex and age group."""
    people = world.people
    columns = tuple(people[name] for name in ("state", "born", "disability", "place"))
    return world.once("tally.deaths", world.month, lambda: _deaths(people.flows.dead, *columns, world.month))


def lives_by_stratum(world: World) -> np.ndarray:
    """Return lives at 65+ by ADL disability, sex and age group, counted in the first month of a quarter."""
    columns = tuple(world.people[name] for name in ("state", "born", "disability"))
    return world.once(
        "lives.standard", world.month // 3, lambda: _lives(resident_elders(world), *columns, world.month)
    )


def _elders(world: World) -> np.ndarray:
    people = world.people
    nothing = np.zeros(people.n, dtype=np.uint8)
    known = (people[name] if knows(world, name) else nothing for name in KEPT)
    return _count(resident_elders(world), people["state"], people["born"], *known, world.month)


@compiled
def _count(elders, state, born, disability, dementia, arrangement, mood, month):
    """Count resident elders by condition, sex and age group."""
    counts = np.zeros((N_CONDITIONS, 2, N_GROUPS), dtype=np.int64)
    for i in elders:
        sex = state[i] & FEMALE
        group = min(((month - born[i]) // 12 - FIRST_AGE) // 5, N_GROUPS - 1)
        marks = arrangement[i]
        counts[HEADS, sex, group] += 1
        counts[DISABLED, sex, group] += disability[i] > 0
        counts[ADL_DISABLED, sex, group] += disability[i] >= ADL
        counts[WITH_DEMENTIA, sex, group] += dementia[i] != 0
        counts[BY_HIMSELF, sex, group] += marks & ALONE != 0
        counts[COUPLES, sex, group] += marks & COUPLE_ONLY != 0
        counts[CHILDREN, sex, group] += marks & WITH_CHILD != 0
        counts[IN_DEPRESSION, sex, group] += mood[i] & DEPRESSED != 0
    return counts


@compiled
def _deaths(dead, state, born, disability, place, month):
    """Count deaths at 65+ by ADL disability, sex and age group."""
    deaths = np.zeros((2, 2, N_GROUPS), dtype=np.int64)
    for i in dead:
        at_home = state[i] & REGISTERED and place[i] in (VILLAGE, INSTITUTION)
        if at_home and month - born[i] >= (FIRST_AGE + 5) * 12:
            group = min(((month - born[i]) // 12 - FIRST_AGE) // 5, N_GROUPS - 1)
            deaths[int(disability[i] >= ADL), state[i] & FEMALE, group] += 1
    return deaths


@compiled
def _lives(elders, state, born, disability, month):
    """Count lives at 65+ by ADL disability, sex and age group."""
    lives = np.zeros((2, 2, N_GROUPS), dtype=np.int64)
    for i in elders:
        if month - born[i] >= (FIRST_AGE + 5) * 12:
            group = min(((month - born[i]) // 12 - FIRST_AGE) // 5, N_GROUPS - 1)
            lives[int(disability[i] >= ADL), state[i] & FEMALE, group] += 1
    return lives


def standardised(condition: int, column: str) -> Callable[[World], float]:
    """Return the reading of a condition's share, weighted by China's elders; NaN where nothing keeps its column."""

    def measure(world: World) -> float:
        if not knows(world, column):
            return math.nan
        counts = elders_by_stratum(world)
        known = counts[HEADS] > 0
        weight = weights(world.month) * known
        return share(
            float((weight * counts[condition] / np.maximum(counts[HEADS], 1)).sum()), float(weight.sum())
        )

    return measure


def adl_deaths_weighted(world: World) -> float:
    """Weigh the deaths of ADL-disabled people of 65+ by the share of others in their stratum (Mantel-Haenszel)."""
    deaths, lives = deaths_by_stratum(world), lives_by_stratum(world)
    return float((deaths[1] * lives[0] / np.maximum(lives.sum(axis=0), 1)).sum())


def other_deaths_weighted(world: World) -> float:
    """Weigh the deaths of the others of 65+ by the share of ADL-disabled people in their stratum."""
    deaths, lives = deaths_by_stratum(world), lives_by_stratum(world)
    return float((deaths[0] * lives[1] / np.maximum(lives.sum(axis=0), 1)).sum())


def _standard(name: str, label: str, zh: str, meaning: str, condition: int, column: str) -> Indicator:
    return Indicator(
        f"{name}_standard", "share", "last", f"{label}, national ages", f"{zh}（全国年龄结构）",
        f"{meaning}, weighted by the ages and sexes of China's elders.", standardised(condition, column),
        quarterly=True,
    )  # fmt: skip


INDICATORS = (
    _standard("disabled_share", "Disabled elders", "失能老人比重", "Elders in states 1-3", DISABLED, "disability"),
    _standard("adl_disabled_share", "ADL-disabled elders", "日常活动失能老人比重", "Elders in states 2-3",
              ADL_DISABLED, "disability"),
    _standard("dementia_share", "Elders with dementia", "痴呆老人比重", "Elders with dementia", WITH_DEMENTIA,
              "dementia"),
    _standard("living_alone_share", "Elders living alone", "独居老人比重", "Elders living alone", BY_HIMSELF,
              "arrangement"),
    _standard("couple_only_share", "Elders with spouse only", "仅与配偶同住老人比重",
              "Elders living with their spouse only", COUPLES, "arrangement"),
    _standard("with_child_share", "Elders with a child", "与子女同住老人比重", "Elders living with an own adult child",
              CHILDREN, "arrangement"),
    _standard("depressed_share", "Depressed elders", "抑郁老人比重", "Elders above the cut of the depression scale",
              IN_DEPRESSION, "mood"),
    Indicator("adl_deaths_weighted", "persons", "sum", "Deaths of the disabled, weighted", "失能者死亡（加权）",
              "Numerator of the Mantel-Haenszel rate ratio of death at 65+, ADL-disabled over others.",
              adl_deaths_weighted),
    Indicator("other_deaths_weighted", "persons", "sum", "Deaths of the others, weighted", "非失能者死亡（加权）",
              "Denominator of that ratio.", other_deaths_weighted),
)  # fmt: skip
