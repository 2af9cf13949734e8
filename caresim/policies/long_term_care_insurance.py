"""Long-term care insurance: hours of care workers a month, and cash, from an assessed state on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Due, Effect, Instrument, Levers, Move, lever
from caresim.agents.money import FEN
from caresim.agents.workforce import HOUR, hour_price

if TYPE_CHECKING:
    from caresim.agents.situations import Situations
    from caresim.agents.world import World


class LongTermCareInsurance(Levers):
    """What the insurance grants to insured elders who live at home."""

    hours: float = lever(
        0.0, unit="hours per month", limits=(0.0, 300.0), high=20.0,
        meaning="Hours of care at home a month; Shijingshan grants 12, more is a judgement.",
        source="shijingshan_ltci", evidence="judgement",
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


def entitled(levers: LongTermCareInsurance, elder: Situations) -> np.ndarray:
    """Return who is entitled: everybody of the state who lives at home and takes it up."""
    return (elder.assessed >= levers.from_state) & ~elder.in_home


def hours(world: World, levers: LongTermCareInsurance) -> int:
    """Return the fen that the hours cost, at today's price of an hour."""
    return -(-int(HOUR * levers.hours) * hour_price(world) // HOUR)


def cash(levers: LongTermCareInsurance, elder: Situations) -> np.ndarray:
    """Return the fen of cash due to everybody entitled."""
    return int(FEN * levers.cash) * entitled(levers, elder)


INSTRUMENT = Instrument(
    name="long_term_care_insurance",
    meaning="Insured elders who are assessed as disabled get hours of care workers and cash each month.",
    parameters=LongTermCareInsurance,
    effects=(Effect("entitled_care.first", "adds", lambda levers: float(levers.formal_first)),),
    dues=(Due(entitled, kind="service", unit=hours, entitlement=True), Due(cash, entitlement=True)),
    funder="insurance",
    moves=Move("hours_formal", +1, {"hours": 20.0, "from_state": 2}),
)
