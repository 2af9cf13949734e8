"""What measures in force owe elders by their situation, claimed for everybody at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.agents.entitlements import Claim, Kind
from caresim.agents.instrument import Due, Instrument, active
from caresim.agents.money import ELDERS, MOST
from caresim.agents.schemes import links
from caresim.agents.situations import SITUATIONS, claim_by_situation, situations
from caresim.kernel.draws import purpose

if TYPE_CHECKING:
    from caresim.agents.world import World

UNIVERSAL = purpose("service_subsidy.universal")
IN_FORCE, NO_MAIN_CARERS, ROOM = "dues.in_force", "dues.no_main_carers", "dues.room"
ALWAYS = ("born", "assessed", "means", "takes_up", "place", "arrangement")


@dataclass(frozen=True)
class DuesInForce:
    """The dues of a set of measures.

    Attributes:
        claims: what is claimed under each, filled in every month.
        by_key: the same, as they stand among the claims of the month.
        units: units due by measure and number, which is situation plus region; shape (dues, regions x SITUATIONS).
        rows: the same, measure by measure.
        region: what the village adds to the number of a situation: villages of a region have the same measures.
        fen_each: what a unit is worth, 1 unless the month says otherwise.
        worths: which of them ask for that each month: number, levers and rule.
        paid_out: which of them are cash of elders.
        nothing: none of them, while a ceiling decides who is paid.
        total: fen that each owes this month.
    """

    claims: tuple[Claim, ...]
    by_key: dict[tuple[str, Kind], Claim]
    units: np.ndarray
    rows: tuple[np.ndarray, ...]
    region: np.ndarray
    fen_each: np.ndarray
    worths: tuple[tuple[int, Any, Callable[[World, Any], int]], ...]
    paid_out: np.ndarray
    nothing: np.ndarray
    total: np.ndarray


def claim_dues(world: World, pay: bool) -> None:
    """Claim what the measures in force owe; unless a ceiling may lie below it, pay at once what is cash of elders."""
    known = world.once(IN_FORCE, (world.enacted, len(world.territory)), lambda: in_force(world))
    if not known.claims:
        return
    for k, levers, worth in known.worths:
        known.fen_each[k] = worth(world, levers)
    arrays = world.people.arrays
    size, elders, total = len(arrays["assessed"]), world.elders, known.total
    numbers, claimants = world.once(
        ROOM, size, lambda: (np.empty(size, np.int32), np.empty(size + 1, np.int32))
    )
    claim_by_situation(
        elders, *map(arrays.__getitem__, ALWAYS), _main_relation(world), links(world), arrays["village"],
        arrays["key"], world.month, known.region, world.by_village("benefits.universal"),
        world.draws.word(UNIVERSAL, 0), known.units, known.fen_each, known.paid_out if pay else known.nothing,
        arrays["benefits"], numbers, claimants, total,
    )  # fmt: skip
    numbers = numbers[: len(elders)]
    for claim, units, each, fen in zip(known.claims, known.rows, known.fen_each, total.tolist(), strict=True):
        claim.look_up_in(numbers, units, each, fen)
    world.claims.made.update(known.by_key)


def in_force(world: World) -> DuesInForce:
    """Return the dues of the measures in force."""
    dues = tuple((one, levers, due) for one, levers in world.policy.owing for due in one.dues)
    units = [_units(world, *one) for one in dues]
    due = [k for k in range(len(dues)) if units[k].any()]
    dues, units = tuple(dues[k] for k in due), [units[k] for k in due]
    where = np.array([_where(world, *one) for one in dues]).reshape(len(dues), len(world.territory))
    patterns, region = np.unique(where, axis=1, return_inverse=True)
    by_region = [np.concatenate([units[k] * there for there in patterns[k]]) for k in range(len(dues))]
    table = np.array(by_region, dtype=np.int32)
    claims = [_claim(one, due) for one, _, due in dues]
    worths = [(k, levers, due.unit) for k, (_, levers, due) in enumerate(dues) if due.unit is not None]
    cash = [claim.payee == ELDERS for claim in claims]
    return DuesInForce(
        tuple(claims), {claim.key: claim for claim in claims}, table, tuple(table),
        (SITUATIONS * region.ravel()).astype(np.int32), np.ones(len(dues), dtype=np.int64), tuple(worths),
        np.array(cash, dtype=np.bool_), np.zeros(len(dues), dtype=np.bool_), np.zeros(len(dues), dtype=np.int64),
    )  # fmt: skip


def _claim(instrument: Instrument, due: Due) -> Claim:
    """Return what is to be claimed under a measure."""
    return Claim(instrument, due.kind, due.entitlement, due.payee if due.kind == "cash" else None, 0)


def _units(world: World, instrument: Instrument, levers: Any, due: Due) -> np.ndarray:
    """Return the units due by situation, asked again when levers change; none to who is in no need, number 0."""
    units: np.ndarray = world.once(
        f"dues.{instrument.name}.{due.kind}",
        levers,
        lambda: _asked(instrument.name, due.fen(levers, situations())),
    )
    return units


def _asked(name: str, said: Any) -> np.ndarray:
    """Return what a measure says of all situations, as whole units.

    Raises:
        ValueError: a sum that no elder can be paid.
    """
    units = np.broadcast_to(said, SITUATIONS).astype(np.int64)
    units[0] = 0
    if units.min() < 0 or units.max() > MOST:
        raise ValueError(f"{name}: nobody can be paid {units.min()} or {units.max()} fen a month")
    return units


def _where(world: World, _: Instrument, levers: Any, due: Due) -> np.ndarray:
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
