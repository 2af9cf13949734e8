"""The marriage market: how often the single seek a spouse, and who of them marry this month."""

from __future__ import annotations

import numpy as np

from caresim.agents.candidates import drawn_below, in_key_order
from caresim.agents.people import (
    DIVORCED,
    FEMALE,
    LIVING_REGISTERED,
    MARRIED,
    NEVER_MARRIED,
    NOBODY,
    WIDOWED,
    age_in_years,
)
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

FROM_AGE, TO_AGE = 18, 60
SPARE = 8.0
"""Men who are looked at for the women of a month, beside twice as many as the men who are expected to seek."""


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


def balanced(chance: np.ndarray, single: np.ndarray) -> np.ndarray:
    """Return these probabilities, lowered for the sex that has more seekers, so that as many men as women marry.

    Neither sex marries more often than it would seek; the more numerous one goes on seeking.

    Args:
        chance: probability of seeking a spouse by sex, age and marital status.
        single: single people, alike.
    """
    seekers = (chance * single).sum(axis=(1, 2))
    factor = np.minimum(seekers[::-1] / np.maximum(seekers, 1e-300), 1.0)
    return chance * factor[:, None, None]  # type: ignore[no-any-return]


def reach_of(chance: np.ndarray, single: np.ndarray) -> float:
    """Return up to how many times their chance of seeking men are asked, so that hardly ever a woman finds none."""
    return 2.0 + SPARE / max(float((chance * single)[0].sum()), 1e-300)


def highest_by_age(chance: np.ndarray, reach: float) -> np.ndarray:
    """Return up to which draw anybody is looked at, by completed years, each of which has two halves."""
    by_half = np.minimum(np.maximum(chance[0] * reach, chance[1]).max(axis=1), 1.0)
    highest = np.append(np.maximum(by_half, np.roll(by_half, 1)), 0.0)
    highest[:FROM_AGE] = 0.0
    return highest  # type: ignore[no-any-return]


@compiled
def count_single(state, born, marital, n, month):
    """Count the living registered single of 18-59 by sex, age from half a year on, and marital status."""
    single = np.zeros((2, TO_AGE, 4))
    for i in range(n):
        if is_single(state[i], marital[i]) and FROM_AGE <= age_in_years(month, born[i]) < TO_AGE:
            single[state[i] & FEMALE, age_in_years(month - 6, born[i]), marital[i]] += 1
    return single


@compiled
def is_single(state, marital):
    """Tell whether a row is of somebody living and registered who is not married."""
    return (marital != MARRIED) & (state & LIVING_REGISTERED == LIVING_REGISTERED)


@compiled
def turns_of_single(state, born, marital, key, n, month, chance, bands, stream):
    """Return single people in row order, the draw of each as a multiple of the chance of seeking a spouse, seekers.

    Those with a multiple below 1 seek, and are counted; of the others the lowest come first if more are wanted.
    """
    drawn = drawn_below(stream, key, born, 0, n, month, bands)
    kept = 0
    for i in drawn:  # without a branch, because nobody can guess who is single
        drawn[kept] = i
        kept += is_single(state[i], marital[i])
    turns = np.empty(kept)
    found = due = 0
    for i in drawn[:kept]:
        if FROM_AGE <= age_in_years(month, born[i]) < TO_AGE:
            seeks = chance[state[i] & FEMALE, age_in_years(month - 6, born[i]), marital[i]]
            drawn[found], turns[found] = i, uniform(stream, key[i]) / max(seeks, 1e-300)
            due += turns[found] < 1.0
            found += 1
    return drawn[:found], turns[:found], due


@compiled
def who_marries(single, turns, state, born, key, outside_share, reach):
    """Return husbands and wives in the territory, rank by rank, men who marry a bride from outside, women who go there.

    Among those whose turn has come, the first share marries outside. The other women marry in the territory, the men
    whose turn comes next.
    """
    female = state[single] & FEMALE != 0
    outside = turns < outside_share
    wives = by_age(single[female & ~outside & (turns < 1.0)], born, key)
    men = np.flatnonzero(~female & ~outside & (turns < reach))
    next_men = men[np.argsort(turns[men], kind="mergesort")][: len(wives)]
    husbands = by_age(single[next_men], born, key)
    return husbands, wives[: len(husbands)], single[~female & outside], single[female & outside]


@compiled
def no_siblings(husbands, wives, mother, father):
    """Return couples of whom none are brother and sister.

    A man ranked with his sister changes wives with the nearest couple if none of them are siblings then. Where
    there is no such couple he and his sister go on seeking.
    """
    wives = wives.copy()
    keep = np.ones(len(husbands), dtype=np.bool_)
    for j in range(len(husbands)):
        if are_siblings(husbands[j], wives[j], mother, father):
            keep[j] = False
            for step in range(1, 2 * len(husbands)):
                k = j + (step + 1) // 2 * (1 if step % 2 else -1)
                if 0 <= k < len(husbands) and not (
                    are_siblings(husbands[j], wives[k], mother, father)
                    or are_siblings(husbands[k], wives[j], mother, father)
                ):
                    wives[j], wives[k] = wives[k], wives[j]
                    keep[j] = keep[k] = True
                    break
    return husbands[keep], wives[keep]


@compiled
def are_siblings(one, other, mother, father):
    """Tell whether two people have a parent in common."""
    return (mother[one] != NOBODY and mother[one] == mother[other]) or (
        father[one] != NOBODY and father[one] == father[other]
    )


@compiled
def by_age(who, born, key):
    """Return people from the oldest on, in which order they are paired."""
    who = in_key_order(who, key)
    return who[np.argsort(born[who].astype(np.int64), kind="mergesort")]
