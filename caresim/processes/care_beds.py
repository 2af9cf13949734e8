"""Care beds: nursing at home for the severely disabled, and short stays in the township's station.

Who is to have a bed is settled in one month; in the next, the measure claims its cost, and this process delivers what
the budget granted, as far as care workers have time.
"""

from __future__ import annotations

import numpy as np

from caresim.agents.candidates import draws_of
from caresim.agents.care import (
    ALONE,
    CARE_WORKER,
    COUNTY,
    INSTRUMENTAL,
    LAST_FAMILY,
    PERSONAL,
    SAME_HOME,
    TASKS,
    hand_over,
)
from caresim.agents.lifetimes import MODERATE, SEVERE
from caresim.agents.people import INSTITUTION
from caresim.agents.priority import neediest, places
from caresim.agents.workforce import CERTIFIED, UNCERTIFIED, staffed, workers_of
from caresim.agents.world import Process, World
from caresim.kernel.columns import NOBODY, Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose
from caresim.kernel.parameters import Parameters, parameter

ORDER = purpose("care_beds.order")
STAY = purpose("care_beds.stay")
TURN = purpose("care_beds.turn")
PER, MONTH_DAYS, HUNDREDTHS = 10_000.0, 30, 100
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
    station_staff: float = parameter(
        0.6, unit="ratio", limits=(0.0, 2.0), low=0.4, high=1.0,
        meaning="Minutes of care workers for a minute of personal care or help in the house that a guest of a station "
        "receives; one worker looks after several.", source="judgement", evidence="judgement",
    )  # fmt: skip


def run_beds(world: World) -> None:
    """Nurse at home and in stations whom the budget paid for, and settle whose turn it is in the coming month."""
    rules: CareBeds = world.parameters["care_beds"]
    at_home, in_station = (world.by_village(f"care_beds.{where}_per_10000") for where in ("home", "station"))
    if without_beds(at_home, in_station, world.people["care_bed"], world.people.n):
        return
    month = world.workforce.turn(world.month)
    minutes, days, staff = int(60.0 * rules.home_hours), rules.station_days, rules.station_staff
    stays = world.draws.stream(TURN, world.month), in_station, BOOKED, STAYED, 0, days, staff
    nursing = world.draws.word(ORDER, 0), at_home, HAS_HOME_BED, NURSED, minutes, 0, 1.0
    month.stays, month.stay_staff, short = deliver(world, "station_beds", *stays)
    month.beds, _, nurses_short = deliver(world, "home_beds", *nursing)
    month.beds_short = short + nurses_short
    allot(world, at_home)
    book(world, in_station, rules.station_days)


@compiled
def without_beds(at_home, in_station, marks, n):
    """Tell whether there are beds in no village; nobody is marked then."""
    for v in range(len(at_home)):
        if at_home[v] != 0.0 or in_station[v] != 0.0:
            return False
    marks[:n] = 0
    return True


def deliver(
    world: World, name: str, word: np.uint64, rate: np.ndarray, mark: int, done: int, minutes: int, days: int,
    staff: float,
) -> tuple[int, int, int]:  # fmt: skip
    """Let care workers nurse those whose bed is paid for, by lot as long as they have time, and pay the provider.

    Returns:
        Minutes received, minutes of workers, and minutes of workers that were wanted and not there.
    """
    people, care, claim = world.people, world.care, world.claims.made.get((name, "service"))
    marked = holders(world.elders, people["care_bed"], mark, done)
    if len(marked) == 0:
        return 0, 0, 0
    luck = draws_of(word, people["key"][world.elders[marked]])
    nothing = np.zeros(len(world.elders), dtype=np.int64)
    fen, granted = claim.claimed_and_granted() if claim is not None else (nothing + 1, nothing)
    by_village, pool, personal = workers_of(world)
    care.make_room(len(TASKS) * len(marked))
    care.n_gifts, spent, received, worked, short = nurse(
        marked[np.argsort(luck, kind="stable")], world.elders, care.gifts, care.n_gifts, care.rows, care.need,
        care.left, care.received, people["care_bed"], people["place"], people["village"], rate, done, fen, granted,
        minutes, days, staff, by_village, pool, personal,
    )  # fmt: skip
    if claim is not None:
        world.money.pay(name, claim.instrument.funder, "providers", spent)
    return received, worked, short


@compiled
def holders(elders, marks, mark, done):
    """Return the positions among the elders of those with a mark; nobody has been nursed yet this month."""
    found, m = np.empty(len(elders), dtype=np.int64), 0
    for j in range(len(elders)):
        i = elders[j]
        marks[i] &= ~np.uint8(done)
        if marks[i] & mark:
            found[m] = j
            m += 1
    return found[:m].copy()


@compiled
def nurse(order, elders, gifts, k, rows, need, left, received, marks, place, village, rate, done, claimed, granted,
          minutes, days, staff, by_village, pool, personal):  # fmt: skip
    """Nurse those outside institutions whose whole cost is granted, each whole or not at all.

    With `days` above 0 a stay meets that part of the month's need, and workers need `staff` minutes for each minute of
    personal care and help in the house, as one looks after several; else a nurse gives `minutes` of personal care.

    Returns:
        The number of hand-overs, the fen spent, minutes received, minutes worked, minutes of workers that were missing.
    """
    spent = met = worked = short = 0
    for j in order:
        i = elders[j]
        if place[i] == INSTITUTION or rate[village[i]] <= 0.0 or granted[j] < claimed[j]:
            continue
        c = np.searchsorted(rows, i)
        is_case = c < len(rows) and rows[c] == i
        due = np.zeros(3, dtype=np.int64)
        if is_case and days > 0:
            for task in range(need.shape[1]):
                due[task] = min(np.int64(need[c, task]) * days // MONTH_DAYS, np.int64(left[c, task]))
        elif is_case:
            due[PERSONAL] = min(minutes, np.int64(left[c, PERSONAL]))
        body, house = np.int64(staff * due[PERSONAL]), np.int64(staff * due[INSTRUMENTAL])
        team = by_village[village[i]]
        shares = staffed(
            body + house, body, house, pool[team, CERTIFIED], pool[team, UNCERTIFIED], personal[team]
        )
        time = shares[0] + shares[1] + shares[2] + shares[3]
        if time < body + house:
            short += body + house
            continue
        pool[team, CERTIFIED] -= shares[0] + shares[2]
        pool[team, UNCERTIFIED] -= shares[1] + shares[3]
        worked += time
        marks[i] |= np.uint8(done)
        spent += granted[j]
        where = COUNTY if days > 0 else SAME_HOME
        for task in range(3):
            if due[task] > 0:
                met += hand_over(
                    gifts, k, NOBODY, c, CARE_WORKER, where, due[task], task, task, left, received
                )
                k += 1
    return k, spent, met, worked, short


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
        fits = assessed[i] >= MODERATE and place[i] != INSTITUTION and takes_up[i] and rate[village[i]] > 0.0
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
    reads=("assessed", "means", "arrangement", "main_carer", "main_relation", "burden", "place", "takes_up",
           "village", "need", "care_bed", "key"),
    writes=("care_bed",),
    meaning="Severely disabled elders are nursed at home, and short stays in a station relieve their families.",
    parameters=CareBeds,
    columns=(
        Column("care_bed", np.uint8, 0, "flags", "1 has a family care bed, 2 was nursed in it this month, 4 a stay in "
               "a station is booked for the coming month, 8 stayed this month.", "care_beds", elder=True, most=15),
    ),
)  # fmt: skip
