"""What a year of life in full health may cost, in yuan."""

from __future__ import annotations

from dataclasses import dataclass

from caresim.kernel.parameters import Evidence


@dataclass(frozen=True)
class Threshold:
    """What a unit of effect is worth.

    Attributes:
        yuan: yuan per QALY.
        meaning: where it comes from.
        source: key in `docs/sources.bib`, or `judgement`.
        evidence: how well it is known.
    """

    yuan: float
    meaning: str
    source: str
    evidence: Evidence


WORTH = (
    Threshold(37_446.0, "Opportunity cost in China's health system, yuan of 2017 per DALY averted, taken for a QALY",
              "china_threshold_daly", "verified"),
    Threshold(81_000.0, "About one gross domestic product per head of 2021", "judgement", "judgement"),
    Threshold(128_000.0, "Willingness to pay for a QALY in chronic disease, asked in Jiangsu",
              "china_threshold_qaly", "verified"),
)  # fmt: skip
THRESHOLDS = tuple(threshold.yuan for threshold in WORTH)
CURVE = (
    0.0,
    10_000.0,
    20_000.0,
    37_446.0,
    50_000.0,
    65_000.0,
    81_000.0,
    100_000.0,
    128_000.0,
    160_000.0,
    200_000.0,
)
"""Thresholds of the acceptability curve, in yuan per QALY; the three above are among them."""
