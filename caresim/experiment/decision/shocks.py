"""How much care stays when a sector gives half for a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from caresim.experiment.statistics import t_interval
from caresim.kernel.clock import month_text
from caresim.kernel.parameters import Dated, Settings

if TYPE_CHECKING:
    from caresim.scenario import Scenario

Names = frozenset[str]
CAPACITY: Mapping[str, Names] = {
    "family": frozenset({"spouse_care.hours", "children_care.main_hours", "children_care.near_hours",
                         "children_care.town_hours", "children_care.away_hours"}),
    "community": frozenset({"neighbour_care.hours", "neighbour_care.pair_hours", "neighbour_care.home_hours"}),
    "volunteers": frozenset({"volunteering.hours", "time_bank.hours"}),
    "state": frozenset(),
    "market": frozenset({"workforce.hours", "homes.staffing"}),
}  # fmt: skip
"""Parameters that say how much a sector can give. Staff of care homes is one parameter for all, public ones too."""
MEASURES: Mapping[str, Names] = {
    "community": frozenset({"visit_system.per_month", "meal_aid.meals"}),
    "state": frozenset({
        "age_allowance.from_80", "age_allowance.from_90", "age_allowance.from_100", "service_subsidy.amount",
        "nursing_subsidy.moderate", "nursing_subsidy.severe", "cash_stack.stack", "cash_benefit.moderate",
        "cash_benefit.severe", "cash_benefit.poor", "care_vouchers.poor", "care_vouchers.moderate",
        "care_vouchers.severe", "long_term_care_insurance.hours", "long_term_care_insurance.cash",
        "institution_subsidy.amount", "operating_subsidy.amount", "meal_aid.subsidy", "meal_aid.kitchen",
        "home_modification.per_10000_year", "social_workers.per_10000", "carer_allowance.amount",
        "carer_respite.hours", "time_bank.backstop", "township_centres.family_support",
        "township_centres.social_workers", "counterpart_support.carers_per_village", "home_beds.per_10000",
        "station_beds.per_10000",
    }),
}  # fmt: skip
"""Levers, and what goes with one, that say how much: visits and meals that the community brings; what the state pays
and buys, support of the destitute and pensions apart."""
SECTORS = tuple(CAPACITY)
YEAR = 12


def halved(scenario: Scenario, sector: str, first: int, months: int = YEAR, factor: float = 0.5) -> Scenario:
    """Return the scenario with a sector's capacity halved, in every mix, for a year.

    What the sector can give is halved, not what it gives: who had time to spare makes up for part of it.

    Args:
        scenario: the undisturbed one.
        sector: one of `SECTORS`.
        first: first month, a month number.
        months: how long.
        factor: what is left of it.

    Raises:
        KeyError: no such sector.
    """
    names = CAPACITY[sector], MEASURES.get(sector, frozenset())
    span = first, first + months, factor
    mixes = tuple(
        # An instrument may set a parameter of a process, so that capacity can stand in a mix too.
        replace(mix, instruments=_scaled(mix.instruments, names[0] | names[1], span)) for mix in scenario.mixes
    )  # fmt: skip
    return replace(scenario, parameters=_scaled(scenario.parameters, names[0], span), mixes=mixes)


def met_hours(monthly: pd.DataFrame, first: int, months: int = YEAR) -> pd.DataFrame:
    """Return the hours of care received at home and in homes over some months, a row a replication, a column a mix."""
    during = monthly[monthly["month"].between(month_text(first), month_text(first + months - 1))]
    hours = during["met_hours"] + during["hours_institution"].fillna(0.0)
    return pd.DataFrame(hours.groupby([during["replication"], during["mix"]]).sum().unstack("mix"))


def resilience(undisturbed: pd.DataFrame, disturbed: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the part of the hours met that stays while a sector is halved, replication by replication.

    Args:
        undisturbed: hours met over the year, a row a replication, a column a mix.
        disturbed: the same by the sector that is halved.

    Returns:
        Index (mix, halved): kept (mean over replications), lower, upper (95 % t-interval), worst (the mix's sector
        whose loss leaves least).
    """
    rows = {}
    for sector, hours in disturbed.items():
        kept = hours / undisturbed
        for mix in undisturbed.columns:
            rows[mix, sector] = t_interval(kept[mix].to_numpy())
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["kept", "lower", "upper"])
    table.index = pd.MultiIndex.from_tuples(list(rows), names=["mix", "halved"])
    table["worst"] = table["kept"] == table.groupby(level="mix")["kept"].transform("min")
    return table.sort_index(level="mix", sort_remaining=False)


def _scaled(groups: tuple[Settings, ...], names: Names, span: tuple[int, int, float]) -> tuple[Settings, ...]:
    return tuple(
        replace(
            group,
            values=tuple(
                _during(value, *span) if f"{group.group}.{value.name}" in names else value for value in group.values
            ),
        )
        for group in groups
    )  # fmt: skip


def _during(value: Dated, first: int, after: int, factor: float) -> Dated:
    """Return a value that is scaled from one month until before another."""
    inside = [(month, step) for month, step in value.steps if first < month < after]
    steps = [(month, step) for month, step in value.steps if month < first]
    steps += [(month, _times(step, factor)) for month, step in ((first, value.at(first)), *inside)]
    steps += [(after, value.at(after)), *((month, step) for month, step in value.steps if month > after)]
    return Dated(value.name, tuple(steps))


def _times(value: Any, factor: float) -> Any:
    """Return part of a number; whole numbers stay whole."""
    return int(value * factor) if isinstance(value, int) else value * factor
