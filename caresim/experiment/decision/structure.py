"""What the model's structure decides: the same mixes ranked under other structures, side by side."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pandas as pd

from caresim.experiment.decision import readings as of
from caresim.experiment.decision.ranks import Better, ranks
from caresim.experiment.decision.thresholds import THRESHOLDS
from caresim.experiment.decision.variance import STRUCTURAL
from caresim.kernel.mistakes import ConfigError


def structures(
    folders: Mapping[str, str | os.PathLike[str]], perspective: of.Perspective = "public"
) -> pd.DataFrame:
    """Rank the mixes by each measure under each structure: a feedback switched off, another rule, the null model.

    Args:
        folders: run folders by the name of the structure, the model as it is first; each of the same mixes.
        perspective: as in `decide`.

    Returns:
        Index (measure, mix); a column a structure with the rank of the mean, 1 the best; `best`, `worst` rank of the
        mix over the structures. Of a measure, `attrs["agreement"]` holds a table: Spearman's correlation of the means
        under each structure with those under the first.

    Raises:
        RunFolderError: a folder holds no finished run of several mixes.
        ConfigError: fewer than two structures, or runs of different mixes.
    """
    if len(folders) < 2:
        raise ConfigError(["structures: one run alone shows no structural uncertainty; name another"])
    measured = {name: _measures(of.read(folder), perspective) for name, folder in folders.items()}
    first, mixes = next(iter(measured)), _same_mixes(measured)
    common = [what for what in measured[first] if all(what in measures for measures in measured.values())]
    rank, agreement = {}, {}
    for what in common:
        means = pd.DataFrame({name: measures[what][0].loc[mixes] for name, measures in measured.items()})
        rank[what] = means.apply(lambda column, what=what: ranks(column, measured[first][what][1])).astype(
            int
        )
        agreement[what] = means.corr(method="spearman")[first]
    table = pd.concat(rank, names=["measure", "mix"])
    names = list(folders)
    table["best"], table["worst"] = table[names].min(axis=1), table[names].max(axis=1)
    caption = (f"Ranks of the mixes (1 the best) under {len(folders)} structures; {perspective} perspective; "
               f"uncertainty shown: {STRUCTURAL}")  # fmt: skip
    agreed = pd.DataFrame(agreement).T.rename_axis("measure")
    table.attrs.update(caption=caption, uncertainty=STRUCTURAL, agreement=agreed)
    return table


def _same_mixes(measured: Mapping[str, Mapping[str, tuple[pd.Series, Better]]]) -> list[str]:
    """Return the mixes that all runs have."""
    mixes = {name: list(next(iter(measures.values()))[0].index) for name, measures in measured.items()}
    first = next(iter(mixes.values()))
    for name, others in mixes.items():
        if set(others) != set(first):
            told = ", ".join(sorted(set(others) ^ set(first)))
            raise ConfigError([f"structure {name}: has other mixes ({told}); run the same mixes under each"])
    return first


def _measures(read: of.Readings, perspective: of.Perspective) -> dict[str, tuple[pd.Series, Better]]:
    """Return the mean of each measure by mix, and whether more or less of it is better."""
    found: dict[str, tuple[pd.Series, Better]] = {"hours": (read.effects(of.HOURS).mean(), "higher")}
    for name, table in read.criteria().items():
        found[name] = table.mean(), of.CRITERIA[name][1]
    costs = read.costs(perspective).mean()
    for effect in (of.QALYS, of.UNMET_ZERO):
        worth = read.effects(effect).mean()
        for threshold in THRESHOLDS:
            named = "net_benefit" + effect.removeprefix(of.QALYS)
            found[f"{named}_{threshold:.0f}"] = threshold * worth - costs, "higher"
    return found
