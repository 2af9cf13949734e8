"""Digital skill: younger cohorts bring it along, and members of groups learn to use a telephone's services."""

from __future__ import annotations

import numpy as np

from caresim.agents.digital import CAN, CANNOT, LEARNED, SKILL, UNKNOWN
from caresim.agents.social_work import CREDIT_BITS, GROUP_WORK, HELD, INTERVENTION, STAGE, WHOLE
from caresim.agents.world import Process, World
from caresim.kernel.clock import month_number
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

OWN, LEARN = purpose("digital_skill.own"), purpose("digital_skill.learn")
SIXTY_IN_2020 = month_number("1960-01")
CREDIT = 2.0 * WHOLE
"""Credit of a member who came to all sessions, each of which went as planned."""


class DigitalSkill(Parameters):
    """Who can use digital services, and who learns it or is helped."""

    at_sixty: float = parameter(
        0.35, unit="share", low=0.2, high=0.55,
        meaning="Share of those born in 1960 who can order services on a telephone by themselves.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    by_cohort: float = parameter(
        0.015, unit="share per year", limits=(0.0, 1.0), low=0.005, high=0.025,
        meaning="How much higher that share is in each later year of birth, up to .95, and lower in each earlier one.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    learned: float = parameter(
        0.5, unit="probability", low=0.2, high=0.8,
        meaning="Probability that a member of a group who comes to all its sessions, one of which is about technology, "
        "learns it.", source="judgement", evidence="judgement",
    )  # fmt: skip
    helped: float = parameter(
        0.3, unit="share", low=0.0, high=0.8,
        meaning="Share of the others for whom family or neighbours use the telephone.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def note_skill(world: World) -> None:
    """Note who of the resident elders can use digital services, and who has learned it in a group."""
    people, rules = world.people, world.parameters[SKILL]
    teaching = world.station.in_use
    arrays = people.arrays
    skill = arrays[SKILL]
    client, sessions = (arrays["client"], arrays["sessions"]) if teaching else (skill, skill)
    settle_skill(
        world.elders, skill, arrays["born"], arrays["key"], client, sessions, rules.at_sixty, rules.by_cohort / 12.0,
        world.draws.word(OWN, 0), teaching, rules.learned, world.draws.word(LEARN, 0),
    )  # fmt: skip


@compiled
def settle_skill(
    elders, skill, born, key, client, sessions, at_sixty, by_month, word, teaching, learned, learning
):
    """Write the column of those who are new among the elders, and of those whose group ends and who learn."""
    for i in elders:
        in_group = teaching & (client[i] & (STAGE | GROUP_WORK) == INTERVENTION | GROUP_WORK)
        if (skill[i] != UNKNOWN) & (not in_group):
            continue
        if skill[i] == UNKNOWN:
            chance = min(max(at_sixty + by_month * (born[i] - SIXTY_IN_2020), 0.0), 0.95)
            skill[i] = CAN if uniform(word, key[i]) < chance else CANNOT
        if in_group and skill[i] == CANNOT and sessions[i] & HELD == WHOLE:
            came = (sessions[i] >> CREDIT_BITS) / CREDIT
            if uniform(learning, key[i]) < learned * came:
                skill[i] = LEARNED


PROCESS = Process(
    name="digital_skill",
    run=note_skill,
    settles=True,
    reads=("born", "key", "client", "sessions", "digital_skill"),
    writes=(SKILL,),
    meaning="Some elders can use digital services, more in younger cohorts; members of groups may learn it.",
    parameters=DigitalSkill,
    columns=(
        Column(SKILL, np.uint8, UNKNOWN, "code", "Use of digital services: 1 cannot, 2 can, 3 learned it in a group; 0 "
               "before somebody is a resident elder.", "digital_skill", elder=True, most=3),
    ),
)  # fmt: skip
