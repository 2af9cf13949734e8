"""Social work: elders are received as clients, helped alone or in groups, and villages are organised."""

from __future__ import annotations

import numpy as np

from caresim.agents.clients import TURN, sort_out, work_alone
from caresim.agents.group_work import found_groups, hold_sessions
from caresim.agents.priority import village_heads
from caresim.agents.reception import receive_clients
from caresim.agents.social_work import CASE, COMMUNITY, GROUP, HOUR, WORKER_MINUTES, Done, Station
from caresim.agents.world import Process, World
from caresim.kernel.columns import Column
from caresim.kernel.parameters import Parameters, ascending, at_most_one, parameter

PER = 10_000
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
    workers = heads * rate
    whole = float(workers.sum())
    station.open(_minutes(world, whole / PER))
    staffed = rate > 0.0
    open_now, running, ready = _sort_out(world, staffed)
    left = _budgets(station, rules)
    budgets = left.copy()
    if running:
        hold_sessions(world, rules, open_now, left)
    if ready >= rules.smallest:
        found_groups(world, rules, open_now, left)
    alone, grouped = _work_alone(world, rules, open_now, left) if len(open_now) else (0, 0)
    receive_clients(world, rules, staffed, alone, grouped, left, budgets)
    station.done.spent[CASE], station.done.spent[GROUP] = (budgets - left).tolist()
    _organise(world, rules, workers, whole, heads)
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


def _sort_out(world: World, staffed: np.ndarray) -> tuple[np.ndarray, int, int]:
    """Let go who died, left or lost the station.

    Returns:
        Rows of the open clients; how many are in a running group, and how many are ready for one.
    """
    people = world.people
    names = ("client", "client_clock", "sessions", "group_number", "state", "place", "village")
    rows, world.station.done.dropped, running, ready = sort_out(
        people.elders_end, *(people[name] for name in names), staffed
    )
    return rows, running, ready


def _work_alone(world: World, rules: SocialWork, open_now: np.ndarray, left: np.ndarray) -> tuple[int, int]:
    """Take clients a stage further; return how many are open now, in case work and in group work."""
    people, done = world.people, world.station.done
    names = ("client", "client_clock", "sessions", "key", "mood", "unmet", "widowed", "arrangement")
    with_clients, done.completed, still_open, grouped = work_alone(
        open_now, left, *(people[name] for name in names), world.month, rules.grief, world.draws.word(TURN, 0),
        np.array([int(HOUR * hours) for hours in rules.stage_hours]), rules.patience,
    )  # fmt: skip
    done.client_minutes += with_clients
    return still_open - grouped, grouped


def _organise(world: World, rules: SocialWork, workers: np.ndarray, whole: float, heads: np.ndarray) -> None:
    """Spend what is left of the hours in the villages, in proportion to their elders' workers."""
    done = world.station.done
    done.spent[COMMUNITY] = done.minutes - done.spent[CASE] - done.spent[GROUP] if whole > 0.0 else 0
    world.station.organise(
        world.territory.trust, done.spent[COMMUNITY], workers, whole, heads, rules.community_speed,
        rules.trust_gain,
    )  # fmt: skip


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
