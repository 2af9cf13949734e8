"""Marriage: the single marry at the ages that the census shows; brides move to the husband's home."""

from __future__ import annotations

import numpy as np

from caresim.agents.candidates import drawn_below
from caresim.agents.people import (
    DIVORCED,
    FEMALE,
    LIVING_REGISTERED,
    MARRIED,
    NEVER_MARRIED,
    PRESENT,
    WIDOWED,
    People,
    age_in_years,
    destinations,
)
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import child_key, purpose, uniform
from caresim.kernel.parameters import Parameters, at_most_one, parameter, rising

SEEK = purpose("marriage.seek")
WHERE = purpose("marriage.where")
BRIDE = purpose("marriage.bride")
NEST = purpose("marriage.nest")
FROM_AGE, TO_AGE = 18, 60
BRIDE_ORDER = 4096
"""Brides from outside get the key of a child of this order, plus the month, of their husband."""


class Marriage(Parameters):
    """Who marries, whom, and where the couple lives."""

    outside_share: float = parameter(
        0.25, unit="share", low=0.1, high=0.4,
        meaning="Share of those who marry who find their spouse outside the territory: its women leave, brides come.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    remarriage: float = parameter(
        0.001, unit="probability per month", low=0.0, high=0.004,
        meaning="Monthly probability that a widowed or divorced person of 18-59 seeks a spouse.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    bride_younger: tuple[int, int] = parameter(
        (-12, 60), unit="months",
        limits=(-240, 240), meaning="Range of months by which a bride from outside is younger than her husband.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    bride_place_shares: tuple[float, float] = parameter(
        (0.5, 0.35), unit="share",
        meaning="Shares of the women who marry out who live in the county town and elsewhere in the province.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    own_household_share: float = parameter(
        0.35, unit="share", low=0.2, high=0.7,
        meaning="Share of couples who found a household of their own when they marry; the others join the husband's. "
        "Chosen to come near the bands of rural households in 2020 (S02-S05), which are judgements themselves.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    _order = rising("bride_younger")
    _places = at_most_one("bride_place_shares", of=sum)


def marry(world: World) -> None:
    """Match the single who seek a spouse this month, rank by rank in the territory, the others outside."""
    people, month, draws = world.people, world.month, world.draws
    parameters: Marriage = world.parameters["marriage"]
    chance = world.once(
        "marriage", parameters, lambda: marriage_chances(world.place.marital, parameters.remarriage)
    )
    seekers = who_seeks(
        *(people[name] for name in ("state", "born", "marital", "key")), people.n, month, chance,
        draws.stream(SEEK, month),
    )  # fmt: skip
    if len(seekers) == 0:
        return
    nest = draws.stream(NEST, month)
    where = draws.stream(WHERE, month)
    outside = outsiders(people["key"][seekers], parameters.outside_share, where)
    female = (people["state"][seekers] & FEMALE) != 0
    men, women = _by_age(people, seekers[~outside & ~female]), _by_age(people, seekers[~outside & female])
    n = min(len(men), len(women))
    husbands, wives = men[:n], women[:n]
    leaving, receiving = seekers[outside & female], seekers[outside & ~female]
    if parameters.outside_share > 0.0:  # otherwise there is no outside, and those left over go on seeking
        leaving, receiving = np.concatenate([leaving, women[n:]]), np.concatenate([receiving, men[n:]])
    people["marital"][leaving] = MARRIED
    shares = world.away_shares(*parameters.bride_place_shares)
    people.deregister(leaving, destinations(people["key"][leaving], *shares, where))
    brides = _brides(world, receiving, parameters)
    _settle(people, husbands, wives)
    husbands, wives = np.concatenate([husbands, receiving]), np.concatenate([wives, brides])
    people.marry(husbands, wives)
    _nest(people, husbands, wives, parameters.own_household_share, nest)


def marriage_chances(marital: np.ndarray, remarriage: float) -> np.ndarray:
    """Return the monthly probability of seeking a spouse, by sex, single year of age and marital status.

    A first marriage follows the fall of the never-married share from one age to the next in the census.
    """
    chance = np.zeros((2, TO_AGE, 4))
    chance[:, FROM_AGE:, (WIDOWED, DIVORCED)] = remarriage
    for sex in (0, 1):
        for age in range(FROM_AGE, TO_AGE):
            single, later = marital[sex, age, NEVER_MARRIED], marital[sex, age + 1, NEVER_MARRIED]
            if single > 0.0:
                chance[sex, age, NEVER_MARRIED] = max(0.0, 1.0 - later / single) / 12.0
    return chance


@compiled
def who_seeks(state, born, marital, key, n, month, chance, stream):
    """Return the registered singles who seek a spouse this month, in row order."""
    seekers = []
    for i in drawn_below(stream, key, born, 0, n, month - FROM_AGE * 12, chance.max(), 0.0):
        age = age_in_years(month, born[i])
        if (
            FROM_AGE <= age < TO_AGE
            and marital[i] != MARRIED
            and state[i] & LIVING_REGISTERED == LIVING_REGISTERED
            and uniform(stream, key[i]) < chance[state[i] & 1, age, marital[i]]
        ):
            seekers.append(i)
    return np.array(seekers, dtype=np.int64)


@compiled
def outsiders(keys, share, stream):
    """Tell who finds a spouse outside the territory."""
    outside = np.empty(len(keys), dtype=np.bool_)
    for j in range(len(keys)):
        outside[j] = uniform(stream, keys[j]) < share
    return outside


def _brides(world: World, husbands: np.ndarray, parameters: Marriage) -> np.ndarray:
    """Register the brides who come from outside, at their husbands' homes."""
    people, month = world.people, world.month
    keys, born = brides(
        people["key"][husbands], people["born"][husbands], month, *parameters.bride_younger,
        world.draws.stream(BRIDE, month),
    )  # fmt: skip
    female = np.ones(len(keys), dtype=np.bool_)
    village, place = people["village"][husbands], people["place"][husbands]
    return people.register(keys, born, female, village, place, people["household"][husbands])


@compiled
def brides(husband_keys, husband_born, month, least, most, stream):
    """Return the keys and birth months of brides from outside; none is younger than 18."""
    keys = np.empty(len(husband_keys), dtype=np.uint64)
    born = np.empty(len(husband_keys), dtype=np.int16)
    for j in range(len(husband_keys)):
        keys[j] = child_key(husband_keys[j], BRIDE_ORDER + month)
        younger = least + int(uniform(stream, keys[j]) * (most - least + 1))
        born[j] = min(husband_born[j] + younger, month - FROM_AGE * 12)
    return keys, born


def _by_age(people: People, who: np.ndarray) -> np.ndarray:
    """Return people from the oldest on, in which order they are paired."""
    return who[np.lexsort((people["key"][who], people["born"][who]))]


def _settle(people: People, husbands: np.ndarray, wives: np.ndarray) -> None:
    """Let wives move to the village, place and household of their husbands."""
    state = people["state"]
    people["village"][wives] = people["village"][husbands]
    his, hers = (state[husbands] & PRESENT) != 0, (state[wives] & PRESENT) != 0
    away = ~his
    people.leave(wives[away], people["place"][husbands[away]])
    come = his & ~hers
    people.come_home(wives[come], people["household"][husbands[come]])
    stay = his & hers
    people["household"][wives[stay]] = people["household"][husbands[stay]]


def _nest(people: People, husbands: np.ndarray, wives: np.ndarray, share: float, stream: np.uint64) -> None:
    """Let some of the couples who live in the territory found a household of their own."""
    own = outsiders(people["key"][husbands], share, stream) & ((people["state"][husbands] & PRESENT) != 0)
    households = people.found_households(int(np.count_nonzero(own)))
    people["household"][husbands[own]] = households
    people["household"][wives[own]] = households


PROCESS = Process(
    name="marriage",
    run=marry,
    reads=("born", "state", "marital", "village", "place", "household"),
    writes=("spouse", "marital", "village", "place", "state", "household"),
    meaning="Single people marry; brides move to the husband's home, some couples set up their own.",
    parameters=Marriage,
)
