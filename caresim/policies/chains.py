"""Chains: government invites a chain brand, which founds homes and takes others over."""

from __future__ import annotations

from caresim.agents.instrument import Effect, Instrument, Move, lever
from caresim.kernel.parameters import Parameters


class Chains(Parameters):
    """How much of the private supply a chain is to run; it holds for the whole county."""

    share: float = lever(
        0.0, unit="share", high=0.6, meaning="Share of private homes that the chain founds or takes over.",
        source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip


INSTRUMENT = Instrument(
    name="chains",
    meaning="A chain brand runs part of the private homes, with experience, shared costs and money for hard months.",
    parameters=Chains,
    effects=(Effect("homes.chain_share", "adds", lambda levers: levers.share),),
    funder="local",
    moves=Move("homes_in_chain", +1, {"share": 1.0}, months=1),
)
