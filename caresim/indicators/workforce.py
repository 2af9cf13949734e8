"""Care workers: how many there are, how their hours are used, who waits for them, and what an hour costs."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np

from caresim.agents.money import FEN
from caresim.agents.workers_month import Month
from caresim.agents.workforce import HOUR, PER, WITHOUT_LIMIT, hour_price
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, census, number, ratio, tally

REMOTE = 1
"""Teams of remote villages have odd numbers."""


UNKNOWN: dict[str, Any] = dict.fromkeys((field.name for field in fields(Month)), math.nan)
NOTHING = Month(**UNKNOWN)
"""What is noted of a month in which nobody has opened the teams."""


WORKERS = ("certified", "uncertified", "skilled", "minutes", "remote", "used", "price", "turnover")
"""Care workers of the month and their minutes; NaN where nothing is known of them.

    certified: certified care workers; then uncertified ones, and certified ones above the junior grade.
    minutes: minutes that workers can give; then those for remote villages, and those that they gave.
    price: fen that the coming month's hour costs.
    turnover: share of workers who leave in a year.
"""


@tally(*WORKERS)
def workers(world: World, numbers: np.ndarray) -> None:
    """Count workers and their minutes."""
    force, there = world.workforce, world.workforce.workers
    if there is not None:
        numbers[0], numbers[1] = there
        numbers[2] = force.skilled[0] + force.skilled[1]
    if "workforce" in world.parameters and force.opened == world.month:
        if there is not None:
            _add_minutes(force.capacity, force.pool, numbers)
        numbers[6], numbers[7] = hour_price(world), force.turnover


@compiled
def _add_minutes(capacity, pool, numbers):
    """Write all minutes, those of remote teams, and those given, unless workers set no limit."""
    most = whole = remote = left = 0
    for team in range(len(capacity)):
        for kind in range(2):
            most = max(most, capacity[team, kind])
            whole += capacity[team, kind]
            remote += capacity[team, kind] if team % 2 == REMOTE else 0
            left += pool[team, kind]
    if most < WITHOUT_LIMIT:
        numbers[3], numbers[4], numbers[5] = whole, remote, whole - left


def month(world: World) -> Month:
    """Return what is noted of the workers' month; NaN where nothing is."""
    works = "workforce" in world.parameters and world.workforce.opened == world.month
    return world.workforce.month if works else NOTHING


def hours_of(name: str) -> Callable[[World], float]:
    """Return the reading of minutes of the workers' month, in hours."""
    return number(month, name, 1 / HOUR)


def per_elders(kind: str) -> Callable[[World], float]:
    """Return the reading of care workers of a kind for 10,000 resident elders."""
    return ratio(workers, kind, number(census, "elders"), PER)


INDICATORS = (
    Indicator("hours_by_voucher", "hours", "sum", "Hours paid by vouchers", "服务券支付时数",
              "Hours of purchased care that vouchers paid in the month.", hours_of("by_voucher")),
    Indicator("hours_ngo", "hours", "sum", "Hours bought of NGOs", "社会组织购买照护时数",
              "Hours of purchased care, with vouchers or elders' own money, that NGOs gave in the month.",
              hours_of("by_ngo")),
    Indicator("ngo_share_of_purchases", "share", "mean", "Purchases from NGOs", "社会组织占购买照护比重",
              "Hours bought of NGOs, of all hours of purchased care in the month.", ratio(month, "by_ngo", "bought")),
    Indicator("hours_respite", "hours", "sum", "Hours of respite", "喘息服务时数",
              "Hours bought in the month to relieve families.", hours_of("respite")),
    Indicator("meals_brought", "meals", "sum", "Meals brought", "送餐份数", "Meals brought in the month.",
              number(month, "meals")),
    Indicator("canteens", "villages", "mean", "Villages with a canteen", "有助餐点的村数",
              "Villages to which kitchens of meal aid bring meals.", number(month, "canteens")),
    Indicator("meals_per_canteen", "meals", "mean", "Meals of a canteen", "每个助餐点送餐份数",
              "Meals brought in the month, for each village to which kitchens bring them.",
              ratio(month, "meals", "canteens")),
    Indicator("meal_staff_hours", "hours", "sum", "Work for meals", "助餐人员工时",
              "Hours that kitchens worked for the meals of the month.", hours_of("meal_staff")),
    Indicator("care_queue", "persons", "mean", "Elders waiting for entitled care", "等候照护人数",
              "Elders who were given less in the month than they are entitled to and need.", number(month, "waiting"),
              better="lower"),
    Indicator("care_hours_owed", "hours", "sum", "Entitled hours not given", "未兑现照护时数",
              "Entitled hours that were needed in the month and that no worker could give.", hours_of("short"),
              better="lower"),
    Indicator("family_hours_displaced", "hours", "sum", "Family hours displaced", "被替代的家庭照护时数",
              "Hours kept from families that did all that was left to them: what entitled care displaced, at most.",
              hours_of("displaced")),
    Indicator("certified_carers", "workers per 10,000 elders", "mean", "Certified care workers", "持证护理员",
              "Certified care workers for 10,000 resident elders.", per_elders("certified")),
    Indicator("uncertified_carers", "workers per 10,000 elders", "mean", "Uncertified care workers", "无证护理员",
              "Uncertified care workers for 10,000 resident elders.", per_elders("uncertified")),
    Indicator("skilled_carers", "workers per 10,000 elders", "mean", "Care workers above the junior grade",
              "中高级护理员",
              "Certified care workers of the middle and senior grades for 10,000 resident elders.",
              per_elders("skilled")),
    Indicator("worker_hours", "hours", "sum", "Hours that workers can give", "护理员可用工时",
              "Hours that care workers can give at home in the month.", number(workers, "minutes", 1 / HOUR)),
    Indicator("remote_worker_hours", "hours", "sum", "Hours for remote villages", "偏远村护理工时",
              "Hours that care workers can give in remote villages in the month.",
              number(workers, "remote", 1 / HOUR)),
    Indicator("workers_in_use", "share", "mean", "Workers' hours in use", "护理工时利用率",
              "Hours given to elders, of the hours that care workers can give.",
              ratio(workers, "used", "minutes")),
    Indicator("purchase_fill", "share", "mean", "Purchases that find a worker", "购买需求满足率",
              "Hours given, of the hours that elders wished to buy in the month.", ratio(month, "bought", "wished"),
              better="higher"),
    Indicator("hour_price", "yuan per hour", "mean", "Price of an hour of care", "每小时照护价格",
              "Price of an hour of a care worker at the month's end.", number(workers, "price", 1 / FEN)),
    Indicator("carer_turnover", "share per year", "mean", "Turnover of care workers", "护理员年流失率",
              "Share of care workers who leave in a year, at the month's pace.", number(workers, "turnover"),
              better="lower"),
    Indicator("hours_home_beds", "hours", "sum", "Hours of nursing at home", "家庭床位护理时数",
              "Hours of care workers that came with family care beds in the month.", hours_of("beds")),
    Indicator("hours_station_staff", "hours", "sum", "Workers' hours in stations", "驿站托养工时",
              "Hours that care workers worked for short stays in stations in the month.", hours_of("stay_staff")),
)  # fmt: skip
