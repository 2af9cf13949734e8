"""What every caption says: how many runs, how they are paired, which interval, which months."""

from __future__ import annotations

from typing import Literal

from caresim.report.comparison import Comparison

Interval = Literal["paired", "t", "band", "losses", "none"]


def horizon(comparison: Comparison) -> str:
    """Return the first and the last month of a run in words."""
    months = comparison.run.monthly["month"]
    first, last, n = months.min(), months.max(), months.nunique()
    if n == 1:
        return comparison.words.say("one_month", month=first)
    return comparison.words.say("horizon", first=first, last=last, n=n)


def runs(comparison: Comparison) -> str:
    """Return how many mixes and replications a run has, and how they are paired."""
    say, n, mixes = comparison.words.say, comparison.replications, len(comparison.mixes)
    planned = len(comparison.run.manifest["mixes"])
    if planned == 1:
        said = say("runs_one_mix", n=n) if n > 1 else say("runs_one")
    else:
        said = say("runs", mixes=planned, n=n) if n > 1 else say("runs_single", mixes=planned)
    if comparison.lacking:
        said += say("runs_lacking", lacking=comparison.lacking)
    if mixes == 1:
        return said
    return said + say("stop") + say("pairing", baseline=comparison.title(comparison.baseline))


def basis(comparison: Comparison, interval: Interval | None) -> str:
    """Return the sentences that end a caption; without an interval where the caption has told of it before."""
    say = comparison.words.say
    unpaired = interval == "paired" and len(comparison.mixes) == 1
    kind = "single" if comparison.single else "none" if unpaired else interval
    told = [say(f"interval_{kind}")] if interval else []
    parts = [runs(comparison), *told, horizon(comparison)]
    return "".join(part + say("stop") for part in parts).strip()
