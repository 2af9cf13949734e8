"""What the rural study sites are fitted to: their own derived tables, and rural China's absent."""

from __future__ import annotations

from dataclasses import dataclass

from caresim.synthesis.places import read_place


@dataclass(frozen=True)
class Site:
    """A rural study site.

    Attributes:
        births: whole place whose fertility multiplier it takes over.
        away: its absent per resident, relative to rural China's, a judgement.
        gains: whether people from elsewhere move in.
    """

    births: str
    away: float = 1.0
    gains: bool = False


SITES = {
    "rural_beijing": Site("beijing", away=0.5, gains=True),  # the city is within a day's way there and back
    "rural_hebei": Site("hebei"),
    "rural_zhejiang": Site("zhejiang"),
    "rural_rugao": Site("jiangsu"),
}
ABSENT_2010, ABSENT_2020, MEAN_AGE_2020 = 0.231, 0.315, 37.0


def targets(name: str) -> dict[str, tuple[float, float]]:
    """Return value and tolerance of what a site's fit aims at; twice as wide as for places with figures."""
    site, then, now = SITES[name], read_place(name, 2010).residents, read_place(name, 2020).residents
    return {
        "population": (float(now.sum() / then.sum()), 0.02),
        "share_60": (float(now[:, 60:].sum() / now.sum()), 0.012),
        "share_65": (float(now[:, 65:].sum() / now.sum()), 0.01),
        "absent_2010": (site.away * ABSENT_2010, 0.02),
        "absent_2020": (site.away * ABSENT_2020, 0.025),
        "mean_age_2020": (MEAN_AGE_2020, 2.0),
    }
