"""Needs: every elder's need of personal care, help in the house and company opens the month's book of care."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from caresim.agents.care import ALONE, COLUMNS, COMPANY, INSTRUMENTAL, PERSONAL
from caresim.agents.people import INSTITUTION
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

FACTOR = purpose("needs.factor")
SUPERVISION = purpose("needs.supervision")
LEAST, SPREAD = 0.8, 0.4
"""A person's lasting factor on all needs lies between LEAST and LEAST + SPREAD."""
Source = Literal["spouse", "children", "neighbours", "volunteers", "time_bank"]


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
        30.0, unit="yuan per hour", limits=(0.0, 1000.0), low=20.0, high=80.0,
        meaning="Price of a bought hour of care, in constant yuan of 2020.", source="jiashan_ltci",
        evidence="verified",
    )  # fmt: skip
    order: tuple[Source, Source, Source, Source, Source] = parameter(
        ("spouse", "children", "neighbours", "volunteers", "time_bank"), unit="order", role="lever",
        meaning="The order in which the sources of care are asked; each is asked once a month.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    @model_validator(mode="after")
    def _each_once(self) -> Needs:
        if len(set(self.order)) < len(self.order):
            what = f"{', '.join(self.order)} names a source twice; name each of the five once"
            raise PydanticCustomError("together", "{what}", {"what": what, "names": ("order",)})
        return self


def open_book(world: World) -> None:
    """Note what every resident elder needs this month; nobody has given anything yet."""
    people = world.people
    parameters: Needs = world.parameters["needs"]
    people["given"][:] = 0
    people["capacity"][:] = 0
    cases, need = list_cases(
        world.elders, *(people[name] for name in ("need", "disability", "dementia", "arrangement", "place", "key")),
        people.n, np.array(parameters.personal), np.array(parameters.instrumental), parameters.supervision,
        parameters.supervised_share, parameters.company, world.draws.word(FACTOR, 0),
        world.draws.word(SUPERVISION, 0),
    )  # fmt: skip
    world.care.open(cases, need)


@compiled
def list_cases(elders, need, disability, dementia, arrangement, place, key, n, personal, instrumental, supervision,
               supervised_share, company, factor_word, supervision_word):  # fmt: skip
    """Write the column `need`; return the rows of those who need care, and their minutes by task."""
    need[:n] = 0
    needed_by_all = personal[0] + instrumental[0] > 0.0
    cases = np.empty(len(elders), dtype=np.int64)
    minutes = np.zeros((len(elders), 3), dtype=np.int32)
    m = 0
    for i in elders:
        ill = dementia[i] != 0
        well = disability[i] == 0 and not ill and not arrangement[i] & ALONE
        if (well and not needed_by_all) or place[i] == INSTITUTION:
            continue
        hours = personal[disability[i]]
        if ill and uniform(supervision_word, key[i]) < supervised_share:
            hours += supervision
        factor = LEAST + SPREAD * uniform(factor_word, key[i])
        minutes[m, PERSONAL] = int(60.0 * hours * factor)
        minutes[m, INSTRUMENTAL] = int(60.0 * instrumental[disability[i]] * factor)
        minutes[m, COMPANY] = int(60.0 * company * factor) if arrangement[i] & ALONE else 0
        need[i] = minutes[m, PERSONAL] + minutes[m, INSTRUMENTAL] + minutes[m, COMPANY]
        if need[i] > 0:
            cases[m] = i
            m += 1
        else:
            minutes[m] = 0
    return cases[:m].copy(), minutes[:m].copy()


PROCESS = Process(
    name="needs",
    run=open_book,
    settles=True,
    reads=("disability", "dementia", "arrangement", "place"),
    writes=("need", "given", "capacity"),
    meaning="What elders need this month is noted: personal care, help in the house, company.",
    parameters=Needs,
    columns=COLUMNS,
)
