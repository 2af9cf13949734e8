"""Pension: the basic pension of rural residents and the local minimum of living, outside the care budget."""

from __future__ import annotations

from caresim.agents.instrument import Instrument, Move
from caresim.kernel.parameters import Parameters, parameter


class Pension(Parameters):
    """Basic pension and local minimum; neither is ever switched off."""

    pension: float = parameter(
        174.0, unit="yuan per month", limits=(0.0, 20000.0), low=120.0, high=800.0, role="lever",
        meaning="Basic pension of rural residents in 2020.", source="recalled_rural_money", evidence="recalled",
    )  # fmt: skip
    minimum: float = parameter(
        497.0, unit="yuan per month", limits=(0.0, 20000.0), low=360.0, high=1000.0, role="lever",
        meaning="Local minimum of living (dibao standard) in 2020.", source="recalled_rural_money",
        evidence="recalled",
    )  # fmt: skip


INSTRUMENT = Instrument(
    name="pension",
    meaning="Rural residents are paid a basic pension; below the local minimum they count as poor.",
    parameters=Pension,
    sets="income",
    funder="central",
    moves=Move("elder_income", +1, {"pension": 400.0}, months=1),
)
