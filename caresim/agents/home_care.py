"""How care homes employ staff, care, learn and are watched: rules over their columns, and over their residents'."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.care import FULL
from caresim.agents.home_choice import probability
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

ADJUST = 0.2
"""Part of the way to the staff wanted that a home goes in a month."""
MOST_STAFF = 5.0
"""Most staff that a home keeps, over the standard."""
YEAR = 12


@compiled
def count_residents(rows, home, disability, standard, residents, required):
    """Write the residents of each home, and the minutes of staff that the standard asks for."""
    residents[:], required[:] = 0, 0
    for i in rows:
        residents[home[i]] += 1
        required[home[i]] += int(60.0 * standard[disability[i]])


@compiled
def employ(village, cash, staffing, thrift, required, staffed):
    """Let each home go part of the way to the staff that it wants, fewer if it owes money."""
    for h in range(len(required)):
        wanted = staffing[village[h]] * (thrift if cash[h] < 0 else 1.0) * required[h]
        known = np.float64(staffed[h]) if staffed[h] > 0 else wanted
        staffed[h] = np.int64(min(known + ADJUST * (wanted - known), MOST_STAFF * required[h]))


@compiled
def meet_needs(rows, home, disability, dementia, key, unmet, personal, instrumental, supervision, supervised_share,
               required, staffed, need, met, factor_word, supervision_word):  # fmt: skip
    """Meet the same part of the need of everybody in a home; what is not met is added to `unmet`."""
    need[:], met[:] = 0, 0
    for i in rows:
        h, hours = home[i], personal[disability[i]]
        if dementia[i] and uniform(supervision_word, key[i]) < supervised_share:
            hours += supervision
        factor = 0.8 + 0.4 * uniform(factor_word, key[i])
        needed = int(60.0 * hours * factor) + int(60.0 * instrumental[disability[i]] * factor)
        given = needed if staffed[h] >= required[h] else needed * staffed[h] // required[h]
        need[h] += needed
        met[h] += given
        unmet[i] += np.uint8(FULL * (needed - given) // max(1, needed) // 2)


@compiled
def quality_of(required, staffed, certified, inspected, loss):
    """Return a home's quality, 0-1.

    Args:
        required: minutes of staff that the standard asks for.
        staffed: minutes of staff.
        certified: share of certified carers.
        inspected: whether it was inspected within a year.
        loss: log odds that management without experience takes off.
    """
    staff = staffed / max(1, required) if required > 0 else 1.0
    overload = min(max(1.0 / max(staff, 1e-9) - 1.0, 0.0), 2.0) if staff > 0.0 else 2.0
    return probability(-0.5 + 1.5 * min(staff, 1.5) + certified + 0.5 * inspected - overload - loss)


@compiled
def care_for(rows, home, disability, dementia, key, unmet, standard, personal, instrumental, supervision,
             supervised_share, village, cash, inspected, experience, residents, required, staffed, need, met, quality,
             staffing, certified, thrift, inexperience, month, factor_word, supervision_word):  # fmt: skip
    """Employ staff, meet residents' needs as far as hours go, and settle the quality of each home."""
    count_residents(rows, home, disability, standard, residents, required)
    employ(village, cash, staffing, thrift, required, staffed)
    meet_needs(rows, home, disability, dementia, key, unmet, personal, instrumental, supervision, supervised_share,
               required, staffed, need, met, factor_word, supervision_word)  # fmt: skip
    for h in range(len(quality)):
        quality[h] = quality_of(
            required[h], staffed[h], certified[village[h]], inspected[h] > month - YEAR,
            inexperience * (1.0 - experience[h]),
        )  # fmt: skip


@compiled
def watch(key, is_open, village, residents, quality, star, inspected, incident, reputation, experience, rate, learning,
          risk, memory, month, incident_word, inspection_word):  # fmt: skip
    """Let incidents happen, inspect homes and rate them, let managers learn and word go round; return incidents."""
    struck = 0
    for h in range(len(key)):
        followed = rate[village[h]] > 0.0 and incident[h] == month - 1
        if is_open[h]:
            if uniform(incident_word, key[h]) < 1.0 - math.exp(
                residents[h] * math.log(1.0 - risk * (1.0 - quality[h]))
            ):
                incident[h] = month
                struck += 1
            if followed or uniform(inspection_word, key[h]) < rate[village[h]] / YEAR:
                inspected[h] = month
                star[h] = min(5, 1 + int(5.0 * quality[h]))
            experience[h] += (1.0 - experience[h]) * min(1.0, learning[village[h]] / YEAR)
        reputation[h] += (1.0 - memory) * (quality[h] - reputation[h])
    return struck
