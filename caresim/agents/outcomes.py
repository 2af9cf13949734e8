"""What states of life and unpaid hours are worth: read when the month is measured, by nothing that happens in it."""

from __future__ import annotations

from caresim.kernel.parameters import Parameters, parameter

GROUP = "outcomes"


class Outcomes(Parameters):
    """What states of life and unpaid hours are worth; nothing that happens in the world depends on it."""

    weights: tuple[float, float, float, float] = parameter(
        (0.95, 0.788, 0.591, 0.347), unit="QALY per year", limits=(-1.0, 1.0),
        meaning="Weight of a year in disability states 0-3 (EQ-5D-3L, Chinese values).",
        source="eq5d_china", evidence="derived",
    )  # fmt: skip
    lonely: float = parameter(
        0.043, unit="QALY per year", limits=(0.0, 0.5), low=0.0, high=0.08,
        meaning="What a year of loneliness takes off the weight.", source="eq5d_china", evidence="derived",
    )  # fmt: skip
    unmet: float = parameter(
        0.05, unit="QALY per year", limits=(0.0, 0.5), low=0.0, high=0.1,
        meaning="What a year with all of the own need unmet takes off the weight.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    burden: float = parameter(
        0.04, unit="QALY per year", limits=(0.0, 0.5), low=0.0, high=0.08,
        meaning="What a year of heavy burden takes off a carer's weight; reported apart.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    heavy_burden: float = parameter(
        50.0, unit="points", limits=(0.0, 88.0), low=40.0, high=60.0,
        meaning="A carer's burden is heavy from above so many points (of 88).", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    discount_year: float = parameter(
        0.05, unit="per year", limits=(0.0, 0.2), low=0.0, high=0.08,
        meaning="Discount on later years.", source="judgement", evidence="judgement",
    )  # fmt: skip
    informal_hour_price: float = parameter(
        15.0, unit="yuan per hour", limits=(0.0, 1000.0), low=0.0, high=30.0,
        meaning="What an hour of unpaid care is worth: half the price of a bought one.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
