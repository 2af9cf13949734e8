"""Give every mix the same money: scale what it gives until it costs what the integrated mix costs.

The budget is what the integrated mix turns out to spend, in present value per elder-month; once more it is the status
quo's spending and half of what the integrated mix spends beyond it. Each mix has one factor by which all that is
counted in yuan, hours, workers, homes or beds is multiplied. It is found by bisection on pilot replications with a seed
of their own, and then frozen. A mix that would need a factor outside .5-2 is not comparable; what it leaves unspent is
a result.
"""

from __future__ import annotations

import math
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pandas as pd

from caresim.agents.entitlements import BudgetTooLow
from caresim.experiment.failure import failure_of
from caresim.experiment.runner import ReplicationFailed
from caresim.kernel.mistakes import ConfigError, suggestion
from caresim.kernel.parameters import Dated, Settings
from caresim.policies.bed_target import BedTarget
from caresim.results import Task

if TYPE_CHECKING:
    from caresim.scenario import Mix, Scenario

SCALED: dict[str, tuple[str, ...]] = {
    "age_allowance": ("from_80", "from_90", "from_100"),
    "service_subsidy": ("amount",),
    "nursing_subsidy": ("moderate", "severe"),
    "care_vouchers": ("poor", "moderate", "severe"),
    "institution_subsidy": ("amount",),
    "cash_stack": ("stack",),
    "long_term_care_insurance": ("hours",),
    "meal_aid": ("subsidy",),
    "home_modification": ("per_10000_year",),
    "bed_target": ("per_10000",),
    "operating_subsidy": ("amount",),
    "care_workers": ("certified_target",),
    "social_workers": ("per_10000",),
    "visit_system": ("per_month",),
    "time_bank": ("endowment",),
    "carer_allowance": ("amount",),
    "carer_respite": ("hours",),
    "cash_benefit": ("moderate", "severe", "poor"),
}
"""The levers that one factor multiplies, by instrument; of the bed target only what exceeds the status quo's."""
BEDS = ("bed_target", "per_10000")
INTEGRATED = "integrated_pluralism"
LOWEST, HIGHEST = 0.5, 2.0
"""Factors outside are never used: the mix would be another one."""
WITHIN = 0.01
"""How near to the budget a mix has to come, as a share of it."""
FINEST = 1e-4
"""A factor is known to four decimals: where spending jumps over the budget, halving ends."""
PILOTS = 4
PILOT_SEED = 777_000_777
"""Distance of the pilots' seed from the scenario's."""
SPENT = "public_present_value_per_elder"


@dataclass(frozen=True)
class Scaling:
    """What a mix costs when it is scaled to a budget.

    Attributes:
        factor: what its levers are multiplied by: where it meets the budget, or the limit at which it still misses it.
        spent: what it then spends.
        comparable: whether it meets the budget.
    """

    factor: float
    spent: float
    comparable: bool


def bisect(spending: Callable[[float], float], budget: float) -> Scaling:
    """Find the factor at which a mix spends the budget, to one per cent.

    Args:
        spending: what the mix spends when scaled by a factor.
        budget: what it should spend, in the same unit.
    """

    def meets(spent: float) -> bool:
        return abs(spent - budget) <= WITHIN * budget

    factor, spent = 1.0, spending(1.0)
    if meets(spent):
        return Scaling(factor, spent, True)
    low, high = (factor, HIGHEST) if spent < budget else (LOWEST, factor)
    limit = high if spent < budget else low
    at_limit = spending(limit)
    if meets(at_limit) or (at_limit < budget) == (spent < budget):
        return Scaling(limit, at_limit, meets(at_limit))
    while not meets(spent) and high - low > FINEST:
        factor = round((low + high) / 2.0, 6)
        spent = spending(factor)
        low, high = (factor, high) if spent < budget else (low, factor)
    return Scaling(factor, spent, meets(spent))


def scaled(mix: Mix, factor: float, name: str) -> Mix:
    """Return a mix whose sums, hours, workers, homes and new beds are multiplied by a factor.

    Args:
        mix: the mix.
        factor: 1 leaves it as it is.
        name: name of the new mix.
    """
    groups = tuple(
        Settings(group.group, tuple(_scaled(group.group, value, factor) for value in group.values))
        for group in mix.instruments
    )
    return replace(mix, name=name, instruments=groups)


def _scaled(group: str, value: Dated, factor: float) -> Dated:
    if value.name not in SCALED.get(group, ()) or factor == 1.0:
        return value
    kept = BedTarget.model_fields["per_10000"].default if (group, value.name) == BEDS else 0.0
    steps = tuple((month, _times(number, factor, kept)) for month, number in value.steps)
    return Dated(value.name, steps)


def _times(number: float, factor: float, kept: float) -> float:
    """Multiply what exceeds what is there anyway; round as a config can say it."""
    return float(f"{kept + factor * (number - kept):.6g}") if number > kept else number


def equal_budget(
    scenario: Scenario, budget_of: str = INTEGRATED, pilots: int = PILOTS, jobs: int | None = None
) -> pd.DataFrame:
    """Find the factor of each mix at which it spends what another mix does, and at which half the increment.

    Args:
        scenario: the comparison; its baseline is the status quo.
        budget_of: the mix whose spending is the budget.
        pilots: pilot replications.
        jobs: worker processes; by default one a processor.

    Returns:
        A row per budget (`full`, `half`) and mix: the `budget` and what the mix spends of its own (`own`), both in
        yuan of present value per elder-month; `factor`; what it then `spent` and left `unspent`; and whether it is
        `comparable`.

    Raises:
        ConfigError: the scenario has no such mix, or no other.
        ReplicationFailed: a pilot stopped.
    """
    names = [mix.name for mix in scenario.mixes]
    if budget_of not in names:
        raise ConfigError(
            [f"--budget-of {budget_of}: not in the config's mixes; {suggestion(budget_of, names)}"]
        )
    if budget_of == scenario.baseline:
        raise ConfigError(
            [f"--budget-of {budget_of}: is the baseline; name the mix whose spending is the budget"]
        )
    with _pool(jobs) as pool:
        spend = {name: _spending(scenario, name, pilots, pool) for name in names}
        full, least = spend[budget_of](1.0), spend[scenario.baseline](1.0)
        rows = []
        for kind, budget in (("full", full), ("half", least + 0.5 * (full - least))):
            for name in names:
                found = bisect(spend[name], budget)
                rows.append((kind, budget, name, spend[name](1.0), found.factor, found.spent,
                             budget - found.spent, found.comparable))  # fmt: skip
    columns = ["kind", "budget", "mix", "own", "factor", "spent", "unspent", "comparable"]
    return pd.DataFrame(rows, columns=columns)


def pilot_seed(scenario: Scenario) -> int:
    """Return the seed of the pilots, which no comparison uses."""
    return (scenario.seed + PILOT_SEED) % 2**63


def _spending(scenario: Scenario, name: str, pilots: int, pool: Executor) -> Callable[[float], float]:
    """Return what a mix spends when scaled by a factor, the mean of the pilots; each factor is run once."""
    known: dict[float, float] = {}
    seed = pilot_seed(scenario)

    def spending(factor: float) -> float:
        if factor not in known:
            pilot = replace(
                scenario, seed=seed, mixes=(scaled(scenario.mix(name), factor, name),), baseline=name
            )
            found = list(pool.map(partial(present_value, pilot, name), range(pilots)))
            known[factor] = math.fsum(found) / len(found)
        return known[factor]

    return spending


def present_value(scenario: Scenario, mix: str, replication: int) -> float:
    """Run a replication and return what government spends, in present value per elder and month.

    Raises:
        ConfigError: a ceiling lies below what people are entitled to.
        ReplicationFailed: the model stopped.
    """
    from caresim.model import CareModel

    try:
        records = CareModel(scenario, mix, replication, collect=False).run()
    except BudgetTooLow as error:
        raise ConfigError([f"mixes.{mix}: {error}"]) from None
    except Exception as error:
        raise ReplicationFailed(f"{Task(mix, replication)}: {failure_of(error).message}") from error
    return math.fsum(month[SPENT] for month in records) / len(records)


@contextmanager
def _pool(jobs: int | None) -> Iterator[Executor]:
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), signal.signal, (signal.SIGINT, signal.SIG_IGN))
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
