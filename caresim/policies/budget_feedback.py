"""Budget feedback: what social workers report to be missing decides which villages the free budget serves first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Instrument, Levers, Move, active, lever
from caresim.agents.reported_need import neediest_villages
from caresim.kernel.clock import year_of

if TYPE_CHECKING:
    from caresim.agents.world import World


class BudgetFeedback(Levers):
    """How much of the free budget answers to reports of unmet need."""

    share: float = lever(
        0.0, unit="share", limits=(0.0, 1.0), high=0.3,
        meaning="Share of the elders, in the villages with the most unmet need reported, whom the budget that "
        "entitlements leave serves first.", source="judgement", evidence="judgement",
    )  # fmt: skip


def listen(world: World, levers: BudgetFeedback, instrument: Instrument) -> None:
    """Settle once a year which villages come first: those with the highest mean share of need unmet.

    Only social workers report, so that nothing is heard from villages where none are employed.
    """
    if levers.share <= 0.0:
        world.station.urgent = None
        return
    where = active(levers, world.territory, world.draws) & (world.by_village("social_work.workers") > 0.0)
    when = year_of(world.month), levers.share, int(np.count_nonzero(where))
    world.station.urgent = world.once(instrument.name, when, lambda: _urgent(world, levers, where))


def _urgent(world: World, levers: BudgetFeedback, where: np.ndarray) -> np.ndarray:
    """Return the villages that come first, of those from which there are reports."""
    urgent: np.ndarray = neediest_villages(
        world.elders, world.people["village"], world.people["unmet"], world.territory.key, where, levers.share
    )
    return urgent


INSTRUMENT = Instrument(
    name="budget_feedback",
    meaning="Once a year part of the free budget turns to villages from which social workers report most unmet need.",
    parameters=BudgetFeedback,
    slot="entitlement",
    act=listen,
    funder="local",
    moves=Move("urgent_share", +1, {"share": 0.3}),
)
