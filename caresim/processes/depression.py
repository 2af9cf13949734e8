"""Depression: loneliness, disability and a heavy burden of care make it likelier."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.care import DEPRESSED
from caresim.agents.people import FEMALE
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

PERSON = purpose("depression.person")


class Depression(Parameters):
    """Log-odds of depressive symptoms (CES-D) of an elder."""

    level: float = parameter(
        -1.28, unit="log odds", limits=(-10.0, 10.0), low=-1.8, high=-0.8,
        meaning="Log odds of a man who is neither lonely, disabled nor burdened.",
        source="charls2018_depression", evidence="fitted",
    )  # fmt: skip
    from_loneliness: float = parameter(
        0.6, unit="log odds", limits=(0.0, 5.0), low=0.3, high=0.9,
        meaning="Log odds by standard deviation of loneliness; 0 switches the feedback off.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    from_state: float = parameter(
        0.35, unit="log odds", limits=(0.0, 5.0), low=0.2, high=0.6,
        meaning="Log odds by disability state (0-3).", source="judgement", evidence="judgement",
    )  # fmt: skip
    women: float = parameter(
        0.72, unit="log odds", limits=(-5.0, 5.0), low=0.4, high=1.0,
        meaning="Log odds of women.", source="charls2018_depression", evidence="derived",
    )  # fmt: skip
    burdened_odds: float = parameter(
        1.5, unit="ratio", limits=(0.1, 20.0), low=1.0, high=2.5,
        meaning="Factor on the odds of those heavily burdened by care; 1 switches the feedback off.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    burdened_from: float = parameter(
        50.0, unit="points", limits=(0.0, 88.0), low=40.0, high=60.0,
        meaning="Burden above which a carer counts as heavily burdened.", source="judgement", evidence="judgement",
    )  # fmt: skip


def sadden(world: World) -> None:
    """Note which resident elders are depressed this month."""
    people = world.people
    given: Depression = world.parameters["depression"]
    mark_depressed(
        world.elders, *(people[name] for name in ("mood", "loneliness", "disability", "burden", "state", "key")),
        given.level, given.from_loneliness, given.from_state, given.women, math.log(given.burdened_odds),
        100.0 * given.burdened_from, world.draws.word(PERSON, 0),
    )  # fmt: skip


@compiled
def mark_depressed(elders, mood, loneliness, disability, burden, state, key, level, from_loneliness, from_state,
                   women, burdened, burdened_from, person):  # fmt: skip
    """Set the mark of depression; everybody else's marks were cleared when the month's moods were opened."""
    for i in elders:
        odds = level + from_loneliness * loneliness[i] / 1000.0 + from_state * disability[i]
        odds += women if state[i] & FEMALE else 0.0
        odds += burdened if burden[i] > burdened_from else 0.0
        depressed = uniform(person, key[i]) < 1.0 / (1.0 + math.exp(-odds))
        mood[i] = mood[i] & ~np.uint8(DEPRESSED) | (DEPRESSED if depressed else 0)


PROCESS = Process(
    name="depression",
    run=sadden,
    settles=True,
    reads=("loneliness", "disability", "burden", "state", "key"),
    writes=("mood",),
    meaning="Elders are depressed the more often, the lonelier, the more disabled and the more burdened they are.",
    parameters=Depression,
)
