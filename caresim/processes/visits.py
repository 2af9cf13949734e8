"""Visits: left-behind elders on the register and linked ones are called on, some months more often than others."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import COMPANY, SAME_VILLAGE, VISIT, hand_over, with_room
from caresim.agents.people import INSTITUTION
from caresim.agents.visiting import HALF_HOUR, due_visits
from caresim.agents.world import Process, World
from caresim.kernel.columns import NOBODY, Column
from caresim.kernel.compiled import compiled
from caresim.kernel.parameters import Parameters, parameter

INSTRUMENT = "visit_system"
NO_CLAIMS = np.empty(0, dtype=np.int64)


class Visits(Parameters):
    """Visits to left-behind elders."""

    per_month: float = parameter(
        0.0, unit="visits per month", limits=(0.0, 30.0), low=0.0, high=2.0, local=True,
        meaning="Visits to a registered elder whose children all live outside the township; a measure of government "
        "says how many.", source="judgement", evidence="judgement",
    )  # fmt: skip
    registered: float = parameter(
        0.8, unit="share", low=0.5, high=1.0, local=True,
        meaning="Share of left-behind elders who are on the register.", source="judgement", evidence="judgement",
    )  # fmt: skip


def visit(world: World) -> None:
    """Call on those whose visit is due and paid for; who needs company has half an hour of it."""
    people, station = world.people, world.station
    rules = world.parameters["visits"]
    per_month, registered, any_due = world.once("visits.rules", (world.enacted, rules), lambda: _rules(world))
    if not any_due:
        if station.visits:
            people["called_on"][: people.n] = 0
            station.visits = 0
        return
    station.relieving = True
    due = due_visits(world, per_month, registered)
    claim, book = world.claims.made.get((INSTRUMENT, "service")), world.care
    is_partial = claim is not None and claim.total > 0 and not (claim.is_whole and claim.is_of(due.number))
    claimed, granted = (
        claim.claimed_and_granted() if claim is not None and is_partial else (NO_CLAIMS, NO_CLAIMS)
    )
    station.visits, fen, book.gifts, book.n_gifts = call(
        world.elders, *due[:2], claimed, granted, people["place"], people["called_on"], people.elders_end, book.rows,
        book.gifts, book.n_gifts, book.left, book.received,
    )  # fmt: skip
    if claim is not None and due.total > 0:
        paid = fen if is_partial else station.visits * (claim.total // due.total)
        world.money.pay(INSTRUMENT, claim.instrument.funder, "collective", paid)


def _rules(world: World) -> tuple[np.ndarray, np.ndarray, bool]:
    """Return visits a month and shares on the register by village, and whether there are any visits."""
    per_month = world.by_village("visits.per_month")
    return per_month, world.by_village("visits.registered"), bool(per_month.any())


@compiled
def call(elders, due, places, claimed, granted, place, called_on, n, rows, gifts, k, left, received):
    """Visit the elders as far as it is granted, all of it where nothing is `claimed`; hand over the company.

    How often each is visited is written, 0 for everybody else.

    Returns:
        The visits, what they cost where anything is claimed, the hand-overs and their number.
    """
    called_on[:n] = 0
    visits = fen = 0
    for a in range(len(places)):
        j = np.uint32(places[a])
        i = np.uint64(elders[j])
        made = np.int64(due[j]) * (place[i] != INSTITUTION)
        if len(claimed) > 0:
            made, each = granted_visits(made, claimed[j], granted[j])
            fen += made * each
        called_on[i] = made
        visits += made
    gifts, k = keep_company(rows, called_on, gifts, k, left, received)
    return visits, fen, gifts, k


@compiled
def granted_visits(due, claimed, granted):
    """Return how many of the visits due are granted, and what each costs."""
    each = claimed if due <= 1 else claimed // due
    return (due if granted == claimed else due * granted // claimed), each


@compiled
def keep_company(rows, called_on, gifts, k, left, received):
    """Hand over the company that visits bring; return the hand-overs and their number."""
    cases, found = np.empty(len(rows) + 1, dtype=np.int32), 0
    for case in range(len(rows)):  # without a branch
        cases[found] = case
        found += np.int64(called_on[np.uint64(rows[case])] != 0) & np.int64(left[case, COMPANY] > 0)
    gifts = with_room(gifts, k, found)
    for c in range(found):
        case = np.uint32(cases[c])
        minutes = HALF_HOUR * np.int64(called_on[np.uint64(rows[case])])
        hand_over(gifts, k, NOBODY, case, VISIT, SAME_VILLAGE, minutes, COMPANY, COMPANY, left, received)
        k += 1
    return gifts, k


PROCESS = Process(
    name="visits",
    run=visit,
    reads=("arrangement", "place", "village", "need", "linked"),
    writes=("called_on",),
    meaning="Elders whose children all live outside the township are visited, if they are on the register, and linked "
    "elders.",
    parameters=Visits,
    columns=(
        Column("called_on", np.uint8, 0, "visits per month", "Visits to a left-behind or linked elder this month.",
               "visits", elder=True),
    ),
)  # fmt: skip
