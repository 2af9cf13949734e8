"""Loneliness: a lasting disposition, a passing mood, and what circumstances add."""

from __future__ import annotations

import math
from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.care import ALONE, CHILD_NEAR, FULL, LONELY
from caresim.agents.institutions import residents
from caresim.agents.social_work import (
    CONSOLIDATED,
    CREDIT,
    CREDIT_BITS,
    GROUP_WORK,
    HELD,
    INTERVENTION,
    STAGE,
    WHOLE,
)
from caresim.agents.world import Process, World
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import U64, Draws, keys_of, mixed, normal_quantile, normal_steps, purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

PERSON = purpose("loneliness.person")
FIRST = purpose("loneliness.first")
MONTH = purpose("loneliness.month")
UNSET, LOWEST, HIGHEST = -32768, -32767.0, 32767.0
MARKS = 256
HERE = 128
"""Mark of `mood` of the resident elders while the month passes."""
MOST_VISITS = 4
NO_DIFFERENCE = 0.0, 0.0
STEPS, STEP_SHIFT = 4096, U64(52)
"""Equal steps of the monthly draw; of which the first 12 bits tell which; its quantile is taken at the middle."""

columns_of = itemgetter(
    "loneliness", "loneliness_stable", "loneliness_passing", "mood", "arrangement", "unmet", "ties", "widowed",
    "client", "sessions", "called_on", "relief", "home",
)  # fmt: skip


class Loneliness(Parameters):
    """Spreads, fading and circumstances of loneliness, in standard deviations."""

    stable_spread: float = parameter(
        0.8, unit="standard deviations", limits=(0.0, 3.0), low=0.6, high=0.9,
        meaning="Standard deviation of the lasting part between persons.", source="judgement", evidence="judgement",
    )  # fmt: skip
    noise: float = parameter(
        0.285, unit="standard deviations", limits=(0.0, 2.0), low=0.2, high=0.4,
        meaning="Standard deviation of what a month adds to the passing part; with the lasting part it makes 1.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    decay: float = parameter(
        0.12, unit="share", limits=(0.01, 1.0), low=0.06, high=0.25,
        meaning="Part of the passing part that is gone after a month.", source="judgement", evidence="judgement",
    )  # fmt: skip
    bereavement: float = parameter(
        0.8, unit="standard deviations", limits=(0.0, 5.0), low=0.4, high=1.2,
        meaning="What the death of the spouse adds to the passing part.", source="judgement", evidence="judgement",
    )  # fmt: skip
    alone: float = parameter(
        0.45, unit="standard deviations", limits=(-3.0, 3.0), low=0.3, high=0.6,
        meaning="What living alone adds; with the rest below the .59 of the survey, which others' lives explain too.",
        source="clhls_alone", evidence="judgement",
    )  # fmt: skip
    no_child_near: float = parameter(
        0.15, unit="standard deviations", limits=(-3.0, 3.0), low=0.0, high=0.4,
        meaning="What it adds that no child lives in the village.", source="wang2017", evidence="judgement",
    )  # fmt: skip
    from_unmet: float = parameter(
        0.3, unit="standard deviations", limits=(0.0, 5.0), low=0.0, high=0.6,
        meaning="What it adds that none of the need for care is met; 0 switches the feedback off.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    from_ties: float = parameter(
        0.1, unit="ratio", limits=(0.0, 2.0), low=0.0, high=0.3,
        meaning="What a standard deviation of ties takes away; 0 switches the feedback off.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    group_gain: float = parameter(
        0.16, unit="standard deviations", limits=(0.0, 3.0), low=0.05, high=0.3,
        meaning="What six sessions of group work take away, all attended as planned.",
        source="loneliness_trials", evidence="derived",
    )  # fmt: skip
    case_gain: float = parameter(
        0.12, unit="standard deviations", limits=(0.0, 3.0), low=0.0, high=0.3,
        meaning="What six contacts of case work take away.", source="judgement", evidence="judgement",
    )  # fmt: skip
    relief_decay: float = parameter(
        0.12, unit="share", limits=(0.0, 1.0), low=0.06, high=0.25,
        meaning="Part of what social work took away that is back after a month.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    lasting_decay: float = parameter(
        0.06, unit="share", limits=(0.0, 1.0), low=0.02, high=0.12,
        meaning="The same of those whose gain is consolidated.", source="judgement", evidence="judgement",
    )  # fmt: skip
    visit_gain: float = parameter(
        0.1, unit="standard deviations", limits=(0.0, 3.0), low=0.0, high=0.25,
        meaning="What a visit a month takes away in the long run; more than four a month take away no more.",
        source="friendly_visiting", evidence="judgement",
    )  # fmt: skip
    threshold: float = parameter(
        0.62, unit="standard deviations", limits=(-5.0, 5.0), low=0.4, high=0.8,
        meaning="Score above which a person counts as lonely.", source="clhls_alone", evidence="judgement",
    )  # fmt: skip

    def first_spread(self) -> float:
        """Return the spread that the passing part has in the long run, with which it begins."""
        return self.noise / math.sqrt(1.0 - (1.0 - self.decay) ** 2)


def feel(world: World) -> None:
    """Let a month pass over every resident elder's loneliness."""
    people, draws = world.people, world.draws
    given: Loneliness = world.parameters["loneliness"]
    plan = world.once("loneliness.plan", (given, draws), lambda: _plan(given, draws))
    in_homes = residents(world)
    by_quality = world.parameters["homes"].quality_loneliness if len(in_homes) > 0 else NO_DIFFERENCE
    feel_month(
        world.elders, people["key"], *columns_of(people.arrays), world.station.relieving, in_homes,
        world.homes.table, by_quality, world.month, draws.stream(MONTH, world.month), *plan,
    )  # fmt: skip


def _plan(given: Loneliness, draws: Draws) -> tuple[Any, ...]:
    """Return the rules as `feel_month` takes them: numbers, tables and the lasting streams."""
    spreads = given.stable_spread, given.first_spread()
    gains = given.group_gain, given.case_gain, given.visit_gain
    decays = given.decay, given.relief_decay, given.lasting_decay
    tables = monthly_pushes(given.noise), *circumstances(given)
    words = draws.word(PERSON, 0), draws.word(FIRST, 0)
    return spreads, decays, gains, given.bereavement, given.from_ties, given.threshold, *tables, words


def monthly_pushes(noise: float) -> np.ndarray:
    """Return what a month adds (thousandths), by the step of the draw."""
    return 1000.0 * noise * normal_steps(STEPS)


def circumstances(given: Loneliness) -> tuple[np.ndarray, np.ndarray]:
    """Return what the marks of the arrangement add, and what each step of unmet need adds."""
    by_marks = [
        (given.alone if marks & ALONE else 0.0) + (0.0 if marks & CHILD_NEAR else given.no_child_near)
        for marks in range(MARKS)
    ]
    return np.array(by_marks), np.array([given.from_unmet * (unmet / FULL) for unmet in range(FULL + 1)])


@compiled
def feel_month(elders, key, loneliness, stable, passing, mood, arrangement, unmet, ties, widowed, client, sessions,
               called_on, relief, home, relieving, residents, homes, quality_loneliness, month, stream, spreads,
               decays, gains, bereavement, from_ties, threshold, pushes, by_marks, by_unmet, words):  # fmt: skip
    """Write the parts of loneliness, the score and who is lonely; score 0 and not lonely all but resident elders."""
    loneliness[:] = 0
    mood[:] = 0
    limit = math.floor(1000.0 * threshold)
    decay, keys = decays[0], keys_of(elders, key)
    steps = steps_of(stream, keys)
    for j in range(len(elders)):
        i = elders[j]
        if stable[i] == UNSET:
            stable[i], passing[i] = first_parts(keys[j], spreads, words)
        push = pushes[steps[j]]
        push += 1000.0 * bereavement if widowed[i] == month else 0.0
        now = rounded((1.0 - decay) * passing[i] + push)
        passing[i] = now
        added = by_marks[arrangement[i]] + by_unmet[unmet[i]] - from_ties * ties[i] / 1000.0
        score = min(HIGHEST, max(LOWEST, stable[i] + now + rounded(1000.0 * added)))
        loneliness[i] = score
        mood[i] = HERE | (LONELY if score > limit else 0)
    take_away(loneliness, mood, limit, relieving, client, sessions, called_on, relief, decays, gains)
    worst, best = quality_loneliness
    for i in residents:
        score = loneliness[i] + rounded(1000.0 * (worst + (best - worst) * homes[home[i]].quality))
        loneliness[i] = min(HIGHEST, max(LOWEST, score))
        mood[i] = LONELY if loneliness[i] > limit else 0


@compiled
def steps_of(stream, keys):
    """Return the step of the draw of each of some keys: as many equal ones as a month has pushes."""
    steps = np.empty(len(keys), dtype=np.uint16)
    for j in range(len(keys)):
        steps[j] = mixed(keys[j] ^ stream) >> STEP_SHIFT
    return steps


@compiled
def first_parts(key, spreads, words):
    """Return the lasting part of somebody's loneliness, and the passing part with which it begins."""
    stable = rounded(1000.0 * spreads[0] * normal_quantile(uniform(words[0], key)))
    return stable, rounded(1000.0 * spreads[1] * normal_quantile(uniform(words[1], key)))


@compiled
def take_away(loneliness, mood, limit, relieving, client, sessions, called_on, relief, decays, gains):
    """Take off what social work and visits take away from each who is marked, in place; strike the marks.

    The loop has no branch and goes over all rows, so that many are looked at together.
    """
    if not relieving:
        for i in range(len(mood)):
            mood[i] &= ~np.uint8(HERE)
        return
    for i in range(len(mood)):
        here, score = mood[i] & HERE != 0, np.float64(loneliness[i])
        eased = relief_after(relief[i], client[i], sessions[i], called_on[i], decays, gains)
        score = max(LOWEST, score - rounded(eased / 10.0))
        relief[i] = np.int16(eased) if here else relief[i]
        loneliness[i] = np.int16(score) if here else np.int16(0)
        mood[i] = np.uint8(LONELY) * np.uint8(here & (score > limit))


@compiled
def relief_after(relief, one, held, visits, decays, gains):
    """Return what social work and visits take away from somebody's loneliness after a month that fades and adds.

    What the last session or contact brings is added in the month in which it was.
    """
    group_gain, case_gain, visit_gain = gains
    rate = decays[2] if one & CONSOLIDATED else decays[1]
    gain = rate * visit_gain * min(MOST_VISITS, visits)
    whole = (group_gain if one & GROUP_WORK else case_gain) * (held >> CREDIT_BITS) / CREDIT
    at_end = (one & STAGE == INTERVENTION) & (held & HELD == WHOLE)
    gain += whole if at_end else 0.0
    return min(HIGHEST, np.floor((1.0 - rate) * relief) + rounded(10000.0 * gain))


@compiled
def rounded(thousandths):
    """Round to whole thousandths that fit a column."""
    return min(HIGHEST, max(LOWEST, np.floor(thousandths + 0.5)))


PROCESS = Process(
    name="loneliness",
    run=feel,
    settles=True,
    reads=("arrangement", "unmet", "ties", "widowed", "place", "home", "key", "called_on", "client",
           "sessions", "loneliness", "loneliness_stable", "loneliness_passing", "relief", "mood",
           "parameters.homes"),
    writes=("loneliness", "loneliness_stable", "loneliness_passing", "mood", "relief"),
    meaning="Elders are lonelier alone, without a child near by, with needs unmet, without ties, and after a spouse's "
    "death.",
    parameters=Loneliness,
    columns=(
        Column("loneliness_stable", np.int16, UNSET, "thousandths of a standard deviation",
               "Lasting part of loneliness; -32768 is not set yet.", "loneliness", elder=True),
        Column("loneliness_passing", np.int16, 0, "thousandths of a standard deviation", "Passing part of loneliness.",
               "loneliness", elder=True),
        Column("loneliness", np.int16, 0, "thousandths of a standard deviation", "Loneliness of a resident elder.",
               "loneliness", elder=True),
        Column("relief", np.int16, 0, "ten-thousandths of a standard deviation",
               "What social work and visits take away from loneliness.", "loneliness", elder=True, least=0),
        Column("mood", np.uint8, 0, "marks", "Of a resident elder: 1 lonely, 2 depressed.", "loneliness, depression",
               elder=True, most=3),
    ),
)  # fmt: skip
