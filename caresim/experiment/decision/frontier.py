"""The frontier of cost-effectiveness: which mixes nothing else beats, and what the next better one costs more."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caresim.experiment.decision.pairs import against, paired

BASELINE, FRONTIER, DOMINATED, EXTENDEDLY = "baseline", "frontier", "dominated", "extendedly dominated"


def cost_effectiveness(costs: pd.DataFrame, effects: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Order the mixes by cost and say what each step along the frontier costs for one more unit of effect.

    A mix is *dominated* if another costs no more and does no less, and *extendedly dominated* if a blend of two others
    does. Ratios are sequential: each mix of the frontier against the one before it. The baseline's status is always
    `baseline`; `on_frontier` tells whether it is beaten.

    Args:
        costs: yuan, a row a replication, a column a mix.
        effects: what the money is spent for, of the same shape.
        baseline: the mix that differences are taken from.

    Returns:
        Index mix, rising in cost: cost, effect, delta_cost, delta_effect, icer (NaN off the frontier and of its first
        mix), status, on_frontier, compared_with (the mix before it on the frontier).
    """
    costs, effects = paired(costs, effects)
    table = pd.DataFrame({"cost": costs.mean(), "effect": effects.mean()}).rename_axis("mix")
    table["delta_cost"] = against(baseline, costs).mean()
    table["delta_effect"] = against(baseline, effects).mean()
    order = [baseline, *(mix for mix in table.index if mix != baseline)]
    table = table.loc[order]
    beaten = statuses(table["cost"].to_numpy(), table["effect"].to_numpy())
    table["icer"] = np.nan
    table["status"] = [BASELINE, *(str(status) for status in beaten[1:])]
    table["on_frontier"] = beaten == FRONTIER
    table["compared_with"] = ""
    table = table.sort_values(["cost", "effect"], ascending=[True, False], kind="stable")
    kept = table.index[table["on_frontier"]]
    steps = table.loc[kept, ["cost", "effect"]].diff()
    table.loc[kept, "icer"] = steps["cost"] / steps["effect"]
    table.loc[kept[1:], "compared_with"] = kept[:-1].to_numpy()
    return table


def statuses(cost: np.ndarray, effect: np.ndarray) -> np.ndarray:
    """Return of each option whether it is on the frontier, dominated or extendedly dominated.

    Of options that cost and do the same, the first stays.
    """
    found = np.full(len(cost), FRONTIER, dtype=object)
    order = np.lexsort((np.arange(len(cost)), -effect, cost))
    hull: list[int] = []
    for option in order:
        if hull and effect[option] <= effect[hull[-1]]:
            found[option] = DOMINATED
            continue
        while len(hull) > 1 and _ratio(cost, effect, *hull[-2:]) > _ratio(cost, effect, hull[-1], option):
            found[hull.pop()] = EXTENDEDLY
        hull.append(int(option))
    return found


def _ratio(cost: np.ndarray, effect: np.ndarray, first: int, second: int) -> float:
    return float((cost[second] - cost[first]) / (effect[second] - effect[first]))


def plane(costs: pd.DataFrame, effects: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Return the cost-effectiveness plane: a point for each mix and replication, against the baseline's same luck.

    Returns:
        Columns mix, the index of the replications (`replication`, of a sweep `point` too), delta_cost, delta_effect;
        without the baseline, which is the origin.
    """
    costs, effects = paired(costs, effects)
    names = ["mix", *(str(name or "replication") for name in costs.index.names)]
    columns = {}
    for what, values in (("delta_cost", costs), ("delta_effect", effects)):
        more = against(baseline, values).drop(columns=baseline)
        columns[what] = pd.concat({mix: more[mix] for mix in more.columns}, names=names)
    return pd.DataFrame(columns).reset_index()
