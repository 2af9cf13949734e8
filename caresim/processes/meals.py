"""Meals: a canteen brings meals to disabled elders and to the oldest who live alone, and saves help in the house."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.canteens import MEASURE, canteens
from caresim.agents.care import COMPANY, INSTRUMENTAL, MEAL, MEALS, SAME_HOME, enter
from caresim.agents.money import BOARD, ELDERS, FEN
from caresim.agents.world import Process, World
from caresim.kernel.columns import NOBODY, Column
from caresim.kernel.compiled import compiled
from caresim.kernel.parameters import Parameters, parameter

KITCHENS = "suppliers"
MEALS_NOW = "meals.any"
MOST_MEALS = 255
OF_PURSE = itemgetter("meals", "income", "transfers", "benefits")
TERMS = "meals.terms"
NOT_YET = False, None


class MealRules(Parameters):
    """What a meal costs, meets and takes."""

    price: float = parameter(
        12.0, unit="yuan per meal", limits=(0.0, 1000.0), low=8.0, high=20.0,
        meaning="Cost of a meal that is brought; what the measure does not pay the elder pays.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    subsidy: float = parameter(
        0.0, unit="yuan per meal", limits=(0.0, 1000.0), low=0.0, high=12.0,
        meaning="Part of a meal that the measure `meal_aid` pays for the elder.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    kitchen: float = parameter(
        0.0, unit="yuan per meal", limits=(0.0, 1000.0), low=0.0, high=6.0,
        meaning="Part of a meal that the measure `meal_aid` pays to the kitchen, on top of its price.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    minutes: float = parameter(
        30.0, unit="minutes per meal", limits=(0.0, 300.0), low=15.0, high=45.0,
        meaning="Help in the house that a meal saves.", source="judgement", evidence="judgement",
    )  # fmt: skip
    company: float = parameter(
        2.0, unit="minutes per meal", limits=(0.0, 120.0), low=0.0, high=10.0,
        meaning="Company that comes with a meal.", source="judgement", evidence="judgement",
    )  # fmt: skip
    staff: float = parameter(
        9.0, unit="minutes per meal", limits=(0.0, 300.0), low=5.0, high=15.0,
        meaning="Work of the kitchen and on the way for a meal; a ledger of its own beside the minutes saved.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    share_of_income: float = parameter(
        0.2, unit="share", low=0.1, high=0.4,
        meaning="Most of the month's money that an elder pays for meals.", source="judgement", evidence="judgement",
    )  # fmt: skip

    def own(self) -> int:
        """Return what an elder pays for a meal, in fen."""
        return max(0, int(FEN * self.price) - int(FEN * self.subsidy))


def bring_meals(world: World) -> None:
    """Bring the meals that the measure granted and elders can pay their part of."""
    people, claim = world.people, world.claims.made.get((MEASURE, "service"))
    rules: MealRules = world.parameters["meals"]
    public, staff, terms = world.once(TERMS, rules, lambda: terms_of(rules))
    known = world.memory.get(MEALS_NOW, NOT_YET)[0]
    anybody = claim is not None and public > 0 and claim.total_granted > 0
    world.memory[MEALS_NOW] = (anybody, None)
    if claim is not None:
        world.workforce.turn(world.month).canteens = canteens(world)[1]
    if claim is None or not anybody:
        if known:
            people["meals"][: people.elders_end] = 0
        return
    care, month = world.care, world.workforce.turn(world.month)
    care.make_room(len(care.rows))
    care.n_gifts, meals, minutes, fen = serve_meals(
        world.elders, people.elders_end, *claim.granted_by_number(), *OF_PURSE(people.arrays), *terms, care.gifts,
        care.n_gifts, care.rows, care.left, care.received,
    )  # fmt: skip
    month.meals, month.meal_minutes, month.meal_staff = meals, minutes, meals * staff
    pay = world.money.pay
    pay(MEASURE, claim.instrument.funder, KITCHENS, meals * public)
    pay(BOARD, ELDERS, KITCHENS, fen)


def terms_of(rules: MealRules) -> tuple[int, int, tuple[Any, ...]]:
    """Return the public part of a meal and the work for it, and all that `serve_meals` takes."""
    public = int(FEN * (rules.subsidy + rules.kitchen))
    terms = public, rules.own(), rules.share_of_income, int(rules.minutes), int(rules.company)
    return public, int(rules.staff), terms


@compiled
def serve_meals(elders, n, places, numbers, units, each, meals, income, transfers, benefits, public, own, most_share,
                saved, company, gifts, k, rows, left, received):  # fmt: skip
    """Bring meals to the elders; return the hand-overs, the meals, the minutes met and the fen that elders pay."""
    meals[:n] = 0
    total = met = spent = c = 0
    for place in places:
        j = np.uint32(place)
        granted = units[np.uint32(numbers[j])] * np.int64(each)
        if granted < public:
            continue
        i = np.uint64(elders[j])
        money = max(np.int64(0), np.int64(income[i])) + transfers[i] + benefits[i]
        number = paid_by_both(min(granted // public, MOST_MEALS), np.int64(most_share * money), own)
        if number > 0:
            meals[i] = number
            total += number
            spent += number * own
            while c < len(rows) and rows[c] < elders[j]:  # cases stand in the order of the elders
                c += 1
            if c < len(rows) and rows[c] == elders[j]:
                minutes = hand_over_meals(number, saved, company, c, gifts, k, left, received)
                k += np.int64(minutes > 0)
                met += minutes
    return k, total, met, spent


@compiled
def paid_by_both(number, purse, own):
    """Return how many of the meals granted an elder can pay the own part of."""
    return number if number * own <= purse or own == 0 else purse // own


@compiled
def hand_over_meals(number, saved, company, case, gifts, k, left, received):
    """Take off a case's need what meals save and bring, in place; return the minutes met."""
    house = min(number * saved, np.int64(left[case, INSTRUMENTAL]))
    talk = min(number * company, np.int64(left[case, COMPANY]))
    if house + talk > 0:
        left[case, INSTRUMENTAL] -= house
        left[case, COMPANY] -= talk
        received[case, MEALS] += house + talk
        enter(gifts, k, NOBODY, case, MEAL, SAME_HOME, 0, house, talk)
    return house + talk


PROCESS = Process(
    name="meals",
    run=bring_meals,
    reads=("need", "income", "transfers", "benefits"),
    writes=("meals",),
    meaning="Kitchens bring meals to disabled elders and to the oldest who live alone.",
    parameters=MealRules,
    columns=(
        Column(
            "meals",
            np.uint8,
            0,
            "meals per month",
            "Meals that are brought to the elder this month.",
            "meals",
            elder=True,
        ),
    ),
)
