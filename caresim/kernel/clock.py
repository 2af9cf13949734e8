"""Months as integers: month 0 is January 1900, so that births of the 1890s are small negative numbers."""

from __future__ import annotations

import re

EPOCH_YEAR = 1900
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def month_number(text: str) -> int:
    """Return the number of a month written as ``2020-01``.

    Raises:
        ValueError: the text is not a month.
    """
    match = _MONTH.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a month; write it as 2020-01")
    return (int(match[1]) - EPOCH_YEAR) * 12 + int(match[2]) - 1


def month_text(month: int) -> str:
    """Return a month number as ``2020-01``."""
    return f"{year_of(month)}-{month % 12 + 1:02d}"


def year_of(month: int) -> int:
    """Return the calendar year that a month lies in."""
    return EPOCH_YEAR + month // 12


def is_january(month: int) -> bool:
    """Tell whether a month opens a calendar year."""
    return month % 12 == 0
