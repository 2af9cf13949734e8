"""Social work: elders are received as clients, helped alone or in groups, and villages are organised."""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from caresim.agents.clients import TURN, sort_out, work_alone
from caresim.agents.group_work import LASTING, SCRIPT, SESSION, found_groups, hold_sessions
from caresim.agents.institutions import part_of
from caresim.agents.priority import village_heads, weighted
from caresim.agents.reception import (
    alone_minutes,
    group_minutes,
    receive_clients,
    refer,
)
from caresim.agents.social_work import (
    BEGUN,
    CASE,
    CLIENT_MINUTES,
    GROUP,
    HOUR,
    KNOWN,
    LONGEST,
    MINUTES,
    NEWEST,
    QUEUES,
    SPENT_ON_CASES,
    SPENT_ON_GROUPS,
    SPENT_ON_REPORTS,
    SPENT_ON_VILLAGES,
    WORKER_MINUTES,
    Done,
    Room,
    Station,
    Turn,
    spread_work,
)
from caresim.agents.world import Process, World
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.parameters import Parameters, ascending, at_most_one, parameter

PER = 10_000
INSTRUMENT = "social_workers"
columns_of = itemgetter(
    "client", "client_clock", "sessions", "group_number", "before_group", "state", "place", "village", "key", "mood",
    "unmet", "widowed", "arrangement", "disability", "dementia", "loneliness",
)  # fmt: skip


class SocialWork(Parameters):
    """How social workers use their hours."""

    workers: float = parameter(
        0.0, unit="workers per 10,000 elders", limits=(0.0, 10_000.0), low=0.0, high=20.0, local=True,
        meaning="Social workers; a measure of government says how many.", source="judgement", evidence="judgement",
    )  # fmt: skip
    of_centres: float = parameter(
        0.0, unit="workers per 10,000 elders", limits=(0.0, 10_000.0), low=0.0, high=20.0, local=True,
        meaning="Those of `workers` whom the township's centre pays, so that no other measure's money limits them; a "
        "measure of government says how many.", source="judgement", evidence="judgement",
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
        (1.0, 2.0, 1.0, 1.5, 1.0, 0.5), unit="hours", limits=(0.0, 20.0),
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
        source="loneliness_trials", evidence="judgement",
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


class Plan(NamedTuple):
    """Whether there are workers anywhere; how many townships; what `help_clients` takes as long as rules last.

    Last are all workers and those whom centres pay, by village; None if there are none of these.
    """

    anywhere: bool
    townships: int
    terms: tuple[Any, ...]
    centres: tuple[np.ndarray, np.ndarray] | None


def work(world: World) -> None:
    """Let the station's workers meet groups, take each client a stage further, receive new ones, organise villages."""
    station, rules, draws = world.station, world.parameters["social_work"], world.draws
    plan = world.once("social_work.plan", (world.enacted, rules, draws), lambda: _plan(world, rules))
    if not plan.anywhere and not station.in_use:
        station.done, station.reporting = Done(), 0
        return
    people, territory, month, claim = world.people, world.territory, world.month, _claim(world, plan)
    before, organised = station.village_work(territory.trust)
    room = Room(len(world.elders), plan.townships, len(world.elders) // rules.smallest)
    if station.reporting > 0:
        room.counts[SPENT_ON_REPORTS] = station.reporting
    help_clients(
        world.elders, people.elders_end, *columns_of(people.arrays), *claim, month - rules.grief, station.last_group,
        draws.stream(SESSION, month), *room.all, territory.trust, before, organised, village_heads(world), *plan.terms,
    )  # fmt: skip
    _note(station, room, plan, before, organised)


def _plan(world: World, rules: SocialWork) -> Plan:
    """Return what the rules say, in minutes, persons, months and chances, workers by village, and lasting streams."""
    rate, township, draws = world.by_village("social_work.workers"), world.territory.township, world.draws
    of_centres = world.by_village("social_work.of_centres")
    stages = np.array([int(HOUR * hours) for hours in rules.stage_hours])
    session = int(HOUR * rules.session_hours), int(HOUR * rules.meeting_hours)
    each = alone_minutes(rules), group_minutes(rules)
    chances = rules.attendance, rules.fidelity, rules.consolidation
    village = rules.community_speed, rules.trust_gain
    words = draws.word(TURN, 0), draws.word(SCRIPT, 0), draws.word(LASTING, 0)
    shares, sizes = (rules.case_share, rules.group_share), (rules.smallest, rules.largest)
    terms = (rate, rate > 0.0, township, shares, stages, session, each, *sizes, rules.patience, rules.again, chances,
             village, words)  # fmt: skip
    centres = (rate, of_centres) if of_centres.any() else None
    return Plan(bool(rate.any()), int(township.max()) + 1, terms, centres)


def _claim(world: World, plan: Plan) -> tuple[int, int]:
    """Return the fen of wages that the measure claims, and those that are granted; (0, 0) if it claims nothing.

    Those whom centres pay are as good as granted.
    """
    claim = world.claims.made.get((INSTRUMENT, "programme"))
    if claim is None:
        return 0, 0
    claimed, granted = claim.total, claim.total_granted
    if plan.centres is not None and granted < claimed:
        everybody, paid = (weighted(village_heads(world), rate) for rate in plan.centres)
        granted += int((claimed - granted) * min(1.0, paid / everybody)) if everybody > 0.0 else 0
    return claimed, granted


def _note(station: Station, room: Room, plan: Plan, before: np.ndarray, organised: np.ndarray) -> None:
    """Note what was done this month."""
    count = room.counts.tolist()
    ends = room.ends[: count[QUEUES] + 1].tolist()
    rank, luck, received = (noted[: ends[-1]].copy() for noted in (room.rank, room.luck, room.received))
    turns = [Turn(rank[a:b], luck[a:b], received[a:b]) for a, b in pairwise(ends)]
    sizes = room.sizes[: count[BEGUN]].tolist() if count[BEGUN] > 0 else []
    done = count[MINUTES], count[:CLIENT_MINUTES], *count[CLIENT_MINUTES:MINUTES], sizes, turns
    station.done = Done._make(done)
    station.last_group = count[NEWEST]
    if station.reporting > 0 and count[SPENT_ON_REPORTS] > 0:
        station.reporting = 0
    if count[SPENT_ON_VILLAGES] > 0:
        station.note_village_work(before, organised)
    station.in_use, station.relieving = plan.anywhere or count[KNOWN] > 0, True


@compiled
def help_clients(elders, n, client, clock, sessions, number, before_group, state, place, village, key, mood, unmet,
                 widowed, arrangement, disability, dementia, loneliness, claimed, granted, bereaved_from, newest,
                 session_word, counts, sizes, rank, drawn, received, ends, trust, before, organised, heads, rate,
                 staffed, township, shares, stages, session, each, smallest, largest, patience, again, chances,
                 by_village, words):  # fmt: skip
    """Let groups meet and begin, take each client a stage further, receive new ones, organise villages.

    What is counted goes into `counts`, in which the minutes of reports stand at first, the members of each group that
    begins into `sizes`, the queues from which clients are received into `rank`, `drawn`, `received` and `ends`; see
    `found_groups` and `receive_clients`.
    """
    workers = weighted(heads, rate)
    minutes = paid_minutes(int(WORKER_MINUTES * (workers / PER)), claimed, granted)
    reports = min(minutes, paid_minutes(counts[SPENT_ON_REPORTS], claimed, granted))
    counts[:] = 0
    counts[MINUTES], counts[NEWEST], counts[SPENT_ON_REPORTS] = minutes, newest, reports
    minutes -= reports
    budgets = int(minutes * shares[CASE]), int(minutes * shares[GROUP])
    left = np.array(budgets)
    turn_word, script_word, lasting_word = words
    luck = (*chances, session_word, script_word, lasting_word)
    open_now, running, ready = sort_out(
        n, client, clock, sessions, number, state, place, village, staffed, counts
    )
    if running > 0:
        hold_sessions(open_now, left, client, sessions, number, key, session, luck, counts)
    if ready >= smallest:
        found_groups(
            open_now, left, client, clock, sessions, number, before_group, loneliness, village, key, township,
            smallest, largest, turn_word, session, luck, counts, sizes,
        )  # fmt: skip
    alone, grouped = work_alone(
        open_now, left, client, clock, sessions, key, mood, unmet, widowed, arrangement, bereaved_from, turn_word,
        stages, patience, counts,
    )  # fmt: skip
    rows, waiting_rank, for_group, group_rank = refer(
        elders, client, clock, mood, unmet, widowed, arrangement, disability, dementia, place, village, staffed,
        bereaved_from, again,
    )  # fmt: skip
    receive_clients(
        rows, waiting_rank, for_group, group_rank, alone, grouped, left, budgets, each, stages[0], smallest, largest,
        client, clock, sessions, number, key, village, township, turn_word, counts, (rank, drawn, received, ends),
    )  # fmt: skip
    counts[SPENT_ON_CASES], counts[SPENT_ON_GROUPS] = budgets[CASE] - left[CASE], budgets[GROUP] - left[GROUP]
    rest = minutes - counts[SPENT_ON_CASES] - counts[SPENT_ON_GROUPS] if workers > 0.0 else 0
    counts[SPENT_ON_VILLAGES] = rest
    spread_work(trust, before, organised, rest, heads, rate, workers if workers > 0.0 else 1.0, *by_village)


@compiled
def paid_minutes(minutes, claimed, granted):
    """Return the part of staff minutes that falls to the workers for whom the budget pays what was claimed."""
    return part_of(minutes, granted, claimed) if claimed > 0 else minutes


PROCESS = Process(
    name="social_work",
    run=work,
    reads=("state", "place", "village", "mood", "unmet", "widowed", "arrangement", "disability", "dementia",
           "loneliness", "client", "client_clock", "sessions", "group_number", "key", "village.trust"),
    writes=("client", "client_clock", "sessions", "group_number", "before_group", "village.trust"),
    meaning="Social workers help the bereaved, the deprived and the lonely, alone or in groups, and organise villages.",
    parameters=SocialWork,
    columns=(
        Column("client", np.uint8, 0, "code", "Of a social worker: 0 nobody, 1-6 reception, estimation, planning, "
               "intervention, evaluation, closing, 7 former client; + 8 group work, + 16 consolidated.", "social_work",
               elder=True, most=31),
        Column("client_clock", np.uint8, 0, "months", "Months on the waiting list; of a client in the stage; of a "
               "former client since closing.", "social_work", elder=True, most=LONGEST),
        Column("sessions", np.uint8, 0, "code", "Sessions or contacts held (7 after the month of the sixth), + 16 "
               "times the credit for those attended (0-12).", "social_work", elder=True, most=199),
        Column("group_number", np.uint16, 0, "group", "Number of the group that a client is in; 0 none.",
               "social_work", elder=True),
        Column("before_group", np.int16, 0, "thousandths of a standard deviation", "Loneliness when the group began.",
               "social_work", elder=True),
    ),
)  # fmt: skip
