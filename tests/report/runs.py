"""A finished run with a plausible course, for the figures."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import TASKS
from caresim.experiment.runner import run_experiment
from caresim.indicators.equity import GROUPS
from caresim.kernel.clock import month_text
from caresim.results import Outcome
from tests.experiment.fakes import NAMES, small

COURSE = {
    "residents": (30000, -50),
    "elders": (6000, 15),
    "elders_share": (0.2, 0.001),
    "oldest_share": (0.1, 0.0003),
    "living_alone_share": (0.11, 0.0002),
    "with_child_share": (0.45, -0.0008),
    "births": (12, -0.03),
    "deaths": (20, 0.03),
    "arrivals": (40, -0.02),
    "departures": (70, -0.05),
    "need_hours": (90000, 200),
    "met_hours": (60000, 0),
    "unmet_hours": (30000, 200),
    "hours_family": (55000, 0),
    "hours_spouse": (20000, 50),
    "hours_children": (35000, -50),
    "hours_community": (2000, 0),
    "hours_volunteers": (500, 0),
    "hours_time_bank": (0, 0),
    "hours_bought": (2500, 0),
    "hours_formal": (1200, 0),
    "hours_purchased": (800, 0),
    "hours_meals": (700, 0),
    "hours_visits": (400, 0),
    "unmet_share": (0.3, 0.001),
    "unmet_prevalence": (0.4, 0.001),
    "severe_deprivation": (0.2, 0.001),
    **{
        f"{what}_hours_{task}": (hours, 0)
        for what, hours in (("met", 20000), ("unmet", 10000))
        for task in TASKS
    },
    **{
        f"unmet_share_{name}": (0.2 + 0.01 * k, 0)
        for k, (name, _, _) in enumerate(GROUPS)
        if name != "remote"
    },
}  # fmt: skip
"""First value and monthly step of each indicator; no village is remote, and disability is not measured."""


def course(scenario, mix, replication):
    """Return numbers that drift, each replication its own way."""
    luck = np.random.default_rng([scenario.seed, replication])
    steps = luck.normal(0, 0.01, (scenario.months, len(NAMES))).cumsum(axis=0) * 0.3
    records = []
    for m in range(scenario.months):
        row = {name: COURSE.get(name, (np.nan, 0)) for name in NAMES}
        numbers = {
            name: (start + slope * m) * (1 + steps[m, i])
            for i, (name, (start, slope)) in enumerate(row.items())
        }
        records.append({"month": month_text(scenario.start + m), **numbers})
    ages = np.arange(21)
    population = {}
    for year in range(1 + scenario.months // 12):
        peak = 9.5 + year / 5
        shape = np.exp(-(((ages - peak) / 5.5) ** 2)) + 0.35 * np.exp(-(((ages - 4) / 3) ** 2))
        count = np.rint(1700 * shape * (0.98**year))
        population[2020 + year] = np.stack(
            [np.stack([count * 1.2, count], 1), np.stack([count, count * 0.95], 1)]
        )
    return Outcome(records, population)


def finished(folder, **keys):
    """Leave a finished run in a folder."""
    return run_experiment(small(**keys), folder, jobs=1, simulate=course)


ELDERS, NEED = 1000.0, 10000.0


def known(gains, costs, luck=(0.0, 10.0, -10.0, 0.0), **others):
    """Return what simulates mixes with a known answer: so many hours met of `NEED`, so many yuan an elder-month.

    Args:
        gains: hours met beyond 6000, by mix and replication; a number is that of every replication.
        costs: yuan per elder-month, by mix.
        luck: hours that a replication adds in every mix alike.
        others: further indicators, the same everywhere.
    """

    def simulate(scenario, mix, replication):
        gain = gains[mix]
        met = 6000.0 + luck[replication] + (gain[replication] if isinstance(gain, tuple) else gain)
        row = dict.fromkeys(NAMES, np.nan) | {
            "residents": 3000.0, "elders": ELDERS, "elders_share": 1 / 3, "need_hours": NEED, "met_hours": met,
            "unmet_hours": NEED - met, "unmet_share": 1 - met / NEED, "hours_children": met,
            "public_spending_per_elder": costs[mix], "public_spending": costs[mix] * ELDERS,
            "money_cost": costs[mix] * ELDERS, "need_hours_institution": 0.0, "hours_institution": 0.0,
            "elders_at_start": ELDERS, "public_present_value": costs[mix] * ELDERS,
            "societal_present_value": costs[mix] * ELDERS, "hours_present_value": met, "qalys": met / 100.0,
            "qalys_without_unmet": met / 120.0, "carer_qalys_lost": 1.0, "lonely_share": 0.3, "burden": 20.0,
            "unmet_erreygers": 0.1,
        } | others  # fmt: skip
        records = [{"month": month_text(scenario.start + m), **row} for m in range(scenario.months)]
        return Outcome(records, {2020: np.full((2, 21, 2), 7)})

    return simulate


def answered(folder, gains, costs, **keys):
    """Leave a finished run of mixes with a known answer."""
    said = {"mixes": list(gains), "replications": 4, "months": 2, "baseline": next(iter(gains))} | keys
    return run_experiment(small(**said), folder, jobs=1, simulate=known(gains, costs))
