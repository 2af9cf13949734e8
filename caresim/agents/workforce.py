"""Care workers of the territory: how many there are, what an hour of them costs, and whose minutes are left.

Certified workers do personal care and help in the house; uncertified ones help in the house and do part of the
personal care. A *team* is the workers of a township's near villages, or of its remote ones. What a team can give in a
month stands in `pool`, and whoever hands over care of these workers takes it from there; so all paid care shares one
limit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.agents.care import INSTRUMENTAL, PERSONAL, SAME_HOME, SOURCE_OF, enter
from caresim.agents.money import FEN
from caresim.agents.workers_month import Month, Queue
from caresim.kernel.clock import year_of
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.place import Territory
    from caresim.agents.world import World

CERTIFIED, UNCERTIFIED = range(2)
MIDDLE, SENIOR = range(2)
"""Grades of certified workers above the junior one, in which everybody begins."""
ENTITLING = ("long_term_care_insurance",)
"""Measures whose promised services are hours of care workers; they are paid in this order."""
VOUCHERS = ("care_vouchers",)
"""Measures whose promised services are vouchers for such hours."""
CARE_WORKERS = "care_workers"
PER = 10_000.0
"""Workers are stated for so many resident elders."""
HOUR = 60
"""Minutes of an hour."""
WITHOUT_LIMIT = 1 << 40
"""Minutes of a team when workers set no limit."""


class Workforce:
    """The care workers of the territory.

    Attributes:
        workers: certified and uncertified workers, full-time equivalents, shape (2,); None before the first month.
        skilled: certified workers of the middle and of the senior grade, shape (2,).
        wage: price of an hour relative to the price that is assumed for the start, both relative to incomes.
        turnover: share of workers who leave in a year, at this month's pace.
        loaned: workers whom others lend to each village, shape (villages,) or (0,).
        supported: months for which each village has been lent workers, shape (villages,) or (0,).
        opened: the month that `pool` belongs to.
        noted: the month that `month` belongs to.
        capacity: minutes that each team's certified and uncertified workers can give this month, shape (teams, 2).
        pool: minutes of them left.
        lent: minutes of each team's certified workers who are on loan, shape (teams,).
        reserved: minutes taken out of the pool for entitled care until its turn comes.
        personal: part of a case's personal care that uncertified workers may do, by team.
        month: what happened this month.
        queue: who is entitled to hours this month.
        teams: team of each village; None before somebody asked.
        usual_price: fen of an hour at the wage of the start, this month.
        priced: month and assumptions that this belongs to.
    """

    def __init__(self) -> None:
        self.workers: np.ndarray | None = None
        self.wage, self.turnover = 1.0, 0.0
        self.skilled = np.zeros(2)
        self.loaned = np.zeros(0)
        self.supported = np.zeros(0, dtype=np.int16)
        self.opened: int | None = None
        self.noted: int | None = None
        self.capacity = self.pool = self.reserved = np.zeros((0, 2), dtype=np.int64)
        self.personal, self.lent = np.zeros(0), np.zeros(0, dtype=np.int64)
        self.month, self.queue = Month(), Queue()
        self.teams: np.ndarray | None = None
        self.usual_price = 0.0
        self.priced: tuple[Any, ...] = ()

    def turn(self, month: int) -> Month:
        """Turn to a month, and return what is noted of it: nothing, if it is a new one."""
        if self.noted != month:
            self.noted, self.month, self.queue = month, Month(), Queue()
        return self.month

    def guided(self) -> float:
        """Return the part of certified workers who guide others: the senior, and the middle grade by half."""
        certified = self.workers.item(CERTIFIED) if self.workers is not None else 0.0
        middle, senior = self.skilled.tolist()
        guides: float = senior + 0.5 * middle
        return guides / certified if certified > 0.0 else 0.0

    def open(
        self, month: int, capacity: np.ndarray, personal: np.ndarray, lent: np.ndarray | None = None
    ) -> None:
        """Open a month with what each team can give, the workers on loan included."""
        self.lent = np.zeros(len(capacity), dtype=np.int64) if lent is None else lent
        self.opened, self.capacity, self.pool = month, capacity, capacity.copy()
        self.reserved, self.personal = np.zeros_like(capacity), personal
        self.turn(month)

    def open_again(self, month: int, number: int) -> None:
        """Open a month for so many teams, before it is written what each can give."""
        if len(self.lent) != number:
            self.lent, self.personal = np.zeros(number, dtype=np.int64), np.zeros(number)
            self.capacity, self.pool, self.reserved = np.zeros((3, number, 2), dtype=np.int64)
        self.opened = month
        self.turn(month)


def teams(territory: Territory) -> np.ndarray:
    """Return the team of each village: near and remote villages of a township have one each."""
    return 2 * territory.township.astype(np.int64) + territory.remote


def teams_of(world: World) -> np.ndarray:
    """Return the team of each village, found once."""
    force = world.workforce
    if force.teams is None:
        force.teams = teams(world.territory)
    return force.teams


def hour_price(world: World) -> int:
    """Return what an hour of a care worker costs now, in fen: like all wages it grows with incomes."""
    force, parameters, month = world.workforce, world.parameters, world.month
    income, needs = parameters.get("income"), parameters["needs"]
    if force.priced != (month, income, needs):
        force.priced, force.usual_price = (month, income, needs), FEN * needs.hour_price * wage_growth(world)
    return int(force.usual_price * force.wage + 0.5)


def wage_growth(world: World) -> float:
    """Return how far wages of this year lie above those of 2020: like the price of an hour they grow with incomes."""
    income = world.parameters.get("income")
    return income.growth(year_of(world.month)) if income is not None else 1.0


def workers_of(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the teams by village, the minutes left of each team, and its part of personal care by the uncertified.

    Where nobody has opened the month, care workers set no limit.
    """
    force, by_village = world.workforce, teams_of(world)
    if force.opened != world.month:
        number = int(by_village.max(initial=0)) + 1
        force.open(world.month, np.full((number, 2), WITHOUT_LIMIT, dtype=np.int64), np.ones(number))
    return by_village, force.pool, force.personal


def pay_workers(world: World, purpose: str, payer: str, fen: int, payee: str = CARE_WORKERS) -> None:
    """Pay for hours; before the first month money rests."""
    if world.month >= world.start:
        world.money.pay(purpose, payer, payee, fen)


def affordable_minutes(world: World, price: int) -> int:
    """Return the minutes of care workers that government can still order this month without a claim."""
    left = world.money.left
    return WITHOUT_LIMIT if left is None or price == 0 else left * HOUR // price


def cost_of(minutes: Any, price: int) -> Any:
    """Return the fen that minutes cost at a price of the hour, rounded down."""
    return minutes * price // HOUR


@compiled
def given_and_in_reach(capacity, pool, lent):
    """Return the minutes that teams gave, and those that whoever asked could have had.

    Workers on loan serve one village only.
    """
    given = reach = 0
    for team in range(len(pool)):
        whole, idle = capacity[team, 0] + capacity[team, 1], pool[team, 0] + pool[team, 1]
        given += whole - idle
        reach += whole - min(idle, lent[team])
    return given, reach


@compiled
def staffed(minutes, personal_left, instrumental_left, certified, uncertified, part):
    """Return who does how much of at most so many minutes, personal care first, and by the uncertified if they may.

    Returns:
        Minutes of personal care by certified and by uncertified workers, of help in the house by both.
    """
    personal = min(minutes, personal_left)
    personal_u = min(np.int64(part * personal), uncertified)
    personal_c = min(personal - personal_u, certified)
    instrumental = min(minutes - personal_u - personal_c, instrumental_left)
    instrumental_u = min(instrumental, uncertified - personal_u)
    instrumental_c = min(instrumental - instrumental_u, certified - personal_c)
    return personal_c, personal_u, instrumental_c, instrumental_u


@compiled
def deliver(gifts, k, case, relation, minutes, team, pool, personal, left, received):
    """Let a team give a case at most so many minutes; written into place `k` of `gifts` if there are any.

    Returns:
        The minutes by certified and by uncertified workers.
    """
    personal_c, personal_u, house_c, house_u = staffed(
        np.int64(minutes), np.int64(left[case, PERSONAL]), np.int64(left[case, INSTRUMENTAL]), pool[team, CERTIFIED],
        pool[team, UNCERTIFIED], personal[team],
    )  # fmt: skip
    by_certified, by_uncertified = personal_c + house_c, personal_u + house_u
    pool[team, CERTIFIED] -= by_certified
    pool[team, UNCERTIFIED] -= by_uncertified
    total = by_certified + by_uncertified
    if total > 0:
        left[case, PERSONAL] -= personal_c + personal_u
        left[case, INSTRUMENTAL] -= house_c + house_u
        enter(gifts, k, NOBODY, case, relation, SAME_HOME, personal_c + personal_u, house_c + house_u, 0)
        received[case, SOURCE_OF[relation]] += total
    return by_certified, by_uncertified


@compiled
def take(pool, team, minutes):
    """Take minutes of help that anybody may give out of a team's pool, of the uncertified first."""
    from_uncertified = min(minutes, pool[team, UNCERTIFIED])
    pool[team, UNCERTIFIED] -= from_uncertified
    pool[team, CERTIFIED] -= minutes - from_uncertified
