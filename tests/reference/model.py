"""The month with an object a person, written from `docs/odd.md`, section 7.

It shares with the model proper the draws, the parameters, the place's figures and the starting world, nothing
else: two authors, two ways of keeping people, one result.
"""

from __future__ import annotations

import mesa
from mesa.agent import AgentSet

from caresim.agents.people import OUTSIDE, PROVINCE, TOWN

from .book import Bank
from .columns import make_gifts, make_people
from .family import children_care, living_arrangement, needs, respite, spouse_care
from .grandchildren import grandchild_care
from .homes import coresidence, transfers
from .life import (
    ageing,
    dementia,
    fertility,
    functional_decline,
    means_of_death,
    means_of_decline,
    mortality,
    starting_norm,
    widowhood,
)
from .luck import Luck
from .marriage import marriage
from .mind import burden, depression, digital_skill, loneliness, medical_contact, social_ties, unmet_need
from .money import bounds_of_fifths, employment, income, inheritance
from .moves import migration, newcomers, reclassification, urbanisation
from .neighbours import mutual_aid, neighbour_care
from .service import volunteering
from .states import model_state
from .time_bank import time_bank

MONTH = (
    fertility, ageing, functional_decline, dementia, mortality, inheritance, widowhood, marriage, migration,
    urbanisation, reclassification, newcomers, coresidence, living_arrangement, grandchild_care, transfers, employment,
    income, digital_skill, needs, mutual_aid, respite, spouse_care, children_care, neighbour_care, volunteering,
    time_bank, unmet_need, medical_contact, burden, social_ties, loneliness, depression,
)  # fmt: skip
SOURCES = {
    "spouse": spouse_care, "children": children_care, "neighbours": neighbour_care, "volunteers": volunteering,
    "time_bank": time_bank,
}  # fmt: skip


def in_turn(order):
    """Return the month's processes with the sources of care in an order."""
    turns = iter(order)
    return [SOURCES[next(turns)] if process in SOURCES.values() else process for process in MONTH]


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
        self.next_month = self.month = month
        self.parameters_at = parameters_at
        self.parameters = parameters_at(month)
        self.luck = luck
        self.sibling_stream = luck.lasting("migration.family")
        self.people = AgentSet([], random=self.random)
        self.kin = AgentSet([], random=self.random)
        self.village_keys, self.rural = [], []
        self.exposure, self.exposure_spacing = None, None
        self.seekers, self.seekers_taken = [], None
        self.start_norm, self.norm, self.norm_taken = {}, {}, None
        self.just_died = []
        self.adl_onsets = self.adl_exposed = 0
        self.begin_care()

    def begin_care(self):
        """Be a territory in which nobody has cared for anybody yet."""
        self.township, self.coordinates, self.distance, self.trust, self.home = [], [], [], [], []
        self.elders, self.cases, self.gifts = [], [], []
        self.ever_paired = {}
        self.bank = Bank()
        self.quintile_bounds = [0, 0, 0, 0]
        self.employment_lost = 0.0
        self.decline_means, self.death_means = {}, {}

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
        world.people.widen()  # everybody has every attribute here
        person = make_people(model, world.people)
        model.gifts = make_gifts(world, person)
        capacity = world.care.capacity(len(world.people["key"])).tolist()
        for row, one in person.items():
            one.capacity = capacity[row]
        for row, coins in zip(world.bank.holders.tolist(), world.bank.balances.tolist(), strict=True):
            person[row].coins = coins
        model.employment_lost = world.care.employment_lost
        model.start_norm = starting_norm(model, world.burn_in)
        model.take_up_care(world)
        return model

    def take_up_care(self, world):
        """Take up villages, accounts and means as the months of care before the start left them."""
        territory, bank = world.territory, world.bank
        self.township = territory.township.tolist()
        self.coordinates = list(zip(territory.x.tolist(), territory.y.tolist(), strict=True))
        self.distance = territory.distance.tolist()
        self.trust, self.home = territory.trust.tolist(), territory.home.tolist()
        self.bank = Bank(bank.pool, bank.government, bank.lost, bank.confidence, bank.opened)
        self.bank.holders = {person: True for person in self.people if person.coins}
        self.ever_paired = {person: True for person in self.people if person.pair is not None}
        self.quintile_bounds = bounds_of_fifths(self)
        self.decline_means, self.death_means = means_of_decline(self), means_of_death(self)

    def step(self):
        """Let a month pass."""
        self.month = self.next_month
        self.parameters = self.parameters_at(self.month)
        for process in in_turn(self.parameters["needs"].order):
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
