"""What is said to hold so and so often does: membership of frontier and Pareto set, and what parts carry."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from caresim.experiment.decision import tables
from caresim.experiment.decision.benefit import acceptability
from caresim.experiment.decision.coalitions import sampled, shapley, subsets
from caresim.experiment.decision.frontier import FRONTIER, statuses
from caresim.experiment.decision.pareto import pareto_set, set_probability
from caresim.experiment.decision.parts import carried, name_of
from caresim.experiment.decision.tables import frontier_probability, resampled
from caresim.experiment.decision.unrun import _reach, unrun_variance

MIXES = list("abc")
CRITERIA = {"hours": "higher", "cost": "lower"}
WORLDS, BOX = 600, 12.0
"""Simulated runs, each of another truth: means from anywhere in a box of so many standard errors."""


def run_of(luck, n):
    """Return true means of mixes, shape (mixes, 2), and n replications of them; the means' standard error is 1."""
    truth = luck.uniform(0.0, BOX, (len(MIXES), 2))
    shared = luck.normal(size=(n, 1, 2))  # luck that the mixes share says nothing of their differences
    seen = truth + np.sqrt(n) * (luck.normal(size=(n, len(MIXES), 2)) + 3.0 * shared)
    return truth, [pd.DataFrame(seen[:, :, k], columns=MIXES) for k in (0, 1)]


def on_frontier(luck, n):
    truth, (costs, effects) = run_of(luck, n)
    return frontier_probability(costs, effects, luck).to_numpy(), statuses(*truth.T) == FRONTIER


def in_set(luck, n):
    truth, seen = run_of(luck, n)
    values = dict(zip(CRITERIA, seen, strict=True))
    said = set_probability(values, CRITERIA, resampled(seen[0].index, luck))
    return said.to_numpy(), pareto_set(pd.DataFrame(truth, MIXES, list(CRITERIA)), CRITERIA)[
        "in_set"
    ].to_numpy()


@pytest.mark.parametrize("told", [on_frontier, in_set])
@pytest.mark.parametrize("n", [4, 20])
def test_membership_holds_as_often_as_it_is_said_to(monkeypatch, told, n):
    """Of 600 runs, one mix each: what is said with a probability p, in or out, holds in p of the cases.

    The number that hold is normal about the sum of all p; more than 3.3 standard errors off has p < 1e-3. The usual
    bootstrap, whose means lie too close together, is off by more with 4 replications.
    """
    monkeypatch.setattr(tables, "RESAMPLES", 200)
    luck = np.random.default_rng([n, told is in_set])
    said, holds = np.array([[pair[k % 3] for pair in told(luck, n)] for k in range(WORLDS)], dtype=float).T
    sure, right = np.maximum(said, 1.0 - said), np.where(said > 0.5, holds, 1.0 - holds)
    error = np.sqrt((sure * (1.0 - sure)).sum())
    assert abs(right.sum() - sure.sum()) < 3.3 * error
    assert abs(holds.sum() - said.sum()) < 3.3 * error
    assert ((said > 0.02) & (said < 0.98)).sum() > 100  # many are in doubt


def test_resampled_means_spread_as_the_t_interval_says(monkeypatch):
    """Of 5 rows 20,000 resampled means follow t with 4 degrees of freedom, the standard error as unit."""
    monkeypatch.setattr(tables, "RESAMPLES", 20_000)
    weights = resampled(pd.RangeIndex(5, name="replication"), np.random.default_rng(2))
    assert weights.sum(axis=1) == pytest.approx(1.0)
    values = stats.norm.ppf((np.arange(5) + 0.5) / 5)
    scaled = weights @ values / (values.std(ddof=1) / np.sqrt(5))
    # Five values drawn again are not quite normal; a plain bootstrap has quantiles of 1.4 and 1.7.
    for level in (0.9, 0.95, 0.975):
        assert np.quantile(scaled, level) == pytest.approx(stats.t.ppf(level, 4), rel=0.12)


def test_one_replication_says_nothing_of_how_often():
    one = pd.DataFrame([[1.0, 2.0, 3.0]], columns=MIXES)
    assert frontier_probability(one, one, np.random.default_rng(1)).isna().all()


@pytest.mark.parametrize("gap", [0.0, 1.0])
def test_the_share_of_best_replications_is_that_of_all_luck(gap):
    """400 runs of 20 replications, two mixes whose benefit differs by a normal number of mean `gap` and spread 1.

    Either mix's share is right on average (4 standard errors). That of the mix with the highest mean is chosen by the
    same luck: it is too high by .07 where the mixes are equal, and not where they differ (both +-4 standard errors).
    """
    luck, found = np.random.default_rng(9), []
    for _ in range(400):
        effects = pd.DataFrame({"base": 0.0, "new": luck.normal(gap, 1.0, 20)})
        row = acceptability(effects * 0.0, effects, (1.0,)).iloc[0]
        found.append((row["new"], row["frontier_probability"]))
    share, frontier = np.array(found, dtype=float).T
    truth = stats.norm.cdf(gap)
    assert abs(share.mean() - truth) < 4.0 * np.sqrt(truth * (1.0 - truth) / 20 / 400)
    assert frontier.mean() - truth == pytest.approx(0.07 if gap == 0.0 else 0.0, abs=0.018)


def game(luck, names):
    """Return what each subset reaches: parts alone, pairs together, and something of its own."""
    alone = dict(zip(names, luck.normal(2.0, 1.0, len(names)), strict=True))
    pairs = luck.normal(0.0, 1.0, (len(names), len(names)))
    held = {some: np.array([name in some for name in names], dtype=float) for some in subsets(names)}
    return {some: sum(alone[name] for name in some) + there @ pairs @ there + (luck.normal() if some else 0.0)
            for some, there in held.items()}  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "most", "replications", "runs"), [("abcd", None, 8, 150), ("abcde", 16, 12, 120)]
)
def test_intervals_of_what_parts_carry_cover_as_often_as_they_say(parts, most, replications, runs):
    """600 intervals of 95 %, also where 16 of 32 subsets are run: fewer than 546 or more than 592 have p < 1e-3.

    Bounds leave room for intervals of one run to miss together, twice the variance of 600 draws. With luck alone
    those of 16 subsets cover in some two thirds.
    """
    luck, covered, by_luck = np.random.default_rng(len(parts)), 0, 0
    for _ in range(runs):
        truth = game(luck, parts)
        run = subsets(parts) if most is None else sampled(parts, most, luck)
        shared = luck.normal(size=replications)
        values = pd.DataFrame(
            {name_of(some): truth[some] + shared + luck.normal(size=replications) for some in run}
        )
        table, exact = carried(values).drop("all"), shapley(truth)
        covered += ((table["lower"] <= exact) & (table["upper"] >= exact)).sum()
        each = pd.DataFrame(
            [shapley({some: row[name_of(some)] for some in run}) for _, row in values.iterrows()]
        )
        half = stats.t.ppf(0.975, replications - 1) * each.std() / np.sqrt(replications)
        by_luck += ((each.mean() - exact).abs() <= half).sum()
    assert 546 <= covered <= 592
    assert by_luck < 480 or most is None


def test_how_far_subsets_that_were_not_run_reach_is_counted_exactly():
    """The fit and the value are linear in what subsets reach: their difference by units, subset by subset."""
    names = "abcde"
    run = sampled(names, 16, np.random.default_rng(4))
    apart = np.zeros(len(names))
    for one in subsets(names):
        if 0 < len(one) < len(names):
            unit = {some: float(some == one) for some in subsets(names)}
            fitted = shapley({some: unit[some] for some in run}) if one in run else 0.0
            apart += ((fitted - shapley(unit)) ** 2).to_numpy()
    assert _reach(run, names) == pytest.approx(apart)


def test_parts_that_only_add_up_or_pair_up_leave_nothing_unknown():
    names, luck = "abcde", np.random.default_rng(4)
    pairs = luck.normal(size=(5, 5))
    held = {
        some: np.array([name in some for name in names], dtype=float) for some in sampled(names, 16, luck)
    }
    values = pd.DataFrame([[there @ pairs @ there for there in held.values()]] * 3)
    values.columns = pd.Index(list(held), tupleize_cols=False)
    variance, freedom = unrun_variance(values)
    assert freedom == 3  # 7 pairs, of which 4 are needed
    assert variance.to_numpy() == pytest.approx(np.zeros(5))
    few = [some for some in values.columns if len(some) in (0, 1, 5)]
    assert unrun_variance(values[few])[0].isna().all()
    table = carried(values[few].rename(columns=name_of))
    assert table.drop("all")[["lower", "upper"]].isna().all(axis=None)
    assert table.loc["all", "lower"] == pytest.approx(pairs.sum())
