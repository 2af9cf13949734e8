"""What the time bank does and owes: service, credit, and the risk that claims outgrow the members who could meet them.

Hours are coins or minutes over 60. The hours that members give, and their share of all care, stand in the welfare mix
(`hours_time_bank`, `share_time_bank`). While the bank is closed it serves nobody and has no members, but what it owes
stays; shares and rates of a closed bank are NaN.
"""

from __future__ import annotations

import math
from operator import itemgetter

import numpy as np

from caresim.agents.people import FEMALE, LIVING_RESIDENT, age_in_years
from caresim.agents.place import OLDEST
from caresim.agents.time_bank import Exchange
from caresim.agents.world import World
from caresim.kernel.clock import year_of
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, number, ratio, tally

HOUR = 60
YEAR = 12
MILLION = 1_000_000
AT_HAND = itemgetter("member", "state", "born")
MOST_COUNTED = 16
"""Balances are counted by value if the largest is at most so many times their number."""


def flows(world: World) -> Exchange:
    """Return what the bank did this month; nothing, if it did not act."""
    return world.bank.turn(world.month)


COINS = ("outstanding", "issued", "expected", "gini", "requested", "met", "a_year", "offered")
"""The coins that people hold.

    outstanding: coins that people hold: what the bank's own accounts are short of.
    issued: coins that government has issued and not taken back.
    expected: coins that are expected to be claimed: each balance times survival to the age of claims.
    gini: the Gini coefficient of the balances of living resident members; NaN while the bank is closed.
    requested: minutes requested; then those met, by members or by government.
    a_year: coins paid for care this month, times twelve.
    offered: minutes that members are expected to offer in the coming year; NaN while the bank is closed.
"""


@tally(*COINS)
def coins(world: World, numbers: np.ndarray) -> None:
    """Look at everybody's coins once; at nobody's while there are none."""
    bank, done = world.bank, flows(world)
    pool, government, lost = bank.accounts.tolist()
    outstanding, is_open = -(pool + government + lost), bank.opened is not None
    numbers[0], numbers[1], numbers[2], numbers[4] = outstanding, -government, 0.0, done.requested
    numbers[5], numbers[6] = done.served + done.bought, YEAR * (done.paid + done.redeemed)
    if is_open or outstanding:
        numbers[2], inequality = _look(world, done.members)
        if is_open:
            numbers[3], numbers[7] = inequality, _offered(world)


def _look(world: World, members: int) -> tuple[float, float]:
    """Return the coins that are expected to be claimed, and the Gini coefficient of so many members' balances."""
    people, bank, assumed = world.people, world.bank, world.parameters
    when = world.month // YEAR, assumed["mortality"], assumed["time_bank"]
    surviving = world.once("time_bank.survival", when, lambda: survival(*_mortality(world)))
    found: tuple[float, float] = _count(
        *AT_HAND(people.arrays), bank.holders, bank.balances, world.month, surviving, members
    )
    return found


def _offered(world: World) -> float:
    """Return the minutes that members are expected to offer in the coming year."""
    rules = world.parameters["time_bank"]
    weight = rules.confidence_weight
    keenness = flows(world).propensity / MILLION * (1.0 - weight + weight * world.bank.confidence)
    return YEAR * HOUR * float(rules.hours) * keenness


def _mortality(world: World) -> tuple[np.ndarray, float, float]:
    """Return this year's deaths per person-year by sex and age, their multiplier, and the age of claims."""
    rates, assumed = world.place.rates, world.parameters
    death = rates.deaths(year_of(world.month))
    return death, assumed["mortality"].rural_multiplier, assumed["time_bank"].claims_from


def survival(death: np.ndarray, multiplier: float, claims_from: float) -> np.ndarray:
    """Return the probability of living to the age of claims, by sex and single year of age; 1 from it on."""
    left = np.clip(claims_from - np.arange(OLDEST), 0.0, 1.0)
    hazard = death * multiplier * left
    later = hazard[:, ::-1].cumsum(axis=1)[:, ::-1]
    return np.array([[math.exp(-hazard) for hazard in ages] for ages in later.tolist()])


@compiled
def _count(member, state, born, holders, coins, month, surviving, members):
    """Return the coins that are expected to be claimed, and the Gini coefficient of so many members' balances."""
    balances, found, expected = np.empty(len(holders) + 1, dtype=np.int32), 0, 0.0
    for h in range(len(holders)):
        i = np.uint64(holders[h])
        expected += coins[h] * surviving[state[i] & FEMALE, min(age_in_years(month, born[i]), OLDEST - 1)]
        balances[found] = coins[h]
        found += (member[i] != 0) & (state[i] & LIVING_RESIDENT == LIVING_RESIDENT)
    return expected, gini_of(balances[:found], max(0, members - found))


@compiled
def gini_of(balances, zeros):
    """Return the Gini coefficient of non-negative whole numbers and further zeros; NaN if they add up to nothing.

    Few are put in order; many are counted by value, unless one is large.
    """
    most = 0
    for balance in balances:
        most = max(most, balance)
    if most > MOST_COUNTED * len(balances):
        values, people = np.sort(balances).astype(np.int64), np.ones(len(balances), dtype=np.int64)
    else:
        values, people = np.arange(most + 1), np.zeros(most + 1, dtype=np.int64)
        for balance in balances:
            people[balance] += 1
    n, total, weighted, below = zeros + len(balances), 0, 0, zeros
    for k in range(len(values)):
        # The ranks of those who hold as much add up to their number times the middle one.
        total += people[k] * values[k]
        weighted += people[k] * values[k] * (2 * below + people[k] - n)
        below += people[k]
    return weighted / (n * total) if total > 0 else math.nan


def confidence(world: World) -> float:
    """Return the members' confidence in being served."""
    return world.bank.confidence if world.bank.opened is not None else math.nan


INDICATORS = (
    Indicator("time_bank_fill_rate", "share", "mean", "Time bank: requests met", "时间银行服务满足率",
              "Minutes served by members or bought, of all minutes requested from the time bank.",
              ratio(coins, "met", "requested"),
              better="higher"),
    Indicator("time_bank_velocity", "per year", "mean", "Time bank: velocity of coins", "时间币流通速度",
              "Coins paid for care in the month times 12, per coin on people's accounts.",
              ratio(coins, "a_year", "outstanding")),
    Indicator("time_bank_outstanding", "hours", "last", "Time bank: outstanding liability", "时间银行未兑付时数",
              "Coins on people's accounts.", ratio(coins, "outstanding", HOUR)),
    Indicator("time_bank_issued", "hours", "last", "Time bank: issued by government", "政府净发行时数",
              "Coins that government has issued, less those that came back.", ratio(coins, "issued", HOUR)),
    Indicator("time_bank_actuarial", "hours", "last", "Time bank: actuarial liability", "时间银行精算负债时数",
              "Coins times the probability that their holder lives to the age of claims.",
              ratio(coins, "expected", HOUR)),
    Indicator("time_bank_coverage", "ratio", "last", "Time bank: coverage", "时间银行偿付率",
              "Hours that members are expected to offer in the coming year, per hour of actuarial liability.",
              ratio(coins, "offered", "expected"), better="higher"),
    Indicator("time_bank_lost_at_death", "hours", "sum", "Time bank: lost at death", "因死亡归公时数",
              "Coins of the dead that fell to the pool in the month.", ratio(flows, "estates", HOUR)),
    Indicator("time_bank_records_lost", "hours", "sum", "Time bank: lost records", "记录丢失时数",
              "Coins whose records were lost in the month.", ratio(flows, "records", HOUR), better="lower"),
    Indicator("time_bank_gini", "index", "last", "Time bank: inequality of balances", "时间币余额基尼系数",
              "Gini coefficient of the balances of members, those without coins included.", number(coins, "gini")),
    Indicator("time_bank_members", "persons", "last", "Time bank: members", "时间银行会员数",
              "Living resident members.", number(flows, "members")),
    Indicator("time_bank_active", "persons", "mean", "Time bank: active members", "时间银行活跃会员数",
              "Members who offered time in the month.", number(flows, "active")),
    Indicator("time_bank_hours_bought", "hours", "sum", "Time bank: hours bought", "政府兜底购买时数",
              "Hours that government bought in the month for requests that no member met.",
              ratio(flows, "bought", HOUR)),
    Indicator("time_bank_confidence", "share", "last", "Time bank: confidence", "时间银行信任度",
              "Members' confidence in being served, 0-1.", confidence, better="higher"),
)  # fmt: skip
