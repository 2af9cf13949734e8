"""What the census adds up and counts over all resident elders: contacts, feelings, purses, marks, care homes."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import is_left_behind
from caresim.agents.home_choice import ORDINARY, priority_of
from caresim.agents.institutions import FIRST_WAITING, NO_HOME, OPEN, PRIVATE
from caresim.agents.people import INSTITUTION
from caresim.kernel.compiled import compiled

SAFE, NURSED, STAYED = 1, 2, 8
"""The value of `modified` of a home made safe; marks of `care_bed`."""


@compiled
def mark_rows(elders):
    """Return 1 for each elder's row and 0 for every other one up to the last elder's: columns are read in sequence."""
    here = np.zeros(elders[-1] + 1 if len(elders) else 0, dtype=np.uint8)
    for i in elders:
        here[i] = 1
    return here


@compiled
def add_contacts(here, disability, medical_missed, contacts, number, sums):
    """Add up the medical contacts that elders need, and the hundredths of them that they miss.

    `number` begins with the elders in states 0-3, 1-3, 2-3 and 3.
    """
    missed = limited = dependent = severe = np.int64(0)
    for i in range(len(here)):
        part, state = np.int32(medical_missed[i]) * np.int32(here[i]), disability[i]
        missed += part
        limited += part * np.int32(state > 0)
        dependent += part * np.int32(state > 1)
        severe += part * np.int32(state > 2)
    more = contacts[1:] - contacts[:-1]
    needed = contacts[0] * number[0] + more[0] * number[1] + more[1] * number[2]
    sums[0] = needed + more[2] * number[3]
    sums[1] = contacts[0] * missed + more[0] * limited + more[1] * dependent + more[2] * severe


@compiled
def add_feelings(here, unmet, loneliness, ties, efficacy, sums):
    """Add up four columns over the elders."""
    left = alone = tied = effective = np.int64(0)
    for i in range(len(here)):
        elder = np.int32(here[i])
        left += np.int32(unmet[i]) * elder
        alone += np.int32(loneliness[i]) * elder
        tied += np.int32(ties[i]) * elder
        effective += np.int32(efficacy[i]) * elder
    sums[0], sums[1], sums[2], sums[3] = left, alone, tied, effective


@compiled
def add_purses(here, income, transfers, benefits, out_of_pocket, minimum, sums):
    """Add up fen that children gave, came in, were paid, were paid of public cash, and lack of the minimum.

    Count who lacks any of it, and who has public cash. Nobody's month comes to 2^31 fen.
    """
    given = total = paid = cash = gap = np.int64(0)
    short = subsidised = np.int32(0)
    least, nothing = np.int32(minimum), np.int32(0)
    for i in range(len(here)):
        elder = np.int32(here[i])
        gift, public, bill = transfers[i] * elder, benefits[i] * elder, out_of_pocket[i] * elder
        came = np.int32(max(nothing, income[i]) * elder + gift + public)
        given += np.int32(gift)
        total += came
        paid += np.int32(bill)
        cash += np.int32(min(bill, public))
        gap += np.int32(max(nothing, np.int32(least - came)) * elder)
        short += np.int32(came < least) * elder
        subsidised += np.int32(public != 0)
    sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6] = (
        given, total, paid, cash, gap, short, subsidised,
    )  # fmt: skip


@compiled
def count_marks(here, arrangement, takes_up, pair, modified, care_bed, in_hospital, called_on, counts):
    """Count elders who take up what is due, have a pair, a safe home, a care bed, a stay, are in hospital.

    Last those who are left behind and visited; linked elders are visited too, but have no part in this count.
    """
    due = paired = safe = nursed = stayed = ill = visited = np.int32(0)
    for i in range(len(here)):
        elder = here[i]
        due += np.int32((takes_up[i] != 0) & elder)
        safe += np.int32((modified[i] & SAFE != 0) & elder)
        nursed += np.int32((care_bed[i] & NURSED != 0) & elder)
        stayed += np.int32((care_bed[i] & STAYED != 0) & elder)
        ill += np.int32((in_hospital[i] != 0) & elder)
        visited += np.int32((called_on[i] > 0) & is_left_behind(arrangement[i]) & elder)
    for i in range(len(here)):  # a column of four bytes apart, so that those of one byte go fast
        paired += np.int32((pair[i] >= 0) & (here[i] != 0))
    counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6] = (
        due, paired, safe, nursed, stayed, ill, visited,
    )  # fmt: skip


@compiled
def count_in_homes(here, home, place, disability, means, homes, counts):
    """Count residents, basic targets of public care, those of them in homes built by the public, and who waits."""
    inside = basic = at_built = queue = 0
    for i in _concerned(home, len(here)):
        h = home[i]
        if here[i] != 0:
            queue += (h != NO_HOME) & (h <= FIRST_WAITING)
            if h >= 0 and place[i] == INSTITUTION:
                inside += 1
                if priority_of(disability[i], means[i]) > ORDINARY:
                    basic += 1
                    at_built += homes[h].closed == OPEN and homes[h].ownership != PRIVATE
    counts[0], counts[1], counts[2], counts[3] = inside, basic, at_built, queue


@compiled
def _concerned(home, n):
    """Return the rows below `n` whose home is not `NO_HOME`, found without a branch: first words of four rows."""
    words = home[: n // 4 * 4].view(np.int64)
    rows, filled, m, found = np.empty(n + 1, dtype=np.uint32), np.empty(n // 4 + 1, dtype=np.uint32), 0, 0
    for w in range(len(words)):
        filled[m] = w
        m += words[w] != NO_HOME  # four rows of -1 are -1, too
    for at in range(m):
        for i in range(np.uint64(4) * filled[at], np.uint64(4) * filled[at] + np.uint64(4)):
            rows[found] = i
            found += home[i] != NO_HOME
    for i in range(4 * len(words), n):
        rows[found] = i
        found += home[i] != NO_HOME
    return rows[:found]
