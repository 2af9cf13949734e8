"""Give every mix the same money: scale what it gives until it costs what the integrated mix costs.

The budget is what the integrated mix turns out to spend, in present value per elder-month; once more it is the status
quo's spending and half of what the integrated mix spends beyond it. Each mix has one factor by which all that is
counted in yuan, hours, workers, homes or beds is multiplied. It is found by bisection on pilot replications with a seed
of their own, and then frozen. A mix that would need a factor outside .5-2 is not comparable; what it leaves unspent is
a result.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from caresim.experiment.executors import processors
from caresim.experiment.pilots import Spending, pilot_seed
from caresim.experiment.scaling import SCALED, scaled
from caresim.kernel.mistakes import ConfigError, suggestion

if TYPE_CHECKING:
    from caresim.experiment.pilot_log import PilotLog
    from caresim.scenario import Scenario

__all__ = ["SCALED", "Scaling", "bisect", "bisection", "equal_budget", "pilot_seed", "scaled"]
INTEGRATED = "integrated_pluralism"
LOWEST, HIGHEST = 0.5, 2.0
"""Factors outside are never used: the mix would be another one."""
WITHIN = 0.01
"""How near to the budget a mix has to come, as a share of it."""
FINEST = 1e-4
"""A factor is known to four decimals: where spending jumps over the budget, halving ends."""
PILOTS = 4


@dataclass(frozen=True)
class Scaling:
    """What a mix costs when it is scaled to a budget.

    Attributes:
        factor: what its levers are multiplied by: where it meets the budget, else the limit at which it still misses
            it, or where its spending jumps over it.
        spent: what it then spends.
        comparable: whether it meets the budget.
    """

    factor: float
    spent: float
    comparable: bool


def bisection(budget: float) -> Generator[float, float, Scaling]:
    """Find the factor at which a mix spends the budget, to one per cent: yield factors, and be sent what they cost.

    Args:
        budget: what the mix should spend.
    """

    def meets(spent: float) -> bool:
        return abs(spent - budget) <= WITHIN * budget

    factor = 1.0
    spent = yield factor
    if meets(spent):
        return Scaling(factor, spent, True)
    low, high = (factor, HIGHEST) if spent < budget else (LOWEST, factor)
    limit = high if spent < budget else low
    at_limit = yield limit
    if meets(at_limit) or (at_limit < budget) == (spent < budget):
        return Scaling(limit, at_limit, meets(at_limit))
    while not meets(spent) and high - low > FINEST:
        factor = round((low + high) / 2.0, 6)
        spent = yield factor
        low, high = (factor, high) if spent < budget else (low, factor)
    return Scaling(factor, spent, meets(spent))


def bisect(spending: Callable[[float], float], budget: float) -> Scaling:
    """Find the factor at which a function meets the budget, as `bisection` does."""
    search = bisection(budget)
    factor = next(search)
    while True:
        try:
            factor = search.send(spending(factor))
        except StopIteration as done:
            scaling: Scaling = done.value
            return scaling


def equal_budget(
    scenario: Scenario,
    budget_of: str = INTEGRATED,
    pilots: int = PILOTS,
    jobs: int | None = None,
    scheduler: str | None = None,
    log: PilotLog | None = None,
) -> pd.DataFrame:
    """Find the factor of each mix at which it spends what another mix does, and at which half the increment.

    Args:
        scenario: the comparison; its baseline is the status quo.
        budget_of: the mix whose spending is the budget.
        pilots: pilot replications.
        jobs: worker processes; by default one a processor.
        scheduler: address of a Dask scheduler whose workers run the pilots.
        log: keeps what each pilot spent, so that an interrupted search goes on.

    Returns:
        A row per budget (`full`, `half`) and mix: the `budget` and what the mix spends of its own (`own`), both in
        yuan of present value per elder-month; `factor`; what it then `spent` and left `unspent`; and whether it is
        `comparable`.

    Raises:
        ConfigError: the scenario has no such mix, or no other.
        ReplicationFailed: a pilot stopped.
    """
    names = [mix.name for mix in scenario.mixes]
    check_budget(budget_of, scenario)
    spending = Spending(scenario, pilots, jobs or processors(), scheduler, log)
    spending.learn((name, 1.0) for name in names)
    own = {name: spending.known[name, 1.0] for name in names}
    full, least = own[budget_of], own[scenario.baseline]
    budgets = {"full": full, "half": least + 0.5 * (full - least)}
    found = _search_all({(kind, name): budgets[kind] for kind in budgets for name in names}, spending)
    rows = [
        (kind, budgets[kind], name, own[name], best.factor, best.spent, budgets[kind] - best.spent, best.comparable)
        for (kind, name), best in found.items()
    ]  # fmt: skip
    columns = ["kind", "budget", "mix", "own", "factor", "spent", "unspent", "comparable"]
    return pd.DataFrame(rows, columns=columns)


def check_budget(budget_of: str, scenario: Scenario) -> None:
    """Refuse a budget of no mix, or of the baseline, whose increment over itself is nothing."""
    names = [mix.name for mix in scenario.mixes]
    if budget_of not in names:
        others = [name for name in names if name != scenario.baseline]
        what = suggestion(budget_of, others) if others else "list one beside the baseline"
        raise ConfigError([f"--budget-of {budget_of}: not in the config's mixes; {what}"])
    if budget_of == scenario.baseline:
        raise ConfigError(
            [f"--budget-of {budget_of}: is the baseline; name the mix whose spending is the budget"]
        )


def _search_all(
    budgets: Mapping[tuple[str, str], float], spending: Spending
) -> dict[tuple[str, str], Scaling]:
    """Bisect for all mixes and budgets side by side: what they ask next is run together.

    Args:
        budgets: by kind of budget and mix.
        spending: learns what mixes spend.
    """
    searches = {key: bisection(budget) for key, budget in budgets.items()}
    asked = {key: next(search) for key, search in searches.items()}
    found: dict[tuple[str, str], Scaling] = {}
    while asked:
        spending.learn((name, factor) for (_, name), factor in asked.items())
        for (kind, name), factor in list(asked.items()):
            try:
                asked[kind, name] = searches[kind, name].send(spending.known[name, factor])
            except StopIteration as done:
                found[kind, name] = done.value
                del asked[kind, name]
    return {key: found[key] for key in budgets}
