"""Urbanisation: whole households, elders too, settle in town for good, and villages become urban settlements."""

from __future__ import annotations

import numpy as np

from caresim.agents.candidates import drawn_below
from caresim.agents.people import LIVING_REGISTERED, NOBODY, PRESENT, destinations
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, at_most_one, parameter

SETTLE = purpose("urbanisation.settle")


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
    parameters: Urbanisation = world.parameters["urbanisation"]
    chance = per_month(parameters.rate_year * (1.0 - parameters.reclassified_share))
    absent_chance = per_month(parameters.absent_rate_year)
    stream = world.draws.stream(SETTLE, month)
    deciders = who_settles(
        people["state"], people["born"], people["key"], people.n, month, chance, absent_chance, stream
    )
    deciders = deciders[np.argsort(people["key"][deciders])]
    who, led_by = who_goes(
        deciders,
        people["state"],
        people["household"],
        people["key"],
        people.n,
        people.n_households,
        chance,
        stream,
    )
    shares = world.away_shares(parameters.town_share, parameters.province_share)
    people.deregister(who, destinations(people["key"][led_by], *shares, stream))


@compiled
def who_settles(state, born, key, n, month, chance, absent_chance, stream):
    """Return the residents whose draw may move their household, and the absent who settle, in row order."""
    deciders = []
    highest = max(chance, absent_chance)
    for i in drawn_below(stream, key, born, 0, n, month, highest, highest):
        if state[i] & LIVING_REGISTERED == LIVING_REGISTERED:
            luck = uniform(stream, key[i])
            if luck < highest and luck < (chance if state[i] & PRESENT else absent_chance):
                deciders.append(i)
    return np.array(deciders, dtype=np.int64)


@compiled
def who_goes(deciders, state, household, key, n, n_households, chance, stream):
    """Return all who go and the decider who leads each: the absent lead themselves, the first resident his household.

    Each member of a household decides with the chance over their number, so that large and small households, and
    with them all ages, leave alike. A newborn who has no household yet does not decide.
    """
    asked = np.zeros(n_households + 1, dtype=np.bool_)
    size = np.zeros(n_households + 1, dtype=np.int32)
    leader = np.full(n_households + 1, NOBODY, dtype=np.int64)
    asked[household[deciders]] = True
    asked[n_households] = False
    members = []
    for i in range(n):
        if asked[household[i]]:
            size[household[i]] += 1
            members.append(np.int64(i))
    who, led_by = [], []
    for i in deciders:
        home = household[i]
        if state[i] & PRESENT == 0:
            who.append(np.int64(i))
            led_by.append(np.int64(i))
        elif home >= 0 and leader[home] < 0 and uniform(stream, key[i]) * size[home] < chance:
            leader[home] = i
    for i in members:
        if leader[household[i]] >= 0:
            who.append(i)
            led_by.append(leader[household[i]])
    return np.array(who, dtype=np.int64), np.array(led_by, dtype=np.int64)


PROCESS = Process(
    name="urbanisation",
    run=settle,
    reads=("state", "household"),
    writes=("state", "place", "household"),
    meaning="Whole households settle in town for good, at every age; so do some of the absent.",
    parameters=Urbanisation,
)
