"""The quick look at people: does any row break a law. It names nobody; the laws themselves do, when it finds something.

A column that nobody keeps has no rows here, so that each law is looked at wherever its columns are kept.
"""

from __future__ import annotations

import numpy as np

from caresim.agents.institutions import FIRST_WAITING, OPEN
from caresim.agents.people import (
    ALIVE,
    ELDER,
    INSTITUTION,
    LIVING_REGISTERED,
    LIVING_RESIDENT,
    NOBODY,
    PRESENT,
    REGISTERED,
    VILLAGE,
)
from caresim.agents.schemes import LINKABLE
from caresim.agents.social_work import GROUP_WORK, HELD, INTERVENTION, STAGE, WHOLE
from caresim.agents.time_bank import LOST, POOL
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import ODD_A, S32

LONGEST_LIFE = 130 * 12
RESIDENT_ELDER = LIVING_RESIDENT | ELDER
IN_GROUP, METHOD = INTERVENTION | GROUP_WORK, STAGE | GROUP_WORK
NOTHING = np.uint64(0)
NO_HOME_FOUR_TIMES = np.uint64(0xFFFFFFFFFFFFFFFF)
NO_ROW = np.uint32(0xFFFFFFFF)
"""`NOBODY`, read as unsigned."""
OF_ALIVE, OF_PRESENT, OF_REGISTERED = (
    np.uint64(bits.bit_length() - 1) for bits in (ALIVE, PRESENT, REGISTERED)
)
"""Places of bits of `state`."""
ONE_EIGHT_TIMES, EVEN_BYTES = np.uint64(0x0101010101010101), np.uint64(0x00FF00FF00FF00FF)
ONE_FOUR_TIMES = np.uint64(0x0001000100010001)
BLOCK = 128
"""Eights of people who are counted together."""
PEOPLE = (
    ("state", np.uint8), ("place", np.uint8), ("household", np.int32), ("spouse", np.int32), ("born", np.int16),
)  # fmt: skip
ELDERS = (
    ("pair", np.int32), ("benefits", np.int32), ("out_of_pocket", np.int32),
    ("takes_up", np.uint8), ("savings", np.int32), ("home", np.int16), ("scheme", np.uint8), ("linked", np.uint8),
    ("client", np.uint8), ("sessions", np.uint8), ("group_number", np.uint16),
)  # fmt: skip
"""Columns that are looked at, with their types."""


@compiled
def look_at_people(state, place, household, spouse, born, pair, benefits, out_of_pocket, takes_up, savings, home,
                   scheme, linked, client, sessions, group_number, homes, balances, accounts, n, kin_start, kin_end,
                   n_households, month, elders_end, to_elders, for_care, of_elders, of_homes):  # fmt: skip
    """Look at all people, at the money that stands with them and with homes, and at the accounts of the time bank.

    Returns:
        Whether a law of people is broken; whether another law is broken; residents; living registered people.
    """
    strange = suspects(state, place, household, spouse, born, n, kin_start, kin_end, n_households, month)
    residents, registered = living(state, n)
    found = one_sided_pairs(pair[:elders_end], state) | coins_differ(balances, accounts)
    money = out_of_pocket[:elders_end], takes_up, state, to_elders, for_care
    found |= len(benefits) > 0 and payments_differ(benefits[:elders_end], *money)
    found |= len(savings) > 0 and savings_differ(savings[:elders_end], state, of_elders)
    found |= len(home) > 0 and homes_differ(home[:elders_end], state, place, household, homes, of_homes)
    found |= strays_in_schemes(scheme[:elders_end], linked, state, place)
    found |= stray_clients(client[:elders_end], sessions, group_number, state)
    return strange, found, residents, registered


@compiled
def living(state, n):
    """Count living residents and living registered people; eight are read together."""
    residents, registered, whole = 0, 0, n // 8 * 8
    eights = state[:whole].view(np.uint64)
    for start in range(0, len(eights), BLOCK):
        here, listed = NOTHING, NOTHING
        for word in eights[start : start + BLOCK]:  # a byte counts up to a block
            alive = word >> OF_ALIVE & ONE_EIGHT_TIMES
            here += alive & word >> OF_PRESENT
            listed += alive & word >> OF_REGISTERED
        residents += sum_of_bytes(here)
        registered += sum_of_bytes(listed)
    for i in range(whole, n):
        residents += state[i] & LIVING_RESIDENT == LIVING_RESIDENT
        registered += state[i] & LIVING_REGISTERED == LIVING_REGISTERED
    return residents, registered


@compiled
def sum_of_bytes(word):
    """Return the sum of the eight bytes of a word."""
    pairs = (word & EVEN_BYTES) + (word >> np.uint64(8) & EVEN_BYTES)
    return np.int64(pairs * ONE_FOUR_TIMES >> np.uint64(48))


@compiled
def suspects(state, place, household, spouse, born, n, kin_start, kin_end, n_households, month):
    """Tell whether a row breaks a law of people."""
    found = False
    for i in range(n):  # without a branch, several at once
        bits, h = state[i], household[i]
        present, in_home = bits & PRESENT != 0, place[i] == INSTITUTION
        lawful = (bits & LIVING_REGISTERED == LIVING_REGISTERED) & ((place[i] == VILLAGE) | in_home)
        lawful &= (h < n_households) & ((h >= 0) | in_home)
        timely = (born[i] <= month) & ((born[i] >= month - LONGEST_LIFE) | (bits & ALIVE == 0))
        found |= (not (lawful if present else h == NOBODY)) | (not timely)
    return found | one_sided_couples(spouse, state, n, kin_start, kin_end)


@compiled
def one_sided_couples(spouse, state, n, kin_start, kin_end):
    """Tell whether a spouse's spouse is another or nobody's row, or somebody married is dead.

    Kin count if they are married to the registered, which is the same for both if each is the other's spouse.
    """
    rest, dead = couples(spouse[:n], state, np.uint32(0), NO_ROW)
    of_kin, dead_kin = couples(
        spouse[kin_start:kin_end], state[kin_start:kin_end], np.uint32(kin_start), np.uint32(n)
    )
    return (rest + of_kin != NOTHING) | dead | dead_kin


@compiled
def couples(spouse, state, first, end):
    """Sum the couples of those whose spouse's row is below an end, and tell whether one of these people is dead.

    A couple is a scrambled number of both rows, added by the first and subtracted by the second. So the sum is 0 if
    each is the other's spouse, and hardly ever if not: once in 10**19 times.
    """
    rest, dead = NOTHING, np.uint8(0)
    for j in range(len(spouse)):  # without a branch, several at once
        me, mate = first + np.uint32(j), np.uint32(spouse[j])
        couple = scrambled(min(me, mate), max(me, mate))
        rest += NOTHING if (mate >= end) | (mate == me) else couple if me < mate else NOTHING - couple
    for j in range(len(spouse)):  # in steps of fewer bytes
        dead |= np.uint8(np.uint32(spouse[j]) < end) & ~(state[j] >> np.uint8(OF_ALIVE))
    return rest, dead != 0


@compiled
def scrambled(one, other):
    """Return two rows as one scrambled number."""
    word = ((np.uint64(one) << S32) | np.uint64(other)) * ODD_A
    word ^= word >> S32
    return word * word


@compiled
def one_sided_pairs(pair, state):
    """Tell whether anybody is half of a pair that is not one of two resident elders, from both sides."""
    rows, strays = np.uint32(len(pair)), np.uint8(0)
    rest, _ = couples(pair, state, np.uint32(0), rows)
    for j in range(len(pair)):  # without a branch, several at once
        other = np.uint32(pair[j])
        strays |= np.uint8((other != NO_ROW) & ((other >= rows) | (other == np.uint32(j))))
    for j in range(len(pair)):  # in steps of fewer bytes
        strays |= np.uint8(pair[j] != NOBODY) & np.uint8(state[j] & RESIDENT_ELDER != RESIDENT_ELDER)
    return (rest != NOTHING) | (strays != 0)


@compiled
def coins_differ(balances, accounts):
    """Tell whether people's coins and the bank's accounts do not add up to 0, or one is below zero that must not be."""
    total, signs = np.int64(0), np.int32(0)
    for balance in balances:
        total += balance
        signs |= balance
    for account in accounts:
        total += account
    return (total != 0) | (signs < 0) | (accounts[POOL] < 0) | (accounts[LOST] < 0)


@compiled
def payments_differ(benefits, out_of_pocket, takes_up, state, to_elders, for_care):
    """Tell whether people's columns are not what the ledger says, below zero, or with whom they must not be."""
    received, paid, signs, others = np.int64(0), np.int64(0), np.int32(0), np.uint8(0)
    for i in range(len(benefits)):  # without a branch, several at once
        received += benefits[i]
        paid += out_of_pocket[i]
        signs |= benefits[i] | out_of_pocket[i]
    lawful = np.uint8(RESIDENT_ELDER)
    for i in range(len(benefits)):  # in steps of a byte, several at once
        others |= np.uint8(benefits[i] != 0) & np.uint8((state[i] & lawful != lawful) | (takes_up[i] == 0))
    return (received != to_elders) | (paid != for_care) | (signs < 0) | (others != 0)


@compiled
def savings_differ(savings, state, of_elders):
    """Tell whether all savings are not what the ledger says, somebody's are below -1, or others have some."""
    saved, unlawful = np.int64(0), np.uint8(0)
    for i in range(len(savings)):  # without a branch, several at once
        saved += max(savings[i], np.int32(0))
    for i in range(len(savings)):
        gone = np.uint8(state[i] & LIVING_REGISTERED != LIVING_REGISTERED)
        unlawful |= np.uint8(savings[i] < -1) | (np.uint8(savings[i] > 0) & gone)
    return (saved != of_elders) | (unlawful != 0)


@compiled
def homes_differ(home, state, place, household, homes, of_homes):
    """Tell whether a law of beds is broken or the homes' cash is not the ledger's; four people are read together."""
    inside, found = np.zeros(len(homes), dtype=np.int64), False
    whole = len(home) // 4 * 4
    fours = home[:whole].view(np.uint64)
    for f in range(len(fours)):
        if fours[f] != NO_HOME_FOUR_TIMES:
            for i in range(4 * f, 4 * f + 4):
                found |= is_stray(i, home, state, place, household, homes, inside)
    for i in range(whole, len(home)):
        found |= is_stray(i, home, state, place, household, homes, inside)
    left = np.int64(of_homes)
    for h in range(len(homes)):
        found |= inside[h] > homes[h].beds
        left -= homes[h].cash
    return found | ((len(homes) > 0) & (left != 0))


@compiled
def is_stray(i, home, state, place, household, homes, inside):
    """Tell whether a person breaks a law of beds; count the resident of a home."""
    h = np.int64(home[i])
    if h == -1 or state[i] & LIVING_RESIDENT != LIVING_RESIDENT:
        return False
    if h >= len(homes) or FIRST_WAITING - h >= len(homes):
        return True
    if h < 0:
        return False
    inside[h] += 1
    there = (state[i] & ELDER != 0) & (place[i] == INSTITUTION) & (household[i] == NOBODY)
    return (not there) | (homes[h].closed != OPEN)


@compiled
def strays_in_schemes(scheme, linked, state, place):
    """Tell whether a law of schemes is broken."""
    found = np.uint8(0)
    for i in range(len(scheme)):  # without a branch, several at once
        nowhere = (state[i] & RESIDENT_ELDER != RESIDENT_ELDER) | (place[i] == INSTITUTION)
        found |= np.uint8((scheme[i] != 0) & nowhere) | (linked[i] & ~(scheme[i] & np.uint8(LINKABLE)))
    return found != 0


@compiled
def stray_clients(client, sessions, number, state):
    """Tell whether a client is gone, or somebody is in a group who is not in group work."""
    found = False
    for i in range(len(client)):  # without a branch, several at once
        lost = (client[i] != 0) & (state[i] & LIVING_RESIDENT != LIVING_RESIDENT)
        elsewhere = client[i] & METHOD != IN_GROUP
        found |= lost | ((number[i] != 0) & (elsewhere | (sessions[i] & HELD > WHOLE)))
    return found
