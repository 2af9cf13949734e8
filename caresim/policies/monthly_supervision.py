"""Monthly supervision: offices and homes report key measures each month, and what lies undone is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever
from caresim.agents.money import FEN
from caresim.agents.priority import elders_reached
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World


class MonthlySupervision(Levers):
    """How closely the month's reports are followed up, and what that does and costs."""

    level: float = lever(
        0.0, unit="share", high=1.0,
        meaning="Share of the reports of offices and homes that somebody follows up each month.",
        source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip
    sooner: float = parameter(
        0.5, unit="months", limits=(0.0, 24.0), low=0.0, high=1.0,
        meaning="Months by which assessments that wait are done sooner, if all reports are followed up.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    learning: float = parameter(
        0.25, unit="share per year", limits=(0.0, 12.0), low=0.0, high=0.5,
        meaning="What homes whose management lacks experience learn in a year besides, if all are followed up.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        0.3, unit="yuan per elder-month", limits=(0.0, 1000.0), low=0.1, high=1.0,
        meaning="Cost of following all reports up.", source="judgement", evidence="judgement",
    )  # fmt: skip


def spend(world: World, levers: MonthlySupervision, instrument: Instrument) -> None:
    """Pay those who read the reports."""
    fen = int(FEN * levers.cost * levers.level * elders_reached(world, levers))
    if fen:
        world.claims.programme(instrument, fen, entitlement=True)


INSTRUMENT = Instrument(
    name="monthly_supervision",
    meaning="Offices and homes report each month; assessments that wait are asked for, homes learn what they lack.",
    parameters=MonthlySupervision,
    effects=(
        Effect("assessment.sooner", "adds", lambda levers: levers.sooner * levers.level),
        Effect("homes.learning", "adds", lambda levers: levers.learning * levers.level),
    ),
    slot="entitlement",
    act=spend,
    funder="local",
    moves=Move("misassessed_share", -1, {"level": 1.0}),
)
