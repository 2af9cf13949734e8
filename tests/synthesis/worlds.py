"""Starting worlds for tests, without a config."""

import numpy as np

from caresim.agents.people import ALIVE, COLUMNS, FEMALE, PRESENT
from caresim.agents.world import World
from caresim.scenario import Scenario
from caresim.synthesis.population import build_world

PLACE, YEAR = "rural_heilongjiang", 2010


def world_of(
    place: str = PLACE, year: int = YEAR, residents: int = 6000, seed: int = 1, replication: int = 0,
    townships: int = 4, villages: int = 20, **households: float,
) -> World:  # fmt: skip
    """Build the starting world of a place that ships."""
    scenario = Scenario.of(
        place=place, start=f"{year}-01", seed=seed, parameters={"households": households},
        population={"residents": residents, "townships": townships, "villages": villages},
    )  # fmt: skip
    return build_world(scenario, replication, COLUMNS)


class Census:
    """The columns of a world's registered people, and what follows from them."""

    def __init__(self, world: World) -> None:
        self.world, self.people = world, world.people
        people, n = world.people, world.people.n
        self.n = n
        self.every = np.concatenate([np.arange(n), np.arange(people.kin_start, people.kin_end)])
        self.present = (people["state"][:n] & PRESENT) != 0
        self.female = (people["state"][:n] & FEMALE) != 0
        self.alive = (people["state"] & ALIVE) != 0
        self.ages = (world.start - people["born"].astype(int)) // 12
        self.age = self.ages[:n]
        self.home = np.full(len(people["key"]), -1)
        self.home[:n] = people["household"][:n]
        at_home = self.present & (self.home[:n] >= 0)  # residents of care homes have no household
        self.size = np.bincount(self.home[:n][at_home], minlength=people.n_households)

    def living_children(self, link: str) -> np.ndarray:
        """Count living children through `mother` or `father`."""
        parent = self.people[link][self.every]
        parent = parent[(parent >= 0) & self.alive[self.every]]
        return np.bincount(parent, minlength=len(self.alive))[: self.n]

    def with_child(self) -> np.ndarray:
        """Tell who shares the household with a child of 18 and over."""
        found = np.zeros(self.n, dtype=bool)
        child = np.flatnonzero(self.present & (self.age >= 18))
        for link in ("mother", "father"):
            parent = self.people[link][child]
            here = (parent >= 0) & (self.home[parent] == self.home[child])
            found[parent[here]] = True
        return found


def household_indicators(world: World) -> dict[str, float]:
    """Measure what the census counts of family households."""
    census, people = Census(world), world.people
    who = np.flatnonzero(census.present)
    home = census.home[who]
    several = np.zeros(people.n_households, dtype=bool)

    def up(kin: np.ndarray, link: str) -> np.ndarray:
        return np.where(kin >= 0, people[link][kin], -1)

    parents = [up(kin, link) for kin in (who, people["spouse"][who]) for link in ("mother", "father")]
    for elder in parents + [up(parent, link) for parent in parents for link in ("mother", "father")]:
        several[home[(elder >= 0) & (census.home[elder] == home)]] = True
    youngest = np.full(people.n_households, 999)
    oldest = np.zeros(people.n_households, dtype=int)
    np.minimum.at(youngest, home, census.age[who])
    np.maximum.at(oldest, home, census.age[who])
    several |= (youngest < 18) & (oldest - youngest >= 18)
    return {
        "household_size": float(census.size.mean()),
        "one_person_households_share": float((census.size == 1).mean()),
        "one_generation_households_share": float((~several).mean()),
        "elder_households_share": float((oldest >= 65).mean()),
    }
