"""Mutual-aid pairs: elders without a child in the home are encouraged to look after one another in twos."""

from __future__ import annotations

from caresim.agents.instrument import Instrument, Levers, Move, lever


class MutualAidPairs(Levers):
    """How far pairs are encouraged."""

    pair_share: float = lever(
        0.02, unit="share", high=0.2,
        meaning="Share of able elders without a child in the home, in a village of middling trust, who are willing "
        "to form a mutual-aid pair.", source="judgement", evidence="judgement",
    )  # fmt: skip


INSTRUMENT = Instrument(
    name="mutual_aid_pairs",
    meaning="Elders without a child in the home are encouraged to look after one another in pairs.",
    parameters=MutualAidPairs,
    sets="mutual_aid",
    rolls="pair_rollout",
    moves=Move("mutual_aid_pairs", +1, {"pair_share": 0.2}),
)
