"""Ties and self-efficacy: company makes friends, and helping others gives confidence; both fade."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from caresim.agents.care import MEMBER, NEIGHBOUR, PEER, VOLUNTEER
from caresim.agents.social_work import CREDIT, CREDIT_BITS, GROUP_WORK, HELD, INTERVENTION, STAGE, WHOLE
from caresim.agents.world import Process, World
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.parameters import Parameters, parameter

AT_HOME, VISITED, HELPED, ELDERLY = 1, 2, 4, 8
"""Marks of what happened to a person this month, beside the pair, and of resident elders."""

columns_of = itemgetter("ties", "efficacy", "pair", "disability", "client", "sessions", "village")


class SocialTies(Parameters):
    """What company and helping others add to ties and self-efficacy, in standard deviations."""

    decay: float = parameter(
        0.12, unit="share", low=0.06, high=0.25,
        meaning="Part of the way to what this month supports that ties and self-efficacy go in a month.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    pair: float = parameter(
        0.5, unit="standard deviations", limits=(0.0, 5.0), low=0.0, high=1.0,
        meaning="Ties that a mutual-aid pair supports.", source="judgement", evidence="judgement",
    )  # fmt: skip
    home: float = parameter(
        0.5, unit="standard deviations", limits=(0.0, 5.0), low=0.0, high=1.0,
        meaning="Ties that the company of a happiness home supports.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    visited: float = parameter(
        0.3, unit="standard deviations", limits=(0.0, 5.0), low=0.0, high=0.6,
        meaning="Ties that a neighbour, a volunteer or a member of the time bank supports by coming.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    per_state: float = parameter(
        -0.25, unit="standard deviations", limits=(-5.0, 5.0), low=-0.5, high=0.0,
        meaning="Self-efficacy by disability state (0-3).", source="judgement", evidence="judgement",
    )  # fmt: skip
    helped: float = parameter(
        0.3, unit="standard deviations", limits=(0.0, 5.0), low=0.0, high=0.6,
        meaning="Self-efficacy that helping somebody outside the family supports.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    group: float = parameter(
        0.3, unit="standard deviations", limits=(0.0, 5.0), low=0.0, high=0.6,
        meaning="Ties and self-efficacy that a member of a group gains at its end, all sessions attended as planned.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    organised: float = parameter(
        0.05, unit="standard deviations", limits=(0.0, 1.0), low=0.0, high=0.15,
        meaning="Ties that an hour of community work a month for 100 elders supports.", source="judgement",
        evidence="judgement",
    )  # fmt: skip


def keep_company(world: World) -> None:
    """Move every resident elder's ties and self-efficacy towards what this month supports."""
    given: SocialTies = world.parameters["social_ties"]
    book, station = world.care, world.station
    hours = world.once("social_ties.no_hours", len(world.territory), lambda: np.zeros(len(world.territory)))
    move_ties(
        world.elders, *columns_of(world.people.arrays), book.gifts, book.n_gifts, book.rows, given.decay,
        given.pair, given.home, given.visited, given.per_state, given.helped, station.relieving, given.group,
        given.decay * given.organised, hours if station.organised is None else station.organised,
    )  # fmt: skip


@compiled
def move_ties(elders, ties, efficacy, pair, disability, client, sessions, village, gifts, n_gifts, rows, decay, by_pair,
              by_home, by_visit, per_state, by_helping, relieving, by_group, by_hour, hours):  # fmt: skip
    """Move ties and self-efficacy (thousandths of a standard deviation) in place; 0 for all but resident elders.

    What a group brings at its end, and what is done in the village, comes on top.
    """
    marks = marks_of_month(len(ties), elders, gifts, n_gifts, rows)
    move_towards(
        marks, ties, efficacy, pair, disability, decay, by_pair, by_home, by_visit, per_state, by_helping
    )
    if relieving:
        work_with(elders, ties, efficacy, client, sessions, village, by_group, by_hour, hours)


@compiled
def move_towards(
    marks, ties, efficacy, pair, disability, decay, by_pair, by_home, by_visit, per_state, by_helping
):
    """Move ties and self-efficacy towards what the month supports: without a branch, so that rows go together."""
    for i in range(len(marks)):
        mark, before, known = marks[i], np.float64(ties[i]), np.float64(efficacy[i])
        support = by_pair if pair[i] >= 0 else 0.0
        support += by_home if mark & AT_HOME else 0.0
        support += by_visit if mark & VISITED else 0.0
        now = np.floor(before + decay * (1000.0 * support - before) + 0.5)
        support = per_state * disability[i]
        support += by_helping if mark & HELPED else 0.0
        sure = np.floor(known + decay * (1000.0 * support - known) + 0.5)
        resident = np.int16(mark >= ELDERLY)
        ties[i], efficacy[i] = resident * np.int16(now), resident * np.int16(sure)


@compiled
def work_with(elders, ties, efficacy, client, sessions, village, by_group, by_hour, hours):
    """Add what social workers do in the village, and what a group brings at its end."""
    done = 1000.0 * (by_hour * hours)
    usual = np.floor(done + 0.5).astype(np.int16)
    for i in elders:
        v = np.uint64(village[i])
        gain = usual[v]
        if (client[i] & (STAGE | GROUP_WORK) == INTERVENTION | GROUP_WORK) & (sessions[i] & HELD == WHOLE):
            brought = 1000.0 * by_group * (sessions[i] >> CREDIT_BITS) / CREDIT
            efficacy[i] += np.int16(np.floor(brought + 0.5))
            gain = np.int16(np.floor(done[v] + brought + 0.5))
        ties[i] += gain


@compiled
def marks_of_month(n, elders, gifts, n_gifts, rows):
    """Mark resident elders, and those in the first rows who had company from outside the family or gave help there."""
    marks = np.zeros(n, dtype=np.uint8)
    for k in range(n_gifts):
        relation, giver = gifts[k].relation, gifts[k].giver
        if NEIGHBOUR <= relation <= MEMBER:
            if 0 <= giver < n:
                marks[giver] |= HELPED
            if relation == PEER:
                marks[rows[gifts[k].case]] |= AT_HOME
            elif relation in (NEIGHBOUR, VOLUNTEER, MEMBER):
                marks[rows[gifts[k].case]] |= VISITED
    for j in range(len(elders)):
        marks[np.uint64(elders[j])] |= ELDERLY
    return marks


PROCESS = Process(
    name="social_ties",
    run=keep_company,
    settles=True,
    reads=("pair", "disability", "client", "sessions", "village", "ties", "efficacy"),
    writes=("ties", "efficacy"),
    meaning="Pairs, happiness homes and visits strengthen an elder's ties, helping others gives confidence; both fade.",
    parameters=SocialTies,
    columns=(
        Column("ties", np.int16, 0, "thousandths of a standard deviation", "Ties with people outside the family.",
               "social_ties", elder=True),
        Column("efficacy", np.int16, 0, "thousandths of a standard deviation", "Self-efficacy.", "social_ties",
               elder=True),
    ),
)  # fmt: skip
