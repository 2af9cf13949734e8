"""Urbanisation: whole households, elders too, settle in town for good, and villages become urban settlements."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from caresim.agents.candidates import Bands, alike, drawn_below, in_key_order
from caresim.agents.events import deregister, destination
from caresim.agents.people import LIVING_REGISTERED, NOBODY, PRESENT
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, at_most_one, parameter

SETTLE = purpose("urbanisation.settle")
COLUMNS = itemgetter("state", "born", "key", "place", "household")


class Urbanisation(Parameters):
    """The flow from rural to urban at all ages; its split into moves and new labels is not identified."""

    rate_year: float = parameter(
        0.026, unit="share", limits=(0.0, 0.5), low=0.0, high=0.045,
        meaning="Yearly share of rural people who become urban for good, at every age; in a whole province, of people "
        "who leave it with their household.",
        source="nbs_census2020", evidence="fitted",
    )  # fmt: skip
    absent_rate_year: float = parameter(
        0.05, unit="share", limits=(0.0, 0.5), low=0.01, high=0.12,
        meaning="Yearly share of absent people who settle where they are and leave the register.",
        source="nbs_migrants2020", evidence="fitted",
    )  # fmt: skip
    reclassified_share: float = parameter(
        0.5, unit="share", low=0.0, high=0.8,
        meaning="Part of that flow which is villages that become urban settlements, nobody moving; none in a whole "
        "province, whose flow is fitted to those who leave it.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    town_share: float = parameter(
        0.5, unit="share", low=0.3, high=0.7,
        meaning="Share of those who settle elsewhere that goes to the county town.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    province_share: float = parameter(
        0.3, unit="share", low=0.15, high=0.45,
        meaning="Share of those who settle elsewhere that goes elsewhere in the province.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    _places = at_most_one("town_share", "province_share")

    def absent_kept(self) -> float:
        """Return how much likelier an absent person than a resident is to stay on the register for a month."""
        residents = per_month(self.rate_year * (1.0 - self.reclassified_share))
        return (1.0 - per_month(self.absent_rate_year)) / (1.0 - residents)


def per_month(rate_year: float) -> float:
    """Return the monthly probability that makes up a yearly one."""
    return 1.0 - float((1.0 - rate_year) ** (1.0 / 12.0))


def settle(world: World) -> None:
    """Let whole households, and absent people one by one, leave the register and settle elsewhere."""
    people, month = world.people, world.month
    chances = world.once(
        "urbanisation",
        world.parameters["urbanisation"],
        lambda: _chances(world, world.parameters["urbanisation"]),
    )
    people.deregistered(
        *settle_elsewhere(
            *COLUMNS(people.arrays), people.n, people.n_households, month, *chances, world.draws.stream(SETTLE, month)
        )
    )  # fmt: skip


def _chances(world: World, parameters: Urbanisation) -> tuple[float, float, Bands, tuple[float, float]]:
    """Return a resident's and an absent person's monthly probability, the highest, and the shares of destinations."""
    chance = per_month(parameters.rate_year * (1.0 - parameters.reclassified_share))
    absent_chance = per_month(parameters.absent_rate_year)
    shares = world.away_shares(parameters.town_share, parameters.province_share)
    return chance, absent_chance, alike(max(chance, absent_chance)), shares


@compiled
def settle_elsewhere(state, born, key, place, household, n, n_households, month, chance, absent_chance, bands, shares,
                     stream):  # fmt: skip
    """Let people leave the register; return how many did, and how many of them were residents.

    Each member of a household decides with the chance over their number, so that large and small households, and
    with them all ages, leave alike. A newborn who has no household yet does not decide.
    """
    deciders = who_settles(state, born, key, n, month, chance, absent_chance, bands, stream)
    gone = residents = 0
    for i in deciders:
        if state[i] & PRESENT == 0:
            deregister(i, destination(key[i], shares[0], shares[1], stream), state, place, household)
            gone += 1
    if gone == len(deciders):
        return gone, 0
    members = members_of(deciders, household, n, n_households)
    leader = leaders(deciders, members, household, key, n_households, chance, stream)
    for i in members:
        led_by = leader[household[i]]
        if led_by >= 0:
            to = destination(key[led_by], shares[0], shares[1], stream)
            residents += deregister(i, to, state, place, household)
            gone += 1
    return gone, residents


@compiled
def who_settles(state, born, key, n, month, chance, absent_chance, bands, stream):
    """Return the residents whose draw may move their household, and the absent who settle, in order of their keys."""
    deciders = []
    for i in drawn_below(stream, key, born, 0, n, month, bands):
        own = chance if state[i] & PRESENT else absent_chance
        if state[i] & LIVING_REGISTERED == LIVING_REGISTERED and uniform(stream, key[i]) < own:
            deciders.append(i)
    return in_key_order(np.array(deciders, dtype=np.int64), key)


@compiled
def members_of(deciders, household, n, n_households):
    """Return the rows of all who live in the households of some."""
    asked = np.zeros(n_households + 1, dtype=np.uint8)
    for i in deciders:
        asked[household[i] + 1] = 1
    asked[0] = 0
    rows = np.empty(n + 1, dtype=np.int64)
    found = 0
    for i in range(n):
        rows[found] = i
        found += asked[np.uint32(household[i] + 1)]
    return rows[:found].copy()


@compiled
def leaders(deciders, members, household, key, n_households, chance, stream):
    """Return the resident who leads each household away, the first in order, or nobody."""
    size = np.zeros(n_households, dtype=np.int32)
    leader = np.full(n_households, NOBODY, dtype=np.int32)
    for i in members:
        size[household[i]] += 1
    for i in deciders:
        home = household[i]
        if home >= 0 and leader[home] < 0 and uniform(stream, key[i]) * size[home] < chance:
            leader[home] = i
    return leader


PROCESS = Process(
    name="urbanisation",
    run=settle,
    reads=("state", "household", "born", "key"),
    writes=("state", "place", "household"),
    meaning="Whole households settle in town for good, at every age; so do some of the absent.",
    parameters=Urbanisation,
)
