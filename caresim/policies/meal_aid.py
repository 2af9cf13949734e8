"""Meal aid: elders pay less for meals that are brought, and kitchens are paid to bring them farther."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.care import ALONE
from caresim.agents.instrument import Effect, Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.agents.people import INSTITUTION, age_in_years
from caresim.agents.schemes import MEALS, links
from caresim.kernel.compiled import compiled
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World

MODERATE, OLDEST_OLD_FROM = 2, 80


class MealAid(Levers):
    """What is paid for a meal to elder and kitchen, and where kitchens reach."""

    subsidy: float = lever(
        0.0, unit="yuan per meal", limits=(0.0, 1000.0), high=3.0,
        meaning="What the elder pays less for a meal.", source="meal_subsidies", evidence="judgement",
    )  # fmt: skip
    kitchen: float = lever(
        0.0, unit="yuan per meal", limits=(0.0, 1000.0), high=3.0,
        meaning="What the kitchen is paid for a meal, so that it brings meals farther.",
        source="meal_subsidies", evidence="judgement",
    )  # fmt: skip
    meals: int = lever(
        22, unit="meals per month", limits=(0, 93), high=44.0, off=22,
        meaning="Meals a month for which the measure pays.", source="judgement", evidence="judgement",
    )  # fmt: skip
    reach: float = parameter(
        8.0, unit="km", limits=(0.0, 500.0), low=4.0, high=15.0,
        meaning="Distance from the township's centre up to which kitchens bring meals.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    farther: float = parameter(
        3.0, unit="km per yuan", limits=(0.0, 100.0), low=1.0, high=6.0,
        meaning="How much farther kitchens go for each yuan that they are paid for a meal.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def claim(world: World, levers: MealAid, instrument: Instrument) -> None:
    """Claim the public part of the meals of disabled elders, the oldest who live alone, and those linked with meals."""
    each = int(FEN * (levers.subsidy + levers.kitchen))
    if each * levers.meals == 0:
        return
    near = world.territory.distance <= levers.reach + levers.farther * levers.kitchen
    where = active(levers, world.territory, world.draws) & near
    columns = (
        world.people[name] for name in ("born", "assessed", "arrangement", "takes_up", "place", "village")
    )
    world.claims.service(
        instrument,
        costs(
            world.elders,
            world.claims.applicants(world),
            *columns,
            links(world),
            world.month,
            each * levers.meals,
            where,
        ),
    )


@compiled
def costs(
    elders, applicants, born, assessed, arrangement, takes_up, place, village, linked, month, sum_each, where
):
    """Return the fen that are claimed for each resident elder."""
    fen = np.zeros(len(elders), dtype=np.int64)
    for j in applicants:
        i = elders[j]
        oldest = arrangement[i] & ALONE != 0 and age_in_years(month, born[i]) >= OLDEST_OLD_FROM
        if (
            (assessed[i] >= MODERATE or oldest or linked[i] & MEALS)
            and takes_up[i]
            and place[i] != INSTITUTION
            and where[village[i]]
        ):
            fen[j] = sum_each
    return fen


INSTRUMENT = Instrument(
    name="meal_aid",
    meaning="Disabled elders and the oldest who live alone are brought meals for less; kitchens are paid, too.",
    parameters=MealAid,
    effects=(
        Effect("meals.subsidy", "adds", lambda levers: levers.subsidy),
        Effect("meals.kitchen", "adds", lambda levers: levers.kitchen),
    ),
    slot="benefit",
    act=claim,
    funder="local",
    moves=Move("hours_meals", +1, {"subsidy": 3.0, "kitchen": 1.0}),
)
