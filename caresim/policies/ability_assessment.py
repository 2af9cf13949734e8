"""Ability assessment: offices recognise one another's assessments, and a second look finds errors of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever
from caresim.agents.money import FEN
from caresim.agents.priority import elders_reached
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World


class AbilityAssessment(Levers):
    """How far offices recognise one another's assessments and look twice, and what that does and costs."""

    mutual_recognition: float = lever(
        0.0, unit="share", high=1.0,
        meaning="Share of elders whose assessment by one office is good for all others.",
        source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip
    checked: float = lever(
        0.0, unit="share", high=1.0,
        meaning="Share of assessments that a second assessor checks, so that money goes to those for whom it is meant.",
        source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip
    months: float = parameter(
        1.0, unit="months", limits=(0.0, 24.0), low=0.0, high=2.0,
        meaning="Months by which their wait is shorter.", source="judgement", evidence="judgement",
    )  # fmt: skip
    found: float = parameter(
        0.7, unit="share", low=0.4, high=0.9,
        meaning="Share of the errors that a second assessor finds and puts right.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        0.5, unit="yuan per elder-month", limits=(0.0, 1000.0), low=0.1, high=2.0,
        meaning="Cost if all assessments are recognised: training, a common register.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    cost_check: float = parameter(
        1.0, unit="yuan per elder-month", limits=(0.0, 1000.0), low=0.3, high=3.0,
        meaning="Cost if all assessments are checked by a second assessor.", source="judgement", evidence="judgement",
    )  # fmt: skip


def spend(world: World, levers: AbilityAssessment, instrument: Instrument) -> None:
    """Pay the offices for every elder in their common register."""
    each = int(FEN * levers.cost * levers.mutual_recognition) + int(FEN * levers.cost_check * levers.checked)
    if each:
        world.claims.programme(instrument, each * elders_reached(world, levers), entitlement=True)


INSTRUMENT = Instrument(
    name="ability_assessment",
    meaning="Offices recognise one another's assessments of ability, so that elders wait less, and check them.",
    parameters=AbilityAssessment,
    effects=(
        Effect("assessment.sooner", "adds", lambda levers: levers.months * levers.mutual_recognition),
        Effect("assessment.error", "scales", lambda levers: 1.0 - levers.found * levers.checked),
    ),
    slot="entitlement",
    act=spend,
    funder="local",
    moves=Move("misassessed_share", -1, {"mutual_recognition": 1.0}),
)
