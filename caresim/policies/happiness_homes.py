"""Happiness homes: villages are given the means to keep a courtyard where elders keep one another company."""

from __future__ import annotations

from caresim.agents.instrument import Instrument, Move, lever
from caresim.kernel.parameters import Parameters, parameter


class HappinessHomes(Parameters):
    """How many villages are given the means, and what a home costs."""

    home_share: float = lever(
        0.2, unit="share", high=0.8,
        meaning="Share of villages that are given the means to keep a happiness home (mutual-aid courtyard).",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    home_cost_year: float = parameter(
        2000.0, unit="yuan per year", limits=(0.0, 1e6), low=1000.0, high=5000.0,
        meaning="Cost of running a happiness home, paid by the village collective.",
        source="feixiang2014", evidence="verified",
    )  # fmt: skip
    home_member_cost_year: float = parameter(
        350.0, unit="yuan per person-year", limits=(0.0, 1e5), low=200.0, high=700.0,
        meaning="Public support of a happiness home for each of its members.",
        source="feixiang2014", evidence="verified",
    )  # fmt: skip


INSTRUMENT = Instrument(
    name="happiness_homes",
    meaning="Villages are given the means to keep a happiness home, in which elders keep one another company.",
    parameters=HappinessHomes,
    sets="mutual_aid",
    moves=Move("happiness_homes", +1, {"home_share": 0.8}),
)
