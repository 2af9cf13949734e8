"""Social work: elders are received as clients, helped alone or in groups, and villages are organised."""

from __future__ import annotations

import numpy as np

from caresim.agents.candidates import draws_of
from caresim.agents.clients import MONTHS, begin_group, meet, points_of_all, receive, refer, sort_out, work_alone
from caresim.agents.priority import heads_by_village, neediest
from caresim.agents.social_work import (
    CASE,
    COMMUNITY,
    GROUP,
    GROUP_WORK,
    HELD,
    INTERVENTION,
    PLANNING,
    RECEPTION,
    STAGE,
    WHOLE,
    WORKER_MINUTES,
    Station,
    Turn,
)
from caresim.agents.world import Process, World
from caresim.kernel.columns import Column
from caresim.kernel.draws import purpose
from caresim.kernel.parameters import Parameters, ascending, at_most_one, parameter

TURN = purpose("social_work.turn")
SESSION = purpose("social_work.session")
SCRIPT = purpose("social_work.script")
LASTING = purpose("social_work.lasting")
PER, HUNDRED, HOUR = 10_000, 100, 60
PIPELINE = 7
"""Months that a client is open if there are hours: a stage a month, two for the intervention."""
INSTRUMENT = "social_workers"
LAST_NUMBER = 65535


class SocialWork(Parameters):
    """How social workers use their hours."""

    workers: float = parameter(
        0.0, unit="workers per 10,000 elders", limits=(0.0, 1000.0), low=0.0, high=20.0, local=True,
        meaning="Social workers; a measure of government says how many.", source="judgement", evidence="judgement",
    )  # fmt: skip
    case_share: float = parameter(
        0.4, unit="share", low=0.2, high=0.6, role="lever",
        meaning="Share of their hours for case work.", source="judgement", evidence="judgement",
    )  # fmt: skip
    group_share: float = parameter(
        0.4, unit="share", low=0.1, high=0.6, role="lever",
        meaning="Share of their hours for group work; what case and group work leave goes into community work.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    stage_hours: tuple[float, float, float, float, float, float] = parameter(
        (1.0, 2.0, 1.0, 1.5, 1.0, 0.5), unit="hours", limits=(0.0, 20.0), low=0.5, high=4.0,
        meaning="Staff hours of reception, estimation, planning, a contact of case work, evaluation, closing.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    session_hours: float = parameter(
        3.0, unit="hours", limits=(0.1, 20.0), low=2.0, high=6.0,
        meaning="Staff hours of a group's session, preparation included.", source="judgement", evidence="judgement",
    )  # fmt: skip
    meeting_hours: float = parameter(
        1.5, unit="hours", limits=(0.1, 20.0), low=1.0, high=2.0,
        meaning="Hours that a group's members spend together in a session.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    smallest: int = parameter(
        8, unit="persons", limits=(2, 30), low=6, high=10,
        meaning="Fewest members with whom a group begins.", source="judgement", evidence="judgement",
    )  # fmt: skip
    largest: int = parameter(
        12, unit="persons", limits=(2, 30), low=10, high=15,
        meaning="Most members with whom a group begins.", source="judgement", evidence="judgement",
    )  # fmt: skip
    attendance: float = parameter(
        0.85, unit="probability", low=0.6, high=0.95,
        meaning="Probability that a member comes to a session.", source="judgement", evidence="judgement",
    )  # fmt: skip
    fidelity: float = parameter(
        0.9, unit="probability", low=0.5, high=1.0,
        meaning="Probability that a session goes as planned; another one counts half.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    consolidation: float = parameter(
        0.5, unit="probability", low=0.2, high=0.8,
        meaning="Probability that what a member who comes to the last session has gained is consolidated.",
        source="loneliness_interventions2024", evidence="judgement",
    )  # fmt: skip
    patience: int = parameter(
        3, unit="months", limits=(1, 24), low=2, high=6,
        meaning="Months after planning until somebody for whom no group comes about is helped alone.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    grief: int = parameter(
        3, unit="months", limits=(0, 24), low=1, high=12,
        meaning="Months after the death of the spouse in which the bereaved are referred.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    again: int = parameter(
        12, unit="months", limits=(0, 120), low=6, high=24,
        meaning="Months after closing until somebody can be referred again.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    trust_gain: float = parameter(
        0.04, unit="share", limits=(0.0, 1.0), low=0.0, high=0.1,
        meaning="Trust in a village that an hour of community work a month for 100 elders holds up.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    community_speed: float = parameter(
        0.05, unit="share", low=0.02, high=0.12,
        meaning="Part of the way to what this month's community work holds up that a village goes in a month.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    _shares = at_most_one("case_share", "group_share")
    _sizes = ascending("smallest", "largest")


def work(world: World) -> None:
    """Let the station's workers meet groups, take each client a stage further, receive new ones, organise villages."""
    station, rules = world.station, world.parameters["social_work"]
    rate = world.by_village("social_work.workers")
    if not rate.any() and not station.in_use:
        return
    heads = heads_by_village(world.elders, world.people["village"], len(rate))
    station.open(_minutes(world, float((heads * rate).sum()) / PER))
    staffed = rate > 0.0
    open_now = _sort_out(world, staffed)
    left = _budgets(station, rules)
    budgets = left.copy()
    _hold(world, rules, open_now, left)
    _found_groups(world, rules, open_now, left)
    _work_alone(world, rules, open_now, left)
    _receive(world, rules, staffed, left, budgets)
    station.done.spent[CASE], station.done.spent[GROUP] = (budgets - left).tolist()
    _organise(world, rules, heads * rate, heads)
    station.in_use = bool(rate.any() or world.people["client"][: world.people.n].any())


def _minutes(world: World, wanted: float) -> int:
    """Return the staff minutes of the month: those of the workers for whom the budget pays."""
    claim = world.claims.made.get((INSTRUMENT, "programme"))
    minutes = int(WORKER_MINUTES * wanted)
    if claim is None or claim.fen[0] == 0:
        return minutes
    return minutes * int(claim.granted[0]) // int(claim.fen[0])


def _budgets(station: Station, rules: SocialWork) -> np.ndarray:
    """Return the minutes for case work and for group work."""
    return np.array([int(station.done.minutes * share) for share in (rules.case_share, rules.group_share)])


def _sort_out(world: World, staffed: np.ndarray) -> np.ndarray:
    """Let go who died, left or lost the station; return the rows of the open clients."""
    people = world.people
    clients = np.flatnonzero(people["client"][: people.n])
    names = ("client", "client_clock", "sessions", "group_number", "state", "place", "village")
    rows: np.ndarray
    rows, world.station.done.dropped = sort_out(clients, *(people[name] for name in names), staffed)
    return rows


def _luck(world: World, rows: np.ndarray) -> np.ndarray:
    """Return the lasting draws that decide among equals."""
    luck: np.ndarray = draws_of(world.draws.word(TURN, 0), world.people["key"][rows])
    return luck


# --- groups -------------------------------------------------------------------------------------------------


def _hold(world: World, rules: SocialWork, open_now: np.ndarray, left: np.ndarray) -> None:
    """Let the groups that have begun meet."""
    people = world.people
    running = people["group_number"][open_now] > 0
    members = open_now[running]
    members = members[people["sessions"][members] & HELD < WHOLE]
    _meet(world, rules, members, left)


def _meet(world: World, rules: SocialWork, members: np.ndarray, left: np.ndarray) -> None:
    people, done = world.people, world.station.done
    if len(members) == 0:
        return
    number = people["group_number"][members]
    order = np.lexsort((people["key"][members], number))
    first = np.flatnonzero(np.diff(number[order], prepend=0, append=LAST_NUMBER + 1))
    spent, held, planned, invited, came = meet(
        members[order], first, int(left[GROUP]),
        *(people[name] for name in ("client", "sessions", "group_number", "key")),
        int(HOUR * rules.session_hours), rules.attendance, rules.fidelity, rules.consolidation,
        world.draws.word(SESSION, world.month), world.draws.word(SCRIPT, 0), world.draws.word(LASTING, 0),
    )  # fmt: skip
    left[GROUP] -= spent
    done.client_minutes += came * int(HOUR * rules.meeting_hours)
    done.sessions, done.scripted = done.sessions + held, done.scripted + planned
    done.invited, done.attended = done.invited + invited, done.attended + came


def _found_groups(world: World, rules: SocialWork, open_now: np.ndarray, left: np.ndarray) -> None:
    """Let groups begin in townships where enough clients wait for one and nobody else is on the way to it."""
    people, station = world.people, world.station
    marks = people["client"][open_now]
    for_group = open_now[(marks & GROUP_WORK != 0) & (marks & STAGE <= PLANNING)]
    townships = world.territory.township[people["village"][for_group]]
    planned = people["client"][for_group] & STAGE == PLANNING
    for township in np.unique(townships):
        here = townships == township
        ready = for_group[here & planned]
        on_the_way = np.count_nonzero(here & ~planned)
        if len(ready) < rules.smallest or (on_the_way > 0 and len(ready) < rules.largest):
            continue
        ready = ready[np.lexsort((_luck(world, ready), -people["client_clock"][ready].astype(np.int64)))]
        for who in parted(ready, rules.smallest, rules.largest):
            if left[GROUP] < int(HOUR * rules.session_hours):
                return
            station.last_group = station.last_group % LAST_NUMBER + 1
            begin_group(
                who, station.last_group, *(people[name] for name in ("client", "client_clock", "sessions", "group_number",
                                                             "before_group", "loneliness")),
            )  # fmt: skip
            station.done.sizes.append(len(who))
            _meet(world, rules, who, left)


def parted(rows: np.ndarray, smallest: int, largest: int) -> list[np.ndarray]:
    """Return groups of about one size, as few as possible; who is too many for them waits on."""
    n_groups = -(-len(rows) // largest)
    if n_groups * smallest > len(rows):
        n_groups -= 1
    return np.array_split(rows[: n_groups * largest], n_groups) if n_groups else []


# --- clients ------------------------------------------------------------------------------------------------


def _work_alone(world: World, rules: SocialWork, open_now: np.ndarray, left: np.ndarray) -> None:
    """Take clients a stage further, those nearest to closing first, then by priority, months in the stage, draw."""
    people, done = world.people, world.station.done
    stage = people["client"][open_now] & STAGE
    points = points_of_all(
        open_now, *(people[name] for name in ("mood", "unmet", "widowed", "arrangement")), world.month, rules.grief
    )
    clock = people["client_clock"][open_now].astype(np.int64)
    order = open_now[np.lexsort((_luck(world, open_now), -clock, -points, -stage.astype(np.int64)))]
    minutes = np.array([int(HOUR * hours) for hours in rules.stage_hours])
    with_clients, done.completed = work_alone(
        order, left, *(people[name] for name in ("client", "client_clock", "sessions")), minutes, rules.patience
    )
    done.client_minutes += with_clients


def _receive(world: World, rules: SocialWork, staffed: np.ndarray, left: np.ndarray, budgets: np.ndarray) -> None:
    """Receive from the waiting list as many as the hours of the coming months allow."""
    people, done = world.people, world.station.done
    names = ("client", "client_clock", "mood", "unmet", "widowed", "arrangement", "disability", "dementia", "place",
             "village")  # fmt: skip
    rows, rank, group = refer(
        world.elders, *(people[name] for name in names), staffed, world.month, rules.grief, rules.again
    )
    luck = _luck(world, rows)
    stages = people["client"][: people.n]
    marks = stages[np.flatnonzero(stages)]
    marks = marks[marks & STAGE < STAGE]
    grouped = int(np.count_nonzero(marks & GROUP_WORK))
    reception = int(HOUR * rules.stage_hours[0])
    alone = ~group
    places = min(_places(budgets[CASE], alone_minutes(rules)) - (len(marks) - grouped), _most(left[CASE], reception))
    _admit(world, rows[alone], rank[alone], luck[alone], max(0, int(places)), CASE, left, reception)
    each = group_minutes(rules)
    places = max(_places(budgets[GROUP], each), rules.largest if budgets[GROUP] else 0) - grouped
    rows, rank, luck = rows[group], rank[group], luck[group]
    townships = world.territory.township[people["village"][rows]]
    while True:
        size = int(min(places, _most(left[GROUP], reception), rules.largest))
        enough = np.bincount(townships)[townships] >= rules.smallest if len(rows) else np.zeros(0, dtype=bool)
        if size < rules.smallest or not enough.any():
            break
        head = neediest(np.where(enough, rank, 0), luck, 1)[0]
        here = townships == townships[head]
        _admit(world, rows[here], rank[here], luck[here], size, GROUP, left, reception)
        places -= min(size, int(here.sum()))
        rows, rank, luck, townships = rows[~here], rank[~here], luck[~here], townships[~here]
    done.waiting = len(group) - done.received


def _most(minutes: int, each: int) -> int:
    """Return for how many the minutes suffice."""
    return minutes // each if each > 0 else np.iinfo(np.int32).max


def _places(minutes: int, each: int) -> int:
    """Return how many clients can be open at once, at least one if there are any hours."""
    return max(1, minutes * PIPELINE // max(1, each)) if minutes > 0 else 0


def alone_minutes(rules: SocialWork) -> int:
    """Return the staff minutes of one client of case work."""
    return int(HOUR * (sum(rules.stage_hours) + (WHOLE - 1) * rules.stage_hours[INTERVENTION - 1]))


def group_minutes(rules: SocialWork) -> int:
    """Return the staff minutes of one member of a group of the largest size."""
    alone = sum(rules.stage_hours) - rules.stage_hours[INTERVENTION - 1]
    return int(HOUR * (alone + WHOLE * rules.session_hours / rules.largest))


def _admit(world: World, rows: np.ndarray, rank: np.ndarray, luck: np.ndarray, places: int, method: int,
           left: np.ndarray, minutes: int) -> None:  # fmt: skip
    """Receive the first in a queue as clients."""
    people, done = world.people, world.station.done
    received = np.zeros(len(rows), dtype=np.bool_)
    if places > 0 and len(rows):
        received[neediest(rank, luck, places)] = True
    who = rows[received]
    done.turns.append(Turn(rank, luck, received))
    done.waited += int((rank[received] % MONTHS - 1).sum())
    done.received += len(who)
    done.client_minutes += minutes * len(who)
    left[method] -= minutes * len(who)
    receive(who, GROUP_WORK if method == GROUP else 0, *(people[name] for name in ("client", "client_clock", "sessions",
                                                                                  "group_number")))  # fmt: skip


# --- villages -----------------------------------------------------------------------------------------------


def _organise(world: World, rules: SocialWork, workers: np.ndarray, heads: np.ndarray) -> None:
    """Spend what is left of the hours in the villages, in proportion to their elders' workers."""
    done = world.station.done
    done.spent[COMMUNITY] = done.minutes - done.spent[CASE] - done.spent[GROUP] if workers.any() else 0
    hours = done.spent[COMMUNITY] / HOUR * workers / (workers.sum() or 1.0)
    world.station.organise(
        world.territory.trust, HUNDRED * hours / np.maximum(heads, 1), rules.community_speed, rules.trust_gain
    )


PROCESS = Process(
    name="social_work",
    run=work,
    reads=("state", "place", "village", "mood", "unmet", "widowed", "arrangement", "disability", "dementia",
           "loneliness"),
    writes=("client", "client_clock", "sessions", "group_number", "before_group"),
    meaning="Social workers help the bereaved, the neglected and the lonely, alone or in groups, and organise villages.",
    parameters=SocialWork,
    columns=(
        Column("client", np.uint8, 0, "code", "Of a social worker: 0 nobody, 1-6 reception, estimation, planning, "
               "intervention, evaluation, closing, 7 former client; + 8 group work, + 16 consolidated.", "social_work"),
        Column("client_clock", np.uint8, 0, "months", "Months on the waiting list; of a client in the stage; of a "
               "former client since closing.", "social_work"),
        Column("sessions", np.uint8, 0, "code", "Sessions or contacts held (7 after the month of the sixth), + 16 "
               "times the credit for those attended (0-12).", "social_work"),
        Column("group_number", np.uint16, 0, "group", "Number of the group that a client is in; 0 none.",
               "social_work"),
        Column("before_group", np.int16, 0, "thousandths of a standard deviation", "Loneliness when the group began.",
               "social_work"),
    ),
)  # fmt: skip
