"""The law that benefits are for the entitled: what was claimed and paid is compared with the terms of the measures.

Measures owe by situation, and a month looks up each elder's number in a table. Here everything is said anew: terms are
asked of other situations, in another order, elders are placed among these from their columns, and villages from where
each measure is active. Two columns that change before the month ends are kept as they were when elders claimed.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from caresim.agents.care import ALONE, LAST_FAMILY
from caresim.agents.dues import UNIVERSAL, DuesInForce, dues_claimed
from caresim.agents.instrument import active
from caresim.agents.money import ELDERS
from caresim.agents.people import ELDER, INSTITUTION, LIVING_RESIDENT, age_in_years
from caresim.agents.schemes import MEALS
from caresim.agents.situations import Situations
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

if TYPE_CHECKING:
    from caresim.agents.sums_claimed import Claim
    from caresim.agents.world import World

Fault = tuple[str, dict[str, Any]]
CLAIMED = "claims: no elder claims under a measure more than its terms allow"
IN_ALL = "claims: what a measure owes in all is what it owes each elder"
GRANTED = "claims: no elder is granted more than the terms of a measure allow"
PAID = "benefits: what an elder has been paid is due under the terms of measures"
ELSEWHERE = "claims: a measure grants only to elders whom its own terms name, where it is active"
SHAPE = 2, 2, 2, 2, 2, 4, 4, 4
"""Poor by choice, linked, by family, alone, in a home; then the age, means and assessed state, which changes fastest."""
SITUATIONS = 2**5 * 4**3
OLD = 0, 80, 90, 100
TERMS = "entitled_laws.terms"
OF_PERSON = itemgetter(
    "state", "born", "assessed", "means", "takes_up", "place", "arrangement", "village", "key", "benefits"
)
PARTS = 12
"""What is granted under a ceiling is looked at for one in so many of the elders each month, another one in the next."""
NOBODY, NOTHING_DUE, UNSEEN = -1, -1, -2
EVERY_MEASURE, ALL_ELDERS = -1, -2
"""What a fault is about, if not one measure's claim of an elder: all cash of an elder, all elders of a measure."""
NO_SUMS = np.zeros(0, dtype=np.int64)


class Terms(NamedTuple):
    """What measures in force owe, as this law reads them.

    Attributes:
        units: units due under each claim by situation and group of villages, shape (claims, groups x SITUATIONS).
        first: first place of each village's group.
        word: the draw of who counts as poor without being so.
    """

    units: np.ndarray
    first: np.ndarray
    word: Any


def entitled_fault(world: World) -> Fault | None:
    """Return the first claim, grant or payment that no terms explain, with the numbers; None if there is none."""
    known = dues_claimed(world)
    others = [claim for claim in world.claims.made.values() if claim.instrument.act is not None]
    if known is not None:
        terms = world.once(TERMS, (world.enacted, known), lambda: terms_of(world, known))
        found = _due_fault(world, known, terms, _besides(others)) or _grant_fault(world, known, terms)
        if found is not None:
            return found
    return next(_acting_faults(world, others), None)


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
    there = [np.frombuffer(said, dtype=np.bool_) for said in groups]
    by_group = np.concatenate([units * reached[:, None] for reached in there], axis=1) if there else units
    return Terms(by_group, np.array(group, dtype=np.int64) * SITUATIONS, world.draws.word(UNIVERSAL, 0))


def elders() -> Situations:
    """Return an elder of each situation, in the order of this law."""
    chosen, linked, by_family, alone, in_home, age, means, assessed = (part.ravel() for part in np.indices(SHAPE))
    home = in_home == 1
    return Situations(
        assessed, means, np.array(OLD)[age], home, alone == 1, (by_family == 1) & ~home, linked == 1, chosen == 1
    )


def in_need(elder: Situations) -> np.ndarray:
    """Tell who is in need: the disabled, the poor and the oldest."""
    found: np.ndarray = (elder.assessed > 0) | (elder.means > 0) | (elder.age >= OLD[1])
    return found


def _besides(others: list[Claim]) -> np.ndarray:
    """Return the fen of cash that measures which claim by themselves grant each elder; empty if there are none."""
    sums = [claim.granted for claim in others if claim.kind == "cash" and claim.payee == ELDERS]
    total: np.ndarray = np.sum(sums, axis=0) if sums else NO_SUMS
    return total


def _due_fault(world: World, known: DuesInForce, terms: Terms, besides: np.ndarray) -> Fault | None:
    """Compare what was claimed and paid with the terms."""
    arrays, seen, table = world.people.arrays, known.seen, known.table
    k, j, found, against = first_unexplained(
        world.elders, table.numbers, besides, *OF_PERSON(arrays), *seen, world.month, world.by_village(
        "benefits.universal"), table.units, table.fen_each, table.total, known.cash, *terms,
    )  # fmt: skip
    if k == UNSEEN and j == NOBODY:
        return None
    if k == EVERY_MEASURE:
        return PAID, {**_elder(world, j), "found": found, "against": against}
    name = known.claims[k].instrument.name
    if j == ALL_ELDERS:
        return IN_ALL, {"measure": name, "found": found, "against": against}
    return CLAIMED, {"measure": name, **_elder(world, j), "found": found, "against": against}


def _grant_fault(world: World, known: DuesInForce, terms: Terms) -> Fault | None:
    """Compare what a ceiling left of each claim with the claim, for the elders whose turn it is."""
    cut = [k for k, claim in enumerate(known.claims) if not claim.is_whole]
    if not cut:
        return None
    places = np.flatnonzero((world.people["key"][world.elders] + np.uint64(world.month)) % np.uint64(PARTS) == 0)
    for k in cut:
        due = known.table.units[k][known.table.numbers[places]] * known.table.fen_each[k]
        above = np.flatnonzero(known.claims[k].granted[places] > due)
        if len(above):
            j, at = int(places[above[0]]), above[0]
            numbers = {"found": int(known.claims[k].granted[j]), "against": int(due[at])}
            return GRANTED, {"measure": known.claims[k].instrument.name, **_elder(world, j), **numbers}
    return None


def _acting_faults(world: World, others: list[Claim]) -> Iterator[Fault]:
    """Yield whom measures that claim by themselves granted something against their terms."""
    for claim in others:
        one, levers = claim.instrument, world.policy.levers.get(claim.instrument.name)
        everywhere = getattr(levers, "rollout", 1.0) == 1.0
        if claim.kind == "programme" or (everywhere and one.whose is None):
            continue
        places = np.flatnonzero(claim.is_granted())
        rows = world.elders[places]
        lawful = active(levers, world.territory, world.draws)[world.people["village"][rows]]
        if one.whose is not None:
            lawful &= one.whose(world, rows)
        for at in np.flatnonzero(~lawful)[:1]:
            j = int(places[at])
            yield ELSEWHERE, {"measure": one.name, **_elder(world, j), "found": int(claim.granted[j]), "against": 0}


def _elder(world: World, j: int) -> dict[str, int]:
    """Return who an elder is, and what the terms of measures look at."""
    people, i = world.people, world.elders[j]
    columns = {name: int(people[name][i]) for name in ("key", "assessed", "means", "village")}
    return {"row": int(i), "age": int(age_in_years(world.month, people["born"][i])), **columns}


@compiled
def first_unexplained(elders, numbers, besides, state, born, assessed, means, takes_up, place, arrangement, village, key,
                      benefits, main_relation, linked, month, universal, units, fen_each, total, cash, own, first,
                      word):  # fmt: skip
    """Return the first claim or payment above the terms: the claim, the elder's place, the fen, and what was due.

    A number and what the terms owe for it are compared once; then only whether all who bear it are in one situation.
    """
    due, heads = np.zeros(units.shape[1], dtype=np.int64), np.zeros(units.shape[1], dtype=np.int64)
    situation, present = np.full(units.shape[1], UNSEEN), np.empty(units.shape[1] + 1, dtype=np.int64)
    kinds = 0
    for j in range(len(elders)):
        i, number = np.uint64(elders[j]), np.uint64(numbers[j])
        if number == 0 and benefits[i] == 0:
            continue
        if number != 0:
            v = np.uint64(village[i])
            here = NOTHING_DUE
            if takes_up[i] and state[i] & LIVING_RESIDENT == LIVING_RESIDENT and state[i] & ELDER:
                chosen = means[i] == 0 and universal[v] > 0.0 and uniform(word, key[i]) < universal[v]
                here = first[v] + situation_of(
                    assessed[i], means[i], age_in_years(month, born[i]), place[i] == INSTITUTION,
                    arrangement[i] & ALONE != 0, main_relation[i], linked[i] & MEALS != 0, chosen,
                )  # fmt: skip
            if situation[number] != here:
                k = first_above(units, number, own, here)
                if k >= 0:
                    allowed = own[k, here] if here >= 0 else 0
                    return k, j, np.int64(units[k, number] * fen_each[k]), np.int64(allowed * fen_each[k])
                situation[number], due[number] = here, cash_due(own, here, fen_each, cash)
            present[kinds] = number
            kinds += heads[number] == 0
            heads[number] += 1
        allowed = due[number] + (besides[j] if len(besides) else 0)
        if benefits[i] > allowed:
            return EVERY_MEASURE, j, np.int64(benefits[i]), np.int64(allowed)
    for k in range(len(units)):
        fen = np.int64(0)
        for number in present[:kinds]:
            fen += heads[number] * units[k, number] * fen_each[k]
        if total[k] != fen:
            return k, ALL_ELDERS, np.int64(total[k]), fen
    return UNSEEN, NOBODY, np.int64(0), np.int64(0)


@compiled
def situation_of(assessed, means, age, in_home, alone, main_relation, linked, chosen):
    """Return the place of an elder among the situations of this law."""
    by_family = 1 <= main_relation <= LAST_FAMILY + 1 and not in_home
    old = 3 if age >= 100 else (2 if age >= 90 else (1 if age >= 80 else 0))
    at = (((chosen * 2 + linked) * 2 + by_family) * 2 + alone) * 2 + in_home
    return ((np.int64(at) * 4 + old) * 4 + means) * 4 + assessed


@compiled
def first_above(units, number, own, here):
    """Return the first measure that owes more under a number than its terms say; -1 if there is none."""
    for k in range(len(units)):
        if units[k, number] > (own[k, here] if here >= 0 else 0):
            return k
    return -1


@compiled
def cash_due(own, here, fen_each, cash):
    """Return the fen of cash that is due in a situation."""
    fen = np.int64(0)
    for k in range(len(own)):
        if cash[k] and here >= 0:
            fen += own[k, here] * fen_each[k]
    return fen
