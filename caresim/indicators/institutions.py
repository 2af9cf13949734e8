"""Care homes: beds and who lies in them, queues, quality, money, opening and closing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from caresim.agents.home_choice import ORDINARY, priority_of
from caresim.agents.institutions import FIRST_WAITING, NO_HOME, PRIVATE, PUBLIC
from caresim.agents.people import INSTITUTION
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Aggregate, Better, Indicator, knows, number, once_a_month, resident_elders, share

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


class Sums(NamedTuple):
    """Whole numbers over the open homes; money and minutes of residents over all homes."""

    open: int
    public: int
    beds: int
    nursing: int
    reserved: float
    stars: int
    in_debt: int
    in_townships: int
    cost: int
    subsidy: int
    met: int
    need: int
    staffed: int


ADDED = ("village", "ownership", "beds", "nursing", "star", "cash", "cost", "subsidy", "met", "need", "staffed", "x",
         "y")  # fmt: skip


@once_a_month
def homes(world: World) -> Homes:
    """Look through the homes, their residents and their queue once."""
    table = world.homes
    if len(table) == 0 or not knows(world, "home"):
        return Homes()
    people, elders = world.people, resident_elders(world)
    sums = Sums(
        *_add_up(table.open, world.by_village("homes.reserved_share"), *(table[name] for name in ADDED))
    )
    inside, basic, at_built, queue = _look(
        elders,
        *(people[name] for name in ("home", "place", "disability", "means")),
        table.open,
        table["ownership"],
    )
    waits, fee = sorted(table.waits.tolist()), world.money.paid("home_fees") + table.support
    beds, n_open, reserved = sums.beds, sums.open, float(sums.reserved)
    return Homes(
        beds=beds, homes=n_open, homes_public=float(sums.public),
        beds_per_10000=10000.0 * share(beds, len(elders)), occupancy=share(inside, beds),
        institution_residents=inside, institution_residents_share=share(inside, len(elders)),
        destitute_residents_share=share(float(basic), inside), queue_length=queue,
        admissions=len(table.admitted), wait_mean=share(float(sum(waits)), len(waits)),
        wait_p90=float(waits[int(TOP * (len(waits) - 1) + 0.5)]) if waits else math.nan,
        home_departures=float(sum(table.left)), nursing_bed_share=share(float(sums.nursing), beds),
        reserved_bed_share=share(reserved, beds), reserved_use=min(1.0, share(at_built, reserved)),
        home_quality=share(float(table["quality"][table.open].sum()), n_open),
        home_star=share(float(sums.stars), n_open),
        home_entries=table.entries, home_exits=table.exits, incidents=table.incidents,
        home_fee=YUAN * share(float(fee), inside), home_fees=YUAN * table.fees,
        operating_subsidy=YUAN * float(sums.subsidy),
        homes_cost_covered=share(float(world.money.paid(payees=("homes",))), float(sums.cost)),
        cash_negative_share=share(float(sums.in_debt), n_open),
        home_distance=world.once("institutions.distance", table["closed"].tobytes(), lambda: _distance(world)),
        homes_in_townships=share(float(sums.in_townships), n_open),
        hours_institution=float(sums.met) / MINUTES, need_hours_institution=float(sums.need) / MINUTES,
        staff_hours_institution=float(sums.staffed) / MINUTES,
    )  # fmt: skip


@compiled
def _add_up(is_open, share_kept, village, ownership, beds, nursing, star, cash, cost, subsidy, met, need, staffed, x,
            y):  # fmt: skip
    """Add up whole numbers over the homes, in the order of `Sums`."""
    n_open = public = all_beds = all_nursing = stars = in_debt = away = worked = 0
    paid = subsidies = received = needed = 0
    kept = 0.0
    for h in range(len(is_open)):
        paid += cost[h]
        subsidies += subsidy[h]
        received += met[h]
        needed += need[h]
        if is_open[h]:
            n_open += 1
            public += ownership[h] == PUBLIC
            all_beds += beds[h]
            all_nursing += nursing[h]
            if ownership[h] != PRIVATE:
                kept += np.floor(share_kept[village[h]] * beds[h])
            stars += star[h]
            in_debt += cash[h] < -cost[h]
            away += (x[h] != 0.0) | (y[h] != 0.0)
            worked += staffed[h]
    return (
        n_open, public, all_beds, all_nursing, kept, stars, in_debt, away, paid, subsidies, received, needed, worked
    )  # fmt: skip


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
def _look(elders, home, place, disability, means, is_open, ownership):
    """Count residents, basic targets of public care, those of them in homes built by the public, and who waits."""
    inside = basic = at_built = queue = 0
    for i in elders.view(np.uint64):
        h = home[i]
        if h != NO_HOME:
            queue += h <= FIRST_WAITING
            if h >= 0 and place[i] == INSTITUTION:
                inside += 1
                if priority_of(disability[i], means[i]) > ORDINARY:
                    basic += 1
                    at_built += is_open[h] and ownership[h] != PRIVATE
    return inside, basic, at_built, queue


def _read(name: str, unit: str, aggregate: Aggregate, label: str, zh: str, meaning: str,
          better: Better | None = None) -> Indicator:  # fmt: skip
    measure: Callable[[World], float] = number(homes, name)
    return Indicator(name, unit, aggregate, label, zh, meaning, measure, better=better)


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
    _read("queue_length", "persons", "mean", "Waiting for a bed", "排队人数", "Elders who wait for a bed.",
          better="lower"),
    _read("admissions", "persons", "sum", "Admissions to care homes", "入住人次", "Elders who moved in this month."),
    _read("wait_mean", "months", "mean", "Mean wait for a bed", "平均等待月数",
          "Months that those who moved in this month had waited.", better="lower"),
    _read("wait_p90", "months", "mean", "90th percentile of waits", "等待月数第90百分位",
          "Nine in ten of those who moved in this month had waited no longer.", better="lower"),
    _read("home_departures", "persons", "sum", "Departures from care homes", "离院人次",
          "Residents who moved home alive: recovered, for want of money, by choice, from a home that closed."),
    _read("nursing_bed_share", "share", "last", "Nursing beds", "护理型床位占比", "Nursing beds of beds."),
    _read("reserved_bed_share", "share", "last", "Reserved beds", "预留床位占比",
          "Beds kept for basic targets, of beds."),
    _read("reserved_use", "share", "mean", "Use of reserved beds", "预留床位使用率",
          "Basic targets in homes built by the public over the beds reserved for them, at most 1."),
    _read("home_quality", "points", "mean", "Quality of care homes", "机构质量",
          "Quality 0-1, the mean of open homes.", better="higher"),
    _read("home_star", "stars", "mean", "Stars of care homes", "机构星级",
          "Star rating, the mean of open homes; 0 without one.", better="higher"),
    _read("home_entries", "homes", "sum", "Homes founded", "新设机构数", "Care homes founded this month."),
    _read("home_exits", "homes", "sum", "Homes closed", "关闭机构数", "Care homes closed this month."),
    _read("incidents", "incidents", "sum", "Incidents in care homes", "机构安全事件数",
          "Homes with an incident that was reported this month.", better="lower"),
    _read("home_fee", "yuan per month", "mean", "Fee of a resident", "人均机构收费",
          "What is paid for a resident, by the elder or by government."),
    _read("home_fees", "yuan", "sum", "Fees paid by residents", "入住老人自付费用", "What residents paid this month."),
    _read("operating_subsidy", "yuan", "sum", "Operating subsidy", "运营补贴", "Operating subsidy paid to homes."),
    _read("homes_cost_covered", "ratio", "mean", "Costs of homes covered", "机构收支比",
          "What homes took in over what they spent this month."),
    _read("cash_negative_share", "share", "mean", "Homes in debt", "负债机构比重",
          "Open homes that owe more than a month's cost.", better="lower"),
    _read("home_distance", "km", "last", "Distance to the nearest home", "到最近机构的距离",
          "Kilometres from a village to the nearest open home, the mean of villages.", better="lower"),
    _read("homes_in_townships", "share", "last", "Homes in townships", "设在乡镇的机构占比",
          "Open homes that stand in a township of their own and not at the county seat."),
    _read("hours_institution", "hours", "sum", "Hours received in care homes", "机构提供照护时数",
          "Hours of care that residents of homes received."),
    _read("need_hours_institution", "hours", "sum", "Hours needed in care homes", "入住老人照护需求时数",
          "Hours of care that residents of homes needed."),
    _read("staff_hours_institution", "hours", "sum", "Staff hours of care homes", "机构护理人员工时",
          "Hours that the staff of homes worked."),
)  # fmt: skip
