"""Marriage: the single marry at the ages that the census shows; brides move to the husband's home."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.candidates import banded, drawn_below, in_key_order
from caresim.agents.events import (
    come_home,
    deregister,
    destination,
    enter,
    has_room,
    leave,
    near_elders,
    new_rows,
    wed,
)
from caresim.agents.people import (
    DIVORCED,
    FEMALE,
    LIVING_REGISTERED,
    MARRIED,
    NEVER_MARRIED,
    PRESENT,
    WIDOWED,
    age_in_years,
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
SEEKING = itemgetter("state", "born", "marital", "key")
COLUMNS = itemgetter("key", "born", "state", "place", "village", "household", "marital", "spouse")
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
    chance, bands, rules = world.once(
        "marriage", world.parameters["marriage"], lambda: _rules(world, world.parameters["marriage"])
    )
    seekers = who_seeks(*SEEKING(people.arrays), people.n, month, chance, bands, draws.stream(SEEK, month))
    if len(seekers) == 0:
        return
    streams = tuple(draws.stream(purpose, month) for purpose in (WHERE, BRIDE, NEST))
    met = False
    while not met:
        met, soon, later, brides, (gone, gone_residents), departures, returns, founded = match(
            seekers, *COLUMNS(people.arrays), people.room, people.n_households, month, rules, streams
        )
        if not met:
            people.make_way(soon, later)
    people.entered(later, soon, brides)
    people.deregistered(gone, gone_residents)
    people.flows.departures += departures
    people.returned(returns)
    people.n_households += founded


def _rules(world: World, parameters: Marriage) -> tuple[Any, ...]:
    """Return the probabilities of seeking a spouse, the highest in bands of age, and the numbers of `match`."""
    chance = marriage_chances(world.place.marital, parameters.remarriage)
    bands = banded(highest_by_age(chance), (TO_AGE, 30, FROM_AGE))
    shares = world.away_shares(*parameters.bride_place_shares)
    return chance, bands, (
        parameters.outside_share, parameters.own_household_share, *shares, *parameters.bride_younger
    )  # fmt: skip


def marriage_chances(marital: np.ndarray, remarriage: float) -> np.ndarray:
    """Return the monthly probability of seeking a spouse, by sex, age and marital status.

    The census counts the never married by completed years, so that its share of an age is that of the middle of the
    year. Ages here are therefore counted from half a year on: 18 lasts from 18.5 to 19.5. A first marriage follows the
    fall of the lowest never-married share so far from one age to the next; the half year after the 18th birthday
    brings all who are then 18.5.
    """
    chance = np.zeros((2, TO_AGE, 4))
    chance[:, FROM_AGE - 1 :, (WIDOWED, DIVORCED)] = remarriage
    for sex in (0, 1):
        single = 1.0
        for age in range(FROM_AGE - 1, TO_AGE):
            later, months = min(single, marital[sex, age + 1, NEVER_MARRIED]), 6 if age < FROM_AGE else 12
            chance[sex, age, NEVER_MARRIED] = 1.0 - (later / single) ** (1 / months) if single > 0.0 else 0.0
            single = later
    return chance


def highest_by_age(chance: np.ndarray) -> np.ndarray:
    """Return the highest probability of anybody by completed years, each of which has two halves."""
    by_half = chance.max(axis=(0, 2))
    highest = np.append(np.maximum(by_half, np.roll(by_half, 1)), 0.0)
    highest[:FROM_AGE] = 0.0
    return highest  # type: ignore[no-any-return]


@compiled
def who_seeks(state, born, marital, key, n, month, chance, bands, stream):
    """Return the registered singles who seek a spouse this month, in row order."""
    drawn = drawn_below(stream, key, born, 0, n, month, bands)
    single = 0
    for i in drawn:
        drawn[single] = i
        single += (marital[i] != MARRIED) & (state[i] & LIVING_REGISTERED == LIVING_REGISTERED)
    found = 0
    for i in drawn[:single]:
        if FROM_AGE <= age_in_years(month, born[i]) < TO_AGE:
            drawn[found] = i
            found += (
                uniform(stream, key[i]) < chance[state[i] & 1, age_in_years(month - 6, born[i]), marital[i]]
            )
    return drawn[:found]


@compiled
def match(seekers, key, born, state, place, village, household, marital, spouse, room, n_households, month, rules,
          streams):  # fmt: skip
    """Marry the seekers, if there is room for the brides from outside.

    Return whether there was; how many brides take blank rows among the elders and how many others; how many of the
    brides are residents; the women who left the register, and how many of them were residents; the wives who left and
    those who came home; and how many households were founded.
    """
    outside_share, own_share, town, province, least, most = rules
    where, luck, nest = streams
    husbands, wives, receiving, leaving = pairs(seekers, state, born, key, outside_share, where)
    births = brides_births(receiving, key, born, month, least, most, luck)
    soon = near_elders(births, room[4])
    later = len(births) - soon
    if not has_room(soon, later, room):
        return False, soon, later, 0, (0, 0), 0, 0, 0
    residents = 0
    for i in leaving:
        marital[i] = MARRIED
        residents += deregister(i, destination(key[i], town, province, where), state, place, household)
    departures = returns = arrivals = 0
    for j in range(len(husbands)):
        left, came = join(husbands[j], wives[j], state, place, village, household)
        departures += left
        returns += came
    brides = new_rows(births, room)
    for j in range(len(brides)):
        i = receiving[j]
        arrivals += enter(
            brides[j], bride_key(key[i], month), births[j], True, village[i], place[i], household[i], key, born, state,
            place, village, household,
        )  # fmt: skip
    founded = 0
    for men, women in ((husbands, wives), (receiving, brides)):
        for j in range(len(men)):
            wed(men[j], women[j], state, spouse, marital)
            if uniform(nest, key[men[j]]) < own_share and state[men[j]] & PRESENT != 0:
                household[men[j]] = household[women[j]] = n_households + founded
                founded += 1
    return True, soon, later, arrivals, (len(leaving), residents), departures, returns, founded


@compiled
def pairs(seekers, state, born, key, outside_share, stream):
    """Return husbands and wives in the territory, rank by rank, men who marry a bride from outside, women who go there.

    Who finds nobody in the territory marries outside too, unless there is no outside; then he goes on seeking.
    """
    n = len(seekers)
    men, women = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    receiving, leaving = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    n_men = n_women = n_receiving = n_leaving = 0
    for i in seekers:
        outside, female = uniform(stream, key[i]) < outside_share, state[i] & FEMALE != 0
        if outside and female:
            leaving[n_leaving] = i
            n_leaving += 1
        elif outside:
            receiving[n_receiving] = i
            n_receiving += 1
        elif female:
            women[n_women] = i
            n_women += 1
        else:
            men[n_men] = i
            n_men += 1
    men, women = by_age(men[:n_men], born, key), by_age(women[:n_women], born, key)
    couples = min(n_men, n_women)
    if outside_share > 0.0:
        for i in men[couples:]:
            receiving[n_receiving] = i
            n_receiving += 1
        for i in women[couples:]:
            leaving[n_leaving] = i
            n_leaving += 1
    return men[:couples], women[:couples], receiving[:n_receiving], leaving[:n_leaving]


@compiled
def by_age(who, born, key):
    """Return people from the oldest on, in which order they are paired."""
    who = in_key_order(who, key)
    return who[np.argsort(born[who].astype(np.int64), kind="mergesort")]


@compiled
def bride_key(husband_key, month):
    """Return the key of a bride from outside."""
    return np.uint64(child_key(husband_key, BRIDE_ORDER + month))


@compiled
def brides_births(husbands, key, born, month, least, most, stream):
    """Return the birth months of brides from outside; none is younger than 18."""
    births = np.empty(len(husbands), dtype=np.int16)
    for j in range(len(husbands)):
        younger = least + int(
            uniform(stream, np.uint64(bride_key(key[husbands[j]], month))) * (most - least + 1)
        )
        births[j] = min(born[husbands[j]] + younger, month - FROM_AGE * 12)
    return births


@compiled
def join(husband, wife, state, place, village, household):
    """Let a wife move to the village, place and household of her husband; tell if she left, and if she came home."""
    village[wife] = village[husband]
    if state[husband] & PRESENT == 0:
        return leave(wife, place[husband], state, place, household), False
    if state[wife] & PRESENT == 0:
        come_home(wife, household[husband], state, place, household)
        return False, True
    household[wife] = household[husband]
    return False, False


PROCESS = Process(
    name="marriage",
    run=marry,
    reads=("born", "state", "marital", "village", "place", "household"),
    writes=("spouse", "marital", "village", "place", "state", "household"),
    meaning="Single people marry; brides move to the husband's home, some couples set up their own.",
    parameters=Marriage,
)
