"""Hospital: elders are admitted, the disabled more often; medical insurance pays part of the bill, they the rest.

What nobody could pay for an elder without children, medical assistance pays: it stands in the account of the insurance.
"""

from __future__ import annotations

import math
from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.candidates import BLOCK
from caresim.agents.canteens import board
from caresim.agents.care import HAS_CHILD
from caresim.agents.money import ELDERS, FEN, MOST, purse
from caresim.agents.world import Process, World
from caresim.kernel.clock import year_of
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import S12, UNIT, keys_of, mixed, normal_quantile, purpose, uniform, uniform_k
from caresim.kernel.parameters import Parameters, parameter

ADMIT = purpose("hospital.admit")
MONTHS = 12.0
NO_SAVINGS = np.zeros(0, dtype=np.int32)
columns_of = itemgetter("in_hospital", "out_of_pocket", "disability", "village", "arrangement", "income", "transfers",
                        "benefits", "key")  # fmt: skip


class Hospital(Parameters):
    """How often elders are admitted, and what a stay costs whom."""

    admissions: tuple[float, float, float, float] = parameter(
        (0.15, 0.25, 0.40, 0.60), unit="admissions per year", limits=(0.0, 12.0),
        meaning="Admissions to hospital in disability states 0-3.", source="recalled_hospital", evidence="recalled",
    )  # fmt: skip
    admission_scale: float = parameter(
        1.0, unit="ratio", limits=(0.0, 10.0), low=0.8, high=1.2, local=True,
        meaning="Factor on all admissions; care by the township's doctors at home lowers it.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    bill: float = parameter(
        10_000.0, unit="yuan", limits=(0.0, 1e6), low=7000.0, high=13_000.0,
        meaning="Mean bill of a stay in 2020; it grows like rural incomes.", source="recalled_hospital",
        evidence="recalled",
    )  # fmt: skip
    spread: float = parameter(
        0.6, unit="log points", limits=(0.0, 3.0), low=0.3, high=0.9,
        meaning="Standard deviation of the logarithm of bills.", source="judgement", evidence="judgement",
    )  # fmt: skip
    reimbursed: float = parameter(
        0.6, unit="share", low=0.55, high=0.65,
        meaning="Part of a bill that medical insurance pays; medical assistance also pays what elders without children "
        "do not have.", source="recalled_hospital", evidence="recalled",
    )  # fmt: skip


def treat(world: World) -> None:
    """Admit elders to hospital for this month, and settle their bills."""
    month, parameters = world.month, world.parameters
    rules, income = parameters["hospital"], parameters["income"]
    agreed = world.once(
        "hospital.agreed", (world.enacted, month // 12, rules, income), lambda: _agree(world, rules, income)
    )
    arrays = world.people.arrays
    own, insured = admit(
        world.elders, *columns_of(arrays), arrays.get("savings", NO_SAVINGS), *board(world),
        world.draws.stream(ADMIT, month), *agreed,
    )  # fmt: skip
    world.money.pay("hospital", ELDERS, "hospitals", own)
    world.money.pay("hospital", "medical_insurance", "hospitals", insured)


def _agree(world: World, rules: Hospital, income: Any) -> tuple[Any, ...]:
    """Return this year's terms as `admit` takes them.

    They are the probabilities of admission in a month by disability state, the factor on them by village, the highest
    of all, the mean bill in fen, its spread, and the part that is reimbursed.
    """
    chances, scale = np.array(rules.admissions) / MONTHS, world.by_village("hospital.admission_scale")
    mean = FEN * rules.bill * income.growth(year_of(world.month))
    return chances, scale, float(chances.max() * scale.max()), mean, rules.spread, rules.reimbursed


@compiled
def admit(elders, in_hospital, out_of_pocket, disability, village, arrangement, income, transfers, benefits, key,
          savings, meals, each, stream, chances, scale, highest, mean, spread, reimbursed):  # fmt: skip
    """Mark who is admitted and add what they pay; return the fen that elders and medical insurance pay."""
    money = savings, income, transfers, benefits, out_of_pocket, arrangement
    in_hospital[:] = 0
    own = insured = 0
    keys = keys_of(elders, key)
    for j in keys_below(stream, keys, highest):
        i = elders[j]
        if uniform(stream, keys[j]) < chances[disability[i]] * scale[village[i]]:
            z = normal_quantile(uniform_k(stream, keys[j], 0))
            bill = np.int64(min(mean * math.exp(spread * z - spread * spread / 2.0), float(MOST)))
            has = min(left_to_pay(i, meals, each, *money), np.int64(MOST) - out_of_pocket[i])
            rest = min(bill - np.int64(reimbursed * bill), has)
            in_hospital[i] = 1
            out_of_pocket[i] += rest
            own += rest
            insured += bill - rest
    return own, insured


@compiled
def left_to_pay(i, meals, each, savings, income, transfers, benefits, out_of_pocket, arrangement):
    """Return the fen that an elder, or the family, can still pay once the meals that are brought are paid."""
    food = meals[i] * np.int64(each) if each > 0 else np.int64(0)
    put_by = savings[i] if len(savings) > 0 else 0
    has_child = arrangement[i] & HAS_CHILD != 0
    return purse(put_by, income[i], transfers[i], benefits[i], out_of_pocket[i] + food, has_child)


@compiled
def keys_below(stream, keys, highest):
    """Return the places of the keys whose draw can be below a probability, in order: all that are, and hardly others.

    Whole numbers are compared, of which the draws are made, and eight at once are looked at for one that is low.
    """
    places = np.empty(len(keys) + 1, dtype=np.int64)
    found, limit = 0, np.int64(highest / UNIT) + 1
    below = np.zeros(BLOCK, dtype=np.uint8)
    eights = below.view(np.uint64)
    for start in range(0, len(keys), BLOCK):
        some = keys[start : min(start + BLOCK, len(keys))]
        for j in range(len(some)):
            below[j] = np.int64(mixed(some[j] ^ stream) >> S12) < limit
        below[len(some) :] = 0
        for e in range((len(some) + 7) // 8):
            if eights[e]:
                for j in range(8 * e, 8 * e + 8):
                    places[found] = start + j
                    found += int(below[j])
    return places[:found].copy()


PROCESS = Process(
    name="hospital",
    run=treat,
    reads=("disability", "village", "arrangement", "income", "transfers", "benefits", "savings", "meals",
           "out_of_pocket", "key", "parameters.income", "parameters.meals"),
    writes=("in_hospital", "out_of_pocket"),
    meaning="Elders are admitted to hospital, the disabled more often; medical insurance pays part of the bill, and "
    "what elders without children do not have.",
    parameters=Hospital,
    columns=(
        Column("in_hospital", np.uint8, 0, "0/1", "Whether a resident elder was admitted to hospital this month.",
               "hospital", elder=True, most=1),
    ),
)  # fmt: skip
