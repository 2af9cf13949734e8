"""Free entry: private homes may be founded wherever they pay, beyond the bed target."""

from __future__ import annotations

from caresim.agents.instrument import Effect, Instrument, Move, lever
from caresim.kernel.parameters import Parameters


class FreeEntry(Parameters):
    """Whether the market for care homes is free; it holds for the whole county."""

    on: int = lever(
        0, unit="0/1", off=0, limits=(0, 1), high=1,
        meaning="1: no ceiling on private homes; 0: none beyond the bed target.", source="ministry_roundtable",
        evidence="judgement",
    )  # fmt: skip


INSTRUMENT = Instrument(
    name="free_entry",
    meaning="Whoever expects a profit may found a care home, whatever the bed target.",
    parameters=FreeEntry,
    effects=(Effect("homes.free_entry", "adds", lambda levers: float(levers.on)),),
    funder="local",
    moves=Move("beds", +1, {"on": 1}, months=24),
)
