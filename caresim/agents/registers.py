"""Registers of helpers, kept from month to month with what lasting draws say of each, and who turns out to help."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from caresim.agents.people import INSTITUTION, LIVING_RESIDENT
from caresim.agents.service import marked, propensity, propensity_table
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import ODD_A, S32, uniform


class Register(NamedTuple):
    """Who is on a register of helpers.

    Attributes:
        rows: rows of those who do not rest this calendar year, in order.
        keys: their keys, side by side.
        chances: the share of months in which each is active.
        resting: rows of those who rest.
    """

    rows: np.ndarray
    keys: np.ndarray
    chances: np.ndarray
    resting: np.ndarray


def kept_register(
    world: World, column: str, keen: int, shapes: tuple[float, float], renew: int, retention: float, january: int
) -> Register:  # fmt: skip
    """Return a register with what lasting draws say, read anew only when it, the rows, the rules or the year change.

    Args:
        world: the world.
        column: the column that marks who is on the register.
        keen: purpose of the lasting draw of the share of months in which somebody is active.
        shapes: the Beta distribution of this share.
        renew: purpose of the yearly draw of who rests.
        retention: share of those on the register who do not rest in a calendar year.
        january: the year's first month.
    """
    people, draws = world.people, world.draws
    on, n = people[column], people.n
    when = people.generation, january, retention, shapes, imprint(on)

    def build() -> Register:
        table = propensity_table(*shapes)
        return Register(
            *read(on, n, people["key"], table, retention, draws.word(renew, january), draws.word(keen, 0))
        )

    return world.once(f"{column}.register", when, build)


@compiled
def imprint(on):
    """Return a number that tells one register from another: its rows scrambled, eight together, and added.

    Rows of nobody on the register add nothing, so that it stays the same when people are born.
    """
    words, total = on[: len(on) // 8 * 8].view(np.uint64), np.uint64(0)
    for w in range(len(words)):
        word = words[w] * (np.uint64(2 * w + 1) * ODD_A)
        word ^= word >> S32
        total += word * word
    for i in range(8 * len(words), len(on)):
        total += np.uint64(on[i]) << np.uint64(8 * (i % 8))
    return total


@compiled
def read(on, n, key, table, retention, renew, keen):
    """Return rows, keys and shares of active months of those who do not rest, and the rows of those who do."""
    rows = marked(on, n)
    stays = np.array([uniform(renew, key[i]) < retention for i in rows], dtype=np.bool_)
    willing, resting = rows[stays].astype(np.uint32), rows[~stays].astype(np.uint32)
    keys = key[willing]
    chances = np.array([propensity(table, uniform(keen, who)) for who in keys], dtype=np.float64)
    return willing, keys, chances, resting


@compiled
def who_is_active(keys, chances, confidence, active):
    """Return the places in a register of those whose draw is below their share of active months, and these draws."""
    lots = np.empty(len(keys))
    for at in range(len(keys)):  # several at once
        lots[at] = uniform(active, keys[at])
    places, found = np.empty(len(keys) + 1, dtype=np.uint32), 0
    for at in range(len(keys)):  # without a branch
        places[found] = at
        found += lots[at] < chances[at] * confidence
    return places[:found], lots


@compiled
def turn_out(rows, keys, chances, confidence, state, place, disability, dementia, given, member, occupied,
             members_too, busy, hours, active, time):  # fmt: skip
    """Return the rows, minutes offered and draws of those of a register who help this month.

    They are active, healthy living residents outside care homes with their hands free, and no members of the time bank
    unless `members_too`. Each offers .5 to 1.5 of `hours`.
    """
    places, lots = who_is_active(keys, chances, confidence, active)
    helpers, minutes = np.empty(len(places), dtype=np.int64), np.empty(len(places), dtype=np.int64)
    luck, m = np.empty(len(places)), 0
    for at in places:
        i = np.int64(rows[at])
        able = (state[i] & LIVING_RESIDENT == LIVING_RESIDENT) & (place[i] != INSTITUTION)
        able &= (disability[i] == 0) & (dementia[i] == 0)
        if able and given[i] + occupied[i] < busy and (members_too or not member[i]):
            helpers[m], luck[m] = i, lots[at]
            minutes[m] = int(60.0 * hours * (0.5 + uniform(time, keys[at])))
            m += 1
    return helpers[:m], minutes[:m], luck[:m]
