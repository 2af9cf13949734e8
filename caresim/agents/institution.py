"""Care homes as ordinary Mesa agents, each over its row of the table of homes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from mesa import Agent

from caresim.agents.institutions import OWNERSHIPS

if TYPE_CHECKING:
    from caresim.model import CareModel


class Institution(Agent):
    """One care home, open or closed.

    Args:
        model: the model that it belongs to.
        number: its row in the table of homes, also the code in people's column `home`.
    """

    model: CareModel

    def __init__(self, model: CareModel, number: int) -> None:
        super().__init__(model)
        self.number = number

    def __repr__(self) -> str:
        return f"<Institution {self.number}>"

    @property
    def name(self) -> str:
        """Return its name, as in tables: ``home 2``."""
        return f"home {self.number}"

    @property
    def ownership(self) -> str:
        """Return whose it is."""
        return OWNERSHIPS[int(self.model.world.homes["ownership"][self.number])]

    @property
    def chain(self) -> bool:
        """Tell whether a chain brand runs it."""
        return bool(self.model.world.homes["chain"][self.number])

    @property
    def idle_building(self) -> bool:
        """Tell whether it stands in a building that was out of use and handed over."""
        return bool(self.model.world.homes["idle"][self.number])

    @property
    def experience(self) -> float:
        """Return the experience of its management, 0-1."""
        return float(self.model.world.homes["experience"][self.number])

    @property
    def open(self) -> bool:
        """Tell whether it is open today."""
        return bool(self.model.world.homes.open[self.number])

    @property
    def village(self) -> int:
        """Return the number of the village at or near which it stands."""
        return int(self.model.world.homes["village"][self.number])

    @property
    def beds(self) -> int:
        """Return its beds."""
        return int(self.model.world.homes["beds"][self.number])

    @property
    def quality(self) -> float:
        """Return its quality, 0-1."""
        return float(self.model.world.homes["quality"][self.number])

    @property
    def star(self) -> int:
        """Return its star rating; 0 without one."""
        return int(self.model.world.homes["star"][self.number])

    @property
    def cash(self) -> float:
        """Return what it has, or owes, in yuan."""
        return float(self.model.world.homes["cash"][self.number]) / 100.0

    @property
    def residents(self) -> int:
        """Return how many elders live in it."""
        people = self.model.people
        return int(np.count_nonzero(people["home"][: people.n] == self.number))
