"""Carer respite: government buys hours of care workers, so that families of the severely disabled can rest."""

from __future__ import annotations

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever


class CarerRespite(Levers):
    """Hours of relief."""

    hours: float = lever(
        0.0, unit="hours per month", limits=(0.0, 200.0), high=8.0,
        meaning="Hours of care bought for an elder in state 3 whom the family cares for.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


INSTRUMENT = Instrument(
    name="carer_respite",
    meaning="Families who care for a severely disabled elder are relieved for some hours each month.",
    parameters=CarerRespite,
    effects=(Effect("respite.hours", "adds", lambda levers: levers.hours),),
    funder="local",
    moves=Move("hours_bought", +1, {"hours": 8.0}),
)
