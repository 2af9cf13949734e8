"""What the model's structure decides: the same mixes ranked under other structures, side by side."""

from __future__ import annotations

import os
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from caresim.experiment.decision import readings as of
from caresim.experiment.decision.benefit import at, net_benefit
from caresim.experiment.decision.ranks import Better, ranks, signs
from caresim.experiment.decision.tables import ENDS, resampled
from caresim.experiment.decision.thresholds import THRESHOLDS
from caresim.experiment.decision.variance import STOCHASTIC, STRUCTURAL
from caresim.kernel.mistakes import ConfigError


def structures(
    folders: Mapping[str, str | os.PathLike[str]], perspective: of.Perspective = "public"
) -> pd.DataFrame:
    """Rank the mixes by each measure under each structure: a feedback switched off, another rule, the null model.

    Args:
        folders: run folders by the name of the structure, the model as it is first; each of the same mixes.
        perspective: as in `decide`.

    Returns:
        Index (measure, mix); a column a structure with the rank of the mean, 1 the best; `best` and `worst` of these;
        and a column `STRUCTURE by luck` for each: the ranks (95 %) if its replications are drawn again, such as `1-3`,
        since what luck alone could turn round is no difference between structures; empty with one replication.
        `attrs["agreement"]` is a table: by measure, Spearman's correlation of the means under each structure with
        those under the first.

    Raises:
        RunFolderError: a folder holds no finished run of several mixes.
        ConfigError: fewer than two structures, or runs of different mixes.
    """
    if len(folders) < 2:
        raise ConfigError(["structures: one run alone shows no structural uncertainty; name another"])
    reads = {name: of.read(folder) for name, folder in folders.items()}
    measured = {name: _measures(read, perspective) for name, read in reads.items()}
    first, mixes = next(iter(measured)), _same_mixes(measured)
    common = [what for what in measured[first] if all(what in measures for measures in measured.values())]
    rows, agreement = {}, {}
    for what in common:
        better = measured[first][what][1]
        tables = {name: measures[what][0][mixes] for name, measures in measured.items()}
        seeds = {name: read.run.manifest["seed"] for name, read in reads.items()}
        rows[what] = _side_by_side(tables, better, seeds)
        agreement[what] = pd.DataFrame({n: t.mean() for n, t in tables.items()}).corr(method="spearman")[
            first
        ]
    table = pd.concat(rows, names=["measure", "mix"])
    caption = (f"Ranks of the mixes (1 the best) under {len(folders)} structures; {perspective} perspective; "
               f"uncertainty shown: {STRUCTURAL}, beside it {STOCHASTIC} (by luck)")  # fmt: skip
    agreed = pd.DataFrame(agreement).T.rename_axis("measure")
    marks = {"uncertainty": STRUCTURAL, "perspective": perspective}
    agreed.attrs.update(caption="Rank correlation with the first structure", **marks)
    table.attrs.update(caption=caption, agreement=agreed, **marks)
    return table


def _side_by_side(
    tables: Mapping[str, pd.DataFrame], better: Better, seeds: Mapping[str, int]
) -> pd.DataFrame:
    """Return the ranks of one measure under each structure, and what luck makes of them."""
    found = pd.DataFrame({name: ranks(table.mean(), better) for name, table in tables.items()}).astype(int)
    found = found.assign(best=found.min(axis=1), worst=found.max(axis=1))
    for name, table in tables.items():
        if len(table) < 2:
            found[f"{name} by luck"] = ""
            continue
        weights = resampled(table.index, np.random.default_rng([seeds[name], 3]))
        again = -signs(better) * (weights @ table.to_numpy(dtype=float))
        ends = np.quantile(rankdata(again, method="min", axis=1), ENDS, axis=0, method="nearest").astype(int)
        found[f"{name} by luck"] = [f"{low}-{high}" if low < high else f"{low}" for low, high in ends.T]
    return found


def _same_mixes(measured: Mapping[str, Mapping[str, tuple[pd.DataFrame, Better]]]) -> list[str]:
    """Return the mixes that all runs have."""
    mixes = {name: list(next(iter(measures.values()))[0].columns) for name, measures in measured.items()}
    first = next(iter(mixes.values()))
    for name, others in mixes.items():
        if set(others) != set(first):
            told = ", ".join(sorted(set(others) ^ set(first)))
            raise ConfigError([f"structure {name}: has other mixes ({told}); run the same mixes under each"])
    return first


def _measures(read: of.Readings, perspective: of.Perspective) -> dict[str, tuple[pd.DataFrame, Better]]:
    """Return each measure, a row a replication and a column a mix, and whether more or less of it is better."""
    found: dict[str, tuple[pd.DataFrame, Better]] = {"hours": (read.effects(of.HOURS).dropna(), "higher")}
    for name, table in read.criteria().items():
        found[name] = table, of.CRITERIA[name][1]
    costs = read.costs(perspective)
    for effect in (of.QALYS, of.UNMET_ZERO):
        benefit = net_benefit(costs, read.effects(effect), THRESHOLDS)
        for threshold in THRESHOLDS:
            named = "net_benefit" + effect.removeprefix(of.QALYS)
            found[f"{named}_{threshold:.0f}"] = at(benefit, threshold), "higher"
    return found
