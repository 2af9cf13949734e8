"""Care schemes: offices and social workers draw up which services an elder should have, and clients are linked."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.schemes import LINK, SCHEME, draw_up
from caresim.agents.world import Process, World
from caresim.kernel.columns import Column
from caresim.kernel.parameters import Parameters, parameter

DRAWN = "care_schemes.any"
TERMS = "care_schemes.terms"
OF_PERSON = itemgetter("scheme", "linked", "client", "assessed", "arrangement", "born", "unmet", "widowed", "mood",
                       "main_relation", "place", "village", "key")  # fmt: skip


class CareSchemes(Parameters):
    """For whom schemes are drawn up, and how well clients are linked with what is in them."""

    share: float = parameter(
        0.0, unit="share", low=0.0, high=1.0, local=True,
        meaning="Share of elders assessed as limited for whom an office draws up a scheme; a measure of government "
        "says how many. Social workers draw one up for every client.", source="judgement", evidence="judgement",
    )  # fmt: skip
    linking: float = parameter(
        0.0, unit="probability", limits=(0.0, 1.0), low=0.0, high=1.0, local=True,
        meaning="Probability that social workers link a client with meals, visits or volunteers that are planned for "
        "the client; a measure of government says how well they do.", source="judgement", evidence="judgement",
    )  # fmt: skip


def plan_services(world: World) -> None:
    """Bring every scheme up to date; where neither offices nor social workers draw any up, there are none."""
    people, parameters = world.people, world.parameters
    when = (
        parameters["care_schemes"],
        parameters["social_work"],
        id(world.local),
        len(world.territory),
        world.draws,
    )
    offices, terms, _ = world.once(TERMS, when, lambda: terms_of(world))
    anybody = world.station.in_use or offices
    known, _ = world.memory.get(DRAWN, (False, None))
    world.memory[DRAWN] = (anybody, None)
    if not anybody:
        if known:
            people["scheme"][: people.elders_end] = people["linked"][: people.elders_end] = 0
        return
    draw_up(
        world.elders, people.elders_end, offices, *OF_PERSON(people.arrays), world.month, *terms,
    )  # fmt: skip


def terms_of(world: World) -> tuple[bool, tuple[Any, ...], Any]:
    """Return whether offices draw up schemes anywhere, and what schemes are drawn up by, as `draw_up` takes it.

    Last is `world.local`, the same object as long as this holds.
    """
    share, linking = (world.by_village(f"care_schemes.{name}") for name in ("share", "linking"))
    words = (world.draws.word(what, 0) for what in (SCHEME, LINK))
    return bool(share.any()), (share, linking, world.parameters["social_work"].grief, *words), world.local


PROCESS = Process(
    name="care_schemes",
    run=plan_services,
    reads=("client", "assessed", "arrangement", "born", "unmet", "widowed", "mood", "main_relation", "place",
           "village", "key", "parameters.social_work"),
    writes=("scheme", "linked"),
    meaning="Offices and social workers draw up which services an elder should have; clients are linked with some.",
    parameters=CareSchemes,
    columns=(
        Column("scheme", np.uint8, 0, "flags", "Services planned for the elder: 1 hours of care workers, 2 meals, 4 "
               "visits, 8 respite, 16 a safe home, 32 a social worker, 64 volunteers; 128 has a scheme.",
               "care_schemes", elder=True),
        Column("linked", np.uint8, 0, "flags", "Services with which a social worker has linked the elder, marked as in "
               "`scheme`: 2 meals, 4 visits, 64 volunteers.", "care_schemes", elder=True, most=70),
    ),
)  # fmt: skip
