"""Parameters of care homes: how they are founded, what they cost and charge, how they are staffed, when they close."""

from __future__ import annotations

import numpy as np

from caresim.kernel.parameters import Parameters, at_most_one, parameter

NO_CAP = 1e6


class HomeRules(Parameters):
    """How care homes are founded, run, watched and closed; prices and costs in yuan of 2020."""

    bed_target: float = parameter(
        0.0, unit="beds per 10,000 elders", limits=(0.0, 2000.0), low=0.0, high=400.0,
        meaning="Beds at which government aims; a measure adds them. Without it there are no homes.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    start_beds: float = parameter(
        200.0, unit="beds per 10,000 elders", limits=(0.0, 2000.0), low=150.0, high=300.0,
        meaning="Beds at the start, if government aims at as many (all beds of the country, cities included: 310).",
        source="recalled_homes", evidence="judgement",
    )  # fmt: skip
    mean_beds: float = parameter(
        55.0, unit="beds", limits=(1.0, 2000.0), low=30.0, high=181.0,
        meaning="Beds of a home; in all of Zhejiang 181.", source="judgement", evidence="judgement",
    )  # fmt: skip
    least_beds: int = parameter(
        20, unit="beds", limits=(1, 2000), low=10, high=50,
        meaning="Beds of the smallest new home; fewer are added to a home that is there.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    ownership: tuple[float, float] = parameter(
        (0.09, 0.14), unit="share", meaning="Shares of homes that are public, and public-built and privately run (51 "
        "and 78 of 576 in Beijing); the others are private.", source="ministry_roundtable", evidence="seed",
    )  # fmt: skip
    public_least: float = parameter(
        0.0, unit="homes", limits=(0.0, 1000.0), low=0.0, high=16.0,
        meaning="Least number of public homes; a measure adds to it.", source="judgement", evidence="judgement",
    )  # fmt: skip
    near: float = parameter(
        0.0, unit="share", low=0.0, high=1.0,
        meaning="Share of homes, beside public ones, that are founded where elders lack beds and not at the county "
        "seat; a measure adds to it.", source="judgement", evidence="judgement",
    )  # fmt: skip
    nursing_share: float = parameter(
        0.0, unit="share", low=0.0, high=1.0, local=True,
        meaning="Share of nursing beds in each home; a measure adds to it. Without them nobody in states 2-3 is "
        "taken in.", source="judgement", evidence="judgement",
    )  # fmt: skip
    reserved_share: float = parameter(
        0.0, unit="share", low=0.0, high=1.0, local=True,
        meaning="Share of beds in homes built by the public that are kept for the destitute and the poor disabled; a "
        "measure adds to it.", source="judgement", evidence="judgement",
    )  # fmt: skip
    medical_share: float = parameter(
        0.3, unit="share", low=0.1, high=0.9, meaning="Share of homes linked to a hospital or health centre.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    price: tuple[float, float, float, float] = parameter(
        (1500.0, 1500.0, 2000.0, 2500.0), unit="yuan per month", limits=(0.0, 50000.0),
        meaning="Price of a private home by disability state.", source="suqian2017", evidence="derived",
    )  # fmt: skip
    price_factor: tuple[float, float, float] = parameter(
        (0.7, 0.85, 1.0), unit="ratio", limits=(0.0, 10.0),
        meaning="Prices of public homes, of public-built and privately run ones, and of private ones over that.",
        source="recalled_homes", evidence="judgement",
    )  # fmt: skip
    price_level: float = parameter(
        1.0, unit="ratio", limits=(0.0, 10.0), low=0.6, high=1.4, meaning="Level of all prices of homes.",
        source="suqian2017", evidence="judgement",
    )  # fmt: skip
    price_most: float = parameter(
        NO_CAP, unit="yuan per month", limits=(0.0, NO_CAP), low=1000.0, high=NO_CAP, local=True,
        meaning="Highest price that may be asked; measures cap it.", source="judgement", evidence="judgement",
    )  # fmt: skip
    fixed: float = parameter(
        300.0, unit="yuan per month", limits=(0.0, 20000.0), low=200.0, high=450.0, local=True,
        meaning="Cost of a bed, used or not.", source="judgement", evidence="judgement",
    )  # fmt: skip
    variable: float = parameter(
        700.0, unit="yuan per month", limits=(0.0, 20000.0), low=500.0, high=900.0,
        meaning="Further cost of a resident at standard staffing.", source="judgement", evidence="judgement",
    )  # fmt: skip
    nursing: float = parameter(
        600.0, unit="yuan per month", limits=(0.0, 20000.0), low=400.0, high=900.0,
        meaning="Further cost of a resident in states 2-3 at standard staffing.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    wage_share: float = parameter(
        0.5, unit="share", low=0.3, high=0.7, meaning="Part of the cost of residents that is staff.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    standard: tuple[float, float, float, float] = parameter(
        (10.0, 15.0, 30.0, 50.0), unit="hours per month", limits=(0.0, 700.0),
        meaning="Hours of staff that a resident in disability states 0-3 should have: one of staff, at 150 hours, for "
        "15, 10, 5 and 3 residents.", source="judgement", evidence="judgement",
    )  # fmt: skip
    staffing: float = parameter(
        0.9, unit="ratio", limits=(0.0, 5.0), low=0.6, high=1.1, local=True,
        meaning="Staff hours that homes employ over the standard, while they do not owe.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    thrift: float = parameter(
        0.8, unit="ratio", low=0.5, high=1.0, limits=(0.0, 1.0),
        meaning="Factor on that in homes that owe money; 1 switches the feedback from cash to staff off.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    certified: float = parameter(
        0.2, unit="share", low=0.1, high=0.5, local=True,
        meaning="Share of certified carers among staff.", source="judgement", evidence="judgement",
    )  # fmt: skip
    inspection_rate: float = parameter(
        0.0, unit="per year", limits=(0.0, 12.0), low=0.0, high=4.0, local=True,
        meaning="Inspections of a home a year; a measure adds them.", source="judgement", evidence="judgement",
    )  # fmt: skip
    incident: float = parameter(
        0.002, unit="probability per month", low=0.0005, high=0.01,
        meaning="Probability of an incident for each resident of a home without any quality; it falls in a straight "
        "line to nothing at full quality.", source="judgement", evidence="judgement",
    )  # fmt: skip
    memory: float = parameter(
        0.0, unit="share", low=0.0, high=0.97, limits=(0.0, 0.999),
        meaning="Part of a reputation that lasts from month to month; at 0 it is today's quality.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    exit_months: float = parameter(
        6.0, unit="months", limits=(0.0, 120.0), low=3.0, high=12.0,
        meaning="A private home closes once it owes so many months' cost.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    entry_margin: float = parameter(
        0.05, unit="share", limits=(-1.0, 1.0), low=0.0, high=0.15,
        meaning="Projected profit over revenue above which a private home is founded.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    entry_share: float = parameter(
        0.1, unit="share", low=0.05, high=0.3,
        meaning="Most private homes founded in a year over the homes that there are; one at least.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    free_entry: float = parameter(
        0.0, unit="0/1", limits=(0.0, 1.0), low=0.0, high=1.0,
        meaning="Whether private homes may be founded beyond the target; a measure sets it.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    grant: float = parameter(
        0.0, unit="yuan per bed", limits=(0.0, 200000.0), low=0.0, high=20000.0, local=True,
        meaning="Grant for a new bed, which founders count on over ten years; a measure adds it.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    subsidy: float = parameter(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), low=0.0, high=500.0, local=True,
        meaning="Operating subsidy of an occupied bed, on which founders count where nobody lives in a home yet; a "
        "measure adds it.", source="judgement", evidence="judgement",
    )  # fmt: skip
    rebate: float = parameter(
        0.0, unit="share", low=0.0, high=0.2, local=True,
        meaning="Part of the fixed cost of a bed that is paid for homes, on which founders count; a measure adds it.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    bed_cost: float = parameter(
        20000.0, unit="yuan per bed", limits=(0.0, 500000.0), low=8000.0, high=50000.0,
        meaning="What a bed costs that government has built.", source="judgement", evidence="judgement",
    )  # fmt: skip
    build_share: float = parameter(
        0.25, unit="share", low=0.1, high=1.0,
        meaning="Part of the beds missing to the target that government sets out to build in a year.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    inexperience: float = parameter(
        0.5, unit="log odds", limits=(0.0, 10.0), low=0.0, high=1.5,
        meaning="Loss of quality of a home whose management has no experience; 0 switches it off. A model of care that "
        "is in its infancy and lacks professional management is what the sources describe.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    first_experience: float = parameter(
        1.0, unit="share", low=0.4, high=1.0,
        meaning="Experience of the homes that there are at the start; new ones have none.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    learning: float = parameter(
        0.5, unit="share per year", limits=(0.0, 12.0), low=0.2, high=1.0, local=True,
        meaning="Part of the experience that a home lacks which its management gains in a year.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    chain_share: float = parameter(
        0.0, unit="share", low=0.0, high=0.6,
        meaning="Share of private homes that a chain brand runs; a measure adds to it.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    chain_experience: float = parameter(
        0.8, unit="share", low=0.5, high=1.0,
        meaning="Experience that a chain brings to a home which it founds or takes over.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    chain_fixed: float = parameter(
        0.9, unit="ratio", limits=(0.0, 2.0), low=0.8, high=1.0,
        meaning="Cost of a bed in a chain's home, used or not, over that elsewhere: management and purchases are "
        "shared.", source="judgement", evidence="judgement",
    )  # fmt: skip
    idle_share: float = parameter(
        0.0, unit="share", low=0.0, high=1.0, local=True,
        meaning="Share of townships with a building out of use that is handed over to whoever founds a home; a "
        "measure adds to it.", source="judgement", evidence="judgement",
    )  # fmt: skip
    idle_fixed: float = parameter(
        0.8, unit="ratio", limits=(0.0, 2.0), low=0.6, high=1.0,
        meaning="Cost of a bed, used or not, in a building handed over, over that elsewhere: no rent is paid.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    idle_saving: float = parameter(
        0.5, unit="share", low=0.2, high=0.8,
        meaning="Part of what a bed costs government to build that a building handed over saves.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    quality_loneliness: tuple[float, float] = parameter(
        (0.2, -0.1), unit="standard deviations", limits=(-3.0, 3.0),
        meaning="What living in a home without any quality, and in one of full quality, adds to loneliness.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    stigma_learning: float = parameter(
        0.0, unit="share", low=0.0, high=0.2,
        meaning="Part of the way that villages' shame moves a year to the lack of quality of the homes; 0 keeps it.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    def cost_of_beds(self, chain: np.ndarray, idle: np.ndarray) -> np.ndarray:
        """Return what a bed costs in homes, used or not, over the usual."""
        found: np.ndarray = np.where(chain, self.chain_fixed, 1.0) * np.where(idle, self.idle_fixed, 1.0)
        return found

    _ownership = at_most_one("ownership", of=sum)
