"""The people while they are being put together: registered people, then kin, by running number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from caresim.kernel.columns import NOBODY

FIELDS = ("born", "female", "alive", "place", "mother", "father", "spouse")


@dataclass
class Draft:
    """Registered people `0 .. n-1`; kin follow in the order in which they are added.

    Attributes:
        start: month in which the run starts.
        key: keys of the registered.
        born: months of birth.
        female: whether female.
        present: whether resident.
        place: code of the place.
        marital: marital status.
        mother: running number of the mother; likewise `father` and `spouse`.
        away: gives places outside the territory to kin: running number of the first, how many.
        dead_children: children of a woman who died.
        group_born: birth months of late mothers of sibling groups.
        group_leader: one brother of each group.
    """

    start: int
    key: np.ndarray
    born: np.ndarray
    female: np.ndarray
    present: np.ndarray
    place: np.ndarray
    marital: np.ndarray
    away: Callable[[int, int], np.ndarray]
    mother: np.ndarray = field(init=False)
    father: np.ndarray = field(init=False)
    spouse: np.ndarray = field(init=False)
    dead_children: np.ndarray = field(init=False)
    n_kin: int = 0

    def __post_init__(self) -> None:
        nobody = np.full(self.n, NOBODY, dtype=np.int64)
        self.mother, self.father, self.spouse = nobody.copy(), nobody.copy(), nobody.copy()
        self.dead_children = np.zeros(self.n, dtype=np.int64)
        self.group_born = self.group_leader = np.zeros(0, dtype=np.int64)
        self._pairs: list[tuple[np.ndarray, np.ndarray]] = []
        self._kin: dict[str, list[np.ndarray]] = {name: [] for name in FIELDS}

    @property
    def n(self) -> int:
        """Return the number of registered people."""
        return len(self.born)

    @property
    def age(self) -> np.ndarray:
        """Return ages of the registered in the start month."""
        return (self.start - self.born) // 12

    def add_kin(
        self,
        born: np.ndarray,
        female: np.ndarray | bool,
        alive: np.ndarray | bool,
        place: np.ndarray | int | None = None,
        mother: np.ndarray | int = NOBODY,
        father: np.ndarray | int = NOBODY,
        spouse: np.ndarray | int = NOBODY,
    ) -> np.ndarray:
        """Add people outside the register, or dead, and return their running numbers."""
        n = len(born)
        who = self.n + self.n_kin + np.arange(n)
        code = self.away(self.n + self.n_kin, n) if place is None else place
        for name, value in zip(FIELDS, (born, female, alive, code, mother, father, spouse), strict=True):
            self._kin[name].append(np.broadcast_to(np.asarray(value), n).astype(np.int64))
        self.n_kin += n
        return who

    def partners(self, mothers: np.ndarray, fathers: np.ndarray) -> None:
        """Note who fathers the children of mothers who have no living spouse, or none yet."""
        self._pairs.append((mothers, fathers))

    def partner(self) -> np.ndarray:
        """Return the father of each person's children: her husband, or whoever was noted."""
        partner = self.everyone("spouse")
        for mothers, fathers in self._pairs:
            partner[mothers] = fathers
        return partner

    def everyone(self, name: str) -> np.ndarray:
        """Return a field of all people, the registered first."""
        kin = self._kin[name]
        own = np.ones(self.n, dtype=np.int64) if name == "alive" else getattr(self, name).astype(np.int64)
        return np.concatenate([own, *kin])
