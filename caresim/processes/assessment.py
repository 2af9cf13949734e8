"""Assessment: elders' ability is assessed, those without means are registered, and who claims is settled."""

from __future__ import annotations

import math
from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.care import DESTITUTE, HAS_CHILD, POOR
from caresim.agents.lifetimes import SEVERE
from caresim.agents.people import ELDER, LIVING_RESIDENT, NOBODY
from caresim.agents.world import Process, World
from caresim.kernel.clock import year_of
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform, uniform_k
from caresim.kernel.parameters import Parameters, parameter

ERROR = purpose("assessment.error")
TAKE_UP = purpose("assessment.take_up")
SOONER = purpose("assessment.sooner")
LUCK = ERROR, TAKE_UP, SOONER
STATES, LOT = range(2)
WRONG, SOON, TAKEN_UP = range(3)
"""What of offices differs between villages: the share of wrong assessments, months saved, the share who take up."""
LOTS = 256
TERMS, SETTLED = "assessment.terms", "assessment.settled"
OF_PERSON = itemgetter("state", "disability", "assessed", "assessment_wait", "takes_up", "means", "income", "transfers",
                       "spouse", "arrangement", "village", "key", "client", "scheme")  # fmt: skip
"""Columns that offices look at, or write."""
RESIDENT_ELDER = LIVING_RESIDENT | ELDER


class Assessment(Parameters):
    """How ability is assessed, and who takes up what is due."""

    wait: int = parameter(
        2, unit="months", limits=(0, 24), low=1, high=6,
        meaning="Months from a change of ability until it is assessed.", source="judgement", evidence="judgement",
    )  # fmt: skip
    error: float = parameter(
        0.08, unit="share", low=0.02, high=0.2, local=True,
        meaning="Share of assessments that are one state too high or too low.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    take_up: float = parameter(
        0.65, unit="share", low=0.4, high=0.9, local=True,
        meaning="Share of those entitled who take up what is due, without integration of offices.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    sooner: float = parameter(
        0.0, unit="months", limits=(0.0, 24.0), low=0.0, high=2.0, local=True,
        meaning="Months by which offices that recognise one another's assessments shorten the wait; of a broken number "
        "the part is the share of elders who wait a month less.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def assess(world: World) -> None:
    """Bring assessed ability after the true one, and note who is poor or destitute and who takes up what is due."""
    arrays, parameters = world.people.arrays, world.parameters
    rules: Assessment = parameters["assessment"]
    when = (
        rules,
        parameters["income"],
        id(world.local),
        len(world.territory),
        year_of(world.month),
        world.draws,
    )
    terms, errors, _ = world.once(TERMS, when, lambda: terms_of(world, rules))
    size = len(arrays["assessed"])
    settled = world.once(
        SETTLED, (world.people.generation, size, errors, world.draws),
        lambda: np.zeros((2, size), dtype=np.uint8),
    )  # fmt: skip
    assess_elders(world.elders, settled, *OF_PERSON(arrays), world.people.elders_end, *terms)


def terms_of(world: World, rules: Assessment) -> tuple[tuple[Any, ...], bytes, Any]:
    """Return what elders are assessed by in a year, as `assess_elders` takes it, and the errors, to be compared.

    Last is `world.local`, the same object as long as this holds.
    """
    offices = np.array([world.by_village(f"assessment.{name}") for name in ("error", "sooner", "take_up")])
    terms = (
        rules.wait, offices, world.parameters["income"].minimum_fen(year_of(world.month)),
        *(world.draws.word(what, 0) for what in LUCK),
    )  # fmt: skip
    return terms, offices[WRONG].tobytes(), world.local


def begin(world: World) -> None:
    """Let the elders of the start be assessed already."""
    people = world.people
    who = people.who(LIVING_RESIDENT | ELDER)
    error = world.by_village("assessment.error")[people["village"][who]]
    people["assessed"][who] = assessed_now(
        who, people["disability"], people["key"], error, world.draws.word(ERROR, 0)
    )


@compiled
def assess_elders(elders, settled, state, disability, assessed, waited, takes_up, means, income, transfers,
                  spouse, arrangement, village, key, client, scheme, elders_end, wait, offices, minimum, error_word,
                  take_up_word, sooner_word):  # fmt: skip
    """Write what offices know of resident elders, in place.

    A verdict lasts as long as the true state does. `settled` keeps, by row, with which true and assessed states nobody
    waited (`states`, 0 unknown), so that it is asked for again only where they have changed or somebody waits; and the
    lasting draw of who takes up what is due, as one of `LOTS`.
    """
    known, lot = settled[STATES], settled[LOT]
    for i in list_visits(elders, known, disability, assessed, waited):
        v = village[i]
        due = verdict(disability[i], key[i], offices[WRONG, v], error_word)
        waited[i] = 0 if due == assessed[i] else waited[i] + 1
        if waited[i] > 0 and waited[i] > wait - shorter(offices[SOON, v], key[i], sooner_word):
            assessed[i], waited[i] = due, 0
        known[i] = states(disability[i], assessed[i])
        lot[i] = np.uint8(LOTS * uniform(take_up_word, key[i]))
    register_means(means[:elders_end], state, income, transfers, spouse, arrangement, minimum)
    settle_take_up(elders, takes_up, client, scheme, village, lot, key, offices[TAKEN_UP], take_up_word)


@compiled
def list_visits(elders, known, disability, assessed, waited):
    """Return the rows of the elders whose states have changed, or who wait."""
    visited, found = np.empty(len(elders) + 1, dtype=np.int32), 0
    for row in elders:  # without a branch
        i = np.uint64(row)
        visited[found] = row
        found += (known[i] != states(disability[i], assessed[i])) | (waited[i] != 0)
    return visited[:found]


@compiled
def register_means(means, state, income, transfers, spouse, arrangement, minimum):
    """Write which resident elders are below the minimum, and which of these are destitute."""
    for i in range(len(means)):  # without a branch, several at once
        below = np.uint8(np.int64(income[i]) + np.int64(transfers[i]) < minimum)
        alone = np.uint8(arrangement[i] & HAS_CHILD == 0) & np.uint8(spouse[i] == NOBODY)
        found = np.uint8(below * np.uint8(POOR + alone * DESTITUTE))
        means[i] = found if state[i] & RESIDENT_ELDER == RESIDENT_ELDER else means[i]


@compiled
def settle_take_up(elders, takes_up, client, scheme, village, lot, key, share, word):
    """Write who takes up what is due: who is helped, or whose draw is below the share of the village.

    It is drawn again only where the lot leaves that open.
    """
    whole = np.empty(len(share), dtype=np.int16)
    for v in range(len(share)):
        whole[v] = np.int16(math.floor(share[v] * LOTS))
    for row in elders:
        i = np.uint64(row)
        v = np.uint64(village[i])
        below = lot[i] < whole[v]
        if lot[i] == whole[v]:
            below = uniform(word, key[i]) < share[v]
        takes_up[i] = np.uint8(below) | np.uint8((client[i] | scheme[i]) != 0)


@compiled
def states(true, assessed):
    """Return one number for both states, never 0."""
    return np.uint8(1 + true + 4 * assessed)


@compiled
def shorter(sooner, key, word):
    """Return the whole months by which the wait is shorter: a broken number on average, by a lasting draw."""
    return math.floor(sooner + uniform(word, key)) if sooner > 0.0 else 0.0


@compiled
def verdict(state, key, error, stream):
    """Return the state that an assessment finds: the true one, or by a lasting error its neighbour."""
    luck = uniform_k(stream, key, state)
    up = (state == 0) | ((luck < error / 2.0) & (state < SEVERE))
    return np.int64(state) + np.int64(luck < error) * (2 * np.int64(up) - 1)


@compiled
def assessed_now(who, disability, key, error, stream):
    """Return what an assessment finds of some people, each with the share of errors where he lives."""
    found = disability[who].copy()
    for j in range(len(who)):
        found[j] = verdict(disability[who[j]], key[who[j]], error[j], stream)
    return found


PROCESS = Process(
    name="assessment",
    run=assess,
    begin=begin,
    settles=True,
    reads=("state", "disability", "income", "transfers", "spouse", "arrangement", "village", "client",
           "scheme", "assessed", "assessment_wait", "means", "key", "parameters.income"),
    writes=("assessed", "assessment_wait", "takes_up", "means"),
    meaning="Elders' ability is assessed after a wait; the poor and the destitute are registered; some claim.",
    parameters=Assessment,
    columns=(
        Column("assessed", np.uint8, 0, "code", "Disability state as offices know it.", "assessment", elder=True,
               most=3),
        Column("assessment_wait", np.uint8, 0, "months", "Months since ability changed and nobody came.",
               "assessment", elder=True),
        Column("takes_up", np.uint8, 0, "0/1", "Whether the elder takes up what is due.", "assessment", elder=True,
               most=1),
        Column("means", np.uint8, 0, "flags", "1 income and transfers below the local minimum, 2 destitute: below it "
               "and without spouse and living children.", "assessment", elder=True, most=3),
    ),
)  # fmt: skip
