"""Budget feedback: what social workers report of their clients decides which villages the free budget serves first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Instrument, Levers, Move, active, lever
from caresim.agents.priority import village_heads, weighted
from caresim.agents.reported_need import known_need, neediest_villages
from caresim.agents.social_work import HOUR
from caresim.kernel.clock import year_of
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World

PER = 10_000


class BudgetFeedback(Levers):
    """How much of the free budget answers to reports of unmet need, and the time that these take."""

    share: float = lever(
        0.0, unit="share", limits=(0.0, 1.0), high=0.3,
        meaning="Share of the elders, in the villages with the most unmet need reported, whom the budget that "
        "entitlements leave serves first.", source="judgement", evidence="judgement",
    )  # fmt: skip
    report_hours: float = parameter(
        8.0, unit="hours", limits=(0.0, 120.0), low=0.0, high=40.0,
        meaning="Hours that a social worker of a village in which a client is known spends on the yearly report, in "
        "the first month with paid workers after government has asked for it.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def listen(world: World, levers: BudgetFeedback, instrument: Instrument) -> None:
    """Settle once a year which villages come first: those with the highest mean share of need unmet.

    Only social workers report, and only of elders whom they know, so that nothing is heard from villages where none
    are employed or nobody is or was a client of late. Reports are heard in the month after they have been written.
    """
    where = active(levers, world.territory, world.draws) & (world.by_village("social_work.workers") > 0.0)
    when = year_of(world.month), levers.share, int(np.count_nonzero(where))
    urgent = world.once(instrument.name, when, lambda: _urgent(world, levers, where))
    world.station.urgent = urgent if world.station.reporting == 0 else None


def _urgent(world: World, levers: BudgetFeedback, where: np.ndarray) -> np.ndarray:
    """Ask for reports, and return the villages that come first once they are written."""
    columns = (world.people[name] for name in ("client", "client_clock", "village", "unmet"))
    again = world.parameters["social_work"].again
    known, total = known_need(world.elders, *columns, again, len(where))
    reports, heads = where & (known > 0), village_heads(world)
    workers = weighted(heads * reports, world.by_village("social_work.workers")) / PER
    world.station.reporting = int(HOUR * levers.report_hours * workers)
    mean = np.where(reports, total / np.maximum(known, 1), 0.0)
    urgent: np.ndarray = neediest_villages(mean, heads * where, world.territory.key, levers.share)
    return urgent


INSTRUMENT = Instrument(
    name="budget_feedback",
    meaning="Once a year part of the free budget turns to villages from which social workers report most unmet need.",
    parameters=BudgetFeedback,
    slot="entitlement",
    act=listen,
    funder="local",
    moves=Move("urgent_share", +1, {"share": 0.3}, months=14),
)
