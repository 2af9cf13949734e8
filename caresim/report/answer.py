"""The answer in three sentences, made from the results: what does best, what it costs, how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caresim.experiment.statistics import t_interval
from caresim.report.comparison import CARE_MET, Comparison, contains_zero
from caresim.report.words import Words, decimals_of

COST, YEAR = "public_spending_per_elder", 12


@dataclass(frozen=True)
class Answer:
    """What a run says.

    Attributes:
        best: the mix that meets the largest share of the hours needed; None if nothing was measured.
        sentences: three, or fewer where there is nothing to compare.
    """

    best: str | None
    sentences: tuple[str, ...]


def answer(comparison: Comparison) -> Answer:
    """Return what the run says about the hours of care that are met."""
    known, say = _beyond(comparison), comparison.words.say
    if not known:
        return Answer(None, (say("answer_unmeasured"),))
    # Of mixes that meet as much, the baseline stays, then the first of the config.
    best = max(known, key=lambda mix: (known[mix], -comparison.mixes.index(mix)))
    if len(comparison.mixes) == 1:
        return Answer(
            best, (_one_mix(comparison, best), _spent(comparison, best), say("answer_one_mix_sure"))
        )
    if best == comparison.baseline:
        return Answer(best, (_baseline_best(comparison), _spent(comparison, best), _sure(comparison, best)))
    return Answer(best, (_met(comparison, best), _costs(comparison, best), _sure(comparison, best)))


def _beyond(comparison: Comparison) -> dict[str, float]:
    """Return how much more each mix meets than the baseline in the replications that both have."""
    baseline = comparison.baseline
    found = {mix: comparison.row(mix, CARE_MET)["delta"] for mix in comparison.others}
    if np.isfinite(comparison.row(baseline, CARE_MET)["mean"]):
        found = {baseline: 0.0} | found
    return {mix: more for mix, more in found.items() if np.isfinite(more)}


def _met(comparison: Comparison, best: str) -> str:
    row, words = comparison.row(best, CARE_MET), comparison.words
    surely = [mix for mix in comparison.others if comparison.row(mix, CARE_MET)["delta_lower"] > 0.0]
    key = "answer_best" if best in surely else "answer_best_unsure" if surely else "answer_none_differs"
    if not np.isfinite(row["delta_lower"]):
        key = "answer_best_single"
    return words.say(
        key,
        surely=words.listed([comparison.title(mix) for mix in surely]),
        mix=comparison.title(best),
        baseline=comparison.title(comparison.baseline),
        met=words.number(row["mean"], "share"),
        more=_ends(words, row["delta"], row["delta_lower"], row["delta_upper"], "share"),
    )


def _one_mix(comparison: Comparison, mix: str) -> str:
    words, row = comparison.words, comparison.row(mix, CARE_MET)
    if not np.isfinite(row["lower"]):
        return words.say("answer_one_run", mix=comparison.title(mix), met=words.number(row["mean"], "share"))
    return words.say(
        "answer_one_mix",
        mix=comparison.title(mix),
        met=words.number(row["mean"], "share"),
        lower=words.number(row["lower"], "share"),
        upper=words.number(row["upper"], "share"),
    )


def _baseline_best(comparison: Comparison) -> str:
    words, row = comparison.words, comparison.row(comparison.baseline, CARE_MET)
    return words.say(
        "answer_baseline_best",
        baseline=comparison.title(comparison.baseline),
        met=words.number(row["mean"], "share"),
    )


def _spent(comparison: Comparison, mix: str) -> str:
    words, row = comparison.words, comparison.row(mix, COST)
    if not np.isfinite(row["mean"]):
        return words.say("answer_cost_unmeasured")
    return words.say("answer_spent", mix=comparison.title(mix), yuan=words.number(YEAR * row["mean"], "yuan"))


def _costs(comparison: Comparison, best: str) -> str:
    """Say what the best mix costs the public purse beyond the baseline."""
    words, row = comparison.words, comparison.row(best, COST)
    if not np.isfinite(row["delta"]):
        return words.say("answer_cost_unmeasured")
    delta, lower, upper = (YEAR * row[end] for end in ("delta", "delta_lower", "delta_upper"))
    key = "answer_cost_more" if delta >= 0 else "answer_cost_less"
    if contains_zero(row) and np.isfinite(lower):
        key = "answer_cost_unsure"
    if delta < 0 and key == "answer_cost_less":
        delta, lower, upper = -delta, -upper, -lower
    return words.say(
        key,
        mix=comparison.title(best),
        baseline=comparison.title(comparison.baseline),
        yuan=words.number(abs(delta), "yuan"),
        change=words.change(delta, "yuan"),
        interval=_span(words, lower, upper, "yuan"),
        whole=words.number(YEAR * row["mean"], "yuan"),
    )


def _sure(comparison: Comparison, best: str) -> str:
    """Say how sure the order is: against the next best mix, and which differences may be nothing."""
    words = comparison.words
    if comparison.single:
        return words.say("answer_unsure_single")
    unsure = [mix for mix in comparison.others if contains_zero(comparison.row(mix, CARE_MET))]
    n = len(comparison.others)
    if not unsure:
        zeros = words.say("answer_no_zeros" if n > 1 else "answer_no_zero_one", n=n)
    else:
        names = words.listed([comparison.title(mix) for mix in unsure])
        key = "answer_zeros" if len(unsure) < n else "answer_zeros_all" if n > 1 else "answer_zeros_all_one"
        zeros = words.say(key, k=len(unsure), n=n, mixes=names)
    return _against_next(comparison, best) + zeros


def _against_next(comparison: Comparison, best: str) -> str:
    """Compare the best mix with the next best one, replication by replication."""
    words = comparison.words
    known = {mix: more for mix, more in _beyond(comparison).items() if mix != best}
    if not known:
        return ""
    following = max(known, key=lambda mix: known[mix])
    gains = comparison.differences(best, following, CARE_MET)
    if len(gains) < 2:
        return ""
    mean, lower, upper = t_interval(gains)
    return words.say(
        "answer_next_unsure" if not (lower > 0.0 or upper < 0.0) else "answer_next",
        mix=comparison.title(best),
        other=comparison.title(following),
        wins=int((gains > 0).sum()),
        n=len(gains),
        more=_ends(words, mean, lower, upper, "share"),
    )


def _ends(words: Words, value: float, lower: float, upper: float, unit: str) -> str:
    """Return a difference of shares in points, with its interval if it has one."""
    if not np.isfinite(lower):
        return words.say("points_only", points=words.change(value, unit).lstrip("+"))
    decimals = decimals_of(lower, upper, unit)
    return words.say(
        "points_interval",
        points=words.change(value, unit, decimals).lstrip("+"),
        lower=words.change(lower, unit, decimals).lstrip("+"),
        upper=words.change(upper, unit, decimals).lstrip("+"),
    )


def _span(words: Words, lower: float, upper: float, unit: str) -> str:
    if not np.isfinite(lower):
        return words.say("no_interval")
    return words.say(
        "span", lower=words.change(lower, unit).lstrip("+"), upper=words.change(upper, unit).lstrip("+")
    )
