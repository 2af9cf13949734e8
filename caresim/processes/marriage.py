"""Marriage: the single marry at the ages that the census shows; brides move to the husband's home."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.candidates import banded
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
from caresim.agents.marriage_market import (
    FROM_AGE,
    TO_AGE,
    balanced,
    count_single,
    highest_by_age,
    marriage_chances,
    no_siblings,
    reach_of,
    turns_of_single,
    who_marries,
)
from caresim.agents.people import MARRIED, PRESENT
from caresim.agents.world import Process, World
from caresim.kernel.clock import year_of
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import child_key, purpose, uniform
from caresim.kernel.parameters import Parameters, at_most_one, parameter, rising

SEEK = purpose("marriage.seek")
WHERE = purpose("marriage.where")
BRIDE = purpose("marriage.bride")
NEST = purpose("marriage.nest")
SEEKING = itemgetter("state", "born", "marital", "key")
COLUMNS = itemgetter(
    "key", "born", "state", "place", "village", "household", "marital", "spouse", "mother", "father"
)
BRIDE_ORDER = 4096
"""Brides from outside get the key of a child of this order, plus the month, of their husband."""


class Marriage(Parameters):
    """Who marries, whom, and where the couple lives."""

    outside_share: float = parameter(
        0.25, unit="share", low=0.1, high=0.4,
        meaning="Share of those who marry who find their spouse outside the territory, of men and of women: its women "
        "leave, and as many brides come.",
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
        "Set to come near the bands of rural households in 2020 (S02-S05), which are judged from the province's.",
        source="nbs_census2020", evidence="fitted",
    )  # fmt: skip

    _order = rising("bride_younger")
    _places = at_most_one("bride_place_shares", of=sum)


def marry(world: World) -> None:
    """Let the single whose turn has come marry, rank by rank in the territory, or outside."""
    people, month, draws = world.people, world.month, world.draws
    parameters = world.parameters["marriage"]
    chance, bands, rules = world.once(
        "marriage", (year_of(month), parameters), lambda: _rules(world, parameters)
    )
    single, turns, due = turns_of_single(
        *SEEKING(people.arrays), people.n, month, chance, bands, draws.stream(SEEK, month)
    )
    if due == 0:
        return
    streams = tuple(draws.stream(purpose, month) for purpose in (WHERE, BRIDE, NEST))
    met = False
    while not met:
        met, soon, later, brides, (gone, gone_residents), departures, returns, founded = match(
            single, turns, *COLUMNS(people.arrays), people.room, people.n_households, month, rules, streams
        )
        if not met:
            people.make_way(soon, later)
    people.entered(later, soon, brides)
    people.deregistered(gone, gone_residents)
    people.flows.departures += departures
    people.returned(returns)
    people.n_households += founded


def _rules(world: World, parameters: Marriage) -> tuple[Any, ...]:
    """Return the chances of seeking a spouse, up to which draws to look by bands of age, and the numbers of `match`."""
    people = world.people
    single = count_single(people["state"], people["born"], people["marital"], people.n, world.month)
    chance = balanced(marriage_chances(world.place.marital, parameters.remarriage), single)
    reach = reach_of(chance, single)
    bands = banded(highest_by_age(chance, reach), (TO_AGE, 30, FROM_AGE))
    shares = world.away_shares(*parameters.bride_place_shares)
    return chance, bands, (
        parameters.outside_share, reach, parameters.own_household_share, *shares, *parameters.bride_younger
    )  # fmt: skip


@compiled
def match(single, turns, key, born, state, place, village, household, marital, spouse, mother, father, room,
          n_households, month, rules, streams):  # fmt: skip
    """Marry those whose turn has come, if there is room for the brides from outside.

    Return whether there was; how many brides take blank rows among the elders and how many others; how many of the
    brides are residents; the women who left the register, and how many of them were residents; the wives who left and
    those who came home; and how many households were founded.
    """
    outside_share, reach, own_share, town, province, least, most = rules
    where, luck, nest = streams
    husbands, wives, receiving, leaving = who_marries(single, turns, state, born, key, outside_share, reach)
    husbands, wives = no_siblings(husbands, wives, mother, father)
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
    reads=("born", "state", "marital", "village", "place", "household", "key", "mother", "father"),
    writes=("spouse", "marital", "village", "place", "state", "household", "key", "born"),
    meaning="Single people marry; brides move to the husband's home, some couples set up their own.",
    parameters=Marriage,
)
