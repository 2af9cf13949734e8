"""Price cap: no home may ask more than a sum a month."""

from __future__ import annotations

from caresim.agents.home_rules import NO_CAP
from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever


class PriceCap(Levers):
    """Highest price of a place in a home."""

    cap: float = lever(
        0.0, unit="yuan per month", limits=(0.0, NO_CAP), high=3000.0,
        meaning="Most that a home may ask of a resident; 0 is no cap.", source="judgement", evidence="judgement",
    )  # fmt: skip


INSTRUMENT = Instrument(
    name="price_cap",
    meaning="Care homes may ask no more than a fixed sum a month.",
    parameters=PriceCap,
    effects=(Effect("homes.price_most", "caps", lambda levers: levers.cap if levers.cap > 0.0 else NO_CAP),),
    funder="local",
    moves=Move("home_fee", -1, {"cap": 800.0}, months=1),
)
