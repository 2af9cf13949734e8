"""Depression: loneliness, disability and a heavy burden of care make it likelier."""

from __future__ import annotations

import math
from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.candidates import draws_of
from caresim.agents.care import DEPRESSED
from caresim.agents.lifetimes import STATES
from caresim.agents.people import FEMALE
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import Draws, keys_of, purpose
from caresim.kernel.parameters import Parameters, parameter

PERSON = purpose("depression.person")
LOWEST, FINE = -32768, 256
FINE_BITS, FINE_MARK = np.uint64(8), np.uint64(255)
"""Lowest loneliness that fits its column; it is looked up in two tables, by 256 thousandths and by one."""

columns_of = itemgetter("mood", "loneliness", "disability", "burden", "state")


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
    given: Depression = world.parameters["depression"]
    draws = world.draws
    plan = world.once("depression.plan", (given, draws), lambda: _plan(given, draws))
    mark_depressed(world.elders, *columns_of(world.people.arrays), world.people["key"], *plan)


def _plan(given: Depression, draws: Draws) -> tuple[Any, ...]:
    """Return the rules as `mark_depressed` takes them."""
    return *odds_against(given), 100.0 * given.burdened_from, draws.word(PERSON, 0)


def odds_against(given: Depression) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the odds against depression as factors, so that no exponential is taken person by person.

    They are those of loneliness by its upper and its lower byte, and those of sex, disability state and heavy burden.
    """
    per_thousandth = given.from_loneliness / 1000.0
    coarse = np.exp(-per_thousandth * (LOWEST + FINE * np.arange(FINE)))
    fine = np.exp(-per_thousandth * np.arange(FINE))
    states = given.level + given.from_state * np.arange(STATES)
    burdened = np.array([0.0, math.log(given.burdened_odds)])
    rest = np.array([0.0, given.women])[:, None, None] + states[None, :, None] + burdened
    return coarse, fine, np.exp(-rest)


@compiled
def mark_depressed(elders, mood, loneliness, disability, burden, state, key, coarse, fine, rest, burdened_from,
                   person):  # fmt: skip
    """Set or clear the mark of depression of each elder."""
    luck = draws_of(person, keys_of(elders, key))
    for j in range(len(elders)):
        i = elders[j]
        score = np.uint64(np.int64(loneliness[i]) - LOWEST)
        against = coarse[score >> FINE_BITS] * fine[score & FINE_MARK]
        against *= rest[state[i] & FEMALE, disability[i], np.int64(burden[i] > burdened_from)]
        depressed = luck[j] * (1.0 + against) < 1.0
        mood[i] = mood[i] & ~np.uint8(DEPRESSED) | np.uint8(DEPRESSED) * np.uint8(depressed)


PROCESS = Process(
    name="depression",
    run=sadden,
    settles=True,
    reads=("loneliness", "disability", "burden", "state", "key", "mood"),
    writes=("mood",),
    meaning="Elders are depressed the more often, the lonelier, the more disabled and the more burdened they are.",
    parameters=Depression,
)
