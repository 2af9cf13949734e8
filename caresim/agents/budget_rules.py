"""The rules of the budget, which the measure `budget` writes and the process `benefits` follows."""

from __future__ import annotations

from caresim.agents.instrument import lever
from caresim.kernel.parameters import Parameters


class Budget(Parameters):
    """The ceiling, whether it may lie below what people are entitled to, and whether it is settled by the year."""

    ceiling: float = lever(
        0.0, unit="yuan per elder-month", limits=(0.0, 1e6), high=1000.0,
        meaning="Most that may be spent a month for each resident elder, statutory entitlements included; 0 is "
        "without a ceiling.", source="judgement", evidence="judgement",
    )  # fmt: skip
    allow_deficit: bool = lever(
        False, unit="yes or no", low=None, off=False,
        meaning="Whether a ceiling may lie below the entitlements from its first month on; the deficit is told, and "
        "nothing else is paid.", source="judgement", evidence="judgement",
    )  # fmt: skip
    dementia: float = lever(
        0.0, unit="points", limits=(0.0, 10.0), high=2.0,
        meaning="Points of priority of elders with dementia under the ceiling, in halves; severe disability has two.",
        source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip
    childless: float = lever(
        0.0, unit="points", limits=(0.0, 10.0), high=2.0,
        meaning="Points of priority of elders without a living child, those who lost their only one among them.",
        source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip
    yearly: bool = lever(
        False, unit="yes or no", low=None, off=False,
        meaning="Whether a year's ceilings are one sum, fixed in January (or in the first month, for the months until "
        "December), on which its months draw until it has run out.", source="judgement", evidence="judgement",
    )  # fmt: skip
    carry_over: float = lever(
        0.0, unit="share", limits=(0.0, 1.0), high=1.0,
        meaning="Share of what a year's budget leaves that is kept for the next year; the rest is returned.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
