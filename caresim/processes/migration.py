"""Migration: the young leave to work elsewhere and stay on the register; some return."""

from __future__ import annotations

import numpy as np

from caresim.agents.candidates import drawn_below
from caresim.agents.care import FULL
from caresim.agents.people import (
    FEMALE,
    LIVING_REGISTERED,
    LIVING_RESIDENT,
    MARRIED,
    NEVER_MARRIED,
    People,
    age_in_years,
    destinations,
)
from caresim.agents.place import OLDEST
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform, uniform_k
from caresim.kernel.parameters import Parameters, at_most_one, parameter

MOVE = purpose("migration.move")
FAMILY = purpose("migration.family")
CHILD_UNTIL = 15 * 12
NEEDS_CARE = 2
"""Disability state of a parent that holds a child back."""
HEAVY_NEED = 2400
"""Minutes of care needed a month from which a parent's unmet need calls a child home."""


class Migration(Parameters):
    """Monthly hazards of leaving and of returning, by age and sex."""

    out: tuple[float, float, float, float] = parameter(
        (0.006, 0.008, 0.003, 0.002), unit="probability per month", limits=(0.0, 0.5),
        meaning="Monthly probability of leaving at 15-19, 20-29, 30-39 and 40-49, before scaling; "
        "the last two fitted to a mean age of 37 of the away.",
        source="nbs_migrants2020", evidence="fitted",
    )  # fmt: skip
    out_scale: float = parameter(
        1.0, unit="ratio", limits=(0.0, 20.0), low=0.15, high=1.5,
        meaning="Scale of the probabilities of leaving; the place's own value stands in its file, low for a whole "
        "province or county, which fewer leave.",
        source="nbs_migrants2020", evidence="fitted",
    )  # fmt: skip
    women_ratio: float = parameter(
        0.8, unit="ratio", limits=(0.0, 2.0), low=0.6, high=1.0,
        meaning="Women's probability of leaving relative to the mean of both sexes; men's is 2 less it. "
        "Out-of-township workers are 31 % women (.62), but residents of 20-34 are as many women as men.",
        source="nbs_migrants2014", evidence="judgement",
    )  # fmt: skip
    back: tuple[float, float, float, float] = parameter(
        (0.002, 0.005, 0.008, 0.012), unit="probability per month", limits=(0.0, 0.5),
        meaning="Monthly probability of returning below 30, at 30-44, 45-54 and from 55, before scaling.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    back_scale: float = parameter(
        1.0, unit="ratio", limits=(0.0, 20.0), low=0.35, high=2.0,
        meaning="Scale of the probabilities of returning.", source="nbs_migrants2020", evidence="fitted",
    )  # fmt: skip
    unmet_return: float = parameter(
        0.004, unit="probability per month", limits=(0.0, 0.5), low=0.0, high=0.008,
        meaning="What a parent who needs 40 hours or more and gets none adds to the probability of returning; the "
        "evidence is weak and divided, and 0 switches the feedback off.", source="giles_mu2007", evidence="recalled",
    )  # fmt: skip
    unminded_return: float = parameter(
        0.0, unit="probability per month", limits=(0.0, 0.5), low=0.0, high=0.02,
        meaning="What a child under 15 left without an able grandparent adds to the probability of returning; parents' "
        "illness was found to bring back only migrants with young children, how many is not known.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    family_share: float = parameter(
        0.21, unit="share", low=0.15, high=0.3,
        meaning="Share of married movers whose spouse and young children move with them.",
        source="nbs_migrants2014", evidence="derived",
    )  # fmt: skip
    sibling_effect: float = parameter(
        0.5, unit="ratio", low=0.0, high=0.9, limits=(0.0, 1.0),
        meaning="Half-width of the lasting factor, uniform around 1, that the children of a mother share in leaving.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    held_back: float = parameter(
        0.7, unit="ratio", low=0.5, high=1.0, limits=(0.0, 1.0),
        meaning="Factor on leaving if a resident parent is in disability state 2 or 3 and no sibling lives near.",
        source="giles_mu2007", evidence="judgement",
    )  # fmt: skip
    town_share: float = parameter(
        0.25, unit="share", low=0.15, high=0.35,
        meaning="Share of leavers who go to the county town.", source="judgement", evidence="judgement",
    )  # fmt: skip
    province_share: float = parameter(
        0.334, unit="share", low=0.25, high=0.45,
        meaning="Share of leavers who go elsewhere in the province (with the town 58 %).",
        source="nbs_migrants2020", evidence="derived",
    )  # fmt: skip

    _places = at_most_one("town_share", "province_share")
    _leaving = at_most_one("out", "out_scale", "women_ratio", of=lambda out, scale, women: max(out) * scale
                           * max(women, 2.0 - women))  # fmt: skip
    _returning = at_most_one("back", "back_scale", of=lambda back, scale: max(back) * scale)


def monthly_hazards(parameters: Migration) -> tuple[np.ndarray, np.ndarray]:
    """Return the monthly probabilities of leaving and of returning, each by sex and single year of age."""
    out = np.zeros((2, OLDEST))
    back = np.zeros((2, OLDEST))
    for sex, ratio in enumerate((2.0 - parameters.women_ratio, parameters.women_ratio)):
        for (first, last), chance in zip(
            ((15, 20), (20, 30), (30, 40), (40, 50)), parameters.out, strict=True
        ):
            out[sex, first:last] = min(1.0, chance * parameters.out_scale * ratio)
        for (first, last), chance in zip(
            ((0, 30), (30, 45), (45, 55), (55, OLDEST)), parameters.back, strict=True
        ):
            back[sex, first:last] = min(1.0, chance * parameters.back_scale)
    return out, back


def migrate(world: World) -> None:
    """Let people leave for work and come back, some of them with their family."""
    people, month, draws = world.people, world.month, world.draws
    parameters: Migration = world.parameters["migration"]
    out, back = world.once("migration", parameters, lambda: monthly_hazards(parameters))
    stream = draws.stream(MOVE, month)
    leaving, returning = who_moves(
        *(people[name] for name in ("state", "born", "key", "mother", "father", "spouse", "marital", "village",
                                    "disability", "first_child", "next_maternal", "next_paternal", "need", "unmet",
                                    "child_unminded")),
        people.n, people.kin_start, month, out, back, parameters.family_share, parameters.sibling_effect,
        parameters.held_back, parameters.unmet_return, parameters.unminded_return, stream, draws.word(FAMILY, 0),
    )  # fmt: skip
    leaving, led_by = _companions(world, _in_key_order(people, leaving), True, stream)
    returning, _ = _companions(world, _in_key_order(people, returning), False, stream)
    shares = world.away_shares(parameters.town_share, parameters.province_share)
    people.leave(leaving, destinations(people["key"][leaving], *shares, stream)[led_by])
    _return(world, returning)


def _in_key_order(people: People, who: np.ndarray) -> np.ndarray:
    return who[np.argsort(people["key"][who])]


def _companions(
    world: World, deciders: np.ndarray, leaving: bool, stream: np.uint64
) -> tuple[np.ndarray, np.ndarray]:
    """Return all who move with these deciders, whom they lead included, and the place in it of who leads each."""
    people = world.people
    return companions(
        deciders, *_family(people), people["household"], people["key"], world.month,
        world.parameters["migration"].family_share, leaving, people.n, stream,
    )  # fmt: skip


def _return(world: World, who: np.ndarray) -> None:
    people = world.people
    founded = find_homes(
        who, *_family(people), people["mother"], people["father"], people["marital"], people["household"],
        people.n_households, people.n, world.month,
    )  # fmt: skip
    people.found_households(founded)
    people.come_home(who, people["household"][who])


def _family(people: People) -> tuple[np.ndarray, ...]:
    return tuple(
        people[name] for name in ("state", "born", "spouse", "first_child", "next_maternal", "next_paternal")
    )


@compiled
def who_moves(state, born, key, mother, father, spouse, marital, village, disability, first_child, next_maternal,
              next_paternal, need, unmet, unminded, n, kin_start, month, out, back, family_share, sibling_effect,
              held_back, unmet_return, unminded_return, stream, family):  # fmt: skip
    """Return the residents who decide to leave and the absent who decide to return, in row order."""
    leaving, returning = [], []
    most = 1.0 + sibling_effect
    called = unmet_return + unminded_return
    highest = max(out.max() * most, back.max() + called)
    for i in drawn_below(stream, key, born, 0, n, month, highest, highest):
        if state[i] & LIVING_REGISTERED != LIVING_REGISTERED:
            continue
        age = min(age_in_years(month, born[i]), OLDEST - 1)
        sex = state[i] & FEMALE
        if state[i] & LIVING_RESIDENT == LIVING_RESIDENT:
            if out[sex, age] > 0.0:
                luck = uniform(stream, key[i])
                if luck < out[sex, age] * most:
                    chance = leading(out[sex, age], i, marital, spouse, state, n, True, family_share)
                    if mother[i] >= 0:
                        chance *= 1.0 + sibling_effect * (2.0 * uniform(family, key[mother[i]]) - 1.0)
                    if luck < chance and luck < chance * held(
                        i, state, mother, father, village, disability, first_child, next_maternal, next_paternal, n,
                        held_back,
                    ):  # fmt: skip
                        leaving.append(i)
        elif age * 12 >= CHILD_UNTIL:
            luck = uniform(stream, key[i])
            if luck < back[sex, age] + called:
                chance = leading(back[sex, age], i, marital, spouse, state, n, False, family_share)
                chance += unminded_return if unminded[i] else 0.0
                if luck < chance + unmet_return * called_home(i, state, mother, father, need, unmet):
                    returning.append(i)
    return np.array(leaving, dtype=np.int64), np.array(returning, dtype=np.int64)


@compiled
def leading(chance, i, marital, spouse, state, n, resident, family_share):
    """Return the probability of moving on one's own decision: less if a spouse in the same place may decide too."""
    other = spouse[i]
    if marital[i] == MARRIED and other >= 0 and other < n:
        together = state[other] & LIVING_RESIDENT == (LIVING_RESIDENT if resident else LIVING_REGISTERED)
        if together:
            return chance / (1.0 + family_share)
    return chance


@compiled
def held(
    i, state, mother, father, village, disability, first_child, next_maternal, next_paternal, n, held_back
):
    """Return the factor by which a disabled parent without another child near holds a person back."""
    needed = False
    for parent in (mother[i], father[i]):
        if parent >= 0 and parent < n and state[parent] & LIVING_RESIDENT == LIVING_RESIDENT:
            needed = needed or disability[parent] >= NEEDS_CARE
    if not needed:
        return 1.0
    for parent in (mother[i], father[i]):
        if parent >= 0:
            child = first_child[parent]
            while child >= 0:
                if (
                    child != i
                    and child < n
                    and village[child] == village[i]
                    and state[child] & LIVING_RESIDENT == LIVING_RESIDENT
                ):
                    return 1.0
                child = next_maternal[child] if mother[child] == parent else next_paternal[child]
    return held_back


@compiled
def called_home(i, state, mother, father, need, unmet):
    """Return the larger unmet share of the parents who are residents and need much care, 0 without one."""
    most = 0.0
    for parent in (mother[i], father[i]):
        elder = parent >= 0 and parent < len(need) and state[parent] & LIVING_RESIDENT == LIVING_RESIDENT
        if elder and need[parent] >= HEAVY_NEED:
            most = max(most, unmet[parent] / FULL)
    return most


@compiled
def companions(deciders, state, born, spouse, first_child, next_maternal, next_paternal, household, key, month,
               family_share, leaving, n, stream):  # fmt: skip
    """Return all who move, deciders first, and for each the number of the decider who leads him.

    With the family share, the spouse who is in the same place comes along. Children under 15 go with a leaving
    couple, and with any returning parent.
    """
    where = np.uint8(LIVING_RESIDENT if leaving else LIVING_REGISTERED)
    who, led_by = [], []
    moved = set()
    for j in range(len(deciders)):
        who.append(deciders[j])
        led_by.append(j)
        moved.add(deciders[j])
    for j in range(len(deciders)):
        i = deciders[j]
        other = spouse[i]
        in_company = uniform_k(stream, key[i], 1) < family_share and other >= 0
        if in_company and other < n and state[other] & LIVING_RESIDENT == where and other not in moved:
            who.append(np.int64(other))
            led_by.append(j)
            moved.add(np.int64(other))
        if in_company or not leaving:
            child = first_child[i]
            while child >= 0:
                if (
                    child < n
                    and month - born[child] < CHILD_UNTIL
                    and state[child] & LIVING_RESIDENT == where
                    and household[child] == household[i]
                    and child not in moved
                ):
                    who.append(np.int64(child))
                    led_by.append(j)
                    moved.add(np.int64(child))
                child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
    return np.array(who, dtype=np.int64), np.array(led_by, dtype=np.int64)


@compiled
def find_homes(who, state, born, spouse, first_child, next_maternal, next_paternal, mother, father, marital, household,
               n_households, n, month):  # fmt: skip
    """Write the household that each returning person joins, in order; return the number of households founded.

    The spouse's, else that of an own child under 15, else (single, or a child) a parent's, else a new one.
    """
    founded = 0
    for j in range(len(who)):
        i = who[j]
        home = NO_HOME
        other = spouse[i]
        if other >= 0 and other < n:
            home = household[other]
        child = first_child[i]
        while child >= 0 and home < 0:
            if child < n and month - born[child] < CHILD_UNTIL:
                home = household[child]
            child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
        if home < 0 and marital[i] == NEVER_MARRIED:
            for parent in (mother[i], father[i]):
                if home < 0 and parent >= 0 and parent < n:
                    home = household[parent]
        if home < 0:
            home = n_households + founded
            founded += 1
        household[i] = home
    return founded


NO_HOME = -1

PROCESS = Process(
    name="migration",
    run=migrate,
    reads=(
        "born",
        "state",
        "key",
        "mother",
        "father",
        "spouse",
        "marital",
        "village",
        "disability",
        "household",
        "need",
        "unmet",
        "child_unminded",
    ),
    writes=("state", "place", "household"),
    meaning="Young people leave to work elsewhere, some with their family; some of the absent return.",
    parameters=Migration,
)
