"""Job awards: care workers are paid a bonus for staying in the job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Move, lever
from caresim.agents.money import FEN
from caresim.agents.workforce import CARE_WORKERS
from caresim.kernel.parameters import Parameters, parameter

if TYPE_CHECKING:
    from caresim.agents.world import World

MONTHS = 12


class JobAwards(Parameters):
    """Sum of the award, and how many it keeps; it holds for the whole territory."""

    amount: float = lever(
        0.0, unit="yuan per worker and year", limits=(0.0, 1e5), high=2046.0,
        meaning="Award of a care worker; Beijing's 9.89 million yuan for 5,800 workers in ten months are about 2,046 a "
        "year each.",
        source="beijing_job_awards", evidence="derived",
    )  # fmt: skip
    full: float = parameter(
        2046.0, unit="yuan per worker and year", limits=(1.0, 1e5), low=1000.0, high=3000.0,
        meaning="Award at which it has its full effect; below in proportion, above no more.",
        source="beijing_job_awards", evidence="judgement",
    )  # fmt: skip
    kept: float = parameter(
        0.05, unit="share per year", limits=(0.0, 1.0), low=0.0, high=0.1,
        meaning="Fall of the yearly turnover at the full effect.", source="judgement", evidence="judgement",
    )  # fmt: skip


def spend(world: World, levers: JobAwards, instrument: Instrument) -> None:
    """Pay a month's part of the awards to every care worker."""
    workers = world.workforce.workers
    if levers.amount > 0.0 and workers is not None:
        fen = int(FEN * levers.amount * float(workers.sum()) / MONTHS)
        world.claims.programme(instrument, fen, entitlement=True, payee=CARE_WORKERS)


INSTRUMENT = Instrument(
    name="job_awards",
    meaning="Care workers are paid an award each year, so that fewer leave.",
    parameters=JobAwards,
    effects=(
        Effect(
            "workforce.turnover", "adds", lambda levers: -levers.kept * min(1.0, levers.amount / levers.full)
        ),
    ),
    slot="entitlement",
    act=spend,
    funder="local",
    moves=Move("carer_turnover", -1, {"amount": 2046.0}),
)
