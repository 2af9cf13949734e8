"""Where and how a care home is founded: its owner, site, beds and prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.agents.institutions import PRIVATE, PUBLIC, PUBLIC_BUILT
from caresim.agents.people import ELDER, LIVING_RESIDENT
from caresim.kernel.draws import purpose, uniform

if TYPE_CHECKING:
    from caresim.agents.world import World

KEY = purpose("homes.key")
OWNER = purpose("homes.owner")
SITE = purpose("homes.site")
MEDICAL = purpose("homes.medical")


def elders_by_village(world: World) -> np.ndarray:
    """Count the resident elders of each village's register."""
    people = world.people
    rows = people.who(LIVING_RESIDENT | ELDER)
    return np.bincount(people["village"][rows], minlength=len(world.territory))


def target_beds(world: World, rules: Any) -> int:
    """Return the beds that government aims at for its elders."""
    return int(rules.bed_target * int(elders_by_village(world).sum()) / 10000.0 + 0.5)


def found_first(world: World, rules: Any) -> None:
    """Found the homes of the start: the beds that government aims at, at most those that there are in fact."""
    elders = int(elders_by_village(world).sum())
    beds = min(target_beds(world, rules), int(rules.start_beds * elders / 10000.0 + 0.5))
    if beds == 0:
        return
    number = max(1, int(beds / rules.mean_beds + 0.5))
    for k in range(number):
        found(world, rules, beds // number + (k < beds % number), world.start)


def found(world: World, rules: Any, beds: int, month: int, ownership: int | None = None) -> int:
    """Found one home and return its number.

    Args:
        world: the county.
        rules: parameters of the process `homes`.
        beds: its beds.
        month: when it opens.
        ownership: whose it is; by default drawn by the shares of ownership, public as long as public homes are fewer
            than required.
    """
    homes, draws = world.homes, world.draws
    key = draws.word(KEY, len(homes))
    if ownership is None:
        ownership = _owner(world, rules, uniform(draws.word(OWNER, 0), key))
    near = ownership == PUBLIC or uniform(draws.word(SITE, 0), key) < rules.near
    x, y, village = _where_elders_are(world) if near else (0.0, 0.0, _nearest(world, 0.0, 0.0))
    nursing = world.by_village("homes.nursing_share")[village]
    return homes.add(
        np.array(rules.price) * rules.price_factor[ownership],
        key=key, ownership=ownership, village=village, x=x, y=y, opened=month, beds=beds,
        nursing=int(nursing * beds + 0.5), medical=uniform(draws.word(MEDICAL, 0), key) < rules.medical_share,
    )  # fmt: skip


def _owner(world: World, rules: Any, luck: float) -> int:
    homes = world.homes
    public = int(np.count_nonzero(homes.open & (homes["ownership"] == PUBLIC)))
    if public < rules.public_least or luck < rules.ownership[PUBLIC]:
        return PUBLIC
    return PUBLIC_BUILT if luck < rules.ownership[PUBLIC] + rules.ownership[PUBLIC_BUILT] else PRIVATE


def _where_elders_are(world: World) -> tuple[float, float, int]:
    """Return the middle of the township with the most elders for each bed that it has, and the village nearest."""
    homes, territory = world.homes, world.territory
    elders = np.bincount(territory.township, weights=elders_by_village(world))
    at = territory.township[homes["village"]]
    in_township = (homes["x"] != 0.0) | (homes["y"] != 0.0)
    beds = np.bincount(at, weights=homes["beds"] * homes.open * in_township, minlength=len(elders))
    township = int(np.argmax(elders / (1.0 + beds)))
    here = territory.township == township
    x, y = float(territory.x[here].mean()), float(territory.y[here].mean())
    return x, y, _nearest(world, x, y)


def _nearest(world: World, x: float, y: float) -> int:
    return int(np.argmin((world.territory.x - x) ** 2 + (world.territory.y - y) ** 2))
