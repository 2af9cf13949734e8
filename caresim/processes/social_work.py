"""Social work: elders are received as clients, helped alone or in groups, and villages are organised."""

from __future__ import annotations

import numpy as np

from caresim.agents.clients import points_of_all, sort_out, turn_luck, work_alone
from caresim.agents.group_work import found_groups, hold_sessions
from caresim.agents.priority import village_heads
from caresim.agents.reception import receive_clients
from caresim.agents.social_work import CASE, COMMUNITY, GROUP, HOUR, STAGE, WORKER_MINUTES, Done, Station
from caresim.agents.world import Process, World
from caresim.kernel.columns import Column
from caresim.kernel.parameters import Parameters, ascending, at_most_one, parameter

PER, HUNDRED = 10_000, 100
INSTRUMENT = "social_workers"


class SocialWork(Parameters):
    """How social workers use their hours."""

    workers: float = parameter(
        0.0, unit="workers per 10,000 elders", limits=(0.0, 10_000.0), low=0.0, high=20.0, local=True,
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


def work(world: World) -> None:
    """Let the station's workers meet groups, take each client a stage further, receive new ones, organise villages."""
    station, rules = world.station, world.parameters["social_work"]
    rate = world.by_village("social_work.workers")
    if not rate.any() and not station.in_use:
        station.done = Done()
        return
    heads = village_heads(world)
    station.open(_minutes(world, float((heads * rate).sum()) / PER))
    staffed = rate > 0.0
    open_now = _sort_out(world, staffed)
    left = _budgets(station, rules)
    budgets = left.copy()
    hold_sessions(world, rules, open_now, left)
    found_groups(world, rules, open_now, left)
    _work_alone(world, rules, open_now, left)
    receive_clients(world, rules, staffed, open_now, left, budgets)
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
    names = ("client", "client_clock", "sessions", "group_number", "state", "place", "village")
    rows: np.ndarray
    rows, world.station.done.dropped = sort_out(people.elders_end, *(people[name] for name in names), staffed)
    return rows


def _work_alone(world: World, rules: SocialWork, open_now: np.ndarray, left: np.ndarray) -> None:
    """Take clients a stage further, those nearest to closing first, then by priority, months in the stage, draw."""
    people, done = world.people, world.station.done
    stage = people["client"][open_now] & STAGE
    points = points_of_all(
        open_now,
        *(people[name] for name in ("mood", "unmet", "widowed", "arrangement")),
        world.month,
        rules.grief,
    )
    clock = people["client_clock"][open_now].astype(np.int64)
    order = open_now[np.lexsort((turn_luck(world, open_now), -clock, -points, -stage.astype(np.int64)))]
    minutes = np.array([int(HOUR * hours) for hours in rules.stage_hours])
    with_clients, done.completed = work_alone(
        order,
        left,
        *(people[name] for name in ("client", "client_clock", "sessions")),
        minutes,
        rules.patience,
    )
    done.client_minutes += with_clients


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
    meaning="Social workers help the bereaved, the deprived and the lonely, alone or in groups, and organise villages.",
    parameters=SocialWork,
    columns=(
        Column("client", np.uint8, 0, "code", "Of a social worker: 0 nobody, 1-6 reception, estimation, planning, "
               "intervention, evaluation, closing, 7 former client; + 8 group work, + 16 consolidated.", "social_work",
               elder=True),
        Column("client_clock", np.uint8, 0, "months", "Months on the waiting list; of a client in the stage; of a "
               "former client since closing.", "social_work", elder=True),
        Column("sessions", np.uint8, 0, "code", "Sessions or contacts held (7 after the month of the sixth), + 16 "
               "times the credit for those attended (0-12).", "social_work", elder=True),
        Column("group_number", np.uint16, 0, "group", "Number of the group that a client is in; 0 none.",
               "social_work", elder=True),
        Column("before_group", np.int16, 0, "thousandths of a standard deviation", "Loneliness when the group began.",
               "social_work", elder=True),
    ),
)  # fmt: skip
