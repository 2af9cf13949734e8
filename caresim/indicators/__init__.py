"""What is measured at the end of every month, one function an indicator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from caresim.indicators import (
    carers,
    community,
    equity,
    grandparents,
    health,
    home_operators,
    hospital,
    household_money,
    institutions,
    life,
    living,
    local_services,
    mind,
    needs,
    oldest,
    population,
    public_money,
    qaly,
    schemes,
    sectors,
    social_work,
    standard,
    time_bank,
    welfare_mix,
    workforce,
)
from caresim.recorder import Indicator


def collect(*groups: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Return the indicators of all groups, in order.

    Raises:
        ValueError: two indicators share a name.
    """
    indicators = tuple(indicator for group in groups for indicator in group)
    counts = Counter(indicator.name for indicator in indicators)
    twice = sorted(name for name, count in counts.items() if count > 1)
    if twice:
        raise ValueError(f"indicators declared twice: {', '.join(twice)}")
    return indicators


INDICATORS = collect(
    population.INDICATORS,
    living.INDICATORS,
    health.INDICATORS,
    needs.INDICATORS,
    welfare_mix.INDICATORS,
    sectors.INDICATORS,
    community.INDICATORS,
    equity.INDICATORS,
    life.INDICATORS,
    carers.INDICATORS,
    grandparents.INDICATORS,
    oldest.INDICATORS,
    mind.INDICATORS,
    time_bank.INDICATORS,
    workforce.INDICATORS,
    public_money.INDICATORS,
    household_money.INDICATORS,
    institutions.INDICATORS,
    home_operators.INDICATORS,
    social_work.INDICATORS,
    schemes.INDICATORS,
    standard.INDICATORS,
    hospital.INDICATORS,
    local_services.INDICATORS,
    qaly.INDICATORS,
)

__all__ = ["INDICATORS", "Indicator", "collect"]
