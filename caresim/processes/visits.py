"""Visits: left-behind elders on the register are called on, some months more often than others."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import COMPANY, SAME_VILLAGE, VISIT, hand_over
from caresim.agents.people import INSTITUTION
from caresim.agents.visiting import HALF_HOUR, due_visits
from caresim.agents.world import Process, World
from caresim.kernel.columns import NOBODY, Column
from caresim.kernel.compiled import compiled
from caresim.kernel.parameters import Parameters, parameter

INSTRUMENT = "visit_system"


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
    claim = world.claims.made.get((INSTRUMENT, "service"))
    if claim is None or not claim.fen.any():
        claimed = granted = due
    else:
        claimed, granted = claim.fen, claim.granted
    station.visits, fen = call(
        world.elders, due, claimed, granted, people["place"], people["called_on"], people.elders_end
    )
    if claim is not None and claimed is claim.fen:
        world.money.pay(INSTRUMENT, claim.instrument.funder, "collective", fen)
    book = world.care
    book.make_room(len(book.rows))
    book.n_gifts = keep_company(
        book.rows, people["called_on"], book.gifts, book.n_gifts, book.left, book.received
    )


def _rules(world: World) -> tuple[np.ndarray, np.ndarray, bool]:
    """Return visits a month and shares on the register by village, and whether there are any visits."""
    per_month = world.by_village("visits.per_month")
    return per_month, world.by_village("visits.registered"), bool(per_month.any())


@compiled
def call(elders, due, claimed, granted, place, called_on, n):
    """Write how often each elder is visited, 0 for everybody else; return the visits and what they cost."""
    called_on[:n] = 0
    visits, fen = 0, np.int64(0)
    for j in range(len(elders)):
        i = elders[j]
        if due[j] > 0 and place[i] != INSTITUTION:
            all_paid, each = granted[j] == claimed[j], claimed[j] if due[j] == 1 else claimed[j] // due[j]
            made = due[j] if all_paid else due[j] * granted[j] // claimed[j]
            called_on[i] = made
            visits += made
            fen += made * each
    return visits, fen


@compiled
def keep_company(rows, called_on, gifts, k, left, received):
    """Hand over the company that visits bring; return the number of hand-overs."""
    for case in range(len(rows)):
        minutes = HALF_HOUR * called_on[rows[case]]
        if minutes > 0 and left[case, COMPANY] > 0:
            given = hand_over(
                gifts, k, NOBODY, case, VISIT, SAME_VILLAGE, minutes, COMPANY, COMPANY, left, received
            )
            k += given > 0
    return k


PROCESS = Process(
    name="visits",
    run=visit,
    reads=("arrangement", "place", "village", "need", "linked"),
    writes=("called_on",),
    meaning="Elders whose children all live outside the township are visited, if they are on the register.",
    parameters=Visits,
    columns=(
        Column("called_on", np.uint8, 0, "visits per month", "Visits to a left-behind elder this month.", "visits",
               elder=True),
    ),
)  # fmt: skip
