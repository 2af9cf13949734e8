"""The month's book of care: who needed how many minutes of what, and who gave them to whom.

A *case* is a resident elder with a need this month. The book is opened by the process `needs`, every source hands
over minutes through it, and `unmet_need` closes it. All are whole minutes, so that what one gives another
receives, exactly.
"""

from __future__ import annotations

import numpy as np

from caresim.agents.people import LIVING_REGISTERED
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled

TASKS = ("personal", "instrumental", "company")
PERSONAL, INSTRUMENTAL, COMPANY = range(3)
SOURCES = (
    "spouse",
    "children",
    "neighbours",
    "volunteers",
    "time_bank",
    "bought",
    "formal",
    "purchased",
    "meals",
    "visits",
)
(SPOUSE, CHILDREN, NEIGHBOURS, VOLUNTEERS, TIME_BANK, BOUGHT, FORMAL, PURCHASED, MEALS, VISITS) = range(10)
FIRST_PAID = BOUGHT
"""From this source on, care is paid for: by government for respite and as a backstop (`bought`), by a measure that
entitles to hours (`formal`), by the elder or a voucher (`purchased`); meals that are brought; paid visits."""
RELATIONS = ("wife", "husband", "daughter", "daughter-in-law", "son", "son-in-law", "neighbour", "pair", "peer",
             "volunteer", "member", "bought", "entitled", "purchased", "meal", "visit")  # fmt: skip
(WIFE, HUSBAND, DAUGHTER, DAUGHTER_IN_LAW, SON, SON_IN_LAW, NEIGHBOUR, PAIR, PEER, VOLUNTEER, MEMBER,
 CARE_WORKER, ENTITLED, PURCHASED_CARE, MEAL, VISIT) = range(16)  # fmt: skip
LAST_FAMILY = SON_IN_LAW
SOURCE_OF = np.array(
    [SPOUSE] * 2
    + [CHILDREN] * 4
    + [NEIGHBOURS] * 3
    + [VOLUNTEERS, TIME_BANK, BOUGHT, FORMAL, PURCHASED, MEALS, VISITS]
)
"""The source that a relation belongs to."""
SAME_HOME, SAME_VILLAGE, COUNTY, AWAY = range(4)
"""Where a giver is, seen from the receiver; COUNTY is another village of the territory or the county town."""
HAND_OVER = np.dtype((np.record, [
    ("giver", np.int32), ("case", np.int32), ("relation", np.uint8), ("where", np.uint8),
    ("personal", np.uint16), ("instrumental", np.uint16), ("company", np.uint16),
]))  # fmt: skip
"""A hand-over: the giver's row (`NOBODY` for bought care), the case, relation, where, and minutes by task. Fields are
attributes in plain Python too."""
GIVER, CASE, RELATION, WHERE, GIVEN = 0, 1, 2, 3, 4
"""Columns of `CareBook.hand_overs()`; the minutes by task stand in GIVEN, GIVEN + 1 and GIVEN + 2."""
LIMIT = np.dtype((np.record, [("giver", np.int32), ("minutes", np.uint16)]))
"""A limit: a giver's row, and the minutes that one source says could be given; a giver's limits add up to the capacity.
"""
SPARE = 16
"""Where there is no room for more hand-overs or limits, room is made for one in so many besides."""
EXHAUSTED = 12000.0
"""Burden, in hundredths of a point, at which a carer can give nothing more, if fatigue has its full effect."""
FULL = 250
"""The value of the column `unmet` when nothing of the need is met."""
UNMET, DEPRIVED = 0.25, 0.5
"""A need is called unmet, and its bearer severely deprived, from above these shares of it."""
ALONE, WITH_SPOUSE, WITH_CHILD, CHILD_NEAR, CHILD_IN_TOWNSHIP, HAS_CHILD, COUPLE_ONLY = (
    1 << k for k in range(7)
)
"""Marks of the column `arrangement`."""
LONELY, DEPRESSED = 1, 2
"""Marks of the column `mood`."""
POOR, DESTITUTE = 1, 2
"""Marks of the column `means`."""

WRITER = "care"
COLUMNS = (
    Column("need", np.uint16, 0, "minutes per month", "Care that a resident elder needs.", WRITER, elder=True),
    Column("given", np.uint16, 0, "minutes per month", "Care given to others.", WRITER, light=True),
)  # fmt: skip


class CareBook:
    """The cases of a month and the care that they received.

    Attributes:
        rows: row of each case, shape (m,).
        need: minutes needed by task, shape (m, 3).
        left: minutes not met so far by task, shape (m, 3).
        received: minutes received by source, shape (m, number of SOURCES).
        gifts: the hand-overs, each a `HAND_OVER`; those after the first `n_gifts` mean nothing, and the next month
            writes over all.
        n_gifts: rows of `gifts` in use.
        limits: what people could have given to those who asked, each a `LIMIT`, kept as `gifts` are.
        n_limits: rows of `limits` in use.
        met_in_homes: who were kept company in happiness homes this month.
        employment_lost: months of employment that carers lost this month.
    """

    def __init__(self) -> None:
        self.gifts = np.zeros(0, dtype=HAND_OVER)
        self.limits = np.zeros(0, dtype=LIMIT)
        self.open(np.zeros(0, dtype=np.uint32), np.zeros((0, 3), dtype=np.uint16))

    def open(self, rows: np.ndarray, need: np.ndarray) -> None:
        """Open a new month with its cases."""
        self.rows = rows
        self.need = need
        self.left = need.copy()
        self.received = np.zeros((len(rows), len(SOURCES)), dtype=np.uint16)
        self.n_gifts = self.n_limits = 0
        self.met_in_homes = 0
        self.employment_lost = 0.0
        self.make_room(len(rows) + 16)

    def make_room(self, more: int) -> None:
        """Make room for so many more hand-overs."""
        self.gifts = with_room(self.gifts, self.n_gifts, more)

    def hand_overs(self) -> np.ndarray:
        """Return the hand-overs so far as a table of whole numbers, shape (n_gifts, 7)."""
        known = self.gifts[: self.n_gifts]
        return np.array([known[name] for name in HAND_OVER.names or ()], dtype=np.int32).T

    def capacity(self, rows: int) -> np.ndarray:
        """Return the minutes that each person could have given so far to those who asked, by row."""
        capacity: np.ndarray = capacity_of_all(self.limits, self.n_limits, rows)
        return capacity

    def paid_minutes(self) -> np.ndarray:
        """Return the minutes of paid care that each case received this month, shape (m,)."""
        return self.received[:, FIRST_PAID:].sum(axis=1, dtype=np.int64)


@compiled
def with_room(gifts, k, more):
    """Return hand-overs or limits with room for so many more after the first `k`: the same, or a longer copy."""
    needed = k + more
    if needed <= len(gifts):
        return gifts
    room = np.empty(needed + needed // SPARE, dtype=gifts.dtype)
    room[:k] = gifts[:k]
    return room


@compiled
def enter(gifts, k, giver, case, relation, where, personal, instrumental, company):
    """Write a hand-over, minutes by task last, into place `k`."""
    gift = gifts[k]
    gift.giver, gift.case, gift.relation, gift.where = giver, case, relation, where
    gift.personal, gift.instrumental, gift.company = personal, instrumental, company


@compiled
def note_limit(limits, m, giver, minutes):
    """Write what somebody could give into place `m`."""
    limit = limits[m]
    limit.giver, limit.minutes = giver, minutes


@compiled
def note_limits(limits, m, givers, minutes):
    """Write what each of some people could give after the first `m` limits; return the limits and their number."""
    limits = with_room(limits, m, len(givers))
    for j in range(len(givers)):
        note_limit(limits, m + j, givers[j], minutes[j])
    return limits, m + len(givers)


@compiled
def capacity_of_all(limits, n_limits, rows):
    """Return what each of so many people could have given: the sum of the limits; who is none of them has no say."""
    capacity = np.zeros(rows, dtype=np.uint16)
    for m in range(n_limits):
        giver = np.uint32(limits[m].giver)
        if giver < np.uint32(rows):
            capacity[giver] += limits[m].minutes
    return capacity


@compiled
def minutes_by_task(gift):
    """Return the minutes of a hand-over by task, wide enough to be added up."""
    return np.int32(gift.personal), np.int32(gift.instrumental), np.int32(gift.company)


@compiled
def minutes_given(gift):
    """Return the minutes of a hand-over over all tasks."""
    return np.int32(gift.personal) + np.int32(gift.instrumental) + np.int32(gift.company)


@compiled
def hand_over(gifts, k, giver, case, relation, where, offer, first, last, left, received):
    """Let a giver do what is left of a case's tasks `first` to `last`, at most `offer` minutes.

    Writes the hand-over into place `k` of `gifts` if there is any; the caller then moves on to the next row.

    Returns:
        The minutes given.
    """
    personal, instrumental, company = left_by_task(left, case)
    care = _part(personal, offer, PERSONAL, first, last)
    help = _part(instrumental, offer - care, INSTRUMENTAL, first, last)
    talk = _part(company, offer - care - help, COMPANY, first, last)
    total = care + help + talk
    if total > 0:
        left[case, PERSONAL] -= care
        left[case, INSTRUMENTAL] -= help
        left[case, COMPANY] -= talk
        enter(gifts, k, giver, case, relation, where, care, help, talk)
        received[case, SOURCE_OF[relation]] += total
    return total


@compiled
def parts(offer, personal, instrumental, company):
    """Return the minutes of each task that an offer for all of them is spent on, the heaviest task first."""
    care = min(offer, personal)
    help = min(offer - care, instrumental)
    return care, help, min(offer - care - help, company)


@compiled
def _part(left, offer, task, first, last):
    """Return how many minutes of a task are done out of an offer for the tasks `first` to `last`."""
    return max(0, min(offer, left)) if first <= task <= last else 0


@compiled
def left_by_task(left, case):
    """Return the minutes of a case by task, wide enough to be added up."""
    return np.int64(left[case, PERSONAL]), np.int64(left[case, INSTRUMENTAL]), np.int64(left[case, COMPANY])


@compiled
def total_minutes(minutes, case):
    """Return the minutes of a case over all tasks, needed or left."""
    personal, instrumental, company = left_by_task(minutes, case)
    return personal + instrumental + company


@compiled
def is_able(i, n, state, disability, dementia):
    """Tell whether a person can care for others: in state 0 or 1 without dementia; kin off the register always."""
    if i >= n or (disability[i] <= 1 and dementia[i] == 0):
        return True
    return state[i] & LIVING_REGISTERED != LIVING_REGISTERED


@compiled
def is_left_behind(marks):
    """Tell whether an elder has children, all of whom live outside the township."""
    return marks & (HAS_CHILD | CHILD_IN_TOWNSHIP) == HAS_CHILD
