"""The law that benefits are for the entitled: what was claimed and paid is compared with the terms of the measures.

Measures owe by situation, and a month looks up each elder's number in a table. Here everything is said anew: terms are
asked of other situations, in another order, elders are placed among these from their columns, and villages from where
each measure is active. Two columns that change before the month ends are kept as they were when elders claimed.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import numpy as np

from caresim.agents.dues import UNIVERSAL, DuesInForce, dues_claimed
from caresim.agents.entitled_look import (
    ALL_ELDERS,
    EVERY_MEASURE,
    NO_MEASURE,
    OLD,
    SHAPE,
    SITUATIONS,
    first_unexplained,
)
from caresim.agents.instrument import Instrument, Slot, active
from caresim.agents.money import ELDERS
from caresim.agents.people import age_in_years
from caresim.agents.situations import Situations

if TYPE_CHECKING:
    from caresim.agents.sums_claimed import Kind
    from caresim.agents.world import World

Fault = tuple[str, dict[str, Any]]
Acting = tuple[Instrument, np.ndarray]
"""A measure that claims by itself, and the villages in which it is active. One is looked at each month, in turn."""
PERSONAL: tuple[Kind, Kind] = ("cash", "service")
CLAIMED = "claims: no elder claims under a measure more than its terms allow"
IN_ALL = "claims: what a measure owes in all is what it owes each elder"
GRANTED = "claims: no elder is granted more than the terms of a measure allow"
PAID = "benefits: what an elder has been paid is due under the terms of measures"
ELSEWHERE = "claims: a measure grants only to elders whom its own terms name, where it is active"
TERMS, ACTING = "entitled_laws.terms", "entitled_laws.acting"
OF_PERSON = itemgetter(
    "state", "born", "assessed", "means", "takes_up", "place", "arrangement", "village", "key", "benefits"
)
PARTS = 12
"""What is granted under a ceiling is looked at for one in so many of the elders each month, another one in the next."""
NO_SUMS = np.zeros(0, dtype=np.int64)


class Terms(NamedTuple):
    """What measures in force owe, as this law reads them.

    Attributes:
        units: units due under each claim by situation, shape (claims, SITUATIONS); no measure owes more than 32 bits
            hold (`dues.MOST`).
        there: whether each claim's measure is active in a group of villages, shape (claims, groups).
        first: first place of each village's group, where the situations of one group follow those of another.
        word: the draw of who counts as poor without being so.
    """

    units: np.ndarray
    there: np.ndarray
    first: np.ndarray
    word: Any


def entitled_fault(world: World) -> Fault | None:
    """Return the first claim, grant or payment that no terms explain, with the numbers; None if there is none."""
    known, (acting, cash) = dues_claimed(world), world.once(ACTING, world.enacted, lambda: acting_of(world))
    if known is not None:
        terms = world.once(TERMS, (world.enacted, known), lambda: terms_of(world, known))
        found = _due_fault(world, known, terms, _besides(world, cash))
        if found is None and world.money.ceiling is not None:
            found = _grant_fault(world, known)
        if found is not None:
            return found
    return _acting_fault(world, *acting[world.month % len(acting)]) if acting else None


def acting_of(world: World) -> tuple[tuple[Acting, ...], tuple[tuple[str, Kind], ...]]:
    """Return the measures that claim by themselves under terms that leave somebody out, and all claims of their cash.

    Terms leave out by place, or by whom they name.
    """
    policy = world.policy
    every = [(one, levers) for slot in get_args(Slot) for one, levers in policy.acting(slot)]
    limited = [
        (one, levers)
        for one, levers in every
        if one.whose is not None or getattr(levers, "rollout", 1.0) < 1.0
    ]
    where = tuple((one, active(levers, world.territory, world.draws)) for one, levers in limited)
    return where, tuple((one.name, "cash") for one, _ in every)


def terms_of(world: World, known: DuesInForce) -> Terms:
    """Return the terms of the measures under which dues were claimed."""
    elder, keys = elders(), list(known.by_key)
    groups: dict[bytes, int] = {}
    where = np.zeros((len(keys), len(world.territory)), dtype=np.bool_)
    units = np.zeros((len(keys), SITUATIONS), dtype=np.int64)
    for instrument, levers in world.policy.owing:
        for due in instrument.dues:
            if (instrument.name, due.kind) in known.by_key:
                k = keys.index((instrument.name, due.kind))
                units[k] = due.fen(levers, elder) * in_need(elder)
                where[k] = active(levers, world.territory, world.draws)
                where[k] &= True if due.where is None else due.where(world, levers)
    group = [groups.setdefault(village.tobytes(), len(groups)) for village in where.T]
    there = np.array([np.frombuffer(said, dtype=np.bool_) for said in groups]).reshape(len(groups), len(keys))
    first = np.array(group, dtype=np.int64) * SITUATIONS
    return Terms(units.astype(np.int32), there.T.copy(), first, world.draws.word(UNIVERSAL, 0))


def elders() -> Situations:
    """Return an elder of each situation, in the order of this law."""
    assessed, means, age, in_home, alone, by_family, linked, chosen = (
        part.ravel() for part in np.indices(SHAPE)
    )
    home = in_home == 1
    return Situations(
        assessed,
        means,
        np.array(OLD)[age],
        home,
        alone == 1,
        (by_family == 1) & ~home,
        linked == 1,
        chosen == 1,
    )


def in_need(elder: Situations) -> np.ndarray:
    """Tell who is in need: the disabled, the poor and the oldest."""
    found: np.ndarray = (elder.assessed > 0) | (elder.means > 0) | (elder.age >= OLD[1])
    return found


def _besides(world: World, cash: tuple[tuple[str, Kind], ...]) -> np.ndarray:
    """Return the fen of cash that measures which claim by themselves grant each elder; empty if there are none."""
    made = world.claims.made
    sums = [made[key].granted for key in cash if key in made and made[key].payee == ELDERS]
    total: np.ndarray = np.sum(sums, axis=0) if sums else NO_SUMS
    return total


def _due_fault(world: World, known: DuesInForce, terms: Terms, besides: np.ndarray) -> Fault | None:
    """Compare what was claimed and paid with the terms."""
    arrays, seen, table = world.people.arrays, known.seen, known.table
    k, j, found, against = first_unexplained(
        world.elders, table.numbers, besides, *OF_PERSON(arrays), seen, world.month, world.by_village(
        "benefits.universal"), table.units, table.fen_each, table.total, known.cash, *terms,
    )  # fmt: skip
    if k == NO_MEASURE:
        return None
    if k == EVERY_MEASURE:
        return PAID, {**_elder(world, j), "found": found, "against": against}
    name = known.claims[k].instrument.name
    if j == ALL_ELDERS:
        return IN_ALL, {"measure": name, "found": found, "against": against}
    return CLAIMED, {"measure": name, **_elder(world, j), "found": found, "against": against}


def _grant_fault(world: World, known: DuesInForce) -> Fault | None:
    """Compare what a ceiling left of each claim with the claim, for the elders whose turn it is."""
    table, keys = known.table, world.people["key"][world.elders]
    places = np.flatnonzero((keys + np.uint64(world.month)) % np.uint64(PARTS) == 0)
    for k, claim in enumerate(known.claims):
        due = table.units[k][table.numbers[places]] * table.fen_each[k]
        for at in np.flatnonzero(claim.granted_to(places) > due)[:1]:
            j = int(places[at])
            numbers = {"found": int(claim.granted[j]), "against": int(due[at])}
            return GRANTED, {"measure": claim.instrument.name, **_elder(world, j), **numbers}
    return None


def _acting_fault(world: World, one: Instrument, where: np.ndarray) -> Fault | None:
    """Return whom a measure that claims by itself granted something against its terms."""
    for kind in PERSONAL:
        claim = world.claims.made.get((one.name, kind))
        places = np.flatnonzero(claim.is_granted()) if claim is not None else NO_SUMS
        if claim is not None and len(places):
            rows = world.elders[places]
            lawful = where[world.people["village"][rows]]
            lawful = lawful if one.whose is None else lawful & one.whose(world, rows)
            for j in places[~lawful].tolist()[:1]:
                found = {"found": int(claim.granted[j]), "against": 0}
                return ELSEWHERE, {"measure": one.name, **_elder(world, j), **found}
    return None


def _elder(world: World, j: int) -> dict[str, int]:
    """Return who an elder is, and what the terms of measures look at."""
    people, i = world.people, world.elders[j]
    columns = {name: int(people[name][i]) for name in ("key", "assessed", "means", "village")}
    return {"row": int(i), "age": int(age_in_years(world.month, people["born"][i])), **columns}
