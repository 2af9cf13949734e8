"""Inheritance of coins: what members of the time bank leave goes to their family in part."""

from __future__ import annotations

from caresim.agents.instrument import Instrument, Levers, Move, lever


class TimeBankInheritance(Levers):
    """Who receives the coins of the dead."""

    inheritable: bool = lever(
        True, unit="yes or no", off=False, low=None,
        meaning="Whether coins of the dead can be inherited by the spouse, else by the eldest child.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    part: float = lever(
        0.6, unit="share", high=1.0, meaning="Part of a dead person's coins that the heir receives.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


INSTRUMENT = Instrument(
    name="time_bank_inheritance",
    meaning="Part of the coins of the dead goes to the spouse or the eldest child, the rest to the time bank's pool.",
    parameters=TimeBankInheritance,
    sets="inheritance",
    moves=Move("time_bank_lost_at_death", -1, {"inheritable": True, "part": 1.0}, months=24),
)
