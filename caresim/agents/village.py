"""Villages as ordinary Mesa agents, each over its row of the territory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from mesa import Agent

from caresim.agents.canteens import canteens
from caresim.agents.digital import skill_of, using_shares
from caresim.agents.people import LIVING_RESIDENT

if TYPE_CHECKING:
    from caresim.agents.sets import PersonSet
    from caresim.model import CareModel


class Village(Agent):
    """One village of the territory.

    Args:
        model: the model that it belongs to.
        number: its row in the territory, also the code in people's column `village`.
    """

    model: CareModel

    def __init__(self, model: CareModel, number: int) -> None:
        super().__init__(model)
        self.number = number

    def __repr__(self) -> str:
        return f"<Village {self.number}>"

    @property
    def name(self) -> str:
        """Return its name, as in tables: ``village 7``."""
        return f"village {self.number}"

    @property
    def key(self) -> int:
        """Return its lasting name, to which its draws belong."""
        return int(self.model.territory.key[self.number])

    @property
    def township(self) -> int:
        """Return the number of its township."""
        return int(self.model.territory.township[self.number])

    @property
    def distance(self) -> float:
        """Return the kilometres to the township's centre."""
        return float(self.model.territory.distance[self.number])

    @property
    def remote(self) -> bool:
        """Tell whether it belongs to the remote cluster."""
        return bool(self.model.territory.remote[self.number])

    @property
    def rural(self) -> bool:
        """Tell whether it carries the rural label today."""
        return bool(self.model.territory.rural[self.number])

    @property
    def trust(self) -> float:
        """Return how far its people rely on one another, 0-1."""
        return float(self.model.territory.trust[self.number])

    @property
    def home(self) -> bool:
        """Tell whether it keeps a happiness home (mutual-aid courtyard) today."""
        return bool(self.model.territory.home[self.number])

    @property
    def canteen(self) -> bool:
        """Tell whether kitchens of meal aid bring meals here today."""
        return bool(canteens(self.model.world)[0][self.number])

    @property
    def meals(self) -> int:
        """Return the meals that its elders were brought this month."""
        people, end = self.model.people, self.model.people.elders_end
        return int(people["meals"][:end][people["village"][:end] == self.number].sum())

    @property
    def platform_use(self) -> float:
        """Return the share of its elders who order care on the platform, or for whom somebody does; 0 without one."""
        world = self.model.world
        users = np.zeros(len(world.territory))
        if world.by_village("workforce.platform")[self.number] > 0.0:
            by_village = np.arange(len(users))
            using_shares(world.elders, *skill_of(world), world.people["village"], by_village, users)
        return float(users[self.number])

    @property
    def stigma(self) -> float:
        """Return how great the shame of living in a care home is, 0-1."""
        return float(self.model.territory.stigma[self.number])

    @property
    def residents(self) -> int:
        """Return how many of its registered people live here now."""
        people = self.model.people
        here = people["village"][: people.n] == self.number
        return int(((people["state"][: people.n][here] & LIVING_RESIDENT) == LIVING_RESIDENT).sum())

    @property
    def people(self) -> PersonSet:
        """Return the living people of its register, resident or away."""
        return self.model.persons.of_village(self.number)
