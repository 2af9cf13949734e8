"""Medical care joined with elder care: hospital, health centre and stations work together, doctors come home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever
from caresim.agents.money import FEN
from caresim.agents.priority import elders_reached
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World


class MedicalCare(Levers):
    """How far medical care is joined with elder care, what that does and what it costs."""

    level: float = lever(
        0.2, unit="share", high=1.0, limits=(0.0, 1.0),
        meaning="How far stations and homes of elders are linked with a hospital and a township health centre.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    incentive: float = lever(
        0.0, unit="share", high=1.0,
        meaning="How far staff are paid by what they do for elders, which makes up for a lack of motivation.",
        source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip
    motivation: float = parameter(
        1.0, unit="share", limits=(0.0, 1.0), low=0.5, high=1.0,
        meaning="Part of the link that staff live up to without an incentive; they are said not to be very motivated.",
        source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip
    severe: float = parameter(
        0.05, unit="share", low=0.0, high=0.1,
        meaning="By how much the full link lowers the hazard of going from state 2 to 3.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    admissions: float = parameter(
        0.1, unit="share", low=0.0, high=0.2,
        meaning="By how much the full link lowers admissions to hospital.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    on_site: float = parameter(
        0.5, unit="share", low=0.2, high=0.8,
        meaning="Share of the contacts lost by distance or for want of company that the full link makes up.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        4.0, unit="yuan per elder-month", limits=(0.0, 1000.0), low=2.0, high=12.0,
        meaning="Cost of the full link.", source="judgement", evidence="judgement",
    )  # fmt: skip
    cost_incentive: float = parameter(
        1.0, unit="yuan per elder-month", limits=(0.0, 1000.0), low=0.3, high=4.0,
        meaning="Cost of the full incentive in the full link.", source="judgement", evidence="judgement",
    )  # fmt: skip

    def lived(self) -> float:
        """Return how much of the full link is lived: what is agreed on, as far as staff care to do it."""
        return self.level * (self.motivation + (1.0 - self.motivation) * self.incentive)


def spend(world: World, levers: MedicalCare, instrument: Instrument) -> None:
    """Pay hospitals and health centres for every elder whom they serve together."""
    full = levers.cost + levers.cost_incentive * levers.incentive
    fen = int(FEN * full * levers.level) * elders_reached(world, levers)
    world.claims.programme(instrument, fen, entitlement=True, payee="hospitals")


INSTRUMENT = Instrument(
    name="medical_care",
    meaning="Hospital, township health centre and stations work together, and doctors come to elders at home.",
    parameters=MedicalCare,
    effects=(
        Effect(
            "functional_decline.severe_scale", "scales", lambda levers: 1.0 - levers.severe * levers.lived()
        ),
        Effect("hospital.admission_scale", "scales", lambda levers: 1.0 - levers.admissions * levers.lived()),
        Effect("medical_contact.on_site", "adds", lambda levers: levers.on_site * levers.lived()),
    ),
    slot="entitlement",
    act=spend,
    funder="local",
    moves=Move("medical_missed_share", -1, {"level": 1.0}),
)
