"""Measure the indicators after each month, and count the population by age each January."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal, TypeVar

import numpy as np

from caresim.agents.elder_census import ELDERS, ElderCensus, take_census
from caresim.agents.people import FEMALE, LIVING_REGISTERED, LIVING_RESIDENT, PRESENT, People
from caresim.agents.place import AGE_GROUPS
from caresim.agents.world import World
from caresim.kernel.compiled import compiled

Aggregate = Literal["mean", "sum", "last"]
Better = Literal["higher", "lower"]
Counted = TypeVar("Counted")
SEXES = ("male", "female")
N_GROUPS = len(AGE_GROUPS)
GROUP_MONTHS = 60
ELDER_FROM = 60 * 12
NO_CONTACTS = (0.0,) * 4
QUARTER, YEAR = 3, 12
TALLY = "tally."
"""Prefix of what indicators keep in the world's memory for the rest of a measurement."""


@dataclass(frozen=True)
class Indicator:
    """One number that is measured at the end of every month.

    Attributes:
        name: column of `monthly.parquet`.
        unit: unit; a `share` lies in 0-1.
        aggregate: how the months of a run become one number: their `mean`, their `sum`, or the `last`.
        label: title for figures and tables.
        label_zh: the same in Chinese.
        meaning: one sentence, with the denominator of a share.
        measure: reads it off the world; NaN where it has no meaning (a share of nobody).
        quarterly: measured only in the first month and at the end of each quarter, because it takes long and changes
            slowly; NaN in other months.
        yearly: measured only in the first month and each December.
        better: which way is better for elders, carers or the public purse where nobody disputes it, all else equal;
            None where it may be disputed.
    """

    name: str
    unit: str
    aggregate: Aggregate
    label: str
    label_zh: str
    meaning: str
    measure: Callable[[World], float]
    quarterly: bool = False
    yearly: bool = False
    better: Better | None = None

    def is_due(self, month: int, start: int) -> bool:
        """Tell whether it is measured in a month of a run."""
        every = YEAR if self.yearly else QUARTER if self.quarterly else 1
        return month == start or (month + 1) % every == 0


class Recorder:
    """The one who writes down the month.

    Args:
        indicators: what to measure, in the order of the results' columns.
    """

    def __init__(self, indicators: Iterable[Indicator]) -> None:
        self.indicators = tuple(indicators)
        self.names = tuple(indicator.name for indicator in self.indicators)
        self._plans: dict[tuple[bool, bool, bool], _Plan] = {}

    def measure(self, world: World) -> dict[str, float]:
        """Return every indicator's value now, by name."""
        for name in [name for name in world.memory if name.startswith(TALLY)]:
            del world.memory[name]
        values = [math.nan] * len(self.names)
        self._plan(world.month, world.start).carry_out(world, values)
        return dict(zip(self.names, map(float, values), strict=True))

    def _plan(self, month: int, start: int) -> _Plan:
        """Return what is due in a month: few kinds of months differ."""
        kind = month == start, (month + 1) % QUARTER == 0, (month + 1) % YEAR == 0
        if kind not in self._plans:
            due = [(slot, one) for slot, one in enumerate(self.indicators) if one.is_due(month, start)]
            self._plans[kind] = _Plan((slot, one.measure) for slot, one in due)
        return self._plans[kind]


class Reading:
    """The reading of one number of a tally, or of one over another; NaN when there is no whole.

    A recorder reads all numbers of a tally at once, which a function apiece would do a hundred times slower.
    """

    def __init__(self, tally: Callable[[World], Any], part: str, whole: str | None = None) -> None:
        self.tally, self.part, self.whole = tally, part, whole

    def __call__(self, world: World) -> float:
        """Return the number now."""
        found = self.tally(world)
        part = attrgetter(self.part)(found)
        return part if self.whole is None else share(part, attrgetter(self.whole)(found))


class _Plan:
    """What is measured in a kind of month: tallies whose numbers are read together, and the rest one by one."""

    def __init__(self, measures: Iterable[tuple[int, Callable[[World], float]]]) -> None:
        self.single: list[tuple[int, Callable[[World], float]]] = []
        readings: dict[Callable[[World], Any], list[tuple[int, Reading]]] = {}
        for slot, measure in measures:
            if isinstance(measure, Reading):
                readings.setdefault(measure.tally, []).append((slot, measure))
            else:
                self.single.append((slot, measure))
        self.together = [(tally, *_read_together(of)) for tally, of in readings.items()]

    def carry_out(self, world: World, values: list[float]) -> None:
        """Put the numbers into their slots."""
        for tally, read, numbers, ratios in self.together:
            found = read(tally(world))
            for slot, part in numbers:
                values[slot] = found[part]
            for slot, part, whole in ratios:
                values[slot] = share(found[part], found[whole])
        for slot, measure in self.single:
            values[slot] = measure(world)


def _read_together(
    readings: list[tuple[int, Reading]],
) -> tuple[Callable[[Any], Any], list[tuple[int, int]], list[tuple[int, int, int]]]:
    """Return what reads all numbers of a tally, and which of them make the value of each slot."""
    names = dict.fromkeys(name for _, one in readings for name in (one.part, one.whole) if name is not None)
    at = {name: number for number, name in enumerate(names)}
    numbers = [(slot, at[one.part]) for slot, one in readings if one.whole is None]
    ratios = [(slot, at[one.part], at[one.whole]) for slot, one in readings if one.whole is not None]
    first, *others = names
    # One name alone would be read as a number, not as a row of them.
    return attrgetter(first, *(others or [first])), numbers, ratios


def once_a_month(count: Callable[[World], Counted]) -> Callable[[World], Counted]:
    """Keep what is counted for the rest of a measurement, so that indicators of one count share it."""
    name = f"{TALLY}{count.__module__}.{count.__qualname__}"

    @functools.wraps(count)
    def kept(world: World) -> Counted:
        known = world.memory.get(name)
        if known is None or known[0] != world.month:
            known = world.memory[name] = (world.month, count(world))
        return known[1]  # type: ignore[no-any-return]

    return kept


def number(tally: Callable[[World], Any], name: str) -> Callable[[World], float]:
    """Return the reading of one number of a tally."""
    return Reading(tally, name)


def ratio(tally: Callable[[World], Any], part: str, whole: str) -> Callable[[World], float]:
    """Return the reading of one number of a tally over another; NaN when there is no whole."""
    return Reading(tally, part, whole)


def resident_elders(world: World) -> np.ndarray:
    """Return the rows of the resident elders: those noted this month or, before anybody noted them, those of age."""
    return (
        world.elders if len(world.elders) else world.once("tally.elders", world.month, lambda: _of_age(world))
    )


def _of_age(world: World) -> np.ndarray:
    people = world.people
    here = people["state"][: people.n] & PRESENT != 0
    return np.flatnonzero(here & (people["born"][: people.n] <= world.month - ELDER_FROM))


@once_a_month
def census(world: World) -> ElderCensus:
    """Look at every resident elder once, for all indicators that count them."""
    contacts = world.parameters.get("medical_contact")
    by_state = np.array(contacts.contacts if contacts is not None else NO_CONTACTS)
    return take_census(world.people, resident_elders(world), world.month, by_state)


@once_a_month
def minutes_by_source(world: World) -> list[int]:
    """Add up the minutes of care received this month, by source."""
    received = world.care.received
    minutes: list[int] = _add_up(np.ascontiguousarray(received).ravel(), received.shape[1]).tolist()
    return minutes


@compiled
def _add_up(received, n_sources):
    """Add up each column of a table that is written row after row."""
    minutes = np.zeros(n_sources, dtype=np.int64)
    for first in range(0, len(received), n_sources):
        for source in range(n_sources):
            minutes[source] += received[first + source]
    return minutes


def elders_who(condition: int) -> Callable[[World], float]:
    """Return the reading of a condition's share of the resident elders; NaN where nothing keeps its column."""

    def measure(world: World) -> float:
        number = census(world).number
        return share(number[condition], number[ELDERS])

    return measure


def knows(world: World, *columns: str) -> bool:
    """Tell whether the processes of this run keep the columns."""
    return all(column in world.people.arrays for column in columns)


def share(part: float, whole: float) -> float:
    """Return a part of a whole, or NaN when there is no whole."""
    return part / whole if whole else math.nan


def population_table(people: People, month: int) -> np.ndarray:
    """Count people by age at the opening of a month (1 January, when the month is a January).

    Ages are completed years on the month's first day, so the month before has just closed.

    Returns:
        Persons, shape (2, 21, 2): sex (0 male, 1 female), group of `AGE_GROUPS`, (registered, resident).
    """
    return _by_age(people["state"], people["born"], people.n, month - 1)


@compiled
def _by_age(state, born, n, closed):
    """Count registered and resident people by sex and group, at the end of the month `closed`."""
    table = np.zeros((2, N_GROUPS, 2), dtype=np.int64)
    for i in range(n):
        if state[i] & LIVING_REGISTERED == LIVING_REGISTERED:
            group = min(max(closed - born[i], 0) // GROUP_MONTHS, N_GROUPS - 1)
            sex = 1 if state[i] & FEMALE else 0
            table[sex, group, 0] += 1
            if state[i] & LIVING_RESIDENT == LIVING_RESIDENT:
                table[sex, group, 1] += 1
    return table
