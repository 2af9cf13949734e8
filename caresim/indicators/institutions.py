"""Care homes: beds and who lies in them, queues, quality, money, opening and closing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from caresim.agents.home_choice import ORDINARY, priority_of
from caresim.agents.institutions import FIRST_WAITING, PRIVATE, PUBLIC, in_homes
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Aggregate, Indicator, knows, number, once_a_month, resident_elders, share

YUAN, MINUTES = 0.01, 60
TOP = 0.9
"""The quantile of waits that is reported."""


class Homes(NamedTuple):
    """The month in the care homes; shares, means and quantiles of nobody are NaN."""

    beds: float = 0.0
    homes: float = 0.0
    homes_public: float = 0.0
    beds_per_10000: float = math.nan
    occupancy: float = math.nan
    institution_residents: float = 0.0
    institution_residents_share: float = math.nan
    destitute_residents_share: float = math.nan
    queue_length: float = 0.0
    admissions: float = 0.0
    wait_mean: float = math.nan
    wait_p90: float = math.nan
    home_departures: float = 0.0
    nursing_bed_share: float = math.nan
    reserved_bed_share: float = math.nan
    reserved_use: float = math.nan
    home_quality: float = math.nan
    home_star: float = math.nan
    home_entries: float = 0.0
    home_exits: float = 0.0
    incidents: float = 0.0
    home_fee: float = math.nan
    home_fees: float = 0.0
    operating_subsidy: float = 0.0
    homes_cost_covered: float = math.nan
    cash_negative_share: float = math.nan
    home_distance: float = math.nan
    homes_in_townships: float = math.nan
    hours_institution: float = 0.0
    need_hours_institution: float = 0.0
    staff_hours_institution: float = 0.0


@once_a_month
def homes(world: World) -> Homes:
    """Look through the homes, their residents and their queue once."""
    table = world.homes
    if len(table) == 0 or not knows(world, "home"):
        return Homes()
    people, elders = world.people, resident_elders(world)
    is_open = table.open
    open_homes = int(is_open.sum())
    rows = in_homes(elders, people["home"], people["place"])
    beds, nursing = table.beds, float(table["nursing"][is_open].sum())
    basic, queue = _basic(rows, elders, people["home"], people["disability"], people["means"])
    built = is_open & (table["ownership"] != PRIVATE)
    reserved = np.floor(world.by_village("homes.reserved_share")[table["village"]] * table["beds"])[
        built
    ].sum()
    at_built = int(np.count_nonzero(built[people["home"][rows[basic]]]))
    waits, fee = np.sort(table.waits), world.money.paid("home_fees") + table.support
    cost = float(table["cost"].sum())
    return Homes(
        beds=beds, homes=open_homes, homes_public=float(np.count_nonzero(is_open & (table["ownership"] == PUBLIC))),
        beds_per_10000=10000.0 * share(beds, len(elders)), occupancy=share(len(rows), beds),
        institution_residents=len(rows), institution_residents_share=share(len(rows), len(elders)),
        destitute_residents_share=share(float(basic.sum()), len(rows)), queue_length=queue,
        admissions=len(table.admitted), wait_mean=share(float(waits.sum()), len(waits)),
        wait_p90=float(waits[int(TOP * (len(waits) - 1) + 0.5)]) if len(waits) else math.nan,
        home_departures=float(sum(table.left)), nursing_bed_share=share(nursing, beds),
        reserved_bed_share=share(float(reserved), beds), reserved_use=min(1.0, share(at_built, float(reserved))),
        home_quality=_mean(table["quality"], is_open), home_star=_mean(table["star"], is_open),
        home_entries=table.entries, home_exits=table.exits, incidents=table.incidents,
        home_fee=YUAN * share(float(fee), len(rows)), home_fees=YUAN * table.fees,
        operating_subsidy=YUAN * float(table["subsidy"].sum()),
        homes_cost_covered=share(float(world.money.paid(payees=("homes",))), cost),
        cash_negative_share=_mean(table["cash"] < -table["cost"], is_open), home_distance=_distance(world),
        homes_in_townships=_mean((table["x"] != 0.0) | (table["y"] != 0.0), is_open),
        hours_institution=float(table["met"].sum()) / MINUTES,
        need_hours_institution=float(table["need"].sum()) / MINUTES,
        staff_hours_institution=float(table["staffed"][is_open].sum()) / MINUTES,
    )  # fmt: skip


def _mean(values: np.ndarray, of: np.ndarray) -> float:
    return share(float(values[of].sum()), int(of.sum()))


def _distance(world: World) -> float:
    """Return the kilometres to the nearest open home, the mean of villages."""
    territory, table = world.territory, world.homes
    at = np.flatnonzero(table.open)
    if len(at) == 0:
        return math.nan
    east = territory.x[:, None] - table["x"][at]
    north = territory.y[:, None] - table["y"][at]
    return float(np.sqrt((east.astype(np.float64) ** 2 + north.astype(np.float64) ** 2).min(axis=1)).mean())


@compiled
def _basic(rows, elders, home, disability, means):
    """Return which residents are basic targets of public care, and how many elders wait for a bed."""
    basic, queue = np.zeros(len(rows), dtype=np.bool_), 0
    for j in range(len(rows)):
        basic[j] = priority_of(disability[rows[j]], means[rows[j]]) > ORDINARY
    for i in elders:
        queue += home[i] <= FIRST_WAITING
    return basic, queue


def _read(name: str, unit: str, aggregate: Aggregate, label: str, zh: str, meaning: str) -> Indicator:
    measure: Callable[[World], float] = number(homes, name)
    return Indicator(name, unit, aggregate, label, zh, meaning, measure)


INDICATORS = (
    _read("beds", "beds", "last", "Beds in care homes", "养老机构床位数", "Beds of all open care homes."),
    _read("beds_per_10000", "beds per 10,000 elders", "last", "Beds per 10,000 elders", "每万名老人床位数",
          "Beds for each 10,000 resident elders."),
    _read("homes", "homes", "last", "Care homes", "养老机构数", "Open care homes."),
    _read("homes_public", "homes", "last", "Public care homes", "公办养老机构数", "Open homes that are public."),
    _read("occupancy", "share", "mean", "Occupancy", "床位入住率", "Residents of beds."),
    _read("institution_residents", "persons", "last", "Residents of care homes", "入住老人数",
          "Elders who live in care homes."),
    _read("institution_residents_share", "share", "mean", "Elders in care homes", "机构养老比重",
          "Resident elders who live in care homes."),
    _read("destitute_residents_share", "share", "mean", "Basic targets among residents", "基本保障对象占入住老人比重",
          "Residents who are destitute, or poor and in states 2-3."),
    _read("queue_length", "persons", "mean", "Waiting for a bed", "排队人数", "Elders who wait for a bed."),
    _read("admissions", "persons", "sum", "Admissions to care homes", "入住人次", "Elders who moved in this month."),
    _read("wait_mean", "months", "mean", "Mean wait for a bed", "平均等待月数",
          "Months that those who moved in this month had waited."),
    _read("wait_p90", "months", "mean", "90th percentile of waits", "等待月数第90百分位",
          "Nine in ten of those who moved in this month had waited no longer."),
    _read("home_departures", "persons", "sum", "Departures from care homes", "离院人次",
          "Residents who moved home alive: recovered, for want of money, by choice, from a home that closed."),
    _read("nursing_bed_share", "share", "last", "Nursing beds", "护理型床位占比", "Nursing beds of beds."),
    _read("reserved_bed_share", "share", "last", "Reserved beds", "预留床位占比",
          "Beds kept for basic targets, of beds."),
    _read("reserved_use", "share", "mean", "Use of reserved beds", "预留床位使用率",
          "Basic targets in homes built by the public over the beds reserved for them, at most 1."),
    _read("home_quality", "points", "mean", "Quality of care homes", "机构质量",
          "Quality 0-1, the mean of open homes."),
    _read("home_star", "stars", "mean", "Stars of care homes", "机构星级",
          "Star rating, the mean of open homes; 0 without one."),
    _read("home_entries", "homes", "sum", "Homes founded", "新设机构数", "Care homes founded this month."),
    _read("home_exits", "homes", "sum", "Homes closed", "关闭机构数", "Care homes closed this month."),
    _read("incidents", "incidents", "sum", "Incidents in care homes", "机构安全事件数",
          "Homes with an incident that was reported this month."),
    _read("home_fee", "yuan per month", "mean", "Fee of a resident", "人均机构收费",
          "What is paid for a resident, by the elder or by government."),
    _read("home_fees", "yuan", "sum", "Fees paid by residents", "入住老人自付费用", "What residents paid this month."),
    _read("operating_subsidy", "yuan", "sum", "Operating subsidy", "运营补贴", "Operating subsidy paid to homes."),
    _read("homes_cost_covered", "ratio", "mean", "Costs of homes covered", "机构收支比",
          "What homes took in over what they spent this month."),
    _read("cash_negative_share", "share", "mean", "Homes in debt", "负债机构比重",
          "Open homes that owe more than a month's cost."),
    _read("home_distance", "km", "last", "Distance to the nearest home", "到最近机构的距离",
          "Kilometres from a village to the nearest open home, the mean of villages."),
    _read("homes_in_townships", "share", "last", "Homes in townships", "设在乡镇的机构占比",
          "Open homes that stand in a township of their own and not at the county seat."),
    _read("hours_institution", "hours", "sum", "Hours received in care homes", "机构提供照护时数",
          "Hours of care that residents of homes received."),
    _read("need_hours_institution", "hours", "sum", "Hours needed in care homes", "入住老人照护需求时数",
          "Hours of care that residents of homes needed."),
    _read("staff_hours_institution", "hours", "sum", "Staff hours of care homes", "机构护理人员工时",
          "Hours that the staff of homes worked."),
)  # fmt: skip
