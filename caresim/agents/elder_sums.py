"""What the census adds up and counts over all resident elders: contacts, feelings, purses, marks, care homes."""

from __future__ import annotations

import numpy as np

from caresim.agents.home_choice import ORDINARY, priority_of
from caresim.agents.institutions import FIRST_WAITING, NO_HOME, OPEN, PRIVATE
from caresim.agents.people import INSTITUTION
from caresim.kernel.compiled import compiled

SAFE, NURSED, STAYED = 1, 2, 8
"""The value of `modified` of a home made safe; marks of `care_bed`."""


@compiled
def add_contacts(elders, disability, medical_missed, contacts, number, sums):
    """Add up the medical contacts that elders need, and the hundredths of them that they miss.

    `number` begins with the elders in states 0-3, 1-3, 2-3 and 3.
    """
    missed = limited = dependent = severe = 0
    for i in elders.view(np.uint64):
        part, state = np.int64(medical_missed[i]), disability[i]
        missed += part
        limited += part * (state > 0)
        dependent += part * (state > 1)
        severe += part * (state > 2)
    more = contacts[1:] - contacts[:-1]
    needed = contacts[0] * number[0] + more[0] * number[1] + more[1] * number[2]
    sums[0] = needed + more[2] * number[3]
    sums[1] = contacts[0] * missed + more[0] * limited + more[1] * dependent + more[2] * severe


@compiled
def add_feelings(elders, unmet, loneliness, ties, efficacy, sums):
    """Add up four columns over the elders."""
    left = alone = tied = effective = 0
    for i in elders.view(np.uint64):
        left += unmet[i]
        alone += loneliness[i]
        tied += ties[i]
        effective += efficacy[i]
    sums[0], sums[1], sums[2], sums[3] = left, alone, tied, effective


@compiled
def add_purses(elders, income, transfers, benefits, out_of_pocket, minimum, sums):
    """Add up fen that children gave, came in, were paid, were paid of public cash, and lack of the minimum.

    Count who lacks any of it, and who has public cash.
    """
    given = total = paid = cash = gap = np.int64(0)
    short = subsidised = 0
    for i in elders.view(np.uint64):
        came = max(np.int64(0), np.int64(income[i])) + transfers[i] + benefits[i]
        given += transfers[i]
        total += came
        paid += out_of_pocket[i]
        cash += min(out_of_pocket[i], benefits[i])
        gap += max(np.int64(0), minimum - came)
        short += came < minimum
        subsidised += benefits[i] != 0
    sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6] = (
        given, total, paid, cash, gap, short, subsidised,
    )  # fmt: skip


@compiled
def count_marks(elders, takes_up, pair, modified, care_bed, in_hospital, called_on, counts):
    """Count elders who take up what is due, have a pair, a safe home, a care bed, a stay, are in hospital, visited."""
    due = paired = safe = nursed = stayed = ill = visited = 0
    for i in elders.view(np.uint64):
        due += takes_up[i] != 0
        paired += pair[i] >= 0
        safe += modified[i] & SAFE != 0
        nursed += care_bed[i] & NURSED != 0
        stayed += care_bed[i] & STAYED != 0
        ill += in_hospital[i] != 0
        visited += called_on[i] > 0
    counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6] = (
        due, paired, safe, nursed, stayed, ill, visited,
    )  # fmt: skip


@compiled
def count_in_homes(elders, home, place, disability, means, closed, ownership, counts):
    """Count residents, basic targets of public care, those of them in homes built by the public, and who waits."""
    inside = basic = at_built = queue = 0
    for i in elders.view(np.uint64):
        h = home[i]
        if h != NO_HOME:
            queue += h <= FIRST_WAITING
            if h >= 0 and place[i] == INSTITUTION:
                inside += 1
                if priority_of(disability[i], means[i]) > ORDINARY:
                    basic += 1
                    at_built += closed[h] == OPEN and ownership[h] != PRIVATE
    counts[0], counts[1], counts[2], counts[3] = inside, basic, at_built, queue
