"""The quick look at a month's end: two passes over people and the book of care, which see whether a law is broken."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from caresim.agents.care_look import CARE, look_at_care
from caresim.agents.rows_look import ELDERS, PEOPLE, look_at_people
from caresim.agents.workers_month import NOBODY_WAITS
from caresim.agents.workforce import teams_of
from caresim.agents.world import World

NO_COLUMNS = {name: np.zeros(0, dtype=dtype) for name, dtype in (*PEOPLE, *ELDERS, *CARE)}
OF_PEOPLE = itemgetter(*(name for name, _ in (*PEOPLE, *ELDERS)))
OF_CARE = itemgetter(*(name for name, _ in CARE))
NO_TEAMS = np.zeros((0, 2), dtype=np.int64)
NOBODY_OPENED = NO_TEAMS, NO_TEAMS, NO_TEAMS, NOBODY_WAITS


class Look(NamedTuple):
    """What was seen.

    Attributes:
        people: whether a law of people is broken.
        other: whether another law is broken that is about people, accounts, or minutes of care.
        residents: living residents.
        registered: living registered people.
    """

    people: bool
    other: bool
    residents: int
    registered: int


def look_over(world: World) -> Look:
    """Look at everybody, and at all care of the month."""
    people, money = world.people, world.money
    sums = money.add_up()
    strange, found, residents, registered = look_at_people(
        *_columns(people.arrays, OF_PEOPLE), world.homes.table, world.bank.balances, world.bank.accounts,
        people.n, people.kin_start, people.kin_end, people.n_households, world.month, people.elders_end,
        sums.to_elders, sums.for_care, sums.of_elders, sums.of_homes,
    )  # fmt: skip
    found |= sums.broken
    if not found and "given" in people.arrays:
        found = _look_at_care(world)
    return Look(strange, found, residents, registered)


def _look_at_care(world: World) -> bool:
    people, book, force, month = world.people, world.care, world.workforce, world.workforce.month
    teams = NOBODY_OPENED
    if force.opened == world.month:
        teams = force.capacity, force.pool, force.reserved, force.queue.table
    found: bool = look_at_care(
        *_columns(people.arrays, OF_CARE), book.rows, book.need, book.left, book.received, book.gifts, book.n_gifts,
        book.limits, book.n_limits, people.n, people.kin_start, people.kin_end, teams_of(world), *teams,
        month.respite + month.backstop + month.beds, month.stays, month.stay_staff, month.meal_minutes,
    )  # fmt: skip
    return found


def _columns(
    arrays: dict[str, np.ndarray], of: Callable[[Any], tuple[np.ndarray, ...]]
) -> tuple[np.ndarray, ...]:
    """Return columns in the order in which a rule takes them; one that nobody keeps has no rows."""
    try:
        return of(arrays)
    except KeyError:
        return of(NO_COLUMNS | arrays)
