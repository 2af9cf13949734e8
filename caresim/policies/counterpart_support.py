"""Counterpart support: richer places lend care workers to remote villages for some years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.agents.workforce import CARE_WORKERS, wage_growth
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World


class CounterpartSupport(Levers):
    """How many workers are lent to a village, how long, and what that costs."""

    carers_per_village: float = lever(
        0.0, unit="workers per remote village", limits=(0.0, 100.0), high=2.0,
        meaning="Care workers lent to each remote village; Zhejiang lent 30 to 15 islands.",
        source="zhejiang_islands", evidence="derived",
    )  # fmt: skip
    months: int = parameter(
        36, unit="months", limits=(0, 600), low=12, high=60,
        meaning="Months after which a village's support ends.", source="zhejiang_islands", evidence="seed",
    )  # fmt: skip
    cost: float = parameter(
        4500.0, unit="yuan per worker and month", limits=(0.0, 1e5), low=3000.0, high=7000.0,
        meaning="Pay of a worker on loan in 2020, beside what the hours are paid; it grows like rural incomes.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def lend(world: World, levers: CounterpartSupport, instrument: Instrument) -> None:
    """Lend workers to the remote villages whose support has not ended, and pay them."""
    force, territory = world.workforce, world.territory
    if levers.carers_per_village <= 0.0:
        force.loaned = np.zeros(0)
        return
    if len(force.supported) == 0:
        force.supported = np.zeros(len(territory), dtype=np.int16)
    where = active(levers, territory, world.draws) & territory.remote & (force.supported < levers.months)
    force.supported[where] += 1
    force.loaned = levers.carers_per_village * where
    fen = int(FEN * levers.cost * wage_growth(world) * float(force.loaned.sum()))
    if fen:
        world.claims.programme(instrument, fen, entitlement=True, payee=CARE_WORKERS)


INSTRUMENT = Instrument(
    name="counterpart_support",
    meaning="Care workers are lent to remote villages and islands for three years.",
    parameters=CounterpartSupport,
    slot="entitlement",
    act=lend,
    funder="central",
    moves=Move("remote_worker_hours", +1, {"carers_per_village": 2.0}),
)
