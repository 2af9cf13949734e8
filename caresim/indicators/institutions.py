"""Care homes: beds and who lies in them, queues, quality, money, opening and closing."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.accounts import HOME_FEES, TO_HOMES
from caresim.agents.elder_census import BASIC, BASIC_IN_BUILT, ELDERS, RESIDENTS, WAITING
from caresim.agents.home_census import (
    BEDS,
    COST,
    IN_DEBT,
    IN_TOWNSHIPS,
    MET,
    NEED,
    NURSING,
    OPEN_HOMES,
    OPEN_PUBLIC,
    QUALITY,
    RESERVED,
    STAFFED,
    STARS,
    SUBSIDY,
)
from caresim.agents.institutions import OPEN
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import (
    Aggregate,
    Better,
    Indicator,
    accounts,
    census,
    homes,
    knows,
    ratio,
    tally,
)

YUAN, MINUTES = 0.01, 60
TOP = 0.9
"""The quantile of waits that is reported."""


NUMBERS = (
    "elders", "beds", "homes", "homes_public", "residents", "basic", "waiting", "admissions", "waited", "had_waited",
    "wait_p90", "departures", "nursing", "reserved", "reserved_use", "quality", "stars", "entries", "exits",
    "incidents", "bills", "fees", "subsidy", "taken", "spent", "in_debt", "in_townships", "distance", "met", "need",
    "staffed",
)  # fmt: skip
"""The month in the care homes; nothing where there are none.

    elders: resident elders.
    beds: beds of open homes; then open homes, and those of them that are public.
    residents: elders who live in homes; then those who are basic targets, and who wait for a bed.
    admissions: elders who moved in.
    waited: months that those of them who came from home had waited, summed; then how many these were.
    wait_p90: nine in ten of these had waited no longer; NaN without any.
    departures: residents who moved home alive.
    nursing: nursing beds; then beds reserved for basic targets, and the part of them in use (1 without any).
    quality: quality of open homes, summed; then their stars.
    entries: homes founded; then homes closed, and homes with an incident.
    bills: fen that are paid for residents; then those that they pay themselves, and operating subsidy.
    taken: fen that homes took in, but for grants for new beds and what owners bear; then those that they spent.
    in_debt: open homes in debt; then those in townships.
    distance: kilometres from a village to the nearest home; NaN without any.
    met: minutes of care that residents received; then those that they needed, and those that staff worked.
"""
TAKEN = NUMBERS.index("taken")
NOTHING = np.array(
    [math.nan if name in ("wait_p90", "reserved_use", "distance") else 0.0 for name in NUMBERS]
)


@tally(*NUMBERS)
def month(world: World, numbers: np.ndarray) -> None:
    """Set homes, residents, the queue and money side by side."""
    table = world.homes
    if len(table) == 0 or not knows(world, "home"):
        numbers[:] = NOTHING
        return
    distance = world.once("institutions.distance", table["closed"].tobytes(), lambda: _distance(world))
    moves = len(table.admitted), sum(table.left), table.entries, table.exits, table.incidents
    _side_by_side(homes(world), census(world), accounts(world), table.waits, moves, table.fees, table.support, distance,
                  numbers)  # fmt: skip
    if table.bed_grants:
        numbers[TAKEN] -= table.bed_grants


@compiled
def _side_by_side(homes, elders, paid, waits, moves, fees, support, distance, numbers):
    """Write the numbers of the month, in the order of `NUMBERS`."""
    admitted, left, entries, exits, incidents = moves
    reserved = homes[RESERVED]
    in_use = min(1.0, elders[BASIC_IN_BUILT] / reserved) if reserved > 0.0 else 1.0
    row = (
        elders[ELDERS], homes[BEDS], homes[OPEN_HOMES], homes[OPEN_PUBLIC], elders[RESIDENTS], elders[BASIC],
        elders[WAITING], admitted, waits.sum(), len(waits), _top(waits), left, homes[NURSING], reserved, in_use,
        homes[QUALITY], homes[STARS], entries, exits, incidents, paid[HOME_FEES] + support, fees, homes[SUBSIDY],
        paid[TO_HOMES], homes[COST], homes[IN_DEBT], homes[IN_TOWNSHIPS], distance, homes[MET], homes[NEED],
        homes[STAFFED],
    )  # fmt: skip
    numbers[:] = np.array(row)


@compiled
def _top(waits):
    """Return the wait that so large a share of the admitted did not exceed; NaN without any."""
    return np.sort(waits)[int(TOP * (len(waits) - 1) + 0.5)] if len(waits) else math.nan


def _distance(world: World) -> float:
    """Return the kilometres to the nearest open home, the mean of villages."""
    territory, table = world.territory, world.homes
    return float(_to_nearest(territory.x, territory.y, table.table))


@compiled
def _to_nearest(east, north, homes):
    """Return the mean distance of places from the nearest home that is open; NaN without any."""
    total = 0.0
    for village in range(len(east)):
        nearest = math.inf
        for h in range(len(homes)):
            if homes[h].closed == OPEN:
                east_of, north_of = east[village] - homes[h].x, north[village] - homes[h].y
                nearest = min(nearest, np.float64(east_of) ** 2 + np.float64(north_of) ** 2)
        total += math.sqrt(nearest)
    return total / len(east) if total < math.inf else math.nan


def _read(name: str, unit: str, aggregate: Aggregate, label: str, zh: str, meaning: str,
          part: str, whole: str | float = 1.0, times: float = 1.0,
          better: Better | None = None) -> Indicator:  # fmt: skip
    return Indicator(
        name, unit, aggregate, label, zh, meaning, ratio(month, part, whole, times), better=better
    )


INDICATORS = (
    _read("beds", "beds", "last", "Beds in care homes", "养老机构床位数", "Beds of all open care homes.", "beds"),
    _read("beds_per_10000", "beds per 10,000 elders", "last", "Beds per 10,000 elders", "每万名老人床位数",
          "Beds for each 10,000 resident elders.", "beds", "elders", 10000),
    _read("homes", "homes", "last", "Care homes", "养老机构数", "Open care homes.", "homes"),
    _read("homes_public", "homes", "last", "Public care homes", "公办养老机构数", "Open homes that are public.",
          "homes_public"),
    _read("occupancy", "share", "mean", "Occupancy", "床位入住率", "Residents of beds.", "residents", "beds"),
    _read("institution_residents", "persons", "last", "Residents of care homes", "入住老人数",
          "Elders who live in care homes.", "residents"),
    _read("institution_residents_share", "share", "mean", "Elders in care homes", "机构养老比重",
          "Resident elders who live in care homes.", "residents", "elders"),
    _read("destitute_residents_share", "share", "mean", "Basic targets among residents", "基本保障对象占入住老人比重",
          "Residents who are destitute, or poor and in states 2-3.", "basic", "residents"),
    _read("queue_length", "persons", "mean", "Waiting for a bed", "排队人数", "Elders who wait for a bed.", "waiting",
          better="lower"),
    _read("admissions", "persons", "sum", "Admissions to care homes", "入住人次", "Elders who moved in this month.",
          "admissions"),
    _read("wait_mean", "months", "mean", "Mean wait for a bed", "平均等待月数",
          "Months that those who moved in from home this month had waited.", "waited", "had_waited", better="lower"),
    _read("wait_p90", "months", "mean", "90th percentile of waits", "等待月数第90百分位",
          "Nine in ten of those who moved in from home this month had waited no longer.", "wait_p90", better="lower"),
    _read("home_departures", "persons", "sum", "Departures from care homes", "离院人次",
          "Residents who moved home alive: recovered, for want of money, by choice, from a home that closed.",
          "departures"),
    _read("nursing_bed_share", "share", "last", "Nursing beds", "护理型床位占比", "Nursing beds of beds.", "nursing",
          "beds"),
    _read("reserved_bed_share", "share", "last", "Reserved beds", "预留床位占比",
          "Beds kept for basic targets, of beds.", "reserved", "beds"),
    _read("reserved_use", "share", "mean", "Use of reserved beds", "预留床位使用率",
          "Basic targets in homes built by the public over the beds reserved for them, at most 1.", "reserved_use"),
    _read("home_quality", "index", "mean", "Quality of care homes", "机构质量",
          "Quality 0-1, the mean of open homes.", "quality", "homes", better="higher"),
    _read("home_star", "stars", "mean", "Stars of care homes", "机构星级",
          "Star rating, the mean of open homes; 0 without one.", "stars", "homes", better="higher"),
    _read("home_entries", "homes", "sum", "Homes founded", "新设机构数", "Care homes founded this month.", "entries"),
    _read("home_exits", "homes", "sum", "Homes closed", "关闭机构数", "Care homes closed this month.", "exits"),
    _read("incidents", "incidents", "sum", "Incidents in care homes", "机构安全事件数",
          "Homes with an incident that was reported this month.", "incidents", better="lower"),
    _read("home_fee", "yuan per month", "mean", "Fee of a resident", "人均机构收费",
          "What is paid for a resident, by the elder or by government.", "bills", "residents", YUAN),
    _read("home_fees", "yuan", "sum", "Fees paid by residents", "入住老人自付费用", "What residents paid this month.",
          "fees", times=YUAN),
    _read("operating_subsidy", "yuan", "sum", "Operating subsidy", "运营补贴", "Operating subsidy paid to homes.",
          "subsidy", times=YUAN),
    _read("homes_cost_covered", "ratio", "mean", "Costs of homes covered", "机构收支比",
          "Fees, subsidies, losses made good and utilities paid for homes over what they spent this month; neither "
          "grants for new beds nor debts that owners bear count.", "taken", "spent"),
    _read("cash_negative_share", "share", "mean", "Homes in debt", "负债机构比重",
          "Open homes that owe more than a month's cost.", "in_debt", "homes", better="lower"),
    _read("home_distance", "km", "last", "Distance to the nearest home", "到最近机构的距离",
          "Kilometres from a village to the nearest open home, the mean of villages.", "distance", better="lower"),
    _read("homes_in_townships", "share", "last", "Homes in townships", "设在乡镇的机构占比",
          "Open homes that stand in a township of their own and not at the county seat.", "in_townships", "homes"),
    _read("hours_institution", "hours", "sum", "Hours received in care homes", "机构提供照护时数",
          "Hours of care that residents of homes received.", "met", MINUTES),
    _read("need_hours_institution", "hours", "sum", "Hours needed in care homes", "入住老人照护需求时数",
          "Hours of care that residents of homes needed.", "need", MINUTES),
    _read("staff_hours_institution", "hours", "sum", "Staff hours of care homes", "机构护理人员工时",
          "Hours that the staff of homes worked.", "staffed", MINUTES),
)  # fmt: skip
