"""Siting: new homes are put where elders lack beds, so that institutions follow the elderly."""

from __future__ import annotations

from caresim.agents.instrument import Effect, Instrument, Move, lever
from caresim.kernel.parameters import Parameters


class Siting(Parameters):
    """Where homes are founded; it holds for the whole county."""

    near: float = lever(
        0.0, unit="share", limits=(0.0, 1.0), high=1.0,
        meaning="Share of homes, beside public ones, that are founded in the township with the most elders a bed "
        "instead of at the county seat.", source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip


INSTRUMENT = Instrument(
    name="siting",
    meaning="Care homes are founded where elders live rather than at the county seat.",
    parameters=Siting,
    effects=(Effect("homes.near", "adds", lambda levers: levers.near),),
    funder="local",
    moves=Move("homes_in_townships", +1, {"near": 1.0}, months=1),
)
