"""How many people there are, how old they are, and who came and went."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from caresim.agents.people import ALIVE, FEMALE, PRESENT, REGISTERED, WIDOWED, Flows
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Aggregate, Indicator, resident_elders, share

YEARS_65, YEARS_80 = 65 * 12, 80 * 12


class Tally(NamedTuple):
    """Counts of people at the month's end."""

    registered: int
    residents: int
    elders: int
    oldest: int
    absent_months: int
    rural: int
    rural_elders: int
    rural_older: int
    rural_older_women: int
    rural_older_widows: int


def tally(world: World) -> Tally:
    """Count the people once a month, for all indicators of this file."""
    return world.once("tally.population", world.month, lambda: _tally(world))


def _tally(world: World) -> Tally:
    people, rural = world.people, world.territory.rural
    state, born, village = (people[name] for name in ("state", "born", "village"))
    registered, residents, absent_months, in_rural = _count(
        state, born, village, rural, people.n, world.month
    )
    rows = resident_elders(world)
    oldest, *old = _count_elders(rows, state, born, village, people["marital"], rural, world.month)
    return Tally(registered, residents, len(rows), oldest, absent_months, in_rural, *old)


@compiled
def _count(state, born, village, rural, n, month):
    """Count registered people by presence and label of their village; add up the ages of the absent."""
    registered = residents = in_rural = 0
    absent_months = 0
    both = ALIVE | REGISTERED
    for i in range(n):
        bits = state[i]
        living = bits & both == both
        here = living & (bits & PRESENT != 0)
        registered += living
        residents += here
        absent_months += (month - born[i]) * (living & (not here))
        in_rural += here & rural[np.uint16(village[i])]
    return registered, residents, absent_months, in_rural


@compiled
def _count_elders(elders, state, born, village, marital, rural, month):
    """Count resident elders by age, and those of the countryside by sex and widowhood."""
    oldest = in_rural = older = women = widows = 0
    for i in elders:
        age, at_home = month - born[i], rural[village[i]]
        oldest += age >= YEARS_80
        in_rural += at_home
        of_65 = at_home & (age >= YEARS_65)
        woman = of_65 & (state[i] & FEMALE != 0)
        older += of_65
        women += woman
        widows += woman & (marital[i] == WIDOWED)
    return oldest, in_rural, older, women, widows


def residents(world: World) -> float:
    """Count the people present in the territory."""
    return tally(world).residents


def registered(world: World) -> float:
    """Count the people on the territory's register, present or absent."""
    return tally(world).registered


def elders(world: World) -> float:
    """Count the residents of 60 and over."""
    return tally(world).elders


def elders_share(world: World) -> float:
    """Set elders against residents."""
    return share(tally(world).elders, tally(world).residents)


def oldest_share(world: World) -> float:
    """Set residents of 80 and over against elders."""
    return share(tally(world).oldest, tally(world).elders)


def absent(world: World) -> float:
    """Count the living registered people who are away."""
    return tally(world).registered - tally(world).residents


def absent_per_resident(world: World) -> float:
    """Set the absent against the residents."""
    return share(absent(world), tally(world).residents)


def absent_mean_age(world: World) -> float:
    """Average the exact age of the absent, in years."""
    return share(tally(world).absent_months / 12, absent(world))


def rural_residents(world: World) -> float:
    """Count the residents of villages with the rural label."""
    return tally(world).rural


def rural_elders(world: World) -> float:
    """Count the elders who live in villages with the rural label."""
    return tally(world).rural_elders


def rural_elders_share(world: World) -> float:
    """Set rural elders against rural residents."""
    return share(tally(world).rural_elders, tally(world).rural)


def rural_older_share(world: World) -> float:
    """Set rural residents of 65 and over against rural residents."""
    return share(tally(world).rural_older, tally(world).rural)


def widowed_women_65_share(world: World) -> float:
    """Set widows of 65 and over against all women of 65 and over, among rural residents."""
    return share(tally(world).rural_older_widows, tally(world).rural_older_women)


def flow(name: str) -> Callable[[World], float]:
    """Return the reading of one of the month's counted movements."""
    if name not in Flows.NAMES + Flows.REGISTER:
        raise ValueError(f"{name} is not a movement of people")
    return lambda world: getattr(world.people.flows, name)


def _persons(name: str, aggregate: Aggregate, label: str, zh: str, meaning: str,
             measure: Callable[[World], float] | None = None) -> Indicator:  # fmt: skip
    return Indicator(name, "persons", aggregate, label, zh, meaning, measure or flow(name))


def _share(name: str, label: str, zh: str, meaning: str, measure: Callable[[World], float]) -> Indicator:
    return Indicator(name, "share", "last", label, zh, meaning, measure)


INDICATORS = (
    _persons("residents", "last", "Residents", "常住人口", "People present in the territory.", residents),
    _persons("registered", "last", "Registered people", "户籍人口",
             "Living people on the register.", registered),
    _persons("elders", "last", "Elders (60+)", "老年人口（60岁以上）", "Residents of 60 and over.", elders),
    _share("elders_share", "Share of elders (60+)", "老年人口比重", "Elders of residents.", elders_share),
    _share("oldest_share", "Share of 80+ among elders", "高龄老人比重",
           "Residents of 80+ of elders.", oldest_share),
    _persons("births", "sum", "Births", "出生", "Newborns who are residents."),
    _persons("deaths", "sum", "Deaths", "死亡", "Deaths of residents."),
    _persons("arrivals", "sum", "Arrivals", "迁入",
             "People who became residents by moving, returns included."),
    _persons("departures", "sum", "Departures", "迁出", "Residents who left the territory."),
    _persons("returns", "sum", "Returns", "返乡", "Arrivals of absent registered people."),
    _persons("registered_births", "sum", "Births on the register", "户籍出生",
             "Births to registered people."),
    _persons("registered_deaths", "sum", "Deaths on the register", "户籍死亡",
             "Deaths of registered people."),
    _persons("absent", "last", "Absent registered people", "外出人口",
             "Living registered people away.", absent),
    Indicator("absent_per_resident", "absent per resident", "last", "Absent per resident",
              "外出人口与常住人口之比",
              "Absent registered people over residents.", absent_per_resident),
    Indicator("absent_mean_age", "years", "last", "Mean age of the absent", "外出人口平均年龄",
              "Mean exact age of absent registered people.", absent_mean_age),
    _persons("rural_residents", "last", "Rural residents", "乡村常住人口",
             "Residents of villages with the rural label.", rural_residents),
    _persons("rural_elders", "last", "Rural elders (60+)", "乡村老年人口",
             "Elders of villages with the rural label.", rural_elders),
    _share("rural_elders_share", "Share of elders (60+), rural", "乡村老年人口比重",
           "Rural elders of rural residents.", rural_elders_share),
    _share("rural_older_share", "Share of 65+, rural", "乡村65岁以上人口比重",
           "Rural residents of 65+ of rural residents.", rural_older_share),
    _share("widowed_women_65_share", "Widowed among women 65+, rural", "乡村65岁以上女性丧偶率",
           "Widowed of rural resident women of 65+.", widowed_women_65_share),
)  # fmt: skip
