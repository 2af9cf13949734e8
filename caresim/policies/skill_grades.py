"""Skill grades: care workers are evaluated and compete, rise to higher grades, and are paid more in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Move, lever
from caresim.agents.money import FEN
from caresim.agents.workforce import CARE_WORKERS, MIDDLE, PER, SENIOR, hour_price
from caresim.kernel.parameters import Parameters, parameter

if TYPE_CHECKING:
    from caresim.agents.world import World

MONTHS = 12


class SkillGrades(Parameters):
    """How many rise a grade, what they are paid more, and what that costs; it holds for the whole territory."""

    evaluated: float = lever(
        0.0, unit="workers per 10,000 elders and year", limits=(0.0, 10_000.0), high=6.0,
        meaning="Certified care workers whose skill is evaluated each year and who rise a grade.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    winners: float = lever(
        0.0, unit="workers per 10,000 elders and year", limits=(0.0, 10_000.0), high=1.0,
        meaning="Winners of skill competitions each year, who rise from the middle to the senior grade.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    premium_middle: float = lever(
        0.0, unit="share", limits=(0.0, 2.0), high=0.2,
        meaning="Extra pay of the middle grade, relative to the price of its hours.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    premium_senior: float = lever(
        0.0, unit="share", limits=(0.0, 2.0), high=0.5,
        meaning="Extra pay of the senior grade, relative to the price of its hours.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    cost_evaluation: float = parameter(
        800.0, unit="yuan per worker", limits=(0.0, 1e5), low=300.0, high=2000.0,
        meaning="Cost of evaluating a worker's skill, the course before it included.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    cost_winner: float = parameter(
        5000.0, unit="yuan per worker", limits=(0.0, 1e6), low=2000.0, high=20_000.0,
        meaning="Cost of a competition for each winner, the prize included.", source="judgement",
        evidence="judgement",
    )  # fmt: skip


def spend(world: World, levers: SkillGrades, instrument: Instrument) -> None:
    """Pay a month's part of evaluations and competitions, and the extra pay of the grades."""
    force, elders = world.workforce, len(world.elders)
    yearly = levers.cost_evaluation * levers.evaluated + levers.cost_winner * levers.winners
    fen = int(FEN * yearly * elders / PER / MONTHS)
    extra = levers.premium_middle * force.skilled[MIDDLE] + levers.premium_senior * force.skilled[SENIOR]
    fen += int(extra * hour_price(world) * world.parameters["workforce"].hours)
    if fen:
        world.claims.programme(instrument, fen, entitlement=True, payee=CARE_WORKERS)


INSTRUMENT = Instrument(
    name="skill_grades",
    meaning="The skill of care workers is evaluated, they compete, and higher grades are paid more.",
    parameters=SkillGrades,
    effects=(
        Effect("workforce.evaluated", "adds", lambda levers: levers.evaluated),
        Effect("workforce.winners", "adds", lambda levers: levers.winners),
        Effect("workforce.premium_middle", "adds", lambda levers: levers.premium_middle),
        Effect("workforce.premium_senior", "adds", lambda levers: levers.premium_senior),
    ),
    slot="entitlement",
    act=spend,
    funder="local",
    moves=Move("skilled_carers", +1, {"evaluated": 6.0}),
)
