"""The demographic month with an object a person, written from `docs/odd.md`, section 7.

It shares with the model proper the draws, the parameters, the place's figures and the starting world, nothing
else: two authors, two ways of keeping people, one result.
"""

from __future__ import annotations

import mesa
from mesa.agent import AgentSet

from caresim.agents.people import OUTSIDE, PROVINCE, TOWN

from .columns import make_people
from .homes import coresidence, transfers
from .life import ageing, dementia, fertility, functional_decline, mortality, starting_norm, widowhood
from .luck import Luck
from .marriage import marriage
from .moves import migration, newcomers, reclassification, urbanisation
from .states import model_state

MONTH = (
    fertility, ageing, functional_decline, dementia, mortality, widowhood, marriage, migration, urbanisation,
    reclassification, newcomers, coresidence, transfers,
)  # fmt: skip


class ReferenceModel(mesa.Model):
    """A territory of ordinary Mesa agents.

    Args:
        place: the place's figures.
        month: the first month.
        parameters_at: the parameters of a month, by group.
        luck: the draws.

    Attributes:
        people: the living people of the register.
        kin: living people off the register.
    """

    def __init__(self, place, month, parameters_at, luck):
        super().__init__(rng=0)
        self.place = place
        self.rates = place.rates
        self.death_rates = place.rates.death.tolist()
        self.birth_rates = place.rates.birth.tolist()
        self.next_month = self.month = month
        self.parameters_at = parameters_at
        self.parameters = parameters_at(month)
        self.luck = luck
        self.sibling_stream = luck.lasting("migration.family")
        self.people = AgentSet([], random=self.random)
        self.kin = AgentSet([], random=self.random)
        self.village_keys, self.rural = [], []
        self.exposure, self.exposure_spacing = None, None
        self.start_norm, self.norm, self.norm_taken = {}, {}, None
        self.just_died = []
        self.adl_onsets = self.adl_exposed = 0

    @classmethod
    def from_world(cls, world, parameters_at=None, luck=Luck):
        """Make objects of the columns of a world that has begun and has not taken a step.

        Args:
            world: the world.
            parameters_at: the parameters of a month by group; by default those of the world for ever.
            luck: the class of draws.
        """
        model = cls(
            world.place,
            world.start,
            parameters_at or (lambda month: world.parameters),
            luck(world.draws.seed, world.draws.replication),
        )
        model.village_keys = list(world.territory.key)
        model.rural = world.territory.rural.tolist()
        make_people(model, world.people)
        model.start_norm = starting_norm(model, world.burn_in)
        return model

    def step(self):
        """Let a month pass."""
        self.month = self.next_month
        self.parameters = self.parameters_at(self.month)
        for process in MONTH:
            process(self)
        self.next_month += 1

    def state(self):
        """Return what is compared with the columns; see `columns_state`."""
        return model_state(self)

    def enrol(self, person):
        """Put a person on the register."""
        person.registered = True
        self.people.add(person)

    def away_shares(self, town, province):
        """Return the shares of town and province among destinations outside the territory."""
        if self.place.territory == "rural":
            return town, province
        if self.place.territory == "county":
            return 0.0, province / (1 - town) if town < 1 else 1.0
        return 0.0, 0.0

    def place_drawn(self, stream, key, town, province):
        u = self.luck.uniform_k(stream, key, 0)
        return TOWN if u < town else PROVINCE if u < town + province else OUTSIDE
