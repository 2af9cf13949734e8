"""What subsets of parts that were not run leave unknown of the parts' Shapley values."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, factorial
from typing import Any

import numpy as np
import pandas as pd

from caresim.experiment.decision.coalitions import Coalition, shapley


def unrun_variance(values: pd.DataFrame) -> tuple[pd.Series, int]:
    """Return the variance that fitting some subsets leaves in each part's Shapley value, and its degrees of freedom.

    What a subset reaches beyond its parts one by one is taken as chance of the same variance for every subset, run or
    not. That variance is what pairs of subset and complement leave of an additive game, less what luck leaves of it;
    what two parts do together cancels in such pairs, in the fit as in the value.

    Args:
        values: a row a replication, a column a coalition, nobody and everybody among them.

    Returns:
        By part; and how many pairs there are beyond what an additive game needs, NaN by part where there are none.
    """
    columns: list[Any] = list(values.columns)
    players = sorted(frozenset().union(*columns))
    rest, freedom = _left_over(values, players)
    if freedom < 1:
        return pd.Series(np.nan, index=players), freedom
    reps = len(rest)
    found = (rest.mean(axis=0) ** 2).sum() / freedom
    luck = (rest.var(axis=0, ddof=1) / reps).sum() / freedom if reps > 1 else 0.0
    one = max(found - luck, 0.0) / 2.0  # a pair holds two subsets
    return pd.Series(one * _reach(columns, players), index=players), freedom


def _left_over(values: pd.DataFrame, players: Sequence[str]) -> tuple[np.ndarray, int]:
    """Return what pairs of subset and complement leave of an additive game, by replication; and how many are free."""
    everybody = frozenset(players)
    columns: list[Any] = list(values.columns)
    known = [some for some in columns if 0 < len(some) < len(players)]
    firsts = [some for some in known if everybody - some in set(known) and players[0] in some]
    pairs = np.array(
        [values[some].to_numpy() - values[everybody - some].to_numpy() for some in firsts]
    ).reshape(len(firsts), len(values))
    side = np.array([[1.0 if name in some else -1.0 for name in players] for some in firsts])
    side = side.reshape(len(firsts), len(players))
    whole = values[everybody].to_numpy() - values[frozenset()].to_numpy()
    design, target = side[:, :-1] - side[:, -1:], pairs - side[:, -1:] * whole
    fitted = design @ np.linalg.lstsq(design, target, rcond=None)[0]
    return (target - fitted).T, len(firsts) - (len(players) - 1)


def _reach(columns: Sequence[Coalition], players: Sequence[str]) -> np.ndarray:
    """Return how far chance of variance 1 in every subset between nobody and everybody sets fit and value apart."""
    n, run = len(players), [some for some in columns if 0 < len(some) < len(players)]
    fitted = np.array([[float(some == one) for one in columns] for some in run])
    fit = np.array([shapley(pd.Series(row, index=_index(columns))).to_numpy() for row in fitted])
    weight = np.array([[_weight(len(some), name in some, n) for name in players] for some in run])
    of_all = sum(
        comb(n - 1, size - 1) * _weight(size, True, n) ** 2 + comb(n - 1, size) * _weight(size, False, n) ** 2
        for size in range(1, n)
    )
    return np.asarray(((fit - weight) ** 2).sum(axis=0) + of_all - (weight**2).sum(axis=0))


def _index(columns: Sequence[Coalition]) -> pd.Index:
    return pd.Index(list(columns), tupleize_cols=False)


def _weight(size: int, inside: bool, n: int) -> float:
    """Return what a subset's value counts in a part's Shapley value."""
    if inside:
        return factorial(size - 1) * factorial(n - size) / factorial(n)
    return -factorial(size) * factorial(n - size - 1) / factorial(n)
