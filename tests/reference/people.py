"""People and households as ordinary objects."""

from __future__ import annotations

import mesa
import numpy as np

from caresim.agents.people import DIVORCED, MARRIED, NEVER, NEVER_MARRIED, VILLAGE, WIDOWED

__all__ = ["DIVORCED", "MARRIED", "NEVER_MARRIED", "VILLAGE", "WIDOWED", "Household", "Person"]


NOT_SET = -32768
"""The stable part of loneliness of somebody who has never been an elder."""


class Household:
    """The residents who live under one roof."""

    def __init__(self):
        self.members = []


class Person(mesa.Agent):
    """Somebody: on the register, kin outside, or dead and remembered as a parent."""

    def __init__(self, model, key, born, female):
        super().__init__(model)
        self.key = np.uint64(key)
        self.born = born
        self.female = female
        self.alive = True
        self.registered = False
        self.resident = False
        self.elder = False
        self.place = VILLAGE
        self.mother = None
        self.father = None
        self.spouse = None
        self.children = []  # in the order of birth, the dead among them
        self.village = 0
        self.household = None
        self.marital = NEVER_MARRIED
        self.widowed = NEVER
        self.parity = 0
        self.disability = 0
        self.dementia = False
        self.transfers = 0
        self.begin_care()

    def begin_care(self):
        """Be somebody who has not met with care yet."""
        self.arrangement = 0
        self.job = 0
        self.income = -1
        self.quintile = 0
        self.digital_skill = 0
        self.need = 0
        self.given = 0
        self.capacity = 0
        self.pair = None
        self.volunteer = 0
        self.member = 0
        self.coins = 0
        self.unmet = 0
        self.main_carer = None
        self.main_relation = 0
        self.medical_missed = 0
        self.burden = 0
        self.ties = 0
        self.efficacy = 0
        self.loneliness_stable = NOT_SET
        self.loneliness_passing = 0
        self.loneliness = 0
        self.mood = 0
        self.grandchild_minutes = 0
        self.child_unminded = 0

    # --- who --------------------------------------------------------------------------------------------

    @property
    def age(self):
        """Completed years."""
        return (self.model.month - self.born) // 12

    @property
    def frail(self):
        """In disability state 2 or 3."""
        return self.disability >= 2

    @property
    def adult_resident(self):
        return self.resident and self.age >= 18

    @property
    def resident_elder(self):
        return self.alive and self.registered and self.resident and self.elder

    @property
    def able(self):
        """Whether one can care for others."""
        return not self.registered or (self.disability <= 1 and not self.dementia)

    @property
    def healthy(self):
        """In disability state 0 without dementia."""
        return self.disability == 0 and not self.dementia

    def marked(self, mark):
        """Whether the living arrangement carries a mark."""
        return bool(self.arrangement & mark)

    def shares_home_with(self, other):
        """Whether two residents live in one household."""
        return other is not None and self.household is not None and other.household is self.household

    # --- events -----------------------------------------------------------------------------------------

    def adopt(self, mother, father):
        """Become the newest child of two parents."""
        self.mother, self.father = mother, father
        for parent in (mother, father):
            if parent is not None:
                parent.children.append(self)

    def move_in(self, household):
        self.move_out()
        self.household = household
        if household is not None:
            household.members.append(self)

    def move_out(self):
        if self.household is not None:
            self.household.members.remove(self)
            self.household = None

    def leave(self, place):
        """Go to a place outside the territory; the village keeps the name on its register."""
        self.move_out()
        self.resident = False
        self.place = place

    def come_home(self, household):
        self.resident = True
        self.place = VILLAGE
        self.move_in(household)

    def deregister(self, place):
        """Settle elsewhere for good: kin from now on."""
        self.leave(place)
        self.registered = False
        self.model.people.discard(self)
        self.model.kin.add(self)

    def die(self):
        self.move_out()
        self.alive = False
        self.resident = False
        (self.model.people if self.registered else self.model.kin).discard(self)
        self.remove()
