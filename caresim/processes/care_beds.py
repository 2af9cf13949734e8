"""Care beds: nursing at home for the severely disabled, and short stays in the township's station.

Who is to have a bed is settled in one month; in the next, the measure claims its cost, and this process delivers what
the budget granted.
"""

from __future__ import annotations

import numpy as np

from caresim.agents.candidates import draws_of
from caresim.agents.care import ALONE, CARE_WORKER, COUNTY, LAST_FAMILY, PERSONAL, SAME_HOME, TASKS, hand_over
from caresim.agents.people import INSTITUTION
from caresim.agents.priority import neediest, places
from caresim.agents.world import Process, World
from caresim.kernel.columns import NOBODY, Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose
from caresim.kernel.parameters import Parameters, parameter

ORDER = purpose("care_beds.order")
STAY = purpose("care_beds.stay")
PER, MONTH_DAYS, HUNDREDTHS = 10_000.0, 30, 100
SEVERE = 3
HAS_HOME_BED, NURSED, BOOKED, STAYED = 1, 2, 4, 8
"""Marks of the column `care_bed`."""
KEEPS = 100
"""Points of those who have a home bed already: more than all others together."""


class CareBeds(Parameters):
    """Beds outside institutions, and what they give."""

    home_per_10000: float = parameter(
        0.0, unit="beds per 10,000 elders", limits=(0.0, 10_000.0), low=0.0, high=60.0, local=True,
        meaning="Family care beds: elders who are nursed at home; a measure of government says how many.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    station_per_10000: float = parameter(
        0.0, unit="beds per 10,000 elders", limits=(0.0, 10_000.0), low=0.0, high=60.0, local=True,
        meaning="Beds for short stays in township stations; a measure of government says how many.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    home_hours: float = parameter(
        8.0, unit="hours per month", limits=(0.0, 200.0), low=4.0, high=16.0,
        meaning="Nursing (personal care) that comes with a family care bed.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    station_days: int = parameter(
        7, unit="days", limits=(1, 30), low=3, high=15,
        meaning="Length of a stay in a station, which meets the need of these days.", source="judgement",
        evidence="judgement",
    )  # fmt: skip


def run_beds(world: World) -> None:
    """Nurse at home and in stations whom the budget paid for, and settle whose turn it is in the coming month."""
    rules: CareBeds = world.parameters["care_beds"]
    at_home, in_station = (world.by_village(f"care_beds.{where}_per_10000") for where in ("home", "station"))
    marks = world.people["care_bed"]
    if not (at_home.any() or in_station.any()):
        if marks[: world.people.n].any():
            marks[: world.people.n] = 0
        return
    deliver(world, "home_beds", at_home, HAS_HOME_BED, NURSED)
    deliver(world, "station_beds", in_station, BOOKED, STAYED)
    give_hours(world, rules)
    allot(world, at_home)
    book(world, in_station, rules.station_days)


def deliver(world: World, name: str, rate: np.ndarray, mark: int, done: int) -> None:
    """Mark whose bed is paid for this month, and pay the provider."""
    people, claim = world.people, world.claims.made.get((name, "service"))
    nothing = np.zeros(len(world.elders), dtype=np.int64)
    fen, granted = (claim.fen, claim.granted) if claim is not None else (nothing + 1, nothing)
    spent = confirm(
        world.elders, people["care_bed"], people["place"], people["village"], rate, mark, done, fen, granted
    )
    if claim is not None:
        world.money.pay(name, claim.instrument.funder, "providers", spent)


@compiled
def confirm(elders, marks, place, village, rate, mark, done, claimed, granted):
    """Mark those outside institutions whose whole cost is granted, and only those; return the fen spent."""
    spent = 0
    for j in range(len(elders)):
        i = elders[j]
        here = place[i] != INSTITUTION and rate[village[i]] > 0.0
        paid = marks[i] & mark != 0 and here and granted[j] >= claimed[j]
        marks[i] = marks[i] | done if paid else marks[i] & ~np.uint8(done)
        spent += granted[j] if paid else 0
    return spent


def give_hours(world: World, rules: CareBeds) -> None:
    """Hand over the nursing at home, and for each day in a station a thirtieth of what a month needs."""
    care = world.care
    care.make_room((1 + len(TASKS)) * len(care.rows))
    care.n_gifts = nurse(
        care.gifts, care.n_gifts, care.rows, care.need, care.left, care.received, world.people["care_bed"],
        int(60.0 * rules.home_hours), rules.station_days,
    )  # fmt: skip


@compiled
def nurse(gifts, k, rows, need, left, received, marks, minutes, days):
    """Hand over paid care to those with a bed; return the number of hand-overs."""
    for case in range(len(rows)):
        mark = marks[rows[case]]
        if mark & STAYED:
            for task in range(need.shape[1]):
                due = need[case, task] * days // MONTH_DAYS
                k += (
                    hand_over(gifts, k, NOBODY, case, CARE_WORKER, COUNTY, due, task, task, left, received)
                    > 0
                )
        if mark & NURSED:
            k += hand_over(gifts, k, NOBODY, case, CARE_WORKER, SAME_HOME, minutes, PERSONAL, PERSONAL, left,
                           received) > 0  # fmt: skip
    return k


def allot(world: World, rate: np.ndarray) -> None:
    """Give the family care beds to severely disabled elders: who has one keeps it, then the neediest."""
    people = world.people
    who, points = home_points(
        world.elders, *(people[name] for name in ("care_bed", "assessed", "means", "arrangement", "place", "takes_up",
                                                  "village")), rate,
    )  # fmt: skip
    luck = draws_of(world.draws.word(ORDER, 0), people["key"][who])
    people["care_bed"][who[neediest(points, luck, places(world, rate, PER))]] |= np.uint8(HAS_HOME_BED)


@compiled
def home_points(elders, marks, assessed, means, arrangement, place, takes_up, village, rate):
    """Return who can have a family care bed and their points (poor 2, alone 1); take all beds back."""
    who, points, m = np.empty(len(elders), dtype=np.int64), np.empty(len(elders), dtype=np.int64), 0
    for i in elders:
        if assessed[i] == SEVERE and place[i] != INSTITUTION and takes_up[i] and rate[village[i]] > 0.0:
            who[m] = i
            points[m] = 1 + 2 * (means[i] != 0) + (arrangement[i] & ALONE != 0)
            points[m] += KEEPS if marks[i] & HAS_HOME_BED else 0
            m += 1
        marks[i] &= ~np.uint8(HAS_HOME_BED)
    return who[:m].copy(), points[:m].copy()


def book(world: World, rate: np.ndarray, days: int) -> None:
    """Book the stays of the coming month for elders in need of personal care, the most burdened families first."""
    people = world.people
    who, points = station_points(
        world.elders, *(people[name] for name in ("care_bed", "assessed", "main_carer", "main_relation", "burden",
                                                  "place", "takes_up", "village")), rate, people.n,
    )  # fmt: skip
    luck = draws_of(world.draws.stream(STAY, world.month), people["key"][who])
    stays = places(world, rate, PER * days / MONTH_DAYS)
    people["care_bed"][who[neediest(points, luck, stays)]] |= np.uint8(BOOKED)


@compiled
def station_points(
    elders, marks, assessed, main_carer, main_relation, burden, place, takes_up, village, rate, n
):
    """Return who can stay and their points: 1 and the main carer's burden; take all bookings back."""
    who, points, m = np.empty(len(elders), dtype=np.int64), np.empty(len(elders), dtype=np.int64), 0
    for i in elders:
        fits = assessed[i] >= 2 and place[i] != INSTITUTION and takes_up[i] and rate[village[i]] > 0.0
        if fits and 1 <= main_relation[i] <= LAST_FAMILY + 1:
            carer = main_carer[i]
            who[m] = i
            points[m] = 1 + (burden[carer] // HUNDREDTHS if 0 <= carer < n else 0)
            m += 1
        marks[i] &= ~np.uint8(BOOKED)
    return who[:m].copy(), points[:m].copy()


PROCESS = Process(
    name="care_beds",
    run=run_beds,
    reads=("assessed", "means", "arrangement", "main_carer", "main_relation", "burden", "place", "takes_up", "village",
           "need"),
    writes=("care_bed",),
    meaning="Severely disabled elders are nursed at home, and short stays in a station relieve their families.",
    parameters=CareBeds,
    columns=(
        Column("care_bed", np.uint8, 0, "flags", "1 has a family care bed, 2 was nursed in it this month, 4 a stay in "
               "a station is booked for the coming month, 8 stayed this month.", "care_beds", elder=True),
    ),
)  # fmt: skip
