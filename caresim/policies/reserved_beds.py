"""Reserved beds: homes built by the public keep part of their beds for those whom the state has to look after."""

from __future__ import annotations

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever


class ReservedBeds(Levers):
    """Share of beds kept for basic targets."""

    share: float = lever(
        0.0, unit="share", limits=(0.0, 1.0), high=0.3,
        meaning="Share of beds in public homes, and in public-built and privately run ones, kept for the destitute and "
        "for the poor in states 2-3; Beijing asks for at least .2.", source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip


INSTRUMENT = Instrument(
    name="reserved_beds",
    meaning="Homes built by the public keep beds for the destitute and for poor elders who need personal care.",
    parameters=ReservedBeds,
    effects=(Effect("homes.reserved_share", "adds", lambda levers: levers.share),),
    funder="local",
    moves=Move("reserved_bed_share", +1, {"share": 0.5}, months=1),
)
