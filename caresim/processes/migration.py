"""Migration: the young leave to work elsewhere and stay on the register; some return.

Each decides by one draw a month against a probability by sex and age. The children of a mother share a lasting factor
on leaving, and a disabled parent without another child near holds back; a parent's unmet need and a child whom no
grandparent minds call home. A spouse may move along; young children go with a leaving couple and a returning parent.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.candidates import banded, drawn_below, in_key_order
from caresim.agents.care import FULL
from caresim.agents.events import destination
from caresim.agents.family_moves import move_families
from caresim.agents.identity import UNMINDED
from caresim.agents.lifetimes import MODERATE
from caresim.agents.people import (
    CHILD_UNTIL,
    FEMALE,
    LIVING_REGISTERED,
    LIVING_RESIDENT,
    MARRIED,
    age_in_years,
)
from caresim.agents.place import OLDEST
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, at_most_one, parameter

COLUMNS = itemgetter(
    "state", "born", "key", "mother", "father", "spouse", "marital", "village", "disability", "first_child",
    "next_maternal", "next_paternal", "need", "unmet", "place", "household",
)  # fmt: skip
MOVE = purpose("migration.move")
FAMILY = purpose("migration.family")
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
    rules = world.once("migration", parameters, lambda: _rules(world, parameters))
    departures, returns, founded = move(
        *COLUMNS(people.arrays), people.n, people.n_households, month, *rules, draws.stream(MOVE, month)
    )
    people.flows.departures += departures
    people.returned(returns)
    people.n_households += founded


def _rules(world: World, parameters: Migration) -> tuple[Any, ...]:
    """Return what the rule takes of the parameters.

    The probabilities of leaving and of returning, and the highest of either in bands of age; the numbers that
    `who_moves` names; the shares of destinations, and the stream of what the children of a mother share.
    """
    out, back = monthly_hazards(parameters)
    most = 1.0 + parameters.sibling_effect
    called = parameters.unmet_return + parameters.unminded_return
    highest = np.maximum(out.max(axis=0) * most, back.max(axis=0) + called)
    highest[: CHILD_UNTIL // 12] = 0.0
    effects = (
        parameters.family_share, parameters.sibling_effect, parameters.held_back, parameters.unmet_return,
        parameters.unminded_return,
    )  # fmt: skip
    shares = world.away_shares(parameters.town_share, parameters.province_share)
    bands = banded(highest, (50, 30, CHILD_UNTIL // 12))
    return out, back, bands, effects, shares, world.draws.word(FAMILY, 0)


@compiled
def move(state, born, key, mother, father, spouse, marital, village, disability, first_child, next_maternal,
         next_paternal, need, unmet, place, household, n, n_households, month, out, back, bands, effects,
         shares, family, stream):  # fmt: skip
    """Move who decides to, and their family; return how many left and returned, and the households they founded."""
    leaving, returning = who_moves(
        state, born, key, mother, father, spouse, marital, village, disability, first_child, next_maternal,
        next_paternal, need, unmet, n, month, out, back, bands, effects, stream, family,
    )  # fmt: skip
    if len(leaving) + len(returning) == 0:
        return 0, 0, 0
    for i in leaving:
        place[i] = destination(key[i], shares[0], shares[1], stream)
    return move_families(
        leaving, returning, state, born, key, mother, father, spouse, marital, first_child, next_maternal,
        next_paternal, place, household, n, n_households, month, effects[0], stream,
    )  # fmt: skip


@compiled
def who_moves(state, born, key, mother, father, spouse, marital, village, disability, first_child, next_maternal,
              next_paternal, need, unmet, n, month, out, back, bands, effects, stream, family):  # fmt: skip
    """Return the residents who decide to leave and the absent who decide to return, in the order of their keys."""
    family_share, sibling_effect, held_back, unmet_return, unminded_return = effects
    called = unmet_return + unminded_return
    leaving, returning = [], []
    for i in who_may_move(state, born, key, n, month, out, back, bands, 1.0 + sibling_effect, called, stream):
        age = min(age_in_years(month, born[i]), OLDEST - 1)
        sex, luck = state[i] & FEMALE, uniform(stream, key[i])
        if state[i] & LIVING_RESIDENT == LIVING_RESIDENT:
            chance = leading(out[sex, age], i, marital, spouse, state, n, True, family_share)
            if mother[i] >= 0:
                chance *= 1.0 + sibling_effect * (2.0 * uniform(family, key[mother[i]]) - 1.0)
            if luck < chance and luck < chance * held(
                i, state, mother, father, village, disability, first_child, next_maternal, next_paternal, n, held_back,
            ):  # fmt: skip
                leaving.append(i)
        elif age * 12 >= CHILD_UNTIL:
            chance = leading(back[sex, age], i, marital, spouse, state, n, False, family_share)
            chance += unminded_return if state[i] & UNMINDED else 0.0
            if luck < chance + unmet_return * called_home(i, state, mother, father, need, unmet):
                returning.append(i)
    away, home = np.array(leaving, dtype=np.int64), np.array(returning, dtype=np.int64)
    return in_key_order(away, key), in_key_order(home, key)


@compiled
def who_may_move(state, born, key, n, month, out, back, bands, most, called, stream):
    """Return the living registered whose draw is below the highest probability at their sex and age, here or away."""
    rows = drawn_below(stream, key, born, 0, n, month, bands)
    found = 0
    for i in rows:  # without a branch
        age, sex = min(age_in_years(month, born[i]), OLDEST - 1), state[i] & FEMALE
        here = state[i] & LIVING_RESIDENT == LIVING_RESIDENT
        chance = out[sex, age] * most if here else back[sex, age] + called
        rows[found] = i
        found += (uniform(stream, key[i]) < chance) & (state[i] & LIVING_REGISTERED == LIVING_REGISTERED)
    return rows[:found]


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
            needed = needed or disability[parent] >= MODERATE
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


PROCESS = Process(
    name="migration",
    run=migrate,
    reads=("born", "state", "key", "mother", "father", "spouse", "marital", "village", "disability",
           "household", "need", "unmet", "place", "first_child", "next_maternal", "next_paternal"),
    writes=("state", "place", "household"),
    meaning="Young people leave to work elsewhere, some with their family; some of the absent return.",
    parameters=Migration,
)  # fmt: skip
