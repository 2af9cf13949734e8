"""Social work: clients by stage, waiting, groups and what they bring, leaks closed, hours; visits."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.elder_census import LEFT_BEHIND, VISITED
from caresim.agents.people import LIVING_RESIDENT
from caresim.agents.service import marked
from caresim.agents.social_work import (
    CREDIT,
    CREDIT_BITS,
    FORMER,
    GROUP_WORK,
    HELD,
    INTERVENTION,
    PURPOSES,
    STAGE,
    STAGES,
    WHOLE,
)
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform
from caresim.processes.assessment import TAKE_UP
from caresim.processes.volunteering import JOIN
from caresim.recorder import Indicator, census, knows, number, ratio, share, tally

THOUSAND, HOUR = 1000.0, 60.0
COLUMNS = ("client", "sessions", "called_on", "takes_up", "arrangement", "loneliness")
COUNTED = ("client", "sessions", "before_group", "loneliness", "village", "key")


COUNTS = (
    *STAGES, "clients", "members", "before", "after", "credit", "leaks", "left_behind", "visited",
)  # fmt: skip
"""What is counted at the month's end of clients, left-behind elders and those of them who were visited; NaN in a run
without social work."""
MEMBERS, BEFORE, AFTER, GAINED = (COUNTS.index(name) for name in ("members", "before", "after", "credit"))


@tally(*COUNTS)
def clients(world: World, counts: np.ndarray) -> None:
    """Look at every elder once a month, for the indicators of this file; at nobody where there is nothing to see."""
    if not knows(world, *COLUMNS):
        return
    if not world.station.relieving:
        counts.fill(0.0)
        return
    columns = [world.people[name] for name in COUNTED]
    count(world.elders, *columns, world.by_village("assessment.take_up"), world.draws.word(TAKE_UP, 0),
          census(world), counts)  # fmt: skip


@compiled
def count(
    elders, client, sessions, before_group, loneliness, village, key, take_up, word, elders_counted, counts
):
    """Count clients by stage; members of groups that ended this month, their scores and credit; leaks."""
    stages = np.zeros(FORMER + 1, dtype=np.int64)
    members = before = after = credit = leaks = 0
    mark = INTERVENTION | GROUP_WORK
    for i in _clients(elders, client):
        stages[client[i] & STAGE] += 1
        leaks += uniform(word, key[i]) >= take_up[village[i]]
        if (client[i] & (STAGE | GROUP_WORK) == mark) & (sessions[i] & HELD == WHOLE):
            members += 1
            before += before_group[i]
            after += loneliness[i]
            credit += sessions[i] >> CREDIT_BITS
    counts[: FORMER - 1], counts[FORMER - 1] = stages[1:FORMER], stages[1:FORMER].sum()
    counts[MEMBERS], counts[BEFORE], counts[AFTER] = members, before / THOUSAND, after / THOUSAND
    counts[GAINED], counts[GAINED + 1] = credit / CREDIT, leaks
    counts[GAINED + 2], counts[GAINED + 3] = elders_counted[LEFT_BEHIND], elders_counted[VISITED]


@compiled
def _clients(elders, client):
    """Return the rows of present and former clients, without a branch."""
    rows, found = np.empty(len(elders) + 1, dtype=np.uint32), 0
    for i in elders:
        rows[found] = np.uint32(i)
        found += client[i] != 0
    return rows[:found]


WORK = (
    *PURPOSES, "waiting", "waited", "received", "completed", "ended", "client_minutes", "groups", "attended", "invited",
    "scripted", "sessions",
)  # fmt: skip
"""What social workers did this month; NaN in a run without them."""


@tally(*WORK)
def work(world: World, numbers: np.ndarray) -> None:
    """Read what the station has noted of the month."""
    if knows(world, "client"):
        done = world.station.done
        numbers[:] = (
            *done.spent, done.waiting, done.waited, done.received, done.completed, done.completed + done.dropped,
            done.client_minutes, len(done.sizes), done.attended, done.invited, done.scripted, done.sessions,
        )  # fmt: skip


# --- groups -------------------------------------------------------------------------------------------------


@tally("naive", "against_twins")
def effects(world: World, numbers: np.ndarray) -> None:
    """Return the mean change of loneliness from a group's beginning to its end, as read off a form; and its part.

    The part is by how much members are less lonely at the end than the same people with the same luck without a group.
    The group changes two things until then: what it takes away, and ties.
    """
    found = clients(world)
    members = float(found[MEMBERS])
    if members > 0.0:
        feeling, ties = world.parameters["loneliness"], world.parameters["social_ties"]
        whole: float = feeling.group_gain + feeling.from_ties * ties.group
        numbers[0] = (found[AFTER] - found[BEFORE]) / members
        numbers[1] = -whole * found[GAINED] / members


# --- villages -----------------------------------------------------------------------------------------------


def volunteers_won(world: World) -> float:
    """Count the volunteers who would not be registered without campaigns, groups and community work."""
    if not knows(world, "volunteer", "client"):
        return math.nan
    people = world.people
    registration = world.parameters["volunteering"].registration
    return float(_count_won(people["volunteer"], people["state"], people["key"], people.n, registration,
                            world.draws.word(JOIN, 0)))  # fmt: skip


@compiled
def _count_won(volunteer, state, key, n, registration, word):
    """Count the resident volunteers whose lasting draw would not have made them register."""
    found = 0
    for i in marked(volunteer, n):
        resident = state[i] & LIVING_RESIDENT == LIVING_RESIDENT
        found += resident & (uniform(word, key[i]) >= registration)
    return found


def organised(world: World) -> float:
    """Return the hours of community work a month for 100 elders, as they add up, on average over villages."""
    hours = world.station.organised
    return 0.0 if hours is None or not len(hours) else float(_mean(hours))


@compiled
def _mean(hours):
    """Return the mean of hours over villages."""
    return hours.sum() / len(hours)


def urgent_share(world: World) -> float:
    """Return the share of elders who live in villages that come first."""
    urgent = world.station.urgent
    if urgent is None:
        return 0.0
    return share(float(urgent[world.people["village"][world.elders]].sum()), len(world.elders))


def visits(world: World) -> float:
    """Return the visits of the month, to left-behind and to linked elders."""
    return float(world.station.visits) if knows(world, "called_on") else math.nan


STAGES_ZH = ("接案", "预估", "计划", "介入", "评估", "结案")
PURPOSES_EN = ("case work", "group work", "community work", "reports to government")
PURPOSES_ZH = ("个案工作", "小组工作", "社区工作", "需求报告")
SCORE = "standard deviations"
INDICATORS = (
    Indicator("sw_clients", "persons", "mean", "Clients of social workers", "社工服务对象",
              "Open cases, from reception to closing.", number(clients, "clients")),
    *(Indicator(f"sw_{name}", "persons", "mean", f"Clients: {name}", f"社工服务对象：{zh}",
                f"Clients whose last stage is {name}.", number(clients, name))
      for name, zh in zip(STAGES, STAGES_ZH, strict=True)),
    Indicator("sw_waiting", "persons", "mean", "Waiting for a social worker", "等待社工服务人数",
              "Elders who are referred and not received.", number(work, "waiting"), better="lower"),
    Indicator("sw_wait", "months", "mean", "Wait for a social worker", "等待社工服务月数",
              "Months that those received this month had waited.",
              ratio(work, "waited", "received"), better="lower"),
    Indicator("sw_completed", "persons", "sum", "Cases closed", "结案人数",
              "Clients whose case was closed.", number(work, "completed")),
    Indicator("sw_completion", "share", "mean", "Completion", "结案率",
              "Cases closed of those closed or broken off in the month.",
              ratio(work, "completed", "ended"), better="higher"),
    *(Indicator(f"sw_hours_{name}", "hours", "sum", f"Hours of {en}", f"{zh}工时",
                f"Hours that social workers spent on {en}.", number(work, name, 1 / HOUR))
      for name, en, zh in zip(PURPOSES, PURPOSES_EN, PURPOSES_ZH, strict=True)),
    Indicator("sw_hours_clients", "hours", "sum", "Hours of clients", "服务对象受助时数",
              "Hours that clients spent with social workers; an hour of a group counts for each member.",
              number(work, "client_minutes", 1 / HOUR)),
    Indicator("groups_started", "groups", "sum", "Groups begun", "新开小组数",
              "Groups that began.", number(work, "groups")),
    Indicator("group_attendance", "share", "mean", "Attendance", "小组出席率",
              "Members who came, of those who were invited to a session.",
              ratio(work, "attended", "invited"), better="higher"),
    Indicator("group_fidelity", "share", "mean", "Fidelity", "小组计划执行率",
              "Sessions that went as planned, of all sessions.",
              ratio(work, "scripted", "sessions"), better="higher"),
    Indicator("group_effect_naive", SCORE, "mean", "Group, before and after", "小组前后变化",
              "Change of members' loneliness from the first to the last session.", number(effects, "naive")),
    Indicator("group_effect_twin", SCORE, "mean", "Group, against twins", "小组净效果",
              "Members' loneliness at the end less that of the same people with the same luck without the group.",
              number(effects, "against_twins"), better="lower"),
    Indicator("leaks_closed", "persons", "mean", "Leaks closed", "补漏人数",
              "Present and former clients who take up what is due only because they are or were clients.",
              number(clients, "leaks")),
    Indicator("volunteers_won", "persons", "mean", "Volunteers won", "新增志愿者",
              "Volunteers who would not be registered without campaigns, groups and community work.", volunteers_won,
              quarterly=True),
    Indicator("community_work", "hours per 100 elders and month", "mean", "Community work", "社区工作强度",
              "Hours of community work a month for 100 elders, as they add up over time.", organised),
    Indicator("urgent_share", "share", "mean", "Elders in villages that come first", "优先村老年人比例",
              "Elders who live in villages that the free budget serves first.", urgent_share),
    Indicator("visits", "visits", "sum", "Visits to left-behind and linked elders", "留守老人和已链接老人探访次数",
              "Visits to left-behind elders and to those whom a social worker has linked with visits.", visits),
    Indicator("visit_coverage", "share", "mean", "Left-behind elders visited", "留守老人探访率",
              "Elders visited this month, of those whose children all live outside the township; linked elders with "
              "others are not among them.",
              ratio(clients, "visited", "left_behind")),
)  # fmt: skip
