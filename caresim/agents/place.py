"""The place that a run simulates: its territory's villages and the figures that its rules read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

OLDEST = 110
"""Single years of age run from 0 to OLDEST - 1; the last is open."""
AGE_GROUPS = (*(f"{age}-{age + 4}" for age in range(0, 100, 5)), "100+")


class Rates(NamedTuple):
    """Rates that move in straight lines between the middles of periods.

    Attributes:
        periods: rates by period and whatever else they depend on.
        weights: the part that each period has in the rates of a year, shape (periods, years).
    """

    periods: np.ndarray
    weights: np.ndarray

    @classmethod
    def constant(cls, rates: np.ndarray) -> Rates:
        """Return rates that hold for ever."""
        return cls(rates[None], np.ones((1, 1)))

    def of_year(self, row: int) -> np.ndarray:
        """Return the rates of one year, by the number of its row."""
        rates: np.ndarray = np.einsum("p,p...->...", self.weights[:, row], self.periods)
        return rates

    def by_year(self) -> np.ndarray:
        """Return the rates of all years, row by row."""
        rates: np.ndarray = np.einsum("py,p...->y...", self.weights, self.periods)
        return rates


@dataclass(frozen=True, eq=False)
class VitalRates:
    """Rates of death and birth by calendar year; what follows from them is remembered by the object.

    Attributes:
        first_year: the year of row 0; years outside the tables take the nearest row.
        death: deaths per person-year, by sex (0 male, 1 female) and single year of age.
        birth: births per woman-year, by single year of age (zero outside 15-49).
        sex_ratio: boys per girl at birth, by year.
    """

    first_year: int
    death: Rates
    birth: Rates
    sex_ratio: np.ndarray

    def row(self, year: int) -> int:
        """Return the row of a calendar year."""
        return min(max(year - self.first_year, 0), len(self.sex_ratio) - 1)

    def deaths(self, year: int) -> np.ndarray:
        """Return the rates of death of a calendar year, by sex and single year of age."""
        return self.death.of_year(self.row(year))

    def births(self, year: int) -> np.ndarray:
        """Return the rates of birth of a calendar year, by single year of age."""
        return self.birth.of_year(self.row(year))


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
