"""Compaction: put the rows of people in order, and drop those that nobody needs."""

from __future__ import annotations

import numpy as np

from caresim.agents.people import ALIVE, FEMALE, LIVING_REGISTERED, NEVER, REGISTERED, SPARE, People
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled

BLANK = 256
"""Compaction leaves one blank row after so many elders, for people near that age who register later."""


def compact(people: People, elders_born: int | None = None, years: int = 0) -> np.ndarray:
    """Drop rows that nobody needs and move the dead and deregistered to the kin segment.

    Those born until `elders_born` come first, and alone keep the elders' columns. After them come those of so many
    years of birth, one after another, to whom the columns are given later (`People.welcome_elders`): nobody who is
    younger becomes an elder before this runs again. Without that month everybody keeps the elders' columns.

    A row is needed if it is a living registered person, a living relative of one (parent, child, spouse, sibling or
    child's spouse), a dead parent of somebody needed, or a woman's newest child even if dead, who spaces her births.
    Rows of a village then lie together, by sex and age, and households are numbered from zero again. Nothing that a
    rule reads changes, so results do not depend on when this runs.

    Returns:
        The new row of everybody by the old one; NOBODY for those who were dropped.
    """
    stay, light = _in_order(people, _needed(people), elders_born, years)
    number = _move(people, stay, light, *_note_elders(people, people["born"][stay], elders_born, years))
    _number_households(people)
    return number


def drop_rows(people: People) -> np.ndarray:
    """Drop the rows that `compact` would drop or move to the kin segment, and leave all others in their order.

    That takes less time, and sums over people are the same to the last bit, as they are added up in the same order.

    Returns:
        The new row of everybody by the old one; NOBODY for those who were dropped.
    """
    light = _needed(people)
    stay = people.who(LIVING_REGISTERED)
    light[stay] = False
    return _move(people, stay, np.flatnonzero(light), *_note_places(people, stay))


def _needed(people: People) -> np.ndarray:
    """Return which rows are needed, after taking the others out of the chains of children."""
    needed: np.ndarray = needed_rows(
        *(people[name] for name in ("state", "mother", "father", "spouse", "first_child")), people.n,
        people.kin_start, people.kin_end,
    )  # fmt: skip
    mend_chains(needed, *people.chains(), people.n, people.kin_start, people.kin_end)
    return needed


def _in_order(
    people: People, needed: np.ndarray, elders_born: int | None, years: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of either segment in order: elders, the next ones, others, by village, sex and age; kin last."""
    stay = people.who(LIVING_REGISTERED)
    sex = people["state"][stay] & FEMALE
    order = (
        (people["village"][stay].astype(np.int64) << 17) + (sex.astype(np.int64) << 16) + people["born"][stay]
    )
    if elders_born is not None:
        later = -(
            (elders_born - people["born"][stay].astype(np.int64)) // 12
        )  # years until they become elders
        order += np.clip(later, 0, years + 1) << 40
    stay = stay[np.argsort(order, kind="stable")]
    light = needed.copy()
    light[stay] = False
    living = light & ((people["state"] & ALIVE) != 0)
    return stay, np.concatenate(
        [_beside_their_parents(people, stay, living), np.flatnonzero(light & ~living)]
    )


def _beside_their_parents(people: People, stay: np.ndarray, living: np.ndarray) -> np.ndarray:
    """Return living kin in the order of their registered parents, so that the families of a village lie together."""
    number = np.full(len(living) + 1, len(living))
    number[stay] = np.arange(len(stay))
    kin = np.flatnonzero(living)
    parent = np.minimum(number[people["mother"][kin]], number[people["father"][kin]])
    return kin[np.argsort(parent, kind="stable")]


def _move(people: People, stay: np.ndarray, light: np.ndarray, elders: int, blank: int) -> np.ndarray:
    """Copy the rows to new arrays, `blank` rows after so many elders, let links follow; return the new row of each."""
    end = len(stay) + blank
    start = end + len(stay) // SPARE + 16
    number = np.full(len(people["key"]) + 1, NOBODY, dtype=np.int32)
    number[stay[:elders]] = np.arange(elders)
    number[stay[elders:]] = np.arange(elders + blank, end)
    number[light] = np.arange(start, start + len(light))
    stay, light = stay.astype(np.uint32), light.astype(np.uint32)
    arrays = people.allocate(start, len(light))
    for name, column in people.declared.items():
        old, new = people.arrays[name], arrays[name]
        copy_rows(new[:elders], old, stay[:elders])
        copy_rows(new[elders + blank : end], old, stay[elders:])
        if column.light:
            copy_rows(new[start:], old, light)
        if column.link:
            renumber(new, number)
    people.arrays = arrays
    people.n, people.n_kin, people.kin_start = end, len(light), start
    people.generation += 1
    return number


def _note_elders(people: People, born: np.ndarray, elders_born: int | None, years: int) -> tuple[int, int]:
    """Note where elders, blank rows and the next elders end in rows of these births; return how many the first are."""
    if elders_born is None:
        people.elders_born, people.n_elders = NEVER, None
        people.blank, people.blank_end, people.young = len(born), len(born), 0
        return len(born), 0
    people.elders_born = elders_born + 12 * years
    elders, old = (int(np.count_nonzero(born <= latest)) for latest in (elders_born, people.elders_born))
    blank = elders // BLANK + 4
    people.blank, people.blank_end, people.young = elders, elders + blank, old + blank
    people.n_elders = people.blank_end
    return elders, blank


def _note_places(people: People, stay: np.ndarray) -> tuple[int, int]:
    """Note the same if nobody but these rows stays; return how many elders come first, and how many blank rows then."""
    blank, ends = people.blank_end - people.blank, (people.blank, people.elders_end, people.young)
    elders, end, young = np.searchsorted(stay, ends).tolist()
    people.blank, people.blank_end = elders, elders + blank
    if people.n_elders is not None:
        people.n_elders, people.young = end + blank, young + blank
    return elders, blank


def _number_households(people: People) -> None:
    """Number households from zero in the order of their first members, so that neighbours lie together."""
    household = people["household"][: people.n]
    first = np.full(people.n_households + 1, people.n)
    first[household[::-1]] = np.arange(people.n)[::-1]
    first[NOBODY] = people.n
    people.n_households = int(np.count_nonzero(first < people.n))
    number = np.full(len(first), NOBODY, dtype=np.int32)
    number[np.argsort(first)[: people.n_households]] = np.arange(people.n_households)
    household[:] = number[household]


@compiled
def needed_rows(state, mother, father, spouse, first_child, n, kin_start, kin_end):
    """Mark the rows that compaction keeps."""
    needed = np.zeros(len(state), dtype=np.bool_)
    alive_registered = np.uint8(ALIVE | REGISTERED)
    parent_of_ours = np.zeros(len(state), dtype=np.bool_)
    for i in range(n):
        if state[i] & alive_registered == alive_registered:
            needed[i] = True
            for parent in (mother[i], father[i]):
                if parent >= 0:
                    needed[parent] = True
                    parent_of_ours[parent] = True
            if spouse[i] >= 0:
                needed[spouse[i]] = True
            if state[i] & FEMALE and first_child[i] >= 0:
                needed[first_child[i]] = True
    kin = living_kin(state, n, kin_start, kin_end)
    for i in kin:
        if not needed[i]:
            for parent in (mother[i], father[i]):
                if parent >= 0 and (
                    parent_of_ours[parent] or (state[parent] & alive_registered) == alive_registered
                ):
                    needed[i] = True
    for i in kin:
        if needed[i]:
            for parent in (mother[i], father[i]):
                if parent >= 0:
                    needed[parent] = True
    for i in kin:  # children-in-law care too; their own parents do not matter
        if spouse[i] >= 0:
            for parent in (mother[i], father[i]):
                if parent >= 0 and state[parent] & alive_registered == alive_registered:
                    needed[spouse[i]] = True
    return needed


@compiled
def living_kin(state, n, kin_start, kin_end):
    """Return the rows of the living who are not on the register; without a branch."""
    rows, found = np.empty(n + kin_end - kin_start + 1, dtype=np.uint32), 0
    for first, last in ((0, n), (kin_start, kin_end)):
        for i in range(first, last):
            rows[found] = i
            found += state[i] & LIVING_REGISTERED == ALIVE
    return rows[:found]


@compiled
def copy_rows(new, old, sources):
    """Copy rows of an old column to a new one side by side, as far as both have them."""
    for j in range(min(len(sources), len(new))):
        if sources[j] < len(old):
            new[j] = old[sources[j]]


@compiled
def renumber(links, number):
    """Replace row numbers by those after compaction, in place."""
    for i in range(len(links)):
        if links[i] >= 0:
            links[i] = number[links[i]]


@compiled
def mend_chains(needed, mother, father, first_child, next_maternal, next_paternal, n, kin_start, kin_end):
    """Take the rows that compaction drops out of the chains of children of those who stay."""
    for first, last in ((0, n), (kin_start, kin_end)):
        for i in range(first, last):
            if not needed[i]:
                for parent in (mother[i], father[i]):
                    if parent >= 0 and needed[parent]:
                        mend_chain(parent, needed, mother, first_child, next_maternal, next_paternal)


@compiled
def mend_chain(i, needed, mother, first_child, next_maternal, next_paternal):
    """Leave those children in a parent's chain who are needed."""
    before = np.int32(NOBODY)
    child = first_child[i]
    while child >= 0:
        after = next_maternal[child] if mother[child] == i else next_paternal[child]
        if needed[child]:
            link(i, before, child, mother, first_child, next_maternal, next_paternal)
            before = child
        child = after
    link(i, before, np.int32(NOBODY), mother, first_child, next_maternal, next_paternal)


@compiled
def link(i, before, child, mother, first_child, next_maternal, next_paternal):
    """Let a child, or nobody, follow the one `before` in a parent's chain, or be its head."""
    if before == NOBODY:
        first_child[i] = child
    elif mother[before] == i:
        next_maternal[before] = child
    else:
        next_paternal[before] = child
