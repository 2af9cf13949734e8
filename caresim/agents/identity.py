"""Codes and columns that say who somebody is, where he lives and to whom he belongs."""

from __future__ import annotations

import numpy as np

from caresim.kernel.columns import NOBODY, Column
from caresim.kernel.compiled import compiled

FEMALE, ALIVE, REGISTERED, PRESENT, ELDER = 1, 2, 4, 8, 16
"""Bits of the column `state`; PRESENT marks residents, ELDER people of 60 and over."""
MOVING = np.uint8(32)
"""Bit of `state`: moves this month; within the rule that moves families only."""
CHANGED = np.uint8(64)
"""Bit of `state`: since kin was last looked at, home, place, village, spouse, life or age group may have changed."""
UNMINDED = np.uint8(128)
"""Bit of `state`: away, while a child under 15 lives here without either parent and without an able grandparent."""
LIVING_REGISTERED = ALIVE | REGISTERED
LIVING_RESIDENT = ALIVE | REGISTERED | PRESENT

VILLAGE, TOWN, PROVINCE, OUTSIDE, INSTITUTION = range(5)
"""Codes of the column `place`."""
NEVER_MARRIED, MARRIED, WIDOWED, DIVORCED = range(4)
"""Codes of the column `marital`."""
CHILD_UNTIL, ADULT_FROM, ELDER_FROM = 15 * 12, 18 * 12, 60 * 12
"""Ages up to which somebody is a child, and from which an adult and an elder, in months."""
NEVER = -32768
"""A month that never was."""

IDENTITY = "people"
COLUMNS = (
    Column("key", np.uint64, 0, "code", "Lasting name of the person, to which draws belong.", IDENTITY, True),
    Column("born", np.int16, 0, "month number", "Month of birth (0 is January 1900).", IDENTITY, True),
    Column("state", np.uint8, 0, "bits", "1 female, 2 alive, 4 registered, 8 present, 16 elder (60+), "
           "32 moves, while migration runs, 64 changed since kin was looked at, 128 away from a child whom nobody "
           "minds.", IDENTITY, True),
    Column("place", np.uint8, 0, "code", "0 village, 1 town in the county, 2 elsewhere in the province, 3 outside, "
           "4 institution.", IDENTITY, True),
    Column("mother", np.int32, NOBODY, "row", "Mother.", IDENTITY, True, True),
    Column("father", np.int32, NOBODY, "row", "Father.", IDENTITY, True, True),
    Column("spouse", np.int32, NOBODY, "row", "Living spouse.", IDENTITY, True, True),
    Column("first_child", np.int32, NOBODY, "row", "Head of the chain of own children, the newest first.",
           IDENTITY, True, True),
    Column("next_maternal", np.int32, NOBODY, "row", "Next child in the mother's chain.", IDENTITY, True, True),
    Column("next_paternal", np.int32, NOBODY, "row", "Next child in the father's chain.", IDENTITY, True, True),
    Column("village", np.int16, 0, "village", "Village of registration.", IDENTITY),
    Column("household", np.int32, NOBODY, "household", "Household of a resident; -1 for everybody else.", IDENTITY),
    Column("marital", np.uint8, 0, "code", "0 never married, 1 married, 2 widowed, 3 divorced.", IDENTITY),
    Column("widowed", np.int16, NEVER, "month number", "Month of the last bereavement of a spouse.", IDENTITY),
    Column("parity", np.uint8, 0, "children", "Children ever born to a woman.", IDENTITY),
)  # fmt: skip


@compiled
def age_in_years(month, born):
    """Return completed years of age; unsigned, because that divides faster and nobody is born in the future."""
    return np.int64(np.uint32(month - born) // np.uint32(12))
