"""Care workers: how many certified workers government aims at, and the extra pay that keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Move, lever
from caresim.agents.money import FEN
from caresim.agents.workforce import CARE_WORKERS, CERTIFIED, PER, hour_price
from caresim.kernel.parameters import Parameters, parameter

if TYPE_CHECKING:
    from caresim.agents.world import World

MONTHS = 12


class CareWorkers(Parameters):
    """What government aims at, and what that costs; it holds for the whole territory."""

    certified_target: float = lever(
        12.0, unit="workers per 10,000 elders", limits=(0.0, 10_000.0), high=32.0,
        meaning="Certified care workers that government aims at; Zhejiang had 18.26 and plans 25 by 2025.",
        source="zhejiang_carers", evidence="judgement",
    )  # fmt: skip
    premium: float = lever(
        0.0, unit="share", limits=(0.0, 2.0), high=0.5,
        meaning="Extra pay of certified workers that government pays, relative to the price of their hours.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    cost_certificate: float = parameter(
        1500.0, unit="yuan per worker", limits=(0.0, 1e5), low=800.0, high=3000.0,
        meaning="Cost of a certificate for each of those who replace leavers.", source="judgement",
        evidence="judgement",
    )  # fmt: skip


def spend(world: World, levers: CareWorkers, instrument: Instrument) -> None:
    """Pay for the certificates that hold the target, and the extra pay of the certified workers there are."""
    rules, workers = world.parameters["workforce"], world.workforce.workers
    aimed_at = levers.certified_target * len(world.elders) / PER
    certificates = int(FEN * levers.cost_certificate * aimed_at * rules.leaving() / MONTHS)
    certified = float(workers[CERTIFIED]) if workers is not None else 0.0
    extra = int(levers.premium * hour_price(world) * rules.hours * certified)
    if certificates + extra:
        world.claims.programme(instrument, certificates + extra, entitlement=True, payee=CARE_WORKERS)


INSTRUMENT = Instrument(
    name="care_workers",
    meaning="Government aims at so many certified care workers, and may add to their pay.",
    parameters=CareWorkers,
    effects=(
        Effect("workforce.certified_target", "adds", lambda levers: levers.certified_target),
        Effect("workforce.premium", "adds", lambda levers: levers.premium),
    ),
    slot="entitlement",
    act=spend,
    funder="local",
    moves=Move("certified_carers", +1, {"certified_target": 25.0}),
)
