"""Match children that mothers bore with people of the register who were born about then."""

from __future__ import annotations

import numpy as np

from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled
from caresim.synthesis.order import in_order

SPAN = 1 << 14
"""Months between two groups on the line of birth months, so that groups never mix."""
TOLERANCES = (3, 12, 36)
EARLIEST, LATEST = 15 * 12 + 6, 50 * 12 - 7
"""Ages in months at which a mother bears."""


def match(
    slot_born: np.ndarray,
    slot_group: np.ndarray,
    slot_mother: np.ndarray,
    slot_mother_born: np.ndarray,
    born: np.ndarray,
    group: np.ndarray,
    not_mother: np.ndarray,
    tolerances: tuple[int, ...] = TOLERANCES,
) -> np.ndarray:
    """Return for each person the slot of a child that becomes this person, or -1.

    Persons and slots of one group are joined in the order of birth, first the near ones, then up to three
    years apart. A mother is between 15 and 50 at the birth, and never the person's mother-in-law
    (`not_mother`).
    Slots and persons of one month are taken in the order given.
    """
    slot_when = slot_group.astype(np.int64) * SPAN + slot_born
    when = group.astype(np.int64) * SPAN + born
    slots = in_order(slot_when)
    persons = in_order(when)
    out = np.full(len(persons), NOBODY, dtype=np.int64)
    for tolerance in tolerances:
        found, free = _sweep(
            slot_when[slots], slot_mother[slots], slot_mother_born[slots], when[persons], born[persons],
            not_mother[persons], tolerance,
        )  # fmt: skip
        out[persons[found >= 0]] = slots[found[found >= 0]]
        slots, persons = slots[free], persons[found < 0]
    return out


@compiled
def _sweep(s_when, s_mother, s_mother_born, p_when, p_born, p_not, tolerance):  # type: ignore[no-untyped-def]
    """Join each person with the first free slot within the tolerance; return it, and which stay free."""
    free = np.ones(len(s_when), dtype=np.bool_)
    found = np.full(len(p_when), NOBODY, dtype=np.int64)
    first = 0
    for j in range(len(p_when)):
        while first < len(s_when) and (not free[first] or s_when[first] < p_when[j] - tolerance):
            first += 1
        i = first
        while i < len(s_when) and s_when[i] <= p_when[j] + tolerance:
            age = p_born[j] - s_mother_born[i]
            if free[i] and EARLIEST <= age <= LATEST and s_mother[i] != p_not[j]:
                free[i] = False
                found[j] = i
                break
            i += 1
    return found, free
