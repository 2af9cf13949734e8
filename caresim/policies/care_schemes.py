"""Care schemes: after the assessment offices draw up which services an elder should have, and apply for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever
from caresim.agents.money import FEN
from caresim.agents.schemes import office_schemes
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World


class CareSchemes(Levers):
    """For how many elders offices draw up a scheme, and what that costs."""

    share: float = lever(
        0.0, unit="share", high=1.0,
        meaning="Share of elders assessed as limited for whom a scheme is drawn up.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        10.0, unit="yuan per scheme-month", limits=(0.0, 1000.0), low=5.0, high=30.0,
        meaning="Cost of drawing up a scheme and keeping it up to date.", source="judgement", evidence="judgement",
    )  # fmt: skip


def spend(world: World, levers: CareSchemes, instrument: Instrument) -> None:
    """Claim the month's cost of the schemes."""
    if levers.share > 0.0:
        fen = int(FEN * levers.cost) * office_schemes(world)
        world.claims.programme(instrument, fen, entitlement=True)


INSTRUMENT = Instrument(
    name="care_schemes",
    meaning="After the assessment offices draw up which services an elder should have, and apply for what is due.",
    parameters=CareSchemes,
    effects=(Effect("care_schemes.share", "adds", lambda levers: levers.share),),
    slot="entitlement",
    act=spend,
    funder="local",
    moves=Move("scheme_share", +1, {"share": 1.0}),
)
