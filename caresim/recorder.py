"""Measure the indicators after each month, and count the population by age each January."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

import numpy as np

from caresim.agents.accounts import ACCOUNTS, add_up, marks_of
from caresim.agents.care_census import CARE_CENSUS, take_care_census
from caresim.agents.elder_census import ELDER_CENSUS, take_census
from caresim.agents.home_census import HOME_CENSUS, take_home_census
from caresim.agents.outcomes import GROUP as OUTCOMES
from caresim.agents.people import ELDER_FROM, PRESENT
from caresim.agents.people_census import PEOPLE_CENSUS, take_people_census
from caresim.agents.tally import TALLIES, Tally, once_a_month, tally
from caresim.agents.world import World
from caresim.kernel.clock import year_of
from caresim.kernel.compiled import compiled

Aggregate = Literal["mean", "sum", "last"]
Better = Literal["higher", "lower"]
Counts = Tally | Callable[[World], Any]
"""What counts: a tally, or what returns an object with a number in each attribute."""
Number = tuple[Counts | None, str | float]
"""What counts and the name of a number of it, or nothing and a constant."""
SEXES = ("male", "female")
NO_CONTACTS = (math.nan,) * 4
QUARTER, YEAR = 3, 12
MINUTES, HUNDREDTHS = 60, 100


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
        self._places = {name: place for place, name in enumerate(self.names)}
        self._plans: dict[tuple[bool, bool, bool], _Plan] = {}

    def measure(self, world: World) -> dict[str, float]:
        """Return every indicator's value now, by name."""
        return dict(zip(self.names, self.row(world).tolist(), strict=True))

    def row(self, world: World) -> np.ndarray:
        """Return every indicator's value now, in their order; NaN for what is not due."""
        values = np.empty(len(self.names))
        self._plan(world).carry_out(world, values)
        return values

    def _plan(self, world: World) -> _Plan:
        """Return what is due in a month: few kinds of months differ."""
        month, start = world.month, world.start
        kind = month == start, (month + 1) % QUARTER == 0, (month + 1) % YEAR == 0
        if kind not in self._plans:
            due = [one for one in self.indicators if one.is_due(month, start)]
            self._plans[kind] = _Plan(due, self._places)
        return self._plans[kind]


class Reading:
    """The reading of so many times a number of a tally over a number of the same or another one; NaN without a whole.

    A recorder reads all numbers at once, which a function apiece would do ten times slower.

    Args:
        part: the tally and the name of a number in it.
        whole: the same of what it is set against; without a tally, a constant.
        times: how many times the part is taken.
    """

    def __init__(self, part: Number, whole: Number, times: float) -> None:
        self.part, self.whole, self.times = part, whole, times

    def __call__(self, world: World) -> float:
        """Return the number now."""
        return share(self.times * _read(self.part, world), _read(self.whole, world))


class _Plan:
    """What is measured in a kind of month: all of it is read off one sheet of numbers.

    The sheet begins with the constants that numbers are set against; then each tally has its stretch; then stand the
    numbers read off other objects, and those that are measured one by one, which are read as they are.
    """

    def __init__(self, due: list[Indicator], places: dict[str, int]) -> None:
        readings = [(one.name, one.measure) for one in due if isinstance(one.measure, Reading)]
        single = [(one.name, one.measure) for one in due if not isinstance(one.measure, Reading)]
        self.single = [measure for _, measure in single]
        asked: dict[Counts | None, dict[str | float, None]] = {None: {1.0: None}}
        for _, reading in readings:
            for counts, name in (reading.part, reading.whole):
                asked.setdefault(counts, {})[name] = None
        asked = {one: dict.fromkeys(one.names) if isinstance(one, Tally) else asked[one] for one in asked}
        order = sorted(asked, key=lambda one: 0 if one is None else 1 if isinstance(one, Tally) else 2)
        numbers = [(one, name) for one in order for name in asked[one]]
        at = {number: place for place, number in enumerate(numbers)}
        self.sheet = np.full(len(numbers) + len(single), math.nan)
        tallies = [one for one in order if isinstance(one, Tally)]
        self.room = {one: self.sheet[at[one, one.names[0]] :][: len(one.names)] for one in tallies}
        others = [one for one in order if one is not None and not isinstance(one, Tally)]
        self.others = [(one, _reader([*map(str, asked[one])])) for one in others]
        first = len(asked[None])
        self.sheet[:first] = list(asked[None])
        self.counted = self.sheet[first:]
        self.rest = self.sheet[first + sum(map(len, self.room.values())) :]
        ends = [*range(len(numbers), len(self.sheet))]
        self.parts = np.array([at[one.part] for _, one in readings] + ends, dtype=np.int64)
        self.wholes = np.array([at[one.whole] for _, one in readings] + [0] * len(single), dtype=np.int64)
        self.times = np.array([one.times for _, one in readings] + [1.0] * len(single))
        self.places = np.array([places[name] for name, _ in readings + single], dtype=np.int64)

    def carry_out(self, world: World, values: np.ndarray) -> None:
        """Write the numbers into their places among the values; the other values are NaN."""
        self.counted.fill(math.nan)
        counted: dict[Any, Any] = {}
        world.memory[TALLIES] = (world.month, (counted, self.room))
        for one, numbers in self.room.items():
            if one not in counted:
                one.write(world, numbers)
                counted[one] = numbers
        rest: list[float] = []
        for counts, read in self.others:
            rest += read(counts(world))
        rest += [measure(world) for measure in self.single]
        self.rest[:] = rest
        _divide(self.sheet, self.parts, self.wholes, self.times, self.places, values)
        del world.memory[TALLIES]


def _reader(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what reads some numbers of an object."""
    read = attrgetter(*names)
    return read if len(names) > 1 else lambda found: (read(found),)


def _read(number: Number, world: World) -> float:
    """Return one number now, or a constant."""
    counts, name = number
    if isinstance(counts, Tally):
        return float(counts(world)[counts.places[str(name)]])
    return float(name if counts is None else attrgetter(str(name))(counts(world)))


@compiled
def _divide(row, parts, wholes, times, places, values):
    """Set numbers of a row, so many times, against others of it, each into its place; NaN where there is no whole."""
    values[:] = math.nan
    for k in range(len(parts)):
        whole = row[wholes[k]]
        if whole != 0.0:
            values[places[k]] = times[k] * row[parts[k]] / whole


def number(counts: Counts, name: str, times: float = 1.0) -> Reading:
    """Return the reading of one number of a tally, or of so many times it."""
    return Reading((counts, name), (None, 1.0), times)


def ratio(counts: Counts, part: str, whole: str | float | Reading, times: float = 1.0) -> Reading:
    """Return the reading of one number of a tally over another, or over a constant; NaN when there is no whole."""
    of = whole.part if isinstance(whole, Reading) else (counts if isinstance(whole, str) else None, whole)
    return Reading((counts, part), of, times)


def resident_elders(world: World) -> np.ndarray:
    """Return the rows of the resident elders: those noted this month or, before anybody noted them, those of age."""
    return world.elders if len(world.elders) else _of_age(world)


@once_a_month
def _of_age(world: World) -> np.ndarray:
    people = world.people
    here = people["state"][: people.n] & PRESENT != 0
    return np.flatnonzero(here & (people["born"][: people.n] <= world.month - ELDER_FROM)).astype(np.uint32)


@tally(*ELDER_CENSUS)
def census(world: World, numbers: np.ndarray) -> None:
    """Look at every resident elder once, for all indicators that count them."""
    assumed = world.parameters
    contacts, income = assumed.get("medical_contact"), assumed.get("income")
    needed = world.once(
        "recorder.contacts", contacts, lambda: np.array(contacts.contacts if contacts else NO_CONTACTS)
    )
    minimum = income.minimum_fen(year_of(world.month)) if income is not None else None
    take_census(world.people, resident_elders(world), world.month, needed, minimum, world.homes, numbers)


@tally(*PEOPLE_CENSUS)
def everybody(world: World, numbers: np.ndarray) -> None:
    """Look at everybody on the register once."""
    burden, outcomes = world.parameters.get("burden"), world.parameters.get(OUTCOMES)
    least = None if burden is None else math.ceil(burden.carer_hours * MINUTES)
    limit = None if outcomes is None else math.floor(outcomes.heavy_burden * HUNDREDTHS)
    take_people_census(world.people, world.care, world.month, least, limit, numbers)


@tally(*CARE_CENSUS)
def care(world: World, numbers: np.ndarray) -> None:
    """Look at every case and every hand-over of the month once."""
    take_care_census(world.people, world.care, numbers)


@tally(*HOME_CENSUS)
def homes(world: World, numbers: np.ndarray) -> None:
    """Look at every care home once."""
    if len(world.homes) == 0:
        numbers.fill(0.0)
        return
    known = "homes" in world.parameters
    reserved = world.by_village("homes.reserved_share") if known else np.zeros(len(world.territory))
    take_home_census(world.homes, reserved, numbers)


@tally(*ACCOUNTS)
def accounts(world: World, numbers: np.ndarray) -> None:
    """Look at every payment of the month once."""
    ledger = world.money
    marks = world.once("recorder.accounts", (ledger, len(ledger.slots)), lambda: marks_of(ledger))
    add_up(ledger.fen, marks, numbers)


@once_a_month
def discount(world: World) -> float:
    """Return what a yuan, or a year of life, now counts at the start of the run; NaN where nobody says."""
    outcomes = world.parameters.get(OUTCOMES)
    if outcomes is None:
        return math.nan
    return float((1.0 + outcomes.discount_year) ** (-(world.month - world.start) / YEAR))


def knows(world: World, *columns: str) -> bool:
    """Tell whether the processes of this run keep the columns."""
    known = world.people.arrays
    for column in columns:  # noqa: SIM110 - asked fifty times a month
        if column not in known:
            return False
    return True


def share(part: float, whole: float) -> float:
    """Return a part of a whole, or NaN when there is no whole."""
    return part / whole if whole else math.nan
