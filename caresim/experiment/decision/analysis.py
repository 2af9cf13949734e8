"""The decision analysis of a run folder: one call, a table a question."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd

from caresim.experiment.decision import readings as of
from caresim.experiment.decision.benefit import acceptability
from caresim.experiment.decision.displacing import displacement
from caresim.experiment.decision.frontier import plane
from caresim.experiment.decision.readings import Perspective, Readings
from caresim.experiment.decision.tables import (
    benefit_table,
    frontier_table,
    information_table,
    pareto_table,
    rank_table,
    variance_table,
)
from caresim.experiment.decision.thresholds import CURVE
from caresim.experiment.decision.variance import PARAMETER, STOCHASTIC
from caresim.kernel.mistakes import ConfigError, shown, suggestion


def decide(folder: str | os.PathLike[str], perspective: Perspective = "public") -> dict[str, pd.DataFrame]:
    """Return the decision analysis of a finished run of several mixes, or of a sweep of parameters.

    Sums are per elder of the start and discounted. Each table says in `attrs["caption"]` what it is, and in
    `attrs["uncertainty"]` of what kind its uncertainty is: `stochastic` (luck, of a run), or `stochastic + parameter`
    (of a sweep, whose points are draws of parameters). What the model's structure adds is told by `structures`.
    `attrs["perspective"]` says whose costs count, where that matters: the criteria of `pareto` are what they are.

    Args:
        folder: a run folder, or a sweep's whose monthly table has a column `point`.
        perspective: `public` counts what state and insurance pay, `societal` what everybody pays and unpaid hours.

    Returns:
        `cost_per_hour` (hours of care received, which lead), `cost_effectiveness` (QALYs),
        `cost_effectiveness_unmet_zero` (the judged effect of unmet need on quality at zero),
        `cost_effectiveness_with_carers`, `plane_per_hour`, `plane`, `net_benefit`, `acceptability`, `information`,
        `ranks`, `pareto`; of a run `displacement`, of a sweep `variance`.

    Raises:
        RunFolderError: the folder holds no finished run of several mixes.
        ConfigError: there is no such perspective.
    """
    if perspective not in of.COSTS:
        raise ConfigError([f"perspective {shown(perspective)}: unknown; {suggestion(perspective, of.COSTS)}"])
    read = of.read(folder)
    costs, luck = read.costs(perspective), np.random.default_rng([read.run.manifest["seed"], 1])
    qalys = read.effects(of.QALYS)
    tables = {
        "cost_per_hour": frontier_table(read, costs, of.HOURS, luck),
        "cost_effectiveness": frontier_table(read, costs, of.QALYS, luck),
        "cost_effectiveness_unmet_zero": frontier_table(read, costs, of.UNMET_ZERO, luck),
        "cost_effectiveness_with_carers": frontier_table(read, costs, of.CARERS_TOO, luck),
        "plane_per_hour": plane(costs, read.effects(of.HOURS), read.baseline),
        "plane": plane(costs, qalys, read.baseline),
        "net_benefit": benefit_table(costs, qalys, read.baseline),
        "acceptability": acceptability(costs, qalys, CURVE),
        "information": information_table(read, costs, qalys),
        "ranks": rank_table(read, costs),
        "pareto": pareto_table(read, luck),
    }
    if read.sweep:
        tables["variance"] = variance_table(read, costs, qalys, luck)
    for name, table in tables.items():
        table.attrs.update(_told(read, name, perspective))
    if not read.sweep:
        tables["displacement"] = displacement(read.run)
    return tables


def _told(read: Readings, name: str, perspective: Perspective) -> dict[str, str]:
    """Return caption and kind of uncertainty of a table."""
    manifest = read.run.manifest
    kind = f"{STOCHASTIC} + {PARAMETER}" if read.sweep else STOCHASTIC
    rows, months = read.rows, manifest["scenario"]["months"]
    what = f"{rows} paired {'runs of a sweep' if read.sweep else 'replications'} of {months} months"
    whose = {} if name == "pareto" else {"perspective": perspective}
    basis = f"{perspective} perspective, per elder" if whose else "sums per elder"
    caption = f"{CAPTIONS[name]}; {basis} of the start, discounted; {what}; uncertainty shown: {kind}"
    return {"caption": caption, "uncertainty": kind, **whose}


CAPTIONS = {
    "cost_per_hour": "Cost and hours of care received, with the frontier",
    "cost_effectiveness": "Cost and QALYs of elders, with the frontier",
    "cost_effectiveness_unmet_zero": "The same, with the judged effect of unmet need on quality of life at zero",
    "cost_effectiveness_with_carers": "The same, less QALYs that heavy burdens take off carers",
    "plane_per_hour": "Cost-effectiveness plane: cost and hours of care received beyond the baseline's",
    "plane": "Cost-effectiveness plane: cost and QALYs beyond the baseline's",
    "net_benefit": "Net monetary benefit in yuan, and what it is beyond the baseline's, 95 % t-intervals",
    "acceptability": "Probability of the highest net benefit by what a QALY may cost, in yuan",
    "information": "Expected value of perfect information in yuan, 95 % intervals",
    "ranks": "Probability of each rank",
    "pareto": "Criteria, and whether another mix is as good in all and better in one",
    "variance": "Variance of net benefit beyond the baseline's: luck and parameters apart",
}
