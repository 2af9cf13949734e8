"""The social workers' station: its hours, its clients' stages, its groups, and what it has done this month.

A client passes six stages: reception, estimation, planning, intervention, evaluation, closing. The intervention is
case work (six contacts with one person) or group work (six weekly sessions). Staff minutes and the minutes that clients
spend with social workers are two ledgers: in a group one minute of staff is a minute of ten people.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from caresim.kernel.compiled import compiled

NOBODYS, RECEPTION, ESTIMATION, PLANNING, INTERVENTION, EVALUATION, CLOSING, FORMER = range(8)
"""Stages, bits 0-2 of the column `client`: the last stage whose work has begun; FORMER once the case is closed."""
STAGES = ("reception", "estimation", "planning", "intervention", "evaluation", "closing")
STAGE, GROUP_WORK, CONSOLIDATED = 7, 8, 16
"""Mask of the stage; marks of `client`: the method is group work; what the group changed is consolidated."""
SESSIONS = ("opening", "cognitive", "enjoyment", "technological", "communication", "consolidation")
"""What a group's sessions are for: an opening, four adjustments, a consolidation. Case work has as many contacts."""
WHOLE = len(SESSIONS)
OVER = WHOLE + 1
"""Sessions held, bits 0-3 of the column `sessions`, in the month of the last one, and from the next month on."""
HELD, CREDIT_BITS = 15, 4
CREDIT = 2 * WHOLE
"""Most credit, bits 4-7 of `sessions`: 2 for a session attended as planned, 1 for one that went otherwise."""
CASE, GROUP, COMMUNITY = range(3)
PURPOSES = ("case", "group", "community", "reports")
HOUR, HUNDRED = 60, 100
WORKER_MINUTES = 120 * HOUR
"""Minutes a social worker has for clients and villages in a month."""
LONGEST = 250
"""Months after which `client_clock` counts no further."""
(SPENT_ON_CASES, SPENT_ON_GROUPS, SPENT_ON_VILLAGES, SPENT_ON_REPORTS, CLIENT_MINUTES, SESSIONS_HELD, SCRIPTED,
 INVITED, ATTENDED, RECEIVED, WAITED, WAITING, COMPLETED, DROPPED, MINUTES, KNOWN, BEGUN, NEWEST,
 QUEUES) = range(19)  # fmt: skip
COUNTS = 19
"""What is counted while the work of a month goes on, in the order of `Done`, then the minutes that workers have;
besides clients, former ones too, at its beginning, groups that begin, the number of the newest, and queues."""


class Turn(NamedTuple):
    """A queue when clients were received: who stood in it, and who was received.

    Attributes:
        rank: priority and, within it, months waited, of each; the higher is received first.
        luck: lasting draw of each; among equals the lowest is received first.
        received: whether each was received.
    """

    rank: np.ndarray
    luck: np.ndarray
    received: np.ndarray


class Done(NamedTuple):
    """What the station did in one month.

    Attributes:
        minutes: staff minutes that its workers have.
        spent: staff minutes spent by purpose: case, group, community, reports.
        client_minutes: minutes that clients spent with social workers.
        sessions: sessions that groups held.
        scripted: those of them that went as planned.
        invited: members of the groups, counted once a session.
        attended: those of them who came.
        received: new clients.
        waited: months that they had waited, summed.
        waiting: people on the list after reception.
        completed: clients whose case was closed.
        dropped: clients who died, left, or lost the station before.
        sizes: members of each group that began.
        turns: the queues from which clients were received.
    """

    minutes: int = 0
    spent: Sequence[int] = (0,) * len(PURPOSES)
    client_minutes: int = 0
    sessions: int = 0
    scripted: int = 0
    invited: int = 0
    attended: int = 0
    received: int = 0
    waited: int = 0
    waiting: int = 0
    completed: int = 0
    dropped: int = 0
    sizes: Sequence[int] = ()
    turns: Sequence[Turn] = ()


class Room:
    """Arrays in which a month's work notes what was done, enough for so many elders, townships, and groups.

    Attributes:
        counts: what is counted, by the names above.
        sizes: members of each group that begins.
        rank: rank of those who stood in the queues, one queue after another.
        luck: draw of each.
        received: whether each was received.
        ends: where each queue ends, after a 0.
    """

    __slots__ = "all", "counts", "ends", "luck", "rank", "received", "sizes"

    def __init__(self, elders: int, townships: int, groups: int) -> None:
        self.counts, self.sizes = np.zeros(COUNTS, np.int64), np.empty(groups, np.int64)
        self.rank, self.luck = np.empty(elders, np.int16), np.empty(elders)
        self.received, self.ends = np.empty(elders, np.bool_), np.zeros(townships + 2, np.int64)
        self.all = self.counts, self.sizes, self.rank, self.luck, self.received, self.ends


class Station:
    """The county's social workers, the villages that they organise, and the visits that they set going.

    Attributes:
        done: what was done this month.
        in_use: whether there are workers, or clients that they have left.
        relieving: whether anybody's loneliness may have been relieved since the start.
        last_group: number of the group that began last.
        organised: hours of community work a month for 100 elders, as they add up over time, by village; None before
            there were any.
        reporting: staff minutes that reports which government has asked for will take, if all workers are paid.
        urgent: villages that government serves first because of what is reported from them; None if there are none.
        visits: visits made this month.
    """

    def __init__(self) -> None:
        self.done = Done()
        self.in_use = False
        self.relieving = False
        self.last_group = 0
        self.organised: np.ndarray | None = None
        self.reporting = 0
        self.urgent: np.ndarray | None = None
        self.visits = 0
        self._trust: np.ndarray | None = None

    def village_work(self, trust: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the trust of villages before there was community work, and the work that has added up."""
        if self.organised is None or self._trust is None:
            return trust.copy(), np.zeros(len(trust))
        return self._trust, self.organised

    def note_village_work(self, before: np.ndarray, organised: np.ndarray) -> None:
        """Keep what `village_work` told, once there is any work."""
        self._trust, self.organised = before, organised


@compiled
def spread_work(trust, before, organised, minutes, heads, rate, workers, speed, gain):
    """Move what villages have of community work towards this month's hours for 100 elders, and trust after it.

    Args:
        trust: trust by village.
        before: trust before there was any community work.
        organised: hours a month for 100 elders, as they add up over time, by village.
        minutes: staff minutes of community work this month.
        heads: resident elders by village.
        rate: workers for so many elders by village; in proportion to both the minutes are spent.
        workers: elders times workers of all villages.
        speed: part of the way from what a village had to this month's hours.
        gain: trust that each hour holds up.
    """
    for v in range(len(trust)):
        hours = HUNDRED * (minutes / HOUR * (heads[v] * rate[v]) / workers) / max(heads[v], 1)
        organised[v] += speed * (hours - organised[v])
        trust[v] = min(1.0, before[v] + gain * organised[v])
