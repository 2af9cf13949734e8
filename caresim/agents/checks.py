"""The laws that hold at the end of every month of every run; a broken one stops the run."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.bed_laws import bed_fault, queue_fault
from caresim.agents.care_laws import care_fault
from caresim.agents.formal_laws import formal_fault, meal_fault
from caresim.agents.kin_look import doubtful_chains
from caresim.agents.money_laws import grant_fault, money_fault
from caresim.agents.mutual_laws import coin_fault, pair_fault
from caresim.agents.people import (
    ALIVE,
    INSTITUTION,
    NOBODY,
    PRESENT,
    REGISTERED,
    VILLAGE,
)
from caresim.agents.quick_look import Look, look_over
from caresim.agents.rows_look import LONGEST_LIFE, living
from caresim.agents.social_laws import social_fault, station_fault
from caresim.agents.world import World
from caresim.kernel.clock import is_january, month_text
from caresim.kernel.compiled import compiled

STOCK = "checks.stock"
FROM_MOTHER, FROM_FATHER = 1, 2

PEOPLE_LAWS = (
    "a present person is alive and registered",
    "a present person is at a place of the territory",
    "a present person outside an institution has a household",
    "nobody but a present person has a household",
    "household numbers are below the number of households",
    "a spouse's row exists",
    "a spouse's spouse is oneself",
    "nobody is married to the dead",
    "nobody is born in the future or more than 130 years ago",
)
SLOW = (("given", care_fault), ("pair", pair_fault), ("member", coin_fault), ("benefits", money_fault),
        ("home", bed_fault), ("given", formal_fault), ("client", social_fault))  # fmt: skip
"""Who names the broken law, the place and the numbers, by a column without which there is no such law."""
BESIDE = (("benefits", grant_fault), ("home", queue_fault), ("given", meal_fault), ("client", station_fault))
"""The laws of claims, queues and offices, which the quick look does not see."""
KIN_LAWS = (
    "a parent's row exists",
    "a child's row exists",
    "a chain of children holds children of its head, each once",
    "a living child is in its mother's chain",
    "a living child is in its father's chain",
)


class LawBroken(Exception):  # noqa: N818 - the name says what happened
    """A law of the model does not hold.

    Args:
        month: the month, as ``2020-01``.
        law: the law in words.
        numbers: what was found.
    """

    def __init__(self, month: str, law: str, numbers: dict[str, Any]) -> None:
        super().__init__(month, law, numbers)
        self.month, self.law, self.numbers = month, law, numbers

    def __str__(self) -> str:
        found = ", ".join(f"{name} {value}" for name, value in self.numbers.items())
        return f"{self.month}: broken law: {self.law} ({found})"


def note_stock(world: World) -> None:
    """Remember how many people there are, so that the coming month can be balanced against it."""
    world.memory[STOCK] = (world.month, living(world.people["state"], world.people.n))


def check_month(world: World) -> None:
    """Check every law at the month's end; chains of children only each January.

    Raises:
        LawBroken: with the month, the law and the numbers.
    """
    look = look_over(world)
    check_balance(world, look.residents, look.registered)
    if look.people:
        check_people(world, look)
    check_care(world, look)
    if is_january(world.month):
        check_kin(world)


def check_balance(world: World, residents: int, registered: int) -> None:
    """Balance residents and registered people against the month's movements, and remember the new stock."""
    known, now = world.memory.get(STOCK), (residents, registered)
    world.memory[STOCK] = (world.month, now)
    if known is None:
        return
    f, before = world.people.flows, known[1]
    moves = (
        ("residents", before[0], f.births, f.arrivals, f.deaths, f.departures, residents),
        ("registered", before[1], f.registered_births, f.registrations, f.registered_deaths, f.deregistrations,
         registered),
    )  # fmt: skip
    for whom, then, births, arrivals, deaths, departures, found in moves:
        if then + births + arrivals - deaths - departures != found:
            numbers = {"before": then, "births": births, "arrivals": arrivals, "deaths": deaths,
                       "departures": departures, "now": found}  # fmt: skip
            _break(world, f"{whom}: before + births + arrivals - deaths - departures = now", numbers)


def check_people(world: World, look: Look | None = None) -> None:
    """Check presence, households, marriages and births of the registered."""
    if (look or look_over(world)).people:
        people = world.people
        law, row, other = _faulty_person(
            *(people[name] for name in ("state", "place", "household", "spouse", "born")), people.n,
            people.kin_start, people.kin_end, people.n_households, world.month,
        )  # fmt: skip
        if law >= 0:
            _break(world, PEOPLE_LAWS[law], {**_person(world, row), "found": other})


def check_care(world: World, look: Look | None = None) -> None:
    """Check the month's book of care, mutual-aid pairs, coins and money, where they are kept."""
    kept = world.people.declared
    for column, fault in SLOW if (look or look_over(world)).other else BESIDE:
        found = fault(world) if column in kept else None
        if found is not None:
            _break(world, *found)


def check_kin(world: World) -> None:
    """Check that parents and children know each other, over all rows."""
    people = world.people
    chains, rows = people.chains(), (people.n, people.kin_start, people.kin_end)
    if doubtful_chains(*chains, people["born"], *rows):
        law, row, other = _faulty_kin(people["state"], *chains, *rows)
        if law >= 0:
            _break(world, KIN_LAWS[law], {**_person(world, row), "found": other})


def _person(world: World, row: int) -> dict[str, Any]:
    people = world.people
    return {"row": row, "key": int(people["key"][row]), "state": int(people["state"][row])}


def _break(world: World, law: str, numbers: dict[str, Any]) -> None:
    raise LawBroken(month_text(world.month), law, numbers)


@compiled
def _faulty_person(state, place, household, spouse, born, n, kin_start, kin_end, n_households, month):
    """Return the first broken law of `PEOPLE_LAWS`, the row and what was found; (-1, -1, -1) if all hold."""
    both = ALIVE | REGISTERED
    for i in range(n):
        h = household[i]
        if state[i] & PRESENT:
            if state[i] & both != both:
                return 0, i, np.int64(state[i])
            if place[i] != VILLAGE and place[i] != INSTITUTION:
                return 1, i, np.int64(place[i])
            if h < 0 and place[i] != INSTITUTION:
                return 2, i, np.int64(h)
            if h >= n_households:
                return 4, i, np.int64(h)
        elif h != NOBODY:
            return 3, i, np.int64(h)
        mate = spouse[i]
        if mate != NOBODY:
            if not (0 <= mate < n or kin_start <= mate < kin_end):
                return 5, i, np.int64(mate)
            if spouse[mate] != i:
                return 6, i, np.int64(mate)
            if not state[i] & state[mate] & ALIVE:
                return 7, i, np.int64(mate)
        if born[i] > month or (born[i] < month - LONGEST_LIFE and state[i] & ALIVE):
            return 8, i, np.int64(born[i])
    for k in range(kin_start, kin_end):
        if 0 <= spouse[k] < n and spouse[spouse[k]] != k:
            return 6, k, np.int64(spouse[k])
    return -1, -1, np.int64(-1)


@compiled
def _faulty_kin(state, mother, father, first_child, next_maternal, next_paternal, n, kin_start, kin_end):
    """Return the first broken law of `KIN_LAWS`, the row and what was found; (-1, -1, -1) if all hold."""
    seen = np.zeros(len(state), dtype=np.uint8)
    for first, last in ((0, n), (kin_start, kin_end)):
        for i in range(first, last):
            for parent in (mother[i], father[i]):
                if parent != NOBODY and not (0 <= parent < n or kin_start <= parent < kin_end):
                    return 0, i, np.int64(parent)
            child = first_child[i]
            while child != NOBODY:
                if not (0 <= child < n or kin_start <= child < kin_end):
                    return 1, i, np.int64(child)
                maternal = mother[child] == i
                side = FROM_MOTHER if maternal else FROM_FATHER
                if (not maternal and father[child] != i) or seen[child] & side:
                    return 2, i, np.int64(child)
                seen[child] |= side
                child = next_maternal[child] if maternal else next_paternal[child]
    for first, last in ((0, n), (kin_start, kin_end)):
        for i in range(first, last):
            if state[i] & ALIVE:
                if mother[i] != NOBODY and not seen[i] & FROM_MOTHER:
                    return 3, i, np.int64(mother[i])
                if father[i] != NOBODY and not seen[i] & FROM_FATHER:
                    return 4, i, np.int64(father[i])
    return -1, -1, np.int64(-1)
