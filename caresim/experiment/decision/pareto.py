"""Which mixes no other mix beats in everything, when nobody has said what counts how much."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from caresim.experiment.decision.ranks import Better, signs


def pareto_set(means: pd.DataFrame, better: Mapping[str, Better]) -> pd.DataFrame:
    """Tell which mixes are not beaten: no other is as good in every criterion and better in one.

    Args:
        means: index mix, a column a criterion.
        better: of each criterion, whether more or less of it is better; other columns are left out.

    Returns:
        The criteria, `in_set`, and `beaten_by`, the mixes that beat a mix, in one text.
    """
    criteria = [name for name in better if name in means.columns]
    beats = beating(_signed(means[criteria], better))
    table = means[criteria].copy()
    table["in_set"] = np.logical_not(beats.any(axis=0))
    table["beaten_by"] = [", ".join(map(str, means.index[beats[:, mix]])) for mix in range(len(means))]
    return table.rename_axis("mix")


def set_probability(
    values: Mapping[str, pd.DataFrame], better: Mapping[str, Better], weights: np.ndarray
) -> pd.Series:
    """Return how often a mix stays in the set when the replications are drawn again (bootstrap).

    Args:
        values: by criterion, a row a replication and a column a mix, of the same rows.
        better: as in `pareto_set`.
        weights: of each row in each resample, shape (resamples, rows); each resample's add up to 1.
    """
    means = np.stack(
        [weights @ (signs(better[name]) * table.to_numpy()) for name, table in values.items()], 2
    )
    kept = [~beating(good).any(axis=0) for good in means]
    mixes = next(iter(values.values())).columns
    return pd.Series(np.mean(kept, axis=0), index=mixes.rename("mix"), name="in_set_probability")


def beating(good: np.ndarray) -> np.ndarray:
    """Return which option beats which, shape (winner, loser), by criteria of which more is better."""
    no_worse = (good[:, None, :] >= good[None, :, :]).all(axis=2)
    better_in_one = (good[:, None, :] > good[None, :, :]).any(axis=2)
    return np.asarray(no_worse & better_in_one)


def _signed(means: pd.DataFrame, better: Mapping[str, Better]) -> np.ndarray:
    return means.to_numpy(dtype=float) * np.array([signs(better[name]) for name in means.columns])
