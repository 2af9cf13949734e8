"""Employment: once a year it is settled which people of working age have a job off the farm."""

from __future__ import annotations

import numpy as np

from caresim.agents.people import FEMALE, LIVING_REGISTERED
from caresim.agents.world import Process, World
from caresim.kernel.clock import is_january
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

JOB = purpose("employment.job")
YOUNGEST, OLDEST = 18 * 12, 60 * 12
"""Working age in months, from the first to before the last."""


class Employment(Parameters):
    """Who works off the farm: jobs that stand in the way of daily care."""

    share_men: float = parameter(
        0.45, unit="share", low=0.3, high=0.6,
        meaning="Share of men of 18-59 with a job off the farm; for those at home, work within the township.",
        source="nbs_migrants2020", evidence="judgement",
    )  # fmt: skip
    share_women: float = parameter(
        0.3, unit="share", low=0.15, high=0.45,
        meaning="Share of women of 18-59 with a job off the farm; for those at home, work within the township.",
        source="nbs_migrants2020", evidence="judgement",
    )  # fmt: skip


def take_jobs(world: World) -> None:
    """Settle in January who has a job off the farm."""
    if is_january(world.month):
        begin(world)


def begin(world: World) -> None:
    """Settle at the start who has a job off the farm."""
    people = world.people
    parameters: Employment = world.parameters["employment"]
    settle_jobs(
        people["state"], people["born"], people["key"], people["job"], people.n, world.month,
        np.array([parameters.share_men, parameters.share_women]), world.draws.word(JOB, 0),
    )  # fmt: skip


@compiled
def settle_jobs(state, born, key, job, n, month, share, word):
    """Write who has a job; a lasting draw decides, so that who has one now is likely to have one later."""
    women, men = share[1], share[0]
    for i in range(n):  # without a branch, several at once
        age = np.int16(month) - born[i]
        working = (state[i] & LIVING_REGISTERED == LIVING_REGISTERED) & (age >= YOUNGEST) & (age < OLDEST)
        job[i] = working & (uniform(word, key[i]) < (women if state[i] & FEMALE else men))


PROCESS = Process(
    name="employment",
    run=take_jobs,
    begin=begin,
    reads=("born", "state", "key"),
    writes=("job",),
    meaning="It is settled once a year which people of 18-59 have a job off the farm.",
    parameters=Employment,
    columns=(Column("job", np.uint8, 0, "0/1", "1 with a job off the farm.", "employment", most=1),),
)
