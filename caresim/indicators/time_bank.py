"""What the time bank does and owes: service, credit, and the risk that claims outgrow the members who could meet them.

Hours are coins or minutes over 60. The hours that members give, and their share of all care, stand in the welfare mix
(`hours_time_bank`, `share_time_bank`). While the bank is closed it serves nobody and has no members, but what it owes
stays; shares and rates of a closed bank are NaN.
"""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.people import FEMALE, LIVING_RESIDENT, age_in_years
from caresim.agents.place import OLDEST
from caresim.agents.time_bank import Exchange
from caresim.agents.world import World
from caresim.kernel.clock import year_of
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, share

HOUR = 60
YEAR = 12
MILLION = 1_000_000


def flows(world: World) -> Exchange:
    """Return what the bank did this month; nothing, if it did not act."""
    return world.bank.turn(world.month)


def fill_rate(world: World) -> float:
    """Set minutes served or bought against minutes requested."""
    month = flows(world)
    return share(month.served + month.bought, month.requested)


def velocity(world: World) -> float:
    """Set the coins paid for care in a month, times twelve, against the coins that people hold."""
    month = flows(world)
    return share(YEAR * (month.paid + month.redeemed), outstanding_coins(world))


def outstanding_coins(world: World) -> int:
    """Return the coins that people hold: what the bank's own accounts are short of."""
    bank = world.bank
    return -(bank.pool + bank.government + bank.lost)


def outstanding(world: World) -> float:
    """Return the hours that people hold."""
    return outstanding_coins(world) / HOUR


def issued(world: World) -> float:
    """Return the hours that government has issued and not taken back."""
    return -world.bank.government / HOUR


def actuarial(world: World) -> float:
    """Return the hours that are expected to be claimed: each balance times survival to the age of claims."""
    if outstanding_coins(world) == 0:
        return 0.0
    return world.once("tally.time_bank", world.month, lambda: _actuarial(world))


def _actuarial(world: World) -> float:
    people = world.people
    balances = balances_by_age(people["coins"], people["state"], people["born"], people.n, world.month)
    surviving = world.once("time_bank.survival", _when(world), lambda: survival(*_mortality(world)))
    return float((balances * surviving).sum()) / HOUR


def _when(world: World) -> tuple[int, float, float]:
    return year_of(world.month), *_mortality(world)[1:]


def _mortality(world: World) -> tuple[np.ndarray, float, float]:
    """Return this year's deaths per person-year by sex and age, their multiplier, and the age of claims."""
    rates = world.place.rates
    multiplier = world.parameters["mortality"].rural_multiplier
    return rates.death[rates.row(year_of(world.month))], multiplier, world.parameters["time_bank"].claims_from


def survival(death: np.ndarray, multiplier: float, claims_from: float) -> np.ndarray:
    """Return the probability of living to the age of claims, by sex and single year of age; 1 from it on."""
    left = np.clip(claims_from - np.arange(OLDEST), 0.0, 1.0)
    hazard = death * multiplier * left
    later = hazard[:, ::-1].cumsum(axis=1)[:, ::-1]
    return np.array([[math.exp(-hazard) for hazard in ages] for ages in later.tolist()])


def coverage(world: World) -> float:
    """Set the hours that members are expected to offer in the coming year against those expected to be claimed."""
    if world.bank.opened is None:
        return math.nan
    rules = world.parameters["time_bank"]
    weight = rules.confidence_weight
    keenness = flows(world).propensity / MILLION * (1.0 - weight + weight * world.bank.confidence)
    return share(YEAR * rules.hours * keenness, actuarial(world))


def lost_at_death(world: World) -> float:
    """Return the hours of the dead that fell to the pool."""
    return flows(world).estates / HOUR


def records_lost(world: World) -> float:
    """Return the hours whose records were lost."""
    return flows(world).records / HOUR


def gini(world: World) -> float:
    """Return the Gini coefficient of the balances of living resident members."""
    if world.bank.opened is None:
        return math.nan
    people = world.people
    return gini_of(*held(people["member"], people["state"], people["coins"], people.n))


@compiled
def held(member, state, coins, n):
    """Return the balances that are not 0 of living resident members, and how many members have none."""
    balances, found, without = np.empty(n, dtype=np.int64), 0, 0
    for i in range(n):
        if member[i] and state[i] & LIVING_RESIDENT == LIVING_RESIDENT:
            balances[found] = coins[i]
            found += coins[i] != 0
            without += coins[i] == 0
    return balances[:found].copy(), without


def gini_of(balances: np.ndarray, zeros: int = 0) -> float:
    """Return the Gini coefficient of non-negative whole numbers and further zeros; NaN if they add up to nothing."""
    ordered = np.sort(balances).astype(np.int64)
    n, total = len(ordered) + zeros, int(ordered.sum())
    rank = np.arange(zeros + 1, n + 1)
    return share(int((ordered * (2 * rank - n - 1)).sum()), n * total)


def members(world: World) -> float:
    """Count living resident members."""
    return flows(world).members


def active(world: World) -> float:
    """Count the members who offered time this month."""
    return flows(world).active


def hours_bought(world: World) -> float:
    """Return the hours that government bought for requests that no member met."""
    return flows(world).bought / HOUR


def confidence(world: World) -> float:
    """Return the members' confidence in being served."""
    return world.bank.confidence if world.bank.opened is not None else math.nan


@compiled
def balances_by_age(coins, state, born, n, month):
    """Add up the coins of people by sex and single year of age."""
    sums = np.zeros((2, OLDEST), dtype=np.int64)
    for i in range(n):
        if coins[i] != 0:
            sums[state[i] & FEMALE, min(age_in_years(month, born[i]), OLDEST - 1)] += coins[i]
    return sums


INDICATORS = (
    Indicator("time_bank_fill_rate", "share", "mean", "Time bank: requests met", "时间银行服务满足率",
              "Minutes served by members or bought, of all minutes requested from the time bank.", fill_rate,
              better="higher"),
    Indicator("time_bank_velocity", "per year", "mean", "Time bank: velocity of coins", "时间币流通速度",
              "Coins paid for care in the month times 12, per coin on people's accounts.", velocity),
    Indicator("time_bank_outstanding", "hours", "last", "Time bank: outstanding liability", "时间银行未兑付时数",
              "Coins on people's accounts.", outstanding),
    Indicator("time_bank_issued", "hours", "last", "Time bank: issued by government", "政府净发行时数",
              "Coins that government has issued, less those that came back.", issued),
    Indicator("time_bank_actuarial", "hours", "last", "Time bank: actuarial liability", "时间银行精算负债时数",
              "Coins times the probability that their holder lives to the age of claims.", actuarial),
    Indicator("time_bank_coverage", "ratio", "last", "Time bank: coverage", "时间银行偿付率",
              "Hours that members are expected to offer in the coming year, per hour of actuarial liability.",
              coverage, better="higher"),
    Indicator("time_bank_lost_at_death", "hours", "sum", "Time bank: lost at death", "因死亡归公时数",
              "Coins of the dead that fell to the pool in the month.", lost_at_death),
    Indicator("time_bank_records_lost", "hours", "sum", "Time bank: lost records", "记录丢失时数",
              "Coins whose records were lost in the month.", records_lost, better="lower"),
    Indicator("time_bank_gini", "Gini", "last", "Time bank: inequality of balances", "时间币余额基尼系数",
              "Gini coefficient of the balances of members, those without coins included.", gini),
    Indicator("time_bank_members", "persons", "last", "Time bank: members", "时间银行会员数",
              "Living resident members.", members),
    Indicator("time_bank_active", "persons", "mean", "Time bank: active members", "时间银行活跃会员数",
              "Members who offered time in the month.", active),
    Indicator("time_bank_hours_bought", "hours", "sum", "Time bank: hours bought", "政府兜底购买时数",
              "Hours that government bought in the month for requests that no member met.", hours_bought),
    Indicator("time_bank_confidence", "share", "last", "Time bank: confidence", "时间银行信任度",
              "Members' confidence in being served, 0-1.", confidence, better="higher"),
)  # fmt: skip
