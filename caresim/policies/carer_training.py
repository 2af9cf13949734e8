"""Carer training: uncertified workers, at home and in care homes, are trained and certified beyond replacement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Move, lever
from caresim.agents.money import FEN
from caresim.agents.workforce import PER
from caresim.kernel.parameters import Parameters, parameter

if TYPE_CHECKING:
    from caresim.agents.world import World

MONTHS = 12


class CarerTraining(Parameters):
    """How many are trained, and what that costs; it holds for the whole territory."""

    trained: float = lever(
        0.0, unit="workers per 10,000 elders and year", limits=(0.0, 10_000.0), high=27.0,
        meaning="Uncertified care workers who are trained and certified each year; Beijing planned to train 10,000 a "
        "year for 3.786 million elders, or 26.4.", source="beijing_training", evidence="derived",
    )  # fmt: skip
    in_homes: float = lever(
        0.0, unit="workers per 10,000 elders and year", limits=(0.0, 10_000.0), high=5.0,
        meaning="Staff of care homes who are trained and certified each year, besides.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    homes_gain: float = parameter(
        0.13, unit="share", low=0.05, high=0.2,
        meaning="What each of them adds to the share of certified carers among the staff of homes, once courses and "
        "leavers balance: of some 25 of staff for 10,000 elders, .3 leave a year.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        1500.0, unit="yuan per worker", limits=(0.0, 1e5), low=800.0, high=3000.0,
        meaning="Cost of training one worker.", source="judgement", evidence="judgement",
    )  # fmt: skip


def spend(world: World, levers: CarerTraining, instrument: Instrument) -> None:
    """Pay a month's part of the courses."""
    trained = levers.trained + levers.in_homes
    fen = int(FEN * levers.cost * trained * len(world.elders) / PER / MONTHS)
    if fen:
        world.claims.programme(instrument, fen, entitlement=True)


INSTRUMENT = Instrument(
    name="carer_training",
    meaning="Uncertified care workers, and staff of care homes, are trained and certified.",
    parameters=CarerTraining,
    effects=(
        Effect("workforce.trained", "adds", lambda levers: levers.trained),
        Effect("homes.certified", "adds", lambda levers: levers.homes_gain * levers.in_homes),
        Effect("homes.certified", "caps", lambda _: 1.0),
    ),
    slot="entitlement",
    act=spend,
    funder="local",
    moves=Move("certified_carers", +1, {"trained": 10.0}, months=14),
)
