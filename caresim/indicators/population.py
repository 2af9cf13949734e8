"""How many people there are, how old they are, and who came and went; the countryside is counted once a quarter."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from caresim.agents.elder_census import ELDERS as CENSUS_ELDERS
from caresim.agents.people import FEMALE, PRESENT, WIDOWED, Flows
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import (
    Aggregate,
    Better,
    Indicator,
    census,
    everybody,
    number,
    ratio,
    resident_elders,
    tally,
)

YEARS_65 = 65 * 12
ELDERS, RESIDENTS = number(census, "elders"), number(everybody, "residents")


@tally("residents", "elders", "older", "older_women", "older_widows")
def countryside(world: World, counts: np.ndarray) -> None:
    """Count the residents of villages with the rural label once, for all indicators of them."""
    people, rural = world.people, world.territory.rural
    state, village = people["state"], people["village"]
    counts[0] = _rural(state, village, rural, people.n)
    _count_elders(resident_elders(world), state, people["born"], village, people["marital"], rural, world.month,
                  counts[1:])  # fmt: skip


@compiled
def _rural(state, village, rural, n):
    """Count the residents of the countryside; where all of the territory is rural, without looking at villages."""
    found = 0
    if rural.all():
        for i in range(n):
            found += state[i] & PRESENT != 0
        return found
    for i in range(n):
        found += (state[i] & PRESENT != 0) & rural[np.uint16(village[i])]
    return found


@compiled
def _count_elders(elders, state, born, village, marital, rural, month, counts):
    """Count the resident elders of the countryside by age, sex and widowhood."""
    in_rural = older = women = widows = 0
    for i in elders:
        at_home = rural[np.uint16(village[i])]
        of_65 = at_home & (month - born[i] >= YEARS_65)
        woman = of_65 & (state[i] & FEMALE != 0)
        in_rural += at_home
        older += of_65
        women += woman
        widows += woman & (marital[i] == WIDOWED)
    counts[0], counts[1], counts[2], counts[3] = in_rural, older, women, widows


def moved(world: World) -> Flows:
    """Return the month's movements."""
    return world.people.flows


def flow(name: str) -> Callable[[World], float]:
    """Return the reading of one of the month's counted movements."""
    if name not in Flows.NAMES + Flows.REGISTER:
        raise ValueError(f"{name} is not a movement of people")
    return number(moved, name)


def _persons(name: str, aggregate: Aggregate, label: str, zh: str, meaning: str,
             measure: Callable[[World], float] | None = None, quarterly: bool = False,
             better: Better | None = None) -> Indicator:  # fmt: skip
    return Indicator(
        name, "persons", aggregate, label, zh, meaning, measure or flow(name), quarterly, better=better
    )


def _share(name: str, label: str, zh: str, meaning: str, measure: Callable[[World], float],
           quarterly: bool = False) -> Indicator:  # fmt: skip
    return Indicator(name, "share", "last", label, zh, meaning, measure, quarterly)


def elders_at_start(world: World) -> float:
    """Return the resident elders at the end of the first month, whenever it is asked."""
    return float(world.once("population.elders_at_start", world.start, lambda: census(world)[CENSUS_ELDERS]))


INDICATORS = (
    _persons("residents", "last", "Residents", "常住人口", "People present in the territory.",
             number(everybody, "residents")),
    _persons("registered", "last", "Registered people", "户籍人口",
             "Living people on the register.", number(everybody, "registered")),
    _persons("elders", "last", "Elders (60+)", "老年人口（60岁以上）", "Residents of 60 and over.",
             ELDERS),
    _persons("elders_at_start", "last", "Elders at the start", "期初老年人口",
             "Residents of 60 and over at the end of the first month.", elders_at_start),
    _share("elders_share", "Share of elders (60+)", "老年人口比重", "Elders of residents.",
           ratio(census, "elders", RESIDENTS)),
    _share("oldest_share", "Share of 80+ among elders", "高龄老人比重",
           "Residents of 80+ of elders.", ratio(census, "oldest", "elders")),
    _persons("births", "sum", "Births", "出生", "Newborns who are residents."),
    _persons("deaths", "sum", "Deaths", "死亡", "Deaths of residents.", better="lower"),
    _persons("arrivals", "sum", "Arrivals", "迁入",
             "People who became residents by moving, returns included."),
    _persons("departures", "sum", "Departures", "迁出", "Residents who left the territory."),
    _persons("returns", "sum", "Returns", "返乡", "Arrivals of absent registered people."),
    _persons("registered_births", "sum", "Births on the register", "户籍出生",
             "Births to registered people."),
    _persons("registered_deaths", "sum", "Deaths on the register", "户籍死亡",
             "Deaths of registered people.", better="lower"),
    _persons("absent", "last", "Absent registered people", "外出人口",
             "Living registered people away.", number(everybody, "absent")),
    Indicator("absent_per_resident", "absent per resident", "last", "Absent per resident",
              "外出人口与常住人口之比",
              "Absent registered people over residents.", ratio(everybody, "absent", "residents")),
    Indicator("absent_mean_age", "years", "last", "Mean age of the absent", "外出人口平均年龄",
              "Mean exact age of absent registered people.", ratio(everybody, "absent_months", "absent", 1 / 12)),
    _persons("rural_residents", "last", "Rural residents", "乡村常住人口",
             "Residents of villages with the rural label.", number(countryside, "residents"), quarterly=True),
    _persons("rural_elders", "last", "Rural elders (60+)", "乡村老年人口",
             "Elders of villages with the rural label.", number(countryside, "elders"), quarterly=True),
    _share("rural_elders_share", "Share of elders (60+), rural", "乡村老年人口比重",
           "Rural elders of rural residents.", ratio(countryside, "elders", "residents"), quarterly=True),
    _share("rural_older_share", "Share of 65+, rural", "乡村65岁以上人口比重",
           "Rural residents of 65+ of rural residents.", ratio(countryside, "older", "residents"), quarterly=True),
    _share("widowed_women_65_share", "Widowed among women 65+, rural", "乡村65岁以上女性丧偶率",
           "Widowed of rural resident women of 65+.", ratio(countryside, "older_widows", "older_women"),
           quarterly=True),
)  # fmt: skip
