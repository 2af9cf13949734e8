"""Who cares and at what cost: carers, their burden, and the family's hours by kin, sex and place."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from caresim.agents.care import (
    DAUGHTER,
    DAUGHTER_IN_LAW,
    GIVEN,
    HUSBAND,
    LAST_FAMILY,
    RELATION,
    WHERE,
    WIFE,
)
from caresim.agents.outcomes import GROUP
from caresim.agents.people import REGISTERED
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Better, Indicator, knows, once_a_month, ratio, share

ADL = 2
HUNDREDTHS, MINUTES = 100, 60
NEEDED = {"burden", "outcomes"}
"""Groups of parameters without which carers are not known."""
BY_SPOUSE, BY_CHILD, BY_OTHER, BY_NOBODY = range(4)


class Carers(NamedTuple):
    """What givers, hand-overs and cases of a month add up to.

    Attributes:
        carers: registered people who gave the hours of a carer.
        burden: their burden, points.
        heavy: those of them whose burden is heavy.
        minutes: what they gave.
        by_kin: minutes that family gave, by relation.
        by_place: the same by where the giver is.
        by_family: all of them.
        main: ADL-disabled cases by main carer.
        cases: all of them.
    """

    carers: float
    burden: float
    heavy: float
    minutes: float
    by_kin: Sequence[float]
    by_place: Sequence[float]
    by_family: float
    main: Sequence[float]
    cases: float


@once_a_month
def tally(world: World) -> Carers:
    """Look at givers, hand-overs and cases once a month, for the indicators of this file."""
    people, book = world.people, world.care
    if not knows(world, "given", "burden", "main_relation") or not world.parameters.keys() >= NEEDED:
        nothing = (math.nan,)
        return Carers(*nothing * 4, nothing * (LAST_FAMILY + 1), nothing * 4, math.nan, nothing * 4, math.nan)
    least = math.ceil(world.parameters["burden"].carer_hours * MINUTES)
    limit = math.floor(world.parameters[GROUP].heavy_burden * HUNDREDTHS)
    carers, burden, heavy, minutes = _count_carers(
        people["state"], people["given"], people["burden"], people.n, least, limit
    )
    kin, place = (found.tolist() for found in _family_minutes(book.gifts, book.n_gifts))
    main = _main_carers(book.rows, people["disability"], people["main_relation"]).tolist()
    return Carers(carers, burden / HUNDREDTHS, heavy, minutes, kin, place, sum(kin), main, sum(main))


@compiled
def _count_carers(state, given, burden, n, least, limit):
    """Count, without a branch, the registered people who gave `least` minutes or more; add up burden and minutes.

    A burden above `limit` hundredths of a point is heavy.
    """
    carers = total = heavy = minutes = 0
    for i in range(n):
        cares = (given[i] >= least) & (state[i] & REGISTERED != 0)
        carers += cares
        total += burden[i] if cares else 0
        heavy += cares & (burden[i] > limit)
        minutes += given[i] if cares else 0
    return carers, total, heavy, minutes


@compiled
def _family_minutes(gifts, n_gifts):
    """Add up the minutes that family gave, by relation and by where the giver is."""
    kin, place = np.zeros(LAST_FAMILY + 1), np.zeros(4)
    for k in range(n_gifts):
        if gifts[k, RELATION] <= LAST_FAMILY:
            minutes = gifts[k, GIVEN] + gifts[k, GIVEN + 1] + gifts[k, GIVEN + 2]
            kin[gifts[k, RELATION]] += minutes
            place[gifts[k, WHERE]] += minutes
    return kin, place


@compiled
def _main_carers(rows, disability, main_relation):
    """Count ADL-disabled cases by main carer: spouse, child or child-in-law, other, nobody."""
    counts = np.zeros(4)
    for i in rows:
        if disability[i] >= ADL:
            relation = main_relation[i] - 1
            if relation < 0:
                counts[BY_NOBODY] += 1
            elif relation <= HUSBAND:
                counts[BY_SPOUSE] += 1
            else:
                counts[BY_CHILD if relation <= LAST_FAMILY else BY_OTHER] += 1
    return counts


def per_carer(what: str) -> Callable[[World], float]:
    """Return the reading of a sum or count over the number of carers."""
    return ratio(tally, what, "carers")


def hours_per_carer(world: World) -> float:
    """Set carers' hours against their number."""
    return per_carer("minutes")(world) / MINUTES


def of_family_hours(group: str, *codes: int) -> Callable[[World], float]:
    """Return the reading of the share of the family's hours that some relations or places have."""

    def measure(world: World) -> float:
        found = tally(world)
        minutes = getattr(found, group)
        return share(sum(minutes[code] for code in codes), found.by_family)

    return measure


def main_carer(code: int) -> Callable[[World], float]:
    """Return the reading of the share of ADL-disabled cases with a kind of main carer."""
    return lambda world: share(tally(world).main[code], tally(world).cases)


KIN = (
    ("wives", "wives", "妻子"),
    ("husbands", "husbands", "丈夫"),
    ("daughters", "daughters", "女儿"),
    ("daughters_in_law", "daughters-in-law", "儿媳"),
    ("sons", "sons", "儿子"),
    ("sons_in_law", "sons-in-law", "女婿"),
)
PLACES = (
    ("coresident", "the same household", "同住"),
    ("near", "the same village", "同村"),
    ("county", "elsewhere in the county", "本县其他地方"),
    ("away", "outside the county", "县外"),
)
MAIN = (
    ("spouse", "Spouse as main carer", "配偶为主要照料者"),
    ("child", "Child or child-in-law as main carer", "子女或其配偶为主要照料者"),
    ("other", "Somebody else as main carer", "其他人为主要照料者"),
    ("nobody", "No main carer", "无主要照料者"),
)


def _share(name: str, label: str, zh: str, meaning: str, measure: Callable[[World], float],
           better: Better | None = None) -> Indicator:  # fmt: skip
    return Indicator(name, "share", "mean", label, zh, meaning, measure, better=better)


INDICATORS = (
    Indicator("carers", "persons", "mean", "Carers", "照料者人数",
              "Registered people who gave at least the hours of a carer in the month.",
              lambda world: tally(world).carers),
    Indicator("burden", "points", "mean", "Mean burden of carers", "照料者平均负担",
              "Mean burden (Zarit interview, 0-88) of carers.", per_carer("burden"), better="lower"),
    _share("heavy_burden_share", "Heavily burdened carers", "重负担照料者比重",
           "Carers with a burden above `outcomes.heavy_burden` of 88 points, of carers.", per_carer("heavy"),
           better="lower"),
    Indicator("hours_per_carer", "hours", "mean", "Hours per carer", "人均照料时数",
              "Hours that a carer gave in the month.", hours_per_carer),
    Indicator("employment_months_lost", "months", "sum", "Employment lost to care", "因照料损失的就业月数",
              "Hours beyond those that a job leaves time for, over the hours of a month of employment.",
              lambda world: world.care.employment_lost, better="lower"),
    *(_share(f"family_hours_{name}_share", f"Family hours by {label}", f"家庭照料时数：{zh}",
             f"Hours given by {label}, of the hours that family gave.", of_family_hours("by_kin", code))
      for code, (name, label, zh) in enumerate(KIN)),
    *(_share(f"family_hours_{name}_share", f"Family hours from {label}", f"家庭照料时数：{zh}",
             f"Hours given from {label}, of the hours that family gave.", of_family_hours("by_place", code))
      for code, (name, label, zh) in enumerate(PLACES)),
    _share("family_hours_women_share", "Family hours by women", "家庭照料时数：女性",
           "Hours given by wives, daughters and daughters-in-law, of the hours that family gave.",
           of_family_hours("by_kin", WIFE, DAUGHTER, DAUGHTER_IN_LAW)),
    *(_share(f"main_carer_{name}_share", label, zh,
             "Share of ADL-disabled elders outside institutions, by who gave most personal care and help in the house.",
             main_carer(code), "lower" if name == "nobody" else None) for code, (name, label, zh) in enumerate(MAIN)),
)  # fmt: skip
