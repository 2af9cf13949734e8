"""Meal aid: elders pay less for meals that are brought, and kitchens are paid to bring them farther."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Due, Effect, Instrument, Levers, Move, lever
from caresim.agents.money import FEN
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.situations import Situations
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


def meals(levers: MealAid, elder: Situations) -> np.ndarray:
    """Return the public part, in fen, of the meals of disabled elders, the oldest who live alone, and those linked."""
    oldest = elder.alone & (elder.age >= OLDEST_OLD_FROM)
    entitled = (elder.assessed >= MODERATE) | oldest | elder.linked
    return np.where(entitled & ~elder.in_home, int(FEN * (levers.subsidy + levers.kitchen)) * levers.meals, 0)


def near(world: World, levers: MealAid) -> np.ndarray:
    """Return the villages that kitchens reach; better paid ones bring meals farther."""
    found: np.ndarray = world.territory.distance <= levers.reach + levers.farther * levers.kitchen
    return found


INSTRUMENT = Instrument(
    name="meal_aid",
    meaning="Disabled elders and the oldest who live alone are brought meals for less; kitchens are paid, too.",
    parameters=MealAid,
    effects=(
        Effect("meals.subsidy", "adds", lambda levers: levers.subsidy),
        Effect("meals.kitchen", "adds", lambda levers: levers.kitchen),
    ),
    dues=(Due(meals, kind="service", where=near),),
    funder="local",
    moves=Move("hours_meals", +1, {"subsidy": 3.0, "kitchen": 1.0}),
)
