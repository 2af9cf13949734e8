"""The tables of the analysis, with what luck makes of them: intervals, and how often a finding comes back."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caresim.experiment.decision import readings as of
from caresim.experiment.decision.benefit import at, net_benefit, parameter_information, perfect_information
from caresim.experiment.decision.frontier import FRONTIER, cost_effectiveness, statuses
from caresim.experiment.decision.pairs import against, paired
from caresim.experiment.decision.pareto import pareto_set, set_probability
from caresim.experiment.decision.ranks import Better, rank_probabilities
from caresim.experiment.decision.readings import CRITERIA, Readings
from caresim.experiment.decision.thresholds import THRESHOLDS
from caresim.experiment.decision.variance import mean_interval, share_interval, variance_components
from caresim.experiment.statistics import LEVEL

RESAMPLES = 1000
ENDS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


def frontier_table(
    read: Readings, costs: pd.DataFrame, effect: str, luck: np.random.Generator
) -> pd.DataFrame:
    """Add intervals of the differences, and how often a mix is on the frontier if replications are drawn again."""
    costs, effects = paired(costs, read.effects(effect))
    table = cost_effectiveness(costs, effects, read.baseline)
    for what, values in (("delta_cost", costs), ("delta_effect", effects)):
        more = against(read.baseline, values)
        ends = [mean_interval(more[mix])[1:] for mix in table.index]
        table[[f"{what}_lower", f"{what}_upper"]] = ends
    order = list(table.index)
    table["frontier_probability"] = frontier_probability(costs[order], effects[order], luck)
    return table


def frontier_probability(costs: pd.DataFrame, effects: pd.DataFrame, luck: np.random.Generator) -> pd.Series:
    """Return how often each mix is on the frontier when replications are drawn again; NaN with one row only."""
    if len(costs) < 2:
        return pd.Series(np.nan, index=costs.columns)
    weights = resampled(costs.index, luck)
    means = zip(weights @ costs.to_numpy(), weights @ effects.to_numpy(), strict=True)
    return pd.Series(np.mean([statuses(*each) == FRONTIER for each in means], axis=0), index=costs.columns)


def benefit_table(costs: pd.DataFrame, effects: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Return net benefit and what it is beyond the baseline's: index (threshold, mix)."""
    benefit, rows = net_benefit(costs, effects, THRESHOLDS), []
    for threshold in THRESHOLDS:
        each = at(benefit, threshold)
        more = against(baseline, each)
        for mix in each.columns:
            interval = mean_interval(more[mix])
            better = np.nan if mix == baseline else float((more[mix] > 0).mean())
            rows.append((threshold, mix, each[mix].mean(), *interval, better))
    names = ["threshold", "mix", "mean", "delta", "delta_lower", "delta_upper", "share_better"]
    return pd.DataFrame(rows, columns=names).set_index(["threshold", "mix"])


def information_table(read: Readings, costs: pd.DataFrame, effects: pd.DataFrame) -> pd.DataFrame:
    """Return the value of perfect information with its interval, and of a sweep that of its parameters alone."""
    benefit = net_benefit(costs, effects, THRESHOLDS)
    table = perfect_information(costs, effects, THRESHOLDS).to_frame()
    table.insert(0, "best", benefit.groupby(level="threshold").mean().idxmax(axis=1))
    for threshold in THRESHOLDS:
        each = at(benefit, threshold)
        table.loc[threshold, ["lower", "upper"]] = information_interval(each)
        if read.sweep:
            known = parameter_information(each)
            table.loc[threshold, ["evpi_parameter_most", "evpi_parameter_least"]] = known
    return table


def information_interval(benefit: pd.DataFrame, level: float = LEVEL) -> tuple[float, float]:
    """Return an interval of the value of perfect information, from the losses of settling for each mix.

    The value is the least mean loss: what the best of a row has more than a mix, of the mix that loses least. The ends
    are the least lower and the least upper ends of the mixes' intervals; the upper ones are wider, so that they hold
    for all mixes together (Bonferroni). Rows drawn again (bootstrap) would let the better of two equal mixes look
    better than it is twice over, and end below the truth more often than not. Losses that no row shows are in no
    interval.

    Args:
        benefit: net benefit of one threshold, a row a replication (of a sweep: point and replication), a column a mix.
        level: level of the interval.
    """
    losses = {mix: benefit.max(axis=1) - benefit[mix] for mix in benefit.columns}
    together = 1.0 - (1.0 - level) / len(losses)
    lower = min(mean_interval(loss, level)[1] for loss in losses.values())
    upper = min(mean_interval(loss, together)[2] for loss in losses.values())
    return round(max(lower, 0.0), 6), round(upper, 6)


def rank_table(read: Readings, costs: pd.DataFrame) -> pd.DataFrame:
    """Return the probability of each rank by what is asked: index (measure, mix)."""
    benefit = net_benefit(costs, read.effects(of.QALYS), THRESHOLDS)
    asked: dict[str, tuple[pd.DataFrame, Better]] = {
        "hours": (read.effects(of.HOURS), "higher"),
        **{name: (table, CRITERIA[name][1]) for name, table in read.criteria().items()},
        **{f"net_benefit_{threshold:.0f}": (at(benefit, threshold), "higher") for threshold in THRESHOLDS},
    }
    found = {name: rank_probabilities(values, better) for name, (values, better) in asked.items()}
    return pd.concat(found, names=["measure", "mix"])


def pareto_table(read: Readings, luck: np.random.Generator) -> pd.DataFrame:
    """Return the criteria's means and the Pareto set, and how often a mix stays in it."""
    values = read.criteria()
    better = {name: CRITERIA[name][1] for name in values}
    table = pareto_set(pd.DataFrame({name: each.mean() for name, each in values.items()}), better)
    rows = next(iter(values.values())).index
    often = set_probability(values, better, resampled(rows, luck))
    table["in_set_probability"] = often if len(rows) > 1 else np.nan
    return table


def variance_table(read: Readings, costs: pd.DataFrame, effects: pd.DataFrame,
                   luck: np.random.Generator) -> pd.DataFrame:  # fmt: skip
    """Split the variance of what each mix gains in net benefit over the baseline: index (threshold, mix)."""
    benefit, rows = net_benefit(costs, effects, THRESHOLDS), {}
    for threshold in THRESHOLDS:
        more = against(read.baseline, at(benefit, threshold))
        for mix in more.columns.drop(read.baseline):
            parts = variance_components(more[mix])
            points = int(parts["points"])
            lower, upper = share_interval(more[mix], luck.integers(0, points, (RESAMPLES, points)))
            rows[threshold, mix] = {**parts, "share_lower": lower, "share_upper": upper}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["threshold", "mix"])


def resampled(rows: pd.Index, luck: np.random.Generator) -> np.ndarray:
    """Draw replications again with replacement; of a sweep, its points too, each with all replications drawn.

    Replication k of a sweep is the same luck at every point. Drawing points alone would take the luck of these
    replications for all the luck there is (the pigeonhole bootstrap draws both, Owen 2007).

    Means of n rows drawn again lie too close together: their variance is (n - 1)/n of what it should be, and how little
    n rows tell of it is left out, so that what is said of a handful of them is too sure. So each resample is stretched
    about the mean by the root of n over a draw of chi-square with n - 1 degrees of freedom; resampled differences of
    normal numbers then follow the t distribution of their t-interval. Weights can be negative. A sweep with gaps is
    not stretched.

    Args:
        rows: index of the rows, (point,) replication.
        luck: draws them.

    Returns:
        The weight of each row in each resample, shape (RESAMPLES, rows); a resample's add up to 1.
    """
    levels = [pd.factorize(rows.get_level_values(level), sort=True)[0] for level in range(rows.nlevels)]
    complete = len(rows) == np.prod([number.max() + 1 for number in levels])
    weights = np.ones((RESAMPLES, len(rows)))
    for number in levels:
        weights *= _drawn(int(number.max()) + 1, complete, luck)[:, number]
    total = weights.sum(axis=1, keepdims=True)
    weights = np.where(
        total > 0.0, weights, 1.0
    )  # of a sweep with gaps, a resample may meet nothing but gaps
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _drawn(n: int, stretched: bool, luck: np.random.Generator) -> np.ndarray:
    """Return how often each of n is drawn in each resample, stretched about once or not."""
    counts = luck.multinomial(n, np.full(n, 1.0 / n), RESAMPLES).astype(float)
    if not stretched or n < 2:
        return counts
    return np.asarray(1.0 + (counts - 1.0) * np.sqrt(n / luck.chisquare(n - 1, (RESAMPLES, 1))))
