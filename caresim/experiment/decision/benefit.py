"""What effects are worth less what they cost, which mix does best, and what it would be worth to know for sure."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from caresim.experiment.decision.pairs import paired


def net_benefit(costs: pd.DataFrame, effects: pd.DataFrame, thresholds: Iterable[float]) -> pd.DataFrame:
    """Value effects at each threshold and take off the costs.

    Args:
        costs: yuan, a row a replication, a column a mix.
        effects: of the same shape.
        thresholds: what a unit of effect is worth, in yuan.

    Returns:
        Net monetary benefit in yuan: index (threshold, replication), a column a mix.
    """
    costs, effects = paired(costs, effects)
    worth = {float(threshold): threshold * effects - costs for threshold in thresholds}
    return pd.concat(worth, names=["threshold", *(str(name or "replication") for name in costs.index.names)])


def at(benefit: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Return net benefit at one threshold, a row a replication."""
    return benefit[benefit.index.get_level_values("threshold") == threshold].droplevel("threshold")


def acceptability(costs: pd.DataFrame, effects: pd.DataFrame, thresholds: Iterable[float]) -> pd.DataFrame:
    """Return how often each mix has the highest net benefit, and the frontier: of the mix that has it on average.

    Replications in which several mixes do equally best are shared out among them.

    Returns:
        Index threshold; a column a mix, which add up to 1; `frontier`, the mix with the highest mean, and
        `frontier_probability`, how often it is best.
    """
    benefit = net_benefit(costs, effects, thresholds)
    best = benefit.eq(benefit.max(axis=1), axis=0)
    often = best.div(best.sum(axis=1), axis=0).groupby(level="threshold", sort=False).mean()
    frontier = benefit.groupby(level="threshold", sort=False).mean().idxmax(axis=1)
    told = often.copy()
    told["frontier"] = frontier
    told["frontier_probability"] = [float(often[mix].iloc[k]) for k, mix in enumerate(frontier)]
    return told.rename_axis(columns=None)


def perfect_information(costs: pd.DataFrame, effects: pd.DataFrame, thresholds: Iterable[float]) -> pd.Series:
    """Return the expected value of perfect information, in yuan: what choosing anew in every row would add.

    What is known perfectly is whatever tells the rows apart. If they are replications of one set of parameters it is
    luck, which nobody can know beforehand; if each is a draw of parameters it is the parameters.
    """
    benefit = net_benefit(costs, effects, thresholds)
    knowing = benefit.max(axis=1).groupby(level="threshold", sort=False).mean()
    now = benefit.groupby(level="threshold", sort=False).mean().max(axis=1)
    return (knowing - now).clip(lower=0.0).round(6).rename("evpi")


def parameter_information(benefit: pd.DataFrame) -> tuple[float, float]:
    """Return what it is worth to know a sweep's point, with luck still unknown: from above and from below, in yuan.

    The mean of a few replications is still noisy, so choosing by it and judging by it is too good (the first number).
    Choosing by every other replication and judging by the rest is too bad (the second).

    Args:
        benefit: net benefit of one threshold, index (point, replication), a column a mix.
    """
    now = float(benefit.mean().max())
    above = float(benefit.groupby(level="point").mean().max(axis=1).mean()) - now
    turn = benefit.groupby(level="point").cumcount().to_numpy() % 2
    halves = [benefit[turn == side].groupby(level="point").mean() for side in (0, 1)]
    points = halves[0].index.intersection(halves[1].index)
    if not len(points):
        return above, np.nan
    first, second = (half.loc[points].to_numpy() for half in halves)
    rows = np.arange(len(points))
    judged = [second[rows, first.argmax(axis=1)].mean(), first[rows, second.argmax(axis=1)].mean()]
    return above, float(np.mean(judged)) - now
