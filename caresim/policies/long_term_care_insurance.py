"""Long-term care insurance: hours of care workers a month, and cash, from an assessed state on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Effect, Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.agents.people import INSTITUTION
from caresim.agents.workforce import HOUR, hour_price
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.world import World


class LongTermCareInsurance(Levers):
    """What the insurance grants to insured elders who live at home."""

    hours: float = lever(
        0.0, unit="hours per month", limits=(0.0, 300.0), high=20.0,
        meaning="Hours of care at home a month; Shijingshan grants 12, Nanjing 30 to 54.",
        source="shijingshan_ltci", evidence="verified",
    )  # fmt: skip
    cash: float = lever(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), high=1044.0,
        meaning="Cash a month beside the hours; Shijingshan pays 1,044 yuan.", source="shijingshan_ltci",
        evidence="verified",
    )  # fmt: skip
    from_state: int = lever(
        3, unit="state", limits=(2, 3), low=2.0, high=3.0, off=3,
        meaning="Assessed disability state from which on it grants anything.", source="shijingshan_ltci",
        evidence="verified",
    )  # fmt: skip
    formal_first: bool = lever(
        False, unit="yes or no", low=None, off=False,
        meaning="Whether workers come before the family cares; otherwise they do what the family leaves.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def claim(world: World, levers: LongTermCareInsurance, instrument: Instrument) -> None:
    """Claim the cost of the hours, at today's price of an hour, and the cash of everybody entitled."""
    minutes, price = int(HOUR * levers.hours), hour_price(world)
    where = active(levers, world.territory, world.draws)
    columns = tuple(world.people[name] for name in ("assessed", "takes_up", "place", "village"))
    for due, claim_it in (
        (-(-minutes * price // HOUR), world.claims.service),
        (int(FEN * levers.cash), world.claims.cash),
    ):
        if due:
            claim_it(
                instrument,
                benefits(
                    world.elders, world.claims.applicants(world), *columns, levers.from_state, due, where
                ),
                entitlement=True,
            )


@compiled
def benefits(elders, applicants, assessed, takes_up, place, village, from_state, fen_each, where):
    """Return the fen that each resident elder claims."""
    fen = np.zeros(len(elders), dtype=np.int64)
    for j in applicants:
        i = elders[j]
        if assessed[i] >= from_state and takes_up[i] and place[i] != INSTITUTION and where[village[i]]:
            fen[j] = fen_each
    return fen


INSTRUMENT = Instrument(
    name="long_term_care_insurance",
    meaning="Insured elders who are assessed as disabled get hours of care workers and cash each month.",
    parameters=LongTermCareInsurance,
    effects=(Effect("entitled_care.first", "adds", lambda levers: float(levers.formal_first)),),
    slot="entitlement",
    act=claim,
    funder="insurance",
    moves=Move("hours_formal", +1, {"hours": 20.0, "from_state": 2}),
)
