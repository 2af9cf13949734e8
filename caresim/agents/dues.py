"""What measures in force owe elders by their situation, claimed for everybody at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.agents.entitled_look import noted
from caresim.agents.instrument import Due, Instrument, active
from caresim.agents.money import ELDERS, MOST, Ledger
from caresim.agents.schemes import links
from caresim.agents.situations import NOWHERE, SITUATIONS, claim_by_situation, situations
from caresim.agents.sums_claimed import Claim, Kind, Table
from caresim.kernel.draws import purpose

if TYPE_CHECKING:
    from caresim.agents.world import World

UNIVERSAL = purpose("service_subsidy.universal")
TERMS, NO_MAIN_CARERS, IN_FORCE = "dues.terms", "dues.no_main_carers", "dues.in_force"
MOST_NUMBERS = 1 << 16
"""Up to so many regions and situations two bytes an elder are enough."""
OF_PERSON = itemgetter("born", "assessed", "means", "takes_up", "place", "arrangement", "village", "key")


@dataclass(eq=False)
class DuesInForce:
    """The dues of a set of measures.

    Attributes:
        claims: what is claimed under each.
        by_key: the same, as they stand among the claims of the month.
        table: what is due under each by number, which is situation plus region; shape (dues, regions x SITUATIONS).
        region: what the village adds to the number of a situation: villages of a region have the same measures.
        worths: which of them ask each month what a unit is worth: number, levers and rule.
        cash: which of them are cash of elders.
        slots: where those that are paid in cash, to elders or families, stand in the ledger; -1 for services.
        nothing: none of them, and nowhere, while a ceiling decides who is paid.
        seen: who cared for each elder, and who was linked with meals, when this month's dues were claimed, as the law
            of claims notes it.
    """

    claims: tuple[Claim, ...]
    by_key: dict[tuple[str, Kind], Claim]
    table: Table
    region: np.ndarray
    worths: tuple[tuple[int, Any, Callable[[World, Any], int]], ...]
    cash: np.ndarray
    slots: np.ndarray
    nothing: tuple[np.ndarray, np.ndarray]
    seen: np.ndarray


def claim_dues(world: World, pay: bool) -> dict[tuple[str, Kind], Claim]:
    """Claim what the measures in force owe; unless a ceiling may lie below it, pay at once what is cash.

    Returns:
        What is claimed.
    """
    when = world.enacted, len(world.territory), len(world.people.arrays["assessed"]), id(world.money)
    known, numbers, terms, _ = world.once(TERMS, when, lambda: terms_of(world))
    if not known.claims:
        return {}
    for k, levers, worth in known.worths:
        known.table.fen_each[k] = worth(world, levers)
    elders, arrays, seen = world.elders, world.people.arrays, (_main_relation(world), links(world))
    known.seen = noted(elders, *seen)  # both are written before the month ends
    claimants = claim_by_situation(
        elders, *OF_PERSON(arrays), *seen, arrays["benefits"], world.month, world.people.elders_end, numbers,
        world.money.fen, *((known.cash, known.slots) if pay else known.nothing), *terms,
    )  # fmt: skip
    known.table.numbers, known.table.places = numbers[: len(elders)], claimants
    return known.by_key


def dues_claimed(world: World) -> DuesInForce | None:
    """Return the dues that were claimed this month; None if there are none."""
    noted = world.memory.get(TERMS)
    if noted is None:
        return None
    known: DuesInForce = noted[1][0]
    return known if known.claims and known.claims[0].key in world.claims.made else None


def terms_of(world: World) -> tuple[DuesInForce, np.ndarray, tuple[Any, ...], Ledger]:
    """Return the dues in force, room for the elders' numbers, and what all dues are settled by.

    Last is the ledger of the payments, the same object as long as this holds.
    """
    when = world.enacted, len(world.territory), id(world.money)
    known, _ = world.once(IN_FORCE, when, lambda: (in_force(world), world.money))
    size = len(world.people.arrays["assessed"])
    terms = (
        known.region, world.by_village("benefits.universal"), world.draws.word(UNIVERSAL, 0), known.table.units,
        known.table.fen_each, known.table.total,
    )  # fmt: skip
    number = np.uint16 if known.region.max(initial=0) + SITUATIONS <= MOST_NUMBERS else np.int32
    return known, np.empty(size, dtype=number), terms, world.money


def in_force(world: World) -> DuesInForce:
    """Return the dues of the measures in force."""
    dues = tuple((one, levers, due) for one, levers in world.policy.owing for due in one.dues)
    units = [_units(world, *one) for one in dues]
    due = [k for k in range(len(dues)) if units[k].any()]
    dues, units = tuple(dues[k] for k in due), [units[k] for k in due]
    where = np.array([where_due(world, levers, due) for _, levers, due in dues]).reshape(
        len(dues), len(world.territory)
    )
    patterns, region = np.unique(where, axis=1, return_inverse=True)
    by_region = [np.concatenate([units[k] * there for there in patterns[k]]) for k in range(len(dues))]
    table = Table(
        np.array(by_region, dtype=np.int32), np.ones(len(dues), dtype=np.int64), np.zeros(len(dues), dtype=np.int64)
    )  # fmt: skip
    claims = [_claim(one, due, table, row) for row, (one, _, due) in enumerate(dues)]
    worths = [(k, levers, due.unit) for k, (_, levers, due) in enumerate(dues) if due.unit is not None]
    cash = [claim.payee == ELDERS for claim in claims]
    slots = [
        world.money.slot(claim.key[0], claim.instrument.funder, claim.payee) if claim.payee is not None else NOWHERE
        for claim in claims
    ]  # fmt: skip
    return DuesInForce(
        tuple(claims), {claim.key: claim for claim in claims}, table, (SITUATIONS * region.ravel()).astype(np.int32),
        tuple(worths), np.array(cash, dtype=np.bool_), np.array(slots, dtype=np.int64),
        (np.zeros(len(dues), dtype=np.bool_), np.full(len(dues), NOWHERE)), np.zeros(0, dtype=np.uint8),
    )  # fmt: skip


def _claim(instrument: Instrument, due: Due, table: Table, row: int) -> Claim:
    """Return what is to be claimed under a measure."""
    return Claim(instrument, due.kind, due.entitlement, due.payee if due.kind == "cash" else None, table, row)


def _units(world: World, instrument: Instrument, levers: Any, due: Due) -> np.ndarray:
    """Return the units due by situation, asked again when levers change; none to who is in no need, number 0."""
    units: np.ndarray = world.once(
        f"dues.{instrument.name}.{due.kind}",
        levers,
        lambda: _asked(instrument.name, due.fen(levers, situations())),
    )
    return units


def _asked(name: str, said: Any) -> np.ndarray:
    """Return what a measure says of all situations, as whole units in as few bits as hold them.

    Raises:
        ValueError: a sum that no elder can be paid.
    """
    units = np.broadcast_to(said, SITUATIONS).astype(np.int64)
    units[0] = 0
    if units.min() < 0 or units.max() > MOST:
        raise ValueError(f"{name}: nobody can be paid {units.min()} or {units.max()} fen a month")
    return units.astype(np.min_scalar_type(units.max()))


def where_due(world: World, levers: Any, due: Due) -> np.ndarray:
    """Return the villages in which it is due."""
    where = active(levers, world.territory, world.draws)
    return where if due.where is None else where & due.where(world, levers)


def _main_relation(world: World) -> np.ndarray:
    """Return what each row's main carer is to it; nothing in a run in which nobody notes that."""
    found = world.people.arrays.get("main_relation")
    if found is not None:
        return found
    size = world.people.kin_start
    nothing: np.ndarray = world.once(NO_MAIN_CARERS, size, lambda: np.zeros(size, dtype=np.uint8))
    return nothing
