"""Schemes: which services are planned for an elder, by state and situation, and which a social worker has linked.

A scheme is drawn up by an office after the assessment of an elder who is limited, or by a social worker once the work
with a client is planned. It is a list of services, not of hours; it is brought up to date every month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.care import ALONE, DEPRIVED, FULL, LAST_FAMILY, LONELY, is_left_behind
from caresim.agents.clients import marked
from caresim.agents.lifetimes import LIMITED, MODERATE, SEVERE
from caresim.agents.people import INSTITUTION, age_in_years
from caresim.agents.social_work import PLANNING, STAGE
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform, uniform_k

if TYPE_CHECKING:
    from caresim.agents.world import World

SCHEME = purpose("care_schemes.scheme")
LINK = purpose("care_schemes.link")
SERVICES = ("care", "meals", "visits", "respite", "home", "social_work", "volunteers")
CARE, MEALS, VISITS, RESPITE, SAFE_HOME, SOCIAL_WORK, VOLUNTEERS, DRAWN_UP = (1 << k for k in range(8))
"""Marks of the column `scheme`: hours of care workers, meals, visits, respite of the family, a safe home, a social
worker, volunteers; and that there is a scheme."""
LINKABLE = MEALS | VISITS | VOLUNTEERS
"""Services with which a social worker can link a client; what is due in cash and hours, clients take up anyway."""
OLDEST_OLD_FROM = 80


@compiled
def services_for(assessed, arrangement, very_old, unmet, bereaved, mood, main_relation):
    """Return the marks of the services that are planned for an elder."""
    alone, limited, moderate = arrangement & ALONE != 0, assessed >= LIMITED, assessed >= MODERATE
    by_family = (main_relation >= 1) & (main_relation <= LAST_FAMILY + 1)
    low = bereaved | (unmet > DEPRIVED * FULL) | (mood & LONELY != 0)
    return (
        CARE * np.int64(moderate)
        | MEALS * np.int64(moderate | (alone & (limited | very_old)))
        | VISITS * np.int64(alone | is_left_behind(arrangement))
        | RESPITE * np.int64((assessed >= SEVERE) & by_family)
        | SAFE_HOME * np.int64(limited)
        | SOCIAL_WORK * np.int64(low)
        | VOLUNTEERS * np.int64(alone | limited)
    )


@compiled
def linked_with(plan, key, chance, word):
    """Return the marks of the planned services with which a client is linked, by lasting draws."""
    found = 0
    for service in (MEALS, VISITS, VOLUNTEERS):
        found |= plan & (service * np.int64(uniform_k(word, key, service) < chance))
    return found


@compiled
def draw_up(elders, n, offices, scheme, linked, client, assessed, arrangement, born, unmet, widowed, mood,
            main_relation, place, village, key, month, share, linking, grief, scheme_word, link_word):  # fmt: skip
    """Write the columns `scheme` and `linked`; nobody has a scheme but resident elders.

    Where `offices` draw any up, they do so for a share of the limited elders of a village, social workers for every
    client whose case is planned, and link these with what is planned; lasting draws decide about both. `share` and
    `linking` are by village; a social worker is planned for the bereaved up to `grief` months.
    """
    scheme[:n] = 0
    linked[:n] = 0
    for row in elders if offices else marked(client, n).astype(elders.dtype):
        i = np.uint64(row)
        known = client[i] & STAGE >= PLANNING
        if not (known or by_office(i, assessed, village, key, share, scheme_word)) or place[i] == INSTITUTION:
            continue
        plan = services_for(
            assessed[i], arrangement[i], age_in_years(month, born[i]) >= OLDEST_OLD_FROM, unmet[i],
            widowed[i] >= month - grief, mood[i], main_relation[i],
        )  # fmt: skip
        scheme[i] = plan | DRAWN_UP
        if known and linking[village[i]] > 0.0:
            linked[i] = linked_with(plan, key[i], linking[village[i]], link_word)


@compiled
def by_office(i, assessed, village, key, share, word):
    """Tell whether an office draws up a scheme for an elder: one assessed as limited, by a lasting draw."""
    most = share[village[i]]
    return most > 0.0 and assessed[i] >= LIMITED and uniform(word, key[i]) < most


def office_schemes(world: World) -> int:
    """Count the elders for whom offices draw up a scheme."""
    people = world.people
    return int(_count_by_office(world.elders, *(people[name] for name in ("assessed", "place", "village", "key")),
                                world.by_village("care_schemes.share"), world.draws.word(SCHEME, 0)))  # fmt: skip


@compiled
def _count_by_office(elders, assessed, place, village, key, share, word):
    found = 0
    for i in elders:
        found += place[i] != INSTITUTION and by_office(i, assessed, village, key, share, word)
    return found


def links(world: World) -> np.ndarray:
    """Return the marks of the services with which social workers have linked each row; zeros in a run without."""
    found = world.people.arrays.get("linked")
    if found is not None:
        return found
    size = world.people.kin_start
    nothing: np.ndarray = world.once("schemes.no_links", size, lambda: np.zeros(size, dtype=np.uint8))
    return nothing
