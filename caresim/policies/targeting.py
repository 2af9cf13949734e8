"""Targeting: whether the service subsidy is for the poor only, or for everybody of the same ability and age."""

from __future__ import annotations

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever


class Targeting(Levers):
    """Who is entitled to the service subsidy."""

    universal: float = lever(
        0.0, unit="share", high=1.0,
        meaning="Share of elders above the local minimum who are entitled as the poor are; 1 is without means test.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


INSTRUMENT = Instrument(
    name="targeting",
    meaning="The service subsidy is paid without a means test.",
    parameters=Targeting,
    effects=(Effect("benefits.universal", "adds", lambda levers: levers.universal),),
    funder="local",
    moves=Move("subsidised_share", +1, {"universal": 1.0}),
)
