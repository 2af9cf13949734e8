"""How likely each mix is the best, the second, and so on."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

Better = Literal["higher", "lower"]


def rank_probabilities(values: pd.DataFrame, better: Better) -> pd.DataFrame:
    """Return the share of replications in which a mix has each rank; mixes that tie share their ranks evenly.

    Args:
        values: a row a replication, a column a mix; rows without a number of every mix are left out.
        better: whether more or less of it is better.

    Returns:
        Index mix, a column a rank from 1, the best; rows and columns add up to 1.
    """
    signed = signs(better) * values.dropna().to_numpy(dtype=float)
    n = signed.shape[1]
    first = (signed[:, None, :] > signed[:, :, None]).sum(axis=2)
    tied = (signed[:, None, :] == signed[:, :, None]).sum(axis=2)
    ranks = np.arange(n)
    within = (ranks >= first[:, :, None]) & (ranks < (first + tied)[:, :, None])
    often = (within / tied[:, :, None]).mean(axis=0) if len(signed) else np.full((n, n), np.nan)
    return pd.DataFrame(
        often, index=values.columns.rename("mix"), columns=pd.RangeIndex(1, n + 1, name="rank")
    )


def ranks(means: pd.Series, better: Better) -> pd.Series:
    """Return the rank of each mean, 1 the best; equal ones share the better rank."""
    return (-signs(better) * means).rank(method="min")


def signs(better: Better) -> float:
    """Return 1 where more is better, -1 where less is."""
    return 1.0 if better == "higher" else -1.0
