"""How care homes employ staff, care, learn and are watched: rules over their table and their residents' columns."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.care import FULL
from caresim.agents.home_choice import probability
from caresim.agents.institutions import OPEN
from caresim.agents.lasting_need import LEAST, SPREAD
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

ADJUST = 0.2
"""Part of the way to the staff wanted that a home goes in a month."""
MOST_STAFF = 5.0
"""Most staff that a home keeps, over the standard."""
YEAR = 12


@compiled
def count_residents(table, rows, home, disability, states):
    """Write the residents of each home, and the minutes of staff that the standard asks for."""
    for h in range(len(table)):
        table[h].residents, table[h].required = 0, 0
    for i in rows:
        where = table[home[i]]
        where.residents += 1
        where.required += int(60.0 * states[disability[i]].standard)


@compiled
def employ(table, county, villages):
    """Let each home go part of the way to the staff that it wants, fewer if it owes money."""
    for h in range(len(table)):
        home = table[h]
        wanted = (
            villages[home.village].staffing * (county[0].thrift if home.cash < 0 else 1.0) * home.required
        )
        known = np.float64(home.staffed) if home.staffed > 0 else wanted
        home.staffed = np.int64(min(known + ADJUST * (wanted - known), MOST_STAFF * home.required))


@compiled
def meet_needs(
    table, rows, home, disability, dementia, key, unmet, county, states, factor_word, supervision_word
):
    """Meet the same part of the need of everybody in a home; what is not met is added to `unmet`."""
    for h in range(len(table)):
        table[h].need, table[h].met = 0, 0
    for i in rows:
        where, hours = table[home[i]], states[disability[i]].personal
        if dementia[i] and uniform(supervision_word, key[i]) < county[0].supervised_share:
            hours += county[0].supervision
        factor = LEAST + SPREAD * uniform(factor_word, key[i])
        needed = int(60.0 * hours * factor) + int(60.0 * states[disability[i]].instrumental * factor)
        given = needed if where.staffed >= where.required else needed * where.staffed // where.required
        where.need += needed
        where.met += given
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
def care_for(table, rows, home, disability, dementia, key, unmet, county, villages, states, factor_word,
             supervision_word, month):  # fmt: skip
    """Employ staff, meet residents' needs as far as hours go, and settle the quality of each home."""
    count_residents(table, rows, home, disability, states)
    employ(table, county, villages)
    meet_needs(
        table, rows, home, disability, dementia, key, unmet, county, states, factor_word, supervision_word
    )
    for h in range(len(table)):
        one = table[h]
        one.quality = quality_of(
            one.required, one.staffed, villages[one.village].certified, one.inspected > month - YEAR,
            county[0].inexperience * (1.0 - one.experience),
        )  # fmt: skip


@compiled
def watch(table, county, villages, month, incident_word, inspection_word):
    """Let incidents happen, inspect homes and rate them, let managers learn and word go round; return incidents."""
    struck = 0
    for h in range(len(table)):
        home, here = table[h], villages[table[h].village]
        followed = here.inspection_rate > 0.0 and home.incident == month - 1
        if home.closed == OPEN:
            risk = county[0].incident * (1.0 - home.quality)
            if uniform(incident_word, home.key) < 1.0 - math.exp(home.residents * math.log(1.0 - risk)):
                home.incident = month
                struck += 1
            if followed or uniform(inspection_word, home.key) < here.inspection_rate / YEAR:
                home.inspected = month
                home.star = min(5, 1 + int(5.0 * home.quality))
            home.experience += (1.0 - home.experience) * min(1.0, here.learning / YEAR)
        home.reputation += (1.0 - county[0].memory) * (home.quality - home.reputation)
    return struck
