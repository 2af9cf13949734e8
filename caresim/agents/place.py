"""The place that a run simulates: its territory's villages and the figures that its rules read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

OLDEST = 110
"""Single years of age run from 0 to OLDEST - 1; the last is open."""
AGE_GROUPS = (*(f"{age}-{age + 4}" for age in range(0, 100, 5)), "100+")


@dataclass(frozen=True, eq=False)
class VitalRates:
    """Rates of death and birth by calendar year; what follows from them is remembered by the object.

    Attributes:
        first_year: the year of row 0; years outside the table take its nearest row.
        level: how many years after the first one deaths stay the same; `death` has one row for all of these.
        death: deaths per person-year, by year, sex (0 male, 1 female) and single year of age.
        birth: births per woman-year, by year and single year of age (zero outside 15-49).
        sex_ratio: boys per girl at birth, by year.
    """

    first_year: int
    death: np.ndarray
    birth: np.ndarray
    sex_ratio: np.ndarray
    level: int = 0

    def row(self, year: int) -> int:
        """Return the row of a calendar year in the tables of births."""
        return min(max(year - self.first_year, 0), len(self.birth) - 1)

    def deaths(self, year: int) -> np.ndarray:
        """Return the rates of death of a calendar year."""
        rates: np.ndarray = self.death[min(max(year - self.first_year - self.level, 0), len(self.death) - 1)]
        return rates


@dataclass(frozen=True)
class Place:
    """Census and vital figures of a place at the start of a run; see `docs/places.md`.

    Attributes:
        name: name of the place, or of the user's folder.
        folder: where its tables lie.
        territory: `rural` (a sample of rural settlements; a move to the county town leaves it), `county` or
            `province` (the whole unit; the county town lies inside).
        census_year: 2010 or 2020.
        residents: residents by sex (0 male, 1 female) and single year of age, persons.
        marital: shares by sex, single year of age and status (never married, married, widowed, divorced).
        children_ever_born: mean children ever born to a woman, by her year of birth from 1895 on.
        rural_share: share of residents who live in rural-labelled settlements at the start.
        rates: vital rates.
        parameters: the place's deviations from declared parameters, by process.
        households: observed household indicators of the census year, by name (shares in 0-1).
    """

    name: str
    folder: Path
    territory: str
    census_year: int
    residents: np.ndarray
    marital: np.ndarray
    children_ever_born: np.ndarray
    rural_share: float
    rates: VitalRates
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    households: dict[str, float] = field(default_factory=dict)


@dataclass
class Territory:
    """The villages, one row each; rows of a township lie together.

    Attributes:
        key: lasting name, to which a village's draws belong.
        township: township number.
        x: kilometres east of the county seat.
        y: kilometres north of the county seat.
        distance: kilometres to the township's centre.
        remote: belongs to the remote cluster (mountain, island).
        rural: carries the rural label; reclassification clears it.
        trust: how far neighbours rely on one another, 0-1.
        home: keeps a happiness home (mutual-aid courtyard).
        stigma: shame of living in a care home, 0-1.
        reached: the villages that a measure rolled out to a share of the townships reaches, by share.
    """

    key: np.ndarray
    township: np.ndarray
    x: np.ndarray
    y: np.ndarray
    distance: np.ndarray
    remote: np.ndarray
    rural: np.ndarray
    trust: np.ndarray = field(init=False)
    home: np.ndarray = field(init=False)
    stigma: np.ndarray = field(init=False)
    reached: dict[float, np.ndarray] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self.trust = np.zeros(len(self), dtype=np.float32)
        self.home = np.zeros(len(self), dtype=np.bool_)
        self.stigma = np.zeros(len(self), dtype=np.float32)

    def __len__(self) -> int:
        return len(self.key)
