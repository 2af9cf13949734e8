"""Where and how a care home is founded: its owner, site, beds and prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.agents.institutions import PRIVATE, PUBLIC, PUBLIC_BUILT
from caresim.agents.people import ELDER, LIVING_RESIDENT
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform

if TYPE_CHECKING:
    from caresim.agents.world import World

KEY = purpose("homes.key")
OWNER = purpose("homes.owner")
SITE = purpose("homes.site")
MEDICAL = purpose("homes.medical")
CHAIN = purpose("homes.chain")
IDLE = purpose("homes.idle")
NOWHERE = -1
"""No township: there is no building out of use."""


def elders_by_village(world: World) -> np.ndarray:
    """Count the resident elders of each village's register."""
    people = world.people
    return count_by_village(people["state"], people["village"], people.elders_end, len(world.territory))


@compiled
def count_by_village(state, village, n, n_villages):
    """Count the resident elders among the first `n` rows by village."""
    heads, elder = np.zeros(n_villages, dtype=np.int64), LIVING_RESIDENT | ELDER
    for i in range(n):
        if state[i] & elder == elder:
            heads[village[i]] += 1
    return heads


def target_beds(world: World, rules: Any) -> int:
    """Return the beds that government aims at for its elders."""
    return int(rules.bed_target * int(elders_by_village(world).sum()) / 10000.0 + 0.5)


def found_first(world: World, rules: Any) -> None:
    """Found the homes of the start: the beds that government aims at, at most those that there are in fact.

    They are open since the month before.
    """
    elders = int(elders_by_village(world).sum())
    beds = min(target_beds(world, rules), int(rules.start_beds * elders / 10000.0 + 0.5))
    if beds == 0:
        return
    number = max(1, int(beds / rules.mean_beds + 0.5))
    for k in range(number):
        h = found(world, rules, beds // number + (k < beds % number), world.start - 1, idle=NOWHERE)
        world.homes["experience"][h] = max(world.homes["experience"][h], rules.first_experience)


def found(world: World, rules: Any, beds: int, month: int, ownership: int | None = None,
          idle: int | None = None) -> int:  # fmt: skip
    """Found one home and return its number.

    It stands in a building out of use where one is handed over; else, as drawn, where elders lack beds or at the county
    seat. A chain brings experience, others have none yet.

    Args:
        world: the county.
        rules: parameters of the process `homes`.
        beds: its beds.
        month: when it opens.
        ownership: whose it is; by default drawn by the shares of ownership, public as long as public homes are fewer
            than required.
        idle: the township whose building out of use it takes; by default where elders lack beds most.
    """
    homes, draws = world.homes, world.draws
    key = next_key(world)
    if ownership is None:
        ownership = _owner(world, rules, uniform(draws.word(OWNER, 0), key))
    idle = idle_site(world) if idle is None else idle
    near = ownership == PUBLIC or uniform(draws.word(SITE, 0), key) < rules.near
    if idle != NOWHERE:
        x, y, village = _middle(world, idle)
    elif near:
        x, y, village = _middle(world, _fewest_beds(world))
    else:
        x, y, village = 0.0, 0.0, _nearest(world, 0.0, 0.0)
    nursing = world.by_village("homes.nursing_share")[village]
    chain = ownership == PRIVATE and in_chain(world, rules, key)
    return homes.add(
        np.array(rules.price) * rules.price_factor[ownership],
        key=key, ownership=ownership, village=village, x=x, y=y, opened=month, beds=beds,
        nursing=int(nursing * beds + 0.5), medical=uniform(draws.word(MEDICAL, 0), key) < rules.medical_share,
        chain=chain, idle=idle != NOWHERE, experience=rules.chain_experience if chain else 0.0,
    )  # fmt: skip


def next_key(world: World) -> Any:
    """Return the lasting name of the home that is founded next."""
    return world.draws.word(KEY, len(world.homes))


def in_chain(world: World, rules: Any, key: Any) -> bool:
    """Tell whether a private home is one for the chain: the more so the larger its share is to be."""
    return bool(uniform(world.draws.word(CHAIN, 0), key) < rules.chain_share)


def join_chain(world: World, rules: Any) -> None:
    """Let private homes join the chain until it has its share; it brings what its managers know."""
    homes = world.homes
    if rules.chain_share <= 0.0:
        return
    for h in np.flatnonzero(homes.open & (homes["ownership"] == PRIVATE) & ~homes["chain"]).tolist():
        if in_chain(world, rules, homes["key"][h]):
            homes["chain"][h] = True
            homes["experience"][h] = max(homes["experience"][h], rules.chain_experience)


def idle_site(world: World) -> int:
    """Return the township with a free building out of use, of several the one that lacks beds most; else nowhere."""
    share = world.by_village("homes.idle_share")
    if not share.any():
        return NOWHERE
    homes, township = world.homes, world.territory.township
    free = np.zeros(int(township.max()) + 1, dtype=np.bool_)
    word = world.draws.word(IDLE, 0)
    for t in np.unique(township).tolist():
        free[t] = uniform(word, np.uint64(t)) < share[township == t][0]
    free[township[homes["village"][homes.open & homes["idle"]]]] = False
    return _fewest_beds(world, free) if free.any() else NOWHERE


def _owner(world: World, rules: Any, luck: float) -> int:
    homes = world.homes
    public = int(np.count_nonzero(homes.open & (homes["ownership"] == PUBLIC)))
    if public < rules.public_least or luck < rules.ownership[PUBLIC]:
        return PUBLIC
    return PUBLIC_BUILT if luck < rules.ownership[PUBLIC] + rules.ownership[PUBLIC_BUILT] else PRIVATE


def _fewest_beds(world: World, among: np.ndarray | None = None) -> int:
    """Return the township with the most elders for each bed that it has, of all or of some."""
    homes, territory = world.homes, world.territory
    elders = np.bincount(territory.township, weights=elders_by_village(world))
    at = territory.township[homes["village"]]
    in_township = (homes["x"] != 0.0) | (homes["y"] != 0.0)
    beds = np.bincount(at, weights=homes["beds"] * homes.open * in_township, minlength=len(elders))
    lack = elders / (1.0 + beds)
    return int(np.argmax(lack if among is None else np.where(among, lack, -1.0)))


def _middle(world: World, township: int) -> tuple[float, float, int]:
    """Return the middle of a township, and the nearest of its villages."""
    territory = world.territory
    here = np.flatnonzero(territory.township == township)
    x, y = float(territory.x[here].mean()), float(territory.y[here].mean())
    return x, y, int(here[np.argmin((territory.x[here] - x) ** 2 + (territory.y[here] - y) ** 2)])


def _nearest(world: World, x: float, y: float) -> int:
    return int(np.argmin((world.territory.x - x) ** 2 + (world.territory.y - y) ** 2))
