"""Workforce: the price of an hour follows demand and capacity, and care workers come, go and rise in grade."""

from __future__ import annotations

import numpy as np

from caresim.agents.workforce import PER, given_and_in_reach, pay_workers
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.parameters import Parameters, ascending, parameter

MONTHS = 12
TIME_BANK = "time_bank"
"""The measure that pays for the hours which government buys back for coins."""
TERMS = "workforce.terms"
MOST_STEP = 0.02
"""Most that the price of an hour rises or falls in a month, in parts of itself."""


class WorkforceRules(Parameters):
    """How many care workers there are, what they can do, and how pay moves them."""

    limited: bool = parameter(
        True, unit="yes or no",
        meaning="Whether there can be no more paid care than care workers give; no takes the limit away, for the study "
        "of informal care alone.", source="judgement", evidence="judgement",
    )  # fmt: skip
    hours: float = parameter(
        110.0, unit="hours per month", limits=(0.0, 300.0), low=80.0, high=140.0, local=True,
        meaning="Hours that a care worker spends with elders; roads and gaps between them come on top.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    platform: float = parameter(
        0.0, unit="share", low=0.0, high=0.2, local=True,
        meaning="Gain in these hours where all elders order on a platform; a measure of government says how much.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    certified_target: float = parameter(
        0.0, unit="workers per 10,000 elders", limits=(0.0, 10_000.0), low=0.0, high=32.0,
        meaning="Certified care workers that government aims at; the measure `care_workers` says how many.",
        source="zhejiang_carers", evidence="judgement",
    )  # fmt: skip
    premium: float = parameter(
        0.0, unit="share", limits=(0.0, 2.0), low=0.0, high=0.5,
        meaning="Extra pay of certified workers; a measure of government says how much.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    trained: float = parameter(
        0.0, unit="workers per 10,000 elders and year", limits=(0.0, 10_000.0), low=0.0, high=27.0,
        meaning="Uncertified workers who are trained and certified; a measure of government says how many.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    evaluated: float = parameter(
        0.0, unit="workers per 10,000 elders and year", limits=(0.0, 10_000.0), low=0.0, high=10.0,
        meaning="Certified workers below the highest grade whose skill is evaluated and who rise a grade; a measure of "
        "government says how many.", source="judgement", evidence="judgement",
    )  # fmt: skip
    winners: float = parameter(
        0.0, unit="workers per 10,000 elders and year", limits=(0.0, 10_000.0), low=0.0, high=2.0,
        meaning="Winners of skill competitions, who rise from the middle to the senior grade; a measure of government "
        "says how many.", source="judgement", evidence="judgement",
    )  # fmt: skip
    premium_middle: float = parameter(
        0.0, unit="share", limits=(0.0, 2.0), low=0.0, high=0.3,
        meaning="Extra pay of the middle grade, on top of that of all certified workers.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    premium_senior: float = parameter(
        0.0, unit="share", limits=(0.0, 2.0), low=0.0, high=0.6,
        meaning="Extra pay of the senior grade, on top of that of all certified workers.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    quits: float = parameter(
        1.0, unit="ratio", limits=(0.0, 5.0), low=0.0, high=2.0,
        meaning="Elasticity, with its sign changed, of leaving to extra pay; 0 means that nobody stays for pay.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    guidance: float = parameter(
        0.2, unit="share", low=0.0, high=0.4,
        meaning="What is added to the part of personal care that uncertified workers may do if senior workers guide "
        "them all; half of it for the middle grade.", source="judgement", evidence="judgement",
    )  # fmt: skip
    uncertified_start: float = parameter(
        9.0, unit="workers per 10,000 elders", limits=(0.0, 10_000.0), low=4.0, high=25.0,
        meaning="Uncertified care workers who offer themselves at the price of the start; 0 is a place without a "
        "private market.", source="recalled_care_market", evidence="judgement",
    )  # fmt: skip
    uncertified_personal: float = parameter(
        0.3, unit="share", low=0.0, high=1.0, local=True,
        meaning="Part of a case's personal care that uncertified workers may do.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    elasticity: float = parameter(
        1.0, unit="ratio", limits=(0.0, 10.0), low=0.3, high=2.0,
        meaning="Elasticity of the supply of workers to the price of an hour relative to incomes, 1 at the start; 0 "
        "switches the answer off.", source="judgement", evidence="judgement",
    )  # fmt: skip
    turnover: float = parameter(
        0.3, unit="share per year", limits=(0.0, 1.0), low=0.2, high=0.45,
        meaning="Care workers who leave in a year; of carers in hospitals .20 to .45 do.",
        source="carer_turnover", evidence="judgement",
    )  # fmt: skip
    hiring: float = parameter(
        0.8, unit="share", low=0.4, high=1.0,
        meaning="Part of the missing workers who are found in a year, month by month.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    remote_reach: float = parameter(
        0.5, unit="share", low=0.1, high=1.0,
        meaning="Hours for an elder in a remote village relative to elsewhere; the road takes the others.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    centre_workers: float = parameter(
        0.0, unit="workers per 10,000 elders", limits=(0.0, 10_000.0), low=0.0, high=20.0, local=True,
        meaning="Uncertified workers of the township's centre; a measure of government says how many.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    ngo_share: float = parameter(
        0.3, unit="share", low=0.0, high=0.7,
        meaning="Share of the teams of care workers that NGOs run, drawn once for each; the market runs the others.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    ngo_price: float = parameter(
        1.0, unit="ratio", limits=(0.1, 1.0), low=0.7, high=1.0,
        meaning="What an NGO asks of elders for an hour, relative to the market: it draws no profit. Government pays "
        "the market's price to all.", source="judgement", evidence="judgement",
    )  # fmt: skip
    price_speed: float = parameter(
        0.2, unit="ratio", low=0.05, high=0.5, limits=(0.0, 1.0),
        meaning="Monthly change of the price of an hour for each part by which the hours asked for exceed those that "
        "workers can give, at most a fiftieth; 0 holds the price.", source="judgement", evidence="judgement",
    )  # fmt: skip
    price_low: float = parameter(
        20.0, unit="yuan per hour", limits=(0.0, 1000.0), low=15.0, high=25.0,
        meaning="Below this, which grows with incomes from 2020 on, the price of an hour does not fall.",
        source="jiashan_ltci", evidence="judgement",
    )  # fmt: skip
    price_high: float = parameter(
        60.0, unit="yuan per hour", limits=(0.0, 1000.0), low=45.0, high=80.0,
        meaning="Above this, which grows with incomes from 2020 on, the price of an hour does not rise.",
        source="jiashan_ltci", evidence="judgement",
    )  # fmt: skip

    _prices = ascending("price_low", "price_high")

    def leaving(self) -> float:
        """Return the share of workers who leave in a year, extra pay aside."""
        return min(max(self.turnover, 0.0), 1.0)

    def staying(self) -> tuple[float, float, float, float]:
        """Return the parts of junior, middle and senior certified and of uncertified workers who stay for a month."""
        leave, month = self.leaving(), 1.0 / MONTHS
        junior, middle, senior = (
            (1.0 - leave * (1.0 + self.premium + extra) ** -self.quits) ** month
            for extra in (0.0, self.premium_middle, self.premium_senior)
        )
        return junior, middle, senior, (1.0 - leave) ** month

    def found(self) -> float:
        """Return the part of the missing workers who are found in a month."""
        return float(1.0 - (1.0 - min(self.hiring, 1.0)) ** (1.0 / MONTHS))

    def at_start(self, elders: int) -> np.ndarray:
        """Return the workers of the start: as many as stay if nothing changes."""
        found, (junior, _, _, uncertified) = self.found(), self.staying()
        renewed = (1.0 - (1.0 - found) * stay for stay in (junior, uncertified))
        parts = (found / part if part > 0.0 else 1.0 for part in renewed)
        offers = supply(
            elders, 1.0, self.elasticity, self.certified_target, 1.0 + self.premium, self.uncertified_start
        )
        return np.array([all_of * part for all_of, part in zip(offers, parts, strict=True)])


def terms_of(rules: WorkforceRules) -> tuple[float, ...]:
    """Return the rules as numbers, those of the price first, then who stays and is found, offers, rises."""
    prices = rules.price_speed, rules.price_low, rules.price_high
    offers = rules.elasticity, rules.certified_target, 1.0 + rules.premium, rules.uncertified_start
    risen = rules.trained, rules.evaluated, rules.winners
    return tuple(float(term) for term in (*prices, *rules.staying(), rules.found(), *offers, *risen))


def settle_workforce(world: World) -> None:
    """Pay what the time bank bought, move the price of an hour, and let workers come, go and rise in grade."""
    rules: WorkforceRules = world.parameters["workforce"]
    force, bank = world.workforce, world.bank
    if bank.month == world.month:
        pay_workers(world, TIME_BANK, world.policy.funder(TIME_BANK), bank.flows.owed)
    if not rules.limited or force.workers is None:
        force.turnover = rules.leaving()
        return
    force.wage, force.turnover, force.workers, force.skilled = change_workforce(
        force.capacity, force.pool, force.lent, force.month.missing, force.workers, force.skilled, force.wage,
        force.turnover, float(world.parameters["needs"].hour_price), len(world.elders),
        *world.once(TERMS, rules, lambda: terms_of(rules)),
    )  # fmt: skip


@compiled
def change_workforce(capacity, pool, lent, missing, workers, skilled, wage, turnover, base, elders, speed, low, high,
                     stay_junior, stay_middle, stay_senior, stay_uncertified, found, elasticity, target, extra_pay,
                     uncertified_start, trained, evaluated, winners):  # fmt: skip
    """Let the price of an hour move, workers leave, qualify and join.

    Return the price, turnover, the workers, and those of higher grades among them.
    """
    given, in_reach = given_and_in_reach(capacity, pool, lent)
    wage = moved_price(wage, given + missing, in_reach, base, speed, low, high)
    junior, middle, senior, uncertified = by_grade(workers, skilled)
    whole = junior + middle + senior + uncertified
    junior, middle, senior = junior * stay_junior, middle * stay_middle, senior * stay_senior
    uncertified *= stay_uncertified
    if whole > 0.0:
        turnover = 1.0 - ((junior + middle + senior + uncertified) / whole) ** MONTHS
    certified_supply, uncertified_supply = supply(
        elders, wage, elasticity, target, extra_pay, uncertified_start
    )
    junior += found * max(certified_supply - junior - middle - senior, 0.0)
    uncertified += found * max(uncertified_supply - uncertified, 0.0)
    monthly = elders / PER / MONTHS
    certificates = min(trained * monthly, uncertified)
    junior, uncertified = junior + certificates, uncertified - certificates
    risen, to_senior = rise(junior, middle, evaluated * monthly)
    junior, middle, senior = junior - risen, middle + risen - to_senior, senior + to_senior
    won = min(winners * monthly, middle)
    return (
        wage,
        turnover,
        np.array([junior + middle + senior, uncertified]),
        np.array([middle - won, senior + won]),
    )


@compiled
def moved_price(wage, asked, capacity, base, speed, low, high):
    """Let the price follow what is asked of all workers, given or not, relative to what they can give.

    Hours that wait for work in one place count against those that are missing in another, as there is one price; but
    not those of workers on loan to a village.
    """
    if base <= 0.0 or asked == capacity:
        return wage
    excess = asked / capacity - 1.0 if capacity > 0 else np.inf
    step = min(max(speed * excess, -MOST_STEP), MOST_STEP) if speed > 0.0 else 0.0
    return min(max(wage * (1.0 + step), min(wage, low / base)), max(wage, high / base))


@compiled
def supply(elders, wage, elasticity, target, extra_pay, uncertified_start):
    """Return how many certified and uncertified workers offer themselves at a relative price of the hour.

    The certified whom government aims at are those who would come at the price of the start, without extra pay.
    """
    certified = target * (wage * extra_pay) ** elasticity
    return certified * elders / PER, uncertified_start * wage**elasticity * elders / PER


@compiled
def by_grade(workers, skilled):
    """Return junior, middle and senior certified and the uncertified workers."""
    return max(workers[0] - skilled[0] - skilled[1], 0.0), skilled[0], skilled[1], workers[1]


@compiled
def rise(junior, middle, evaluated):
    """Return how many of those evaluated rise out of the junior and out of the middle grade, in proportion to both."""
    due = junior + middle
    part = min(1.0, evaluated / due) if due > 0.0 else 0.0
    return part * junior, part * middle


PROCESS = Process(
    name="workforce",
    run=settle_workforce,
    reads=("need", "parameters.needs"),
    writes=(),
    meaning="The price of an hour follows what is asked of workers and what they can give; care workers leave, are "
    "found, trained and evaluated.",
    parameters=WorkforceRules,
)
