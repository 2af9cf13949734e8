"""Parameters of admission to care homes: who considers one, what counts in the choice, and how stays end."""

from __future__ import annotations

import numpy as np

from caresim.kernel.parameters import Parameters, ascending, parameter

OF_ADMISSION = ("consider", "base", "price", "quality", "distance", "with_child", "with_spouse", "oldest", "unmet",
                "lonely", "stigma", "spendable", "savings_months", "recovered", "unpaid", "leave")  # fmt: skip
RULE = np.dtype([(name, np.float64) for name in (*OF_ADMISSION, "growth", "price_level")], align=True)
"""The rules of admission as a record, for compiled rules."""


class Admission(Parameters):
    """Who considers a care home, what counts in the choice, and how stays end."""

    consider: float = parameter(
        0.03, unit="probability per month", low=0.01, high=0.06,
        meaning="An elder with an ADL limitation, alone at 75 and over, or destitute considers a home.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    base: float = parameter(
        -0.95, unit="log odds", limits=(-20.0, 20.0), low=-1.9, high=0.0,
        meaning="Attraction of a home of middling quality next door for a price of one income; fitted so that .7 "
        "to 1.0 per cent of the elders of a rural county live in homes.", source="recalled_homes", evidence="fitted",
    )  # fmt: skip
    price: float = parameter(
        1.0, unit="log odds", limits=(0.0, 10.0), low=0.5, high=2.4,
        meaning="Loss of attraction with the logarithm of the net price over income (an elasticity near -1).",
        source="home_choice_us", evidence="verified",
    )  # fmt: skip
    quality: float = parameter(
        1.5, unit="log odds", limits=(0.0, 10.0), low=0.0, high=3.0,
        meaning="Gain with reputed quality, from none to all; 0 switches the feedback off.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    distance: float = parameter(
        0.4, unit="log odds", limits=(0.0, 5.0), low=0.1, high=0.8,
        meaning="Loss with the logarithm of 1 + kilometres.", source="judgement", evidence="judgement",
    )  # fmt: skip
    with_child: float = parameter(
        1.39, unit="log odds", limits=(0.0, 5.0), low=0.9, high=1.9,
        meaning="Loss if an adult child lives in the house (odds ratio .25).", source="home_choice_china",
        evidence="derived",
    )  # fmt: skip
    with_spouse: float = parameter(
        0.76, unit="log odds", limits=(0.0, 5.0), low=0.4, high=1.1,
        meaning="Loss with a living spouse (odds ratio .47).", source="home_choice_china", evidence="derived",
    )  # fmt: skip
    oldest: float = parameter(
        0.81, unit="log odds", limits=(-3.0, 5.0), low=0.4, high=1.2,
        meaning="Gain at 80 and over (odds ratio 2.25).", source="home_choice_china", evidence="derived",
    )  # fmt: skip
    unmet: float = parameter(
        1.2, unit="log odds", limits=(0.0, 5.0), low=0.0, high=2.0,
        meaning="Gain if none of the need for care is met; 0 switches the feedback off.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    lonely: float = parameter(
        0.3, unit="log odds", limits=(-3.0, 5.0), low=0.0, high=0.6,
        meaning="Gain of the lonely; 0 switches the feedback off.", source="judgement", evidence="judgement",
    )  # fmt: skip
    stigma: float = parameter(
        1.0, unit="log odds", limits=(0.0, 5.0), low=0.0, high=2.0,
        meaning="Loss from the village's shame of living in a home, from none to all.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    stigma_low: float = parameter(
        0.2, unit="share", low=0.0, high=0.5, meaning="Shame in the village with the least.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    stigma_high: float = parameter(
        0.8, unit="share", low=0.5, high=1.0, meaning="Shame in the village with the most.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    spendable: float = parameter(
        0.9, unit="share", low=0.7, high=1.0,
        meaning="Share of own income, children's gifts and public cash that an elder can spend on a home.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    savings_months: float = parameter(
        36.0, unit="months", limits=(1.0, 240.0), low=24.0, high=60.0,
        meaning="Months over which savings are spent on a home.", source="judgement", evidence="judgement",
    )  # fmt: skip
    first_share: float = parameter(
        0.0085, unit="share", low=0.007, high=0.01,
        meaning="Share of elders who live in homes at the start, as far as beds go.", source="recalled_homes",
        evidence="recalled",
    )  # fmt: skip
    recovered: float = parameter(
        0.1, unit="probability per month", low=0.05, high=0.3,
        meaning="A resident under 75 without an ADL limitation, who has means, moves home.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    unpaid: float = parameter(
        0.05, unit="probability per month", low=0.02, high=0.25,
        meaning="A resident who can no longer pay moves home; until then the family pays or the home waits.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    leave: float = parameter(
        0.009, unit="probability per month", low=0.0, high=0.02,
        meaning="A resident moves home by choice; with deaths and recoveries a stay lasts some 36 months.",
        source="recalled_homes", evidence="fitted",
    )  # fmt: skip
    aid_destitute: float = parameter(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), low=0.0, high=2000.0, local=True,
        meaning="Public support of a resident who is destitute and takes it up; measures add to it.",
        source="judgement",
        evidence="judgement",
    )  # fmt: skip
    aid_poor: float = parameter(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), low=0.0, high=2000.0, local=True,
        meaning="Public support of a resident below the local minimum.", source="judgement", evidence="judgement",
    )  # fmt: skip
    aid_severe: float = parameter(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), low=0.0, high=2000.0, local=True,
        meaning="Public support of a resident in assessed state 3.", source="judgement", evidence="judgement",
    )  # fmt: skip
    aid_moderate: float = parameter(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), low=0.0, high=2000.0, local=True,
        meaning="Public support of a resident in assessed state 2.", source="judgement", evidence="judgement",
    )  # fmt: skip
    aid_oldest: float = parameter(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), low=0.0, high=2000.0, local=True,
        meaning="Public support of a resident of 80 and over.", source="judgement", evidence="judgement",
    )  # fmt: skip

    _order = ascending("stigma_low", "stigma_high")

    def record(self, growth: float, price_level: float) -> np.ndarray:
        """Return the rules as a record for compiled rules, with the growth of prices and their level beside them."""
        found = np.zeros(1, dtype=RULE)
        for name in OF_ADMISSION:
            found[name] = getattr(self, name)
        found["growth"], found["price_level"] = growth, price_level
        return found
