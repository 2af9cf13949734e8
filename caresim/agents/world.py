"""What a process of the month is, and the world that it changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from caresim.agents.care import CareBook
from caresim.agents.compaction import compact, drop_rows
from caresim.agents.entitlements import Claims
from caresim.agents.institutions import Homes
from caresim.agents.instrument import reached
from caresim.agents.kin_changes import KinChanges
from caresim.agents.money import Ledger
from caresim.agents.people import ELDER_FROM, People
from caresim.agents.place import Place, Territory
from caresim.agents.policy import Policy
from caresim.agents.social_work import Station
from caresim.agents.time_bank import TimeBank
from caresim.agents.workforce import Workforce
from caresim.kernel.clock import is_january
from caresim.kernel.columns import Column
from caresim.kernel.draws import Draws

if TYPE_CHECKING:
    from caresim.kernel.parameters import Parameters

Built = TypeVar("Built")
COMPACTION_YEARS = 5
"""Rows are put in order at the start and then every so many years; no result depends on it."""
DROP_YEARS, DROP_FROM = 2, 5000
"""Between these times, rows that nobody needs are dropped every so many years, where there are so many rows: in a
village that saves no room worth its time."""


@dataclass
class World:
    """All state of one run: people, villages, luck, time, and the parameters in force this month.

    Attributes:
        burn_in: shares that a lifetime of the rules leads to at the start: `disability` by sex, single year of age
            and state, `dementia` by sex and single year of age. Processes set them when they begin.
        elders: rows of the resident elders, known once everybody has found a household.
        kin: whose kin moved, married, died or grew up.
        care: the month's book of care.
        bank: the time bank.
        station: the social workers' station.
        policy: the measures of government in force.
        money: the ledger of payments.
        claims: what elders and programmes claim from government this month.
        local: quantities that measures changed, by village.
        workforce: the care workers.
        homes: the care homes.
        enacted: how often assumptions or measures have changed.
        granted_parts: which part of their claims measures that live on them were granted last, by name; of those alone
            to which a ceiling refused something.
    """

    people: People
    territory: Territory
    place: Place
    draws: Draws
    month: int
    start: int
    parameters: dict[str, Any] = field(default_factory=dict)
    memory: dict[str, tuple[Hashable, Any]] = field(default_factory=dict)
    burn_in: dict[str, np.ndarray] = field(default_factory=dict)
    elders: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.uint32))
    kin: KinChanges = field(default_factory=KinChanges)
    care: CareBook = field(default_factory=CareBook)
    bank: TimeBank = field(default_factory=TimeBank)
    station: Station = field(default_factory=Station)
    policy: Policy = field(default_factory=Policy)
    money: Ledger = field(default_factory=Ledger)
    claims: Claims = field(default_factory=Claims)
    local: dict[str, np.ndarray] = field(default_factory=dict)
    workforce: Workforce = field(default_factory=Workforce)
    homes: Homes = field(default_factory=Homes)
    enacted: int = 0
    granted_parts: dict[str, float] = field(default_factory=dict)
    _enacted: tuple[Any, Any] | None = field(default=None, init=False, repr=False)
    _same: dict[str, tuple[str, Any, np.ndarray]] = field(default_factory=dict, init=False, repr=False)

    def open_month(self, month: int, parameters: dict[str, Any], policy: Policy | None = None) -> None:
        """Turn to a new month: its parameters and measures come into force, its movements are counted from zero."""
        self.month = month
        self.enact(parameters, policy)
        self.people.flows.clear()
        self.money.open()
        if is_january(month) and month > self.start:
            self._renew_rows((month - self.start) // 12 % COMPACTION_YEARS)

    def _renew_rows(self, years: int) -> None:
        """Put rows in order if it is time; if not, drop some if it is time, and give elders' columns to the next ones.

        So many years have passed since rows were put in order.
        """
        if years == 0:
            self.put_in_order()
            return
        if years % DROP_YEARS == 0 and self.people.n >= DROP_FROM:
            self.drop_rows()
        self.people.welcome_elders(self._elders_born)

    @property
    def _elders_born(self) -> int:
        """Return the last month of birth of those who are elders before a year has passed."""
        return self.month + 11 - ELDER_FROM

    def put_in_order(self) -> None:
        """Put the rows of people in order, elders first, then those who become elders before the next time."""
        number = compact(self.people, self._elders_born, COMPACTION_YEARS - 1)
        self.bank.renumber(number, self.people.n)

    def drop_rows(self) -> None:
        """Drop the rows of people that nobody needs; the others stay in their order."""
        before = self.people.generation
        number = drop_rows(self.people)
        self.bank.renumber(number, self.people.n)
        self.kin.follow(before, self.people)

    def enact(self, parameters: dict[str, Any], policy: Policy | None = None) -> None:
        """Let assumptions and measures come into force: what the measures change replaces what was assumed."""
        if self._enacted is None or self._enacted[0] is not parameters or self._enacted[1] is not policy:
            self.policy = policy if policy is not None else Policy()
            self._enacted = parameters, policy
            self.enacted += 1
            in_force = self.policy.modified(parameters, self.territory, self.draws, self.granted_parts)
            self.parameters, self.local = in_force.parameters, in_force.local

    def note_parts(self, parts: dict[str, float]) -> None:
        """Note which part of their claims measures were granted; if it has changed, they come into force anew."""
        if parts != self.granted_parts:
            self.granted_parts, self._enacted = parts, None

    def by_village(self, quantity: str) -> np.ndarray:
        """Return a quantity `process.parameter` as the measures leave it, one value a village."""
        changed = self.local.get(quantity)
        if changed is not None:
            return changed
        known = self._same.get(quantity)
        if known is None or self.parameters[known[0]] is not known[1]:
            group, name = quantity.split(".")
            in_force = self.parameters[group]
            everywhere = np.full(len(self.territory), float(getattr(in_force, name)))
            known = self._same[quantity] = group, in_force, everywhere
        return known[2]

    def only_in(self, share: float) -> np.ndarray:
        """Return in which villages a rule holds that is rolled out to a share of townships."""
        return reached(share, self.territory, self.draws)

    def away_shares(self, town: float, province: float) -> tuple[float, float]:
        """Return the shares of destinations that lie outside the territory: county town, elsewhere in the province.

        A county that is run whole contains its town, a province all of itself. If everybody goes to the town,
        those who leave its county go elsewhere in the province.
        """
        if self.place.territory == "rural":
            return town, province
        if self.place.territory == "county":
            return 0.0, province / (1.0 - town) if town < 1.0 else 1.0
        return 0.0, 0.0

    def of_elders(self, name: str, build: Callable[[], Built]) -> Built:
        """Return what `build` makes of the resident elders, built again only when they are noted anew."""
        known = self.memory.get(name)
        if known is None or known[0] != self.month or known[1][0] is not self.elders:
            known = self.memory[name] = (self.month, (self.elders, build()))
        built: Built = known[1][1]
        return built

    def once(self, name: str, when: Hashable, build: Callable[[], Built]) -> Built:
        """Return what `build` makes, built again only when `when` changes (a year, a set of parameters)."""
        known = self.memory.get(name)
        if known is not None and known[0] is when:
            return known[1]
        built: Built = build() if known is None or known[0] != when else known[1]
        self.memory[name] = (when, built)  # equal ones are compared by identity from now on
        return built


@dataclass(frozen=True)
class Process:
    """One verb of the month, in a file of its own.

    Attributes:
        name: the verb's name; its parameters are configured under it.
        run: what happens in a month.
        reads: state variables that it reads: columns of people (`key` where luck is drawn), `village.x` of villages,
            its own ones if what they were counts, and `parameters.x` where it reads the group of another process. What
            was worked out of a column earlier in the month counts too, above all `need`, of which the book of care
            tells what is left.
        writes: state variables that it writes, those of new people too.
        meaning: one sentence in the words of a civil servant.
        parameters: declared parameters, if any.
        columns: state variables that it adds to people.
        begin: sets its columns for the starting population.
        source: the source of care that it is, whose turn in the month the lever `needs.order` sets.
        settles: whether it runs through the months of care before the start, in which nobody is born, dies or moves.
        settled: what it notes after these months, before the first month.
    """

    name: str
    run: Callable[[World], None]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    meaning: str
    parameters: type[Parameters] | None = None
    columns: tuple[Column, ...] = ()
    begin: Callable[[World], None] | None = None
    source: str | None = None
    settles: bool = False
    settled: Callable[[World], None] | None = None
