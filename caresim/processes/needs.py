"""Needs: every elder's need of personal care, help in the house and company opens the month's book of care."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.care import ALONE, COLUMNS, COMPANY, INSTRUMENTAL, PERSONAL
from caresim.agents.care_order import USUAL, Order, check_order
from caresim.agents.lasting_need import FACTOR, LEAST, SPREAD, SUPERVISION
from caresim.agents.people import INSTITUTION
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import Draws, uniform
from caresim.kernel.parameters import Parameters, limit, parameter

OF_PEOPLE = itemgetter("need", "disability", "dementia", "arrangement", "place", "key", "given")


class Needs(Parameters):
    """Hours of care that elders need a month, and the order in which the sources of care are asked."""

    personal: tuple[float, float, float, float] = parameter(
        (0.0, 0.0, 35.0, 130.0), unit="hours per month", limits=(0.0, 300.0),
        meaning="Personal care (washing, dressing, eating, getting about) needed in disability states 0-3.",
        source="recalled_care_hours", evidence="recalled",
    )  # fmt: skip
    instrumental: tuple[float, float, float, float] = parameter(
        (0.0, 35.0, 52.0, 65.0), unit="hours per month", limits=(0.0, 200.0),
        meaning="Help in the house (cooking, cleaning, errands) needed in disability states 0-3.",
        source="recalled_care_hours", evidence="recalled",
    )  # fmt: skip
    supervision: float = parameter(
        87.0, unit="hours per month", limits=(0.0, 200.0), low=43.0, high=152.0,
        meaning="Further personal care that moderate or worse dementia needs.",
        source="recalled_care_hours", evidence="recalled",
    )  # fmt: skip
    supervised_share: float = parameter(
        0.6, unit="share", low=0.4, high=0.8,
        meaning="Share of people with dementia whose dementia is moderate or worse.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    company: float = parameter(
        8.0, unit="hours per month", limits=(0.0, 60.0), low=4.0, high=16.0,
        meaning="Company needed by an elder who lives alone.", source="judgement", evidence="judgement",
    )  # fmt: skip
    busy_hours: float = parameter(
        40.0, unit="hours per month", limits=(0.0, 300.0), low=20.0, high=80.0,
        meaning="Who has given so much care in a month neither helps neighbours nor volunteers.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    hour_price: float = parameter(
        30.0, unit="yuan per hour", limits=(0.0, 1000.0), low=15.0, high=80.0,
        meaning="Price of a bought hour of care, in constant yuan of 2020: a choice within the 20-80 of Jiashan's "
        "insurance and the 15-35 recalled of a rural county's market.", source="jiashan_ltci", evidence="judgement",
    )  # fmt: skip
    order: Order = parameter(
        USUAL, unit="order", role="lever",
        meaning="The order in which the sources of care are asked; each is asked once a month.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    order_rollout: float = parameter(
        1.0, unit="share", low=0.0, high=1.0, role="lever",
        meaning="Share of townships whose elders' sources are asked in that order; elsewhere in the usual one.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    @limit("order", "order_rollout")
    def _possible(self) -> Needs:
        check_order(self.order, self.order_rollout)
        return self


def open_book(world: World) -> None:
    """Note what every resident elder needs this month; nobody has given anything yet."""
    people, parameters = world.people, world.parameters["needs"]
    rules = world.once("needs.rules", parameters, lambda: rules_of(parameters, world.draws))
    elders = world.elders
    cases, need = np.empty(len(elders), dtype=np.uint32), np.empty((len(elders), 3), dtype=np.uint16)
    found = list_cases(cases, need, elders, *OF_PEOPLE(people.arrays), *rules)
    world.care.open(cases[:found].copy(), need[:found].copy())


def rules_of(given: Needs, draws: Draws) -> tuple[Any, ...]:
    """Return the hours by state and the draws in the order in which `list_cases` takes them."""
    return (
        np.array(given.personal), np.array(given.instrumental), given.supervision, given.supervised_share,
        given.company, draws.word(FACTOR, 0), draws.word(SUPERVISION, 0),
    )  # fmt: skip


@compiled
def list_cases(cases, minutes, elders, need, disability, dementia, arrangement, place, key, given, personal,
               instrumental, supervision, supervised_share, company, factor_word, supervision_word):  # fmt: skip
    """Write the column `need`, empty `given`; note who needs care, and their minutes by task.

    Returns:
        How many cases there are.
    """
    need[:] = 0
    given[:] = 0
    m = 0
    for i in concerned(elders, disability, dementia, arrangement, place, personal[0] + instrumental[0] > 0.0):
        state, alone = disability[i], arrangement[i] & ALONE != 0
        hours = personal[state]
        if dementia[i] != 0 and uniform(supervision_word, key[i]) < supervised_share:
            hours += supervision
        factor = LEAST + SPREAD * uniform(factor_word, key[i])
        care, help = int(60.0 * hours * factor), int(60.0 * instrumental[state] * factor)
        talk = int(60.0 * company * factor) if alone else 0
        minutes[m, PERSONAL], minutes[m, INSTRUMENTAL], minutes[m, COMPANY] = care, help, talk
        need[i] = care + help + talk
        cases[m] = i
        m += need[i] > 0
    return m


@compiled
def concerned(elders, disability, dementia, arrangement, place, everybody):
    """Return the rows of the elders outside institutions who are ill, disabled or alone, or of everybody there."""
    rows = np.empty(len(elders) + 1, dtype=np.uint64)  # unsigned, so that no row is looked for from the end
    found = 0
    for i in elders:
        needs = (disability[i] != 0) | (dementia[i] != 0) | (arrangement[i] & ALONE != 0) | everybody
        rows[found] = i
        found += needs & (place[i] != INSTITUTION)
    return rows[:found]


PROCESS = Process(
    name="needs",
    run=open_book,
    settles=True,
    reads=("disability", "dementia", "arrangement", "place", "key"),
    writes=("need", "given"),
    meaning="What elders need this month is noted: personal care, help in the house, company.",
    parameters=Needs,
    columns=COLUMNS,
)
