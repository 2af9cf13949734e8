"""Social workers: a station in the county, whose workers help elders alone and in groups and organise villages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever
from caresim.agents.money import FEN
from caresim.agents.priority import elders_reached
from caresim.agents.workforce import wage_growth
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World

PER = 10_000


class SocialWorkers(Levers):
    """How many social workers there are, and what one costs."""

    per_10000: float = lever(
        2.0, unit="workers per 10,000 elders", limits=(0.0, 10_000.0), high=10.0,
        meaning="Social workers for 10,000 elders.", source="social_work_stations2022", evidence="derived",
    )  # fmt: skip
    cost_month: float = parameter(
        6000.0, unit="yuan per month", limits=(0.0, 1e6), low=4000.0, high=9000.0,
        meaning="Cost of a social worker in 2020; it grows like rural incomes.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    linking: float = lever(
        0.0, unit="probability", limits=(0.0, 1.0), high=1.0,
        meaning="Probability that social workers link a client with meals, visits or volunteers that are planned for "
        "the client.", source="judgement", evidence="judgement",
    )  # fmt: skip
    cost_linking: float = parameter(
        300.0, unit="yuan per month", limits=(0.0, 1e5), low=0.0, high=1000.0,
        meaning="Further cost of a social worker who links every client: training, a register of what there is.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def employ(world: World, levers: SocialWorkers, instrument: Instrument) -> None:
    """Claim the month's wages; where fewer are granted, fewer work."""
    if levers.per_10000 <= 0.0:
        return
    heads = elders_reached(world, levers)
    wage = levers.cost_month * wage_growth(world) + levers.cost_linking * levers.linking
    fen = int(FEN * wage * (levers.per_10000 * heads / PER))
    world.claims.programme(instrument, fen, payee="social_workers")


INSTRUMENT = Instrument(
    name="social_workers",
    meaning="Social workers are employed for the elders of the county.",
    parameters=SocialWorkers,
    effects=(
        Effect("social_work.workers", "adds", lambda levers: levers.per_10000),
        Effect("care_schemes.linking", "adds", lambda levers: levers.linking),
    ),
    slot="benefit",
    act=employ,
    funder="local",
    moves=Move("sw_clients", +1, {"per_10000": 50.0}),
)
