"""Assessment: elders' ability is assessed, those without means are registered, and who claims is settled."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.care import DESTITUTE, HAS_CHILD, POOR
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
SEVERE = 3


class Assessment(Parameters):
    """How ability is assessed, and who takes up what is due."""

    wait: int = parameter(
        2, unit="months", limits=(0, 24), low=1, high=6,
        meaning="Months from a change of ability until it is assessed.", source="judgement", evidence="judgement",
    )  # fmt: skip
    error: float = parameter(
        0.08, unit="share", low=0.02, high=0.2,
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
    people = world.people
    rules: Assessment = world.parameters["assessment"]
    income = world.parameters["income"]
    assess_elders(
        world.elders, *(people[name] for name in ("disability", "assessed", "assessment_wait", "takes_up", "means",
                                                  "income", "transfers", "spouse", "arrangement", "village", "key",
                                                  "client", "scheme")),
        rules.wait, world.by_village("assessment.sooner"), rules.error, world.by_village("assessment.take_up"),
        income.minimum_fen(year_of(world.month)), *(world.draws.word(what, 0) for what in (ERROR, TAKE_UP, SOONER)),
    )  # fmt: skip


def begin(world: World) -> None:
    """Let the elders of the start be assessed already."""
    people = world.people
    who = people.who(LIVING_RESIDENT | ELDER)
    error, stream = world.parameters["assessment"].error, world.draws.word(ERROR, 0)
    people["assessed"][who] = assessed_now(who, people["disability"], people["key"], error, stream)


@compiled
def assess_elders(elders, disability, assessed, waited, takes_up, means, income, transfers, spouse, arrangement,
                  village, key, client, scheme, wait, sooner, error, take_up, minimum, error_word, take_up_word,
                  sooner_word):  # fmt: skip
    """Write what offices know of resident elders, in place."""
    for i in elders:
        due = verdict(disability[i], key[i], error, error_word)
        if due == assessed[i]:
            waited[i] = 0
        else:
            waited[i] += 1
            less = sooner[village[i]]
            if less > 0.0:
                less = math.floor(less + uniform(sooner_word, key[i]))
            if waited[i] > wait - less:
                assessed[i], waited[i] = due, 0
        below = np.int64(income[i]) + transfers[i] < minimum
        alone = not arrangement[i] & HAS_CHILD and spouse[i] == NOBODY
        means[i] = (POOR if below else 0) | (DESTITUTE if below and alone else 0)
        helped = client[i] != 0 or scheme[i] != 0
        takes_up[i] = helped or uniform(take_up_word, key[i]) < take_up[village[i]]


@compiled
def verdict(state, key, error, stream):
    """Return the state that an assessment finds: the true one, or by a lasting error its neighbour."""
    luck = uniform_k(stream, key, state)
    if luck >= error:
        return state
    up = luck < error / 2.0
    if state == 0 or (up and state < SEVERE):
        return state + 1
    return state - 1


@compiled
def assessed_now(who, disability, key, error, stream):
    """Return what an assessment finds of some people."""
    found = disability[who].copy()
    for j in range(len(who)):
        found[j] = verdict(disability[who[j]], key[who[j]], error, stream)
    return found


PROCESS = Process(
    name="assessment",
    run=assess,
    begin=begin,
    settles=True,
    reads=("disability", "income", "transfers", "spouse", "arrangement", "village", "client", "scheme",
           "parameters.income"),
    writes=("assessed", "assessment_wait", "takes_up", "means"),
    meaning="Elders' ability is assessed after a wait; the poor and the destitute are registered; some claim.",
    parameters=Assessment,
    columns=(
        Column("assessed", np.uint8, 0, "code", "Disability state as offices know it.", "assessment", elder=True),
        Column("assessment_wait", np.uint8, 0, "months", "Months since ability changed and nobody came.",
               "assessment", elder=True),
        Column("takes_up", np.uint8, 0, "0/1", "Whether the elder takes up what is due.", "assessment", elder=True),
        Column("means", np.uint8, 0, "flags", "1 income and transfers below the local minimum, 2 destitute: below it "
               "and without spouse and living children.", "assessment", elder=True),
    ),
)  # fmt: skip
