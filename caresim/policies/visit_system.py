"""Visit system: elders whose children have all left the township are visited at home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.agents.visiting import due_visits
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World


class VisitSystem(Levers):
    """How often left-behind elders are visited, and what a visit costs."""

    per_month: float = lever(
        0.25, unit="visits per month", limits=(0.0, 30.0), high=2.0,
        meaning="Visits to an elder on the register of the left-behind.", source="judgement", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        10.0, unit="yuan per visit", limits=(0.0, 1e4), low=5.0, high=50.0,
        meaning="Cost of a visit.", source="judgement", evidence="judgement",
    )  # fmt: skip


def claim(world: World, levers: VisitSystem, instrument: Instrument) -> None:
    """Claim the cost of the visits that are due this month where the measure is active."""
    if levers.per_month <= 0.0:
        return
    due = due_visits(world, world.by_village("visits.per_month"), world.by_village("visits.registered"))
    number, total = due.number, due.total
    if levers.rollout < 1.0 and world.parameters["visits"].per_month > 0.0:  # others are visited, too
        number = number * active(levers, world.territory, world.draws)[world.people["village"][world.elders]]
        total = int(number.sum())
    world.claims.units(instrument, number, int(FEN * levers.cost), total)


INSTRUMENT = Instrument(
    name="visit_system",
    meaning="Elders whose children have all left the township are put on a register and visited at home.",
    parameters=VisitSystem,
    effects=(Effect("visits.per_month", "adds", lambda levers: levers.per_month),),
    slot="benefit",
    act=claim,
    funder="local",
    moves=Move("visits", +1, {"per_month": 2.0}),
)
