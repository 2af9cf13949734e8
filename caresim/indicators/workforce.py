"""Care workers: how many there are, how their hours are used, who waits for them, and what an hour costs."""

from __future__ import annotations

import math
from collections.abc import Callable

from caresim.agents.money import FEN
from caresim.agents.workforce import CERTIFIED, HOUR, PER, UNCERTIFIED, WITHOUT_LIMIT, hour_price
from caresim.agents.world import World
from caresim.recorder import Indicator, share

NOT_REMOTE, REMOTE = range(2)


def _works(world: World) -> bool:
    return "workforce" in world.parameters and world.workforce.opened == world.month


def _limited(world: World) -> bool:
    force = world.workforce
    return _works(world) and force.workers is not None and int(force.capacity.max(initial=0)) < WITHOUT_LIMIT


def hours_of(name: str) -> Callable[[World], float]:
    """Return the reading of minutes of the workers' month, in hours."""
    return lambda world: getattr(world.workforce.month, name) / HOUR if _works(world) else math.nan


def number_of(name: str) -> Callable[[World], float]:
    """Return the reading of a number of the workers' month."""
    return lambda world: float(getattr(world.workforce.month, name)) if _works(world) else math.nan


def per_elders(kind: int) -> Callable[[World], float]:
    """Return the reading of care workers of a kind for 10,000 resident elders."""

    def measure(world: World) -> float:
        workers = world.workforce.workers
        return PER * share(float(workers[kind]), len(world.elders)) if workers is not None else math.nan

    return measure


def skilled(world: World) -> float:
    """Return the certified care workers above the junior grade for 10,000 resident elders."""
    force = world.workforce
    return (
        PER * share(float(force.skilled.sum()), len(world.elders)) if force.workers is not None else math.nan
    )


def worker_hours(world: World) -> float:
    """Return the hours that care workers can give this month."""
    return float(world.workforce.capacity.sum()) / HOUR if _limited(world) else math.nan


def remote_hours(world: World) -> float:
    """Return the hours of the teams of remote villages."""
    return float(world.workforce.capacity[REMOTE::2].sum()) / HOUR if _limited(world) else math.nan


def in_use(world: World) -> float:
    """Return the share of the workers' hours that are given to elders."""
    force = world.workforce
    if not _limited(world):
        return math.nan
    return share(float((force.capacity - force.pool).sum()), float(force.capacity.sum()))


def fill(world: World) -> float:
    """Return the share of the hours that elders wish to buy which workers give."""
    month = world.workforce.month
    return share(month.bought, month.wished) if _works(world) else math.nan


def price(world: World) -> float:
    """Return the price of the hour for which the coming month will be sold, in yuan."""
    return hour_price(world) / FEN if _works(world) else math.nan


def turnover(world: World) -> float:
    """Return the share of care workers who leave in a year."""
    return world.workforce.turnover if _works(world) else math.nan


INDICATORS = (
    Indicator("hours_by_voucher", "hours", "sum", "Hours paid by vouchers", "服务券支付时数",
              "Hours of purchased care that vouchers paid in the month.", hours_of("by_voucher")),
    Indicator("hours_respite", "hours", "sum", "Hours of respite", "喘息服务时数",
              "Hours bought in the month to relieve families.", hours_of("respite")),
    Indicator("meals_brought", "meals", "sum", "Meals brought", "送餐份数", "Meals brought in the month.",
              number_of("meals")),
    Indicator("meal_staff_hours", "hours", "sum", "Work for meals", "助餐人员工时",
              "Hours that kitchens worked for the meals of the month.", hours_of("meal_staff")),
    Indicator("care_queue", "elders", "mean", "Elders waiting for entitled care", "等候照护人数",
              "Elders who were given less in the month than they are entitled to and need.", number_of("waiting"),
              better="lower"),
    Indicator("care_hours_owed", "hours", "sum", "Entitled hours not given", "未兑现照护时数",
              "Entitled hours that were needed in the month and that no worker could give.", hours_of("short"),
              better="lower"),
    Indicator("family_hours_displaced", "hours", "sum", "Family hours displaced", "被替代的家庭照护时数",
              "Hours kept from families that did all that was left to them: what entitled care displaced, at most.",
              hours_of("displaced")),
    Indicator("certified_carers", "workers per 10,000 elders", "mean", "Certified care workers", "持证护理员",
              "Certified care workers for 10,000 resident elders.", per_elders(CERTIFIED)),
    Indicator("uncertified_carers", "workers per 10,000 elders", "mean", "Uncertified care workers", "无证护理员",
              "Uncertified care workers for 10,000 resident elders.", per_elders(UNCERTIFIED)),
    Indicator("skilled_carers", "workers per 10,000 elders", "mean", "Care workers above the junior grade",
              "中高级护理员",
              "Certified care workers of the middle and senior grades for 10,000 resident elders.", skilled),
    Indicator("worker_hours", "hours", "sum", "Hours that workers can give", "护理员可用工时",
              "Hours that care workers can give at home in the month.", worker_hours),
    Indicator("remote_worker_hours", "hours", "sum", "Hours for remote villages", "偏远村护理工时",
              "Hours that care workers can give in remote villages in the month.", remote_hours),
    Indicator("workers_in_use", "share", "mean", "Workers' hours in use", "护理工时利用率",
              "Hours given to elders, of the hours that care workers can give.", in_use),
    Indicator("purchase_fill", "share", "mean", "Purchases that find a worker", "购买需求满足率",
              "Hours given, of the hours that elders wished to buy in the month.", fill, better="higher"),
    Indicator("hour_price", "yuan per hour", "mean", "Price of an hour of care", "每小时照护价格",
              "Price of an hour of a care worker at the month's end.", price),
    Indicator("carer_turnover", "share per year", "mean", "Turnover of care workers", "护理员年流失率",
              "Share of care workers who leave in a year, at the month's pace.", turnover, better="lower"),
    Indicator("hours_home_beds", "hours", "sum", "Hours of nursing at home", "家庭床位护理时数",
              "Hours of care workers that came with family care beds in the month.", hours_of("beds")),
    Indicator("hours_station_staff", "hours", "sum", "Workers' hours in stations", "驿站托养工时",
              "Hours that care workers worked for short stays in stations in the month.", hours_of("stay_staff")),
)  # fmt: skip
