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


def spend(world: World, levers: MedicalCare, instrument: Instrument) -> None:
    """Pay hospitals and health centres for every elder whom they serve together."""
    fen = int(FEN * levers.cost * levers.level) * elders_reached(world, levers)
    world.claims.programme(instrument, fen, entitlement=True, payee="hospitals")


INSTRUMENT = Instrument(
    name="medical_care",
    meaning="Hospital, township health centre and stations work together, and doctors come to elders at home.",
    parameters=MedicalCare,
    effects=(
        Effect(
            "functional_decline.severe_scale", "scales", lambda levers: 1.0 - levers.severe * levers.level
        ),
        Effect("hospital.admission_scale", "scales", lambda levers: 1.0 - levers.admissions * levers.level),
        Effect("medical_contact.on_site", "adds", lambda levers: levers.on_site * levers.level),
    ),
    slot="entitlement",
    act=spend,
    funder="local",
    moves=Move("medical_missed_share", -1, {"level": 1.0}),
)
