"""Who founds care homes: government as far as it was granted the money, founders as far as they expect a profit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.agents.founding import found, idle_site, in_chain, next_key
from caresim.agents.institutions import FIRST_WAITING, PRIVATE, PUBLIC, PUBLIC_BUILT
from caresim.agents.money import FEN
from caresim.kernel.clock import year_of

if TYPE_CHECKING:
    from caresim.agents.institutions import Homes
    from caresim.agents.world import World

BUILDS = "bed_target"
"""The measure that pays for beds which government has built."""
GRANT_MONTHS = 120.0
USUAL_OCCUPANCY = 0.45
"""What founders expect where there is no home yet."""


def missing_beds(world: World, rules: Any, elders: int) -> int:
    """Return how many beds are missing to government's target."""
    homes = world.homes
    staying = homes.open & ~homes["closing"]
    return max(0, int(rules.bed_target * elders / 10000.0 + 0.5) - int(homes["beds"][staying].sum()))


def wished_beds(rules: Any, missing: int) -> int:
    """Return how many of the beds that are missing government sets out to build this year."""
    return int(rules.build_share * missing + 0.5)


def bed_price(world: World, rules: Any, beds: int) -> float:
    """Return the yuan that government pays for each of some new beds; less in a building handed over."""
    saved = (
        rules.idle_saving if _public_home_to_extend(world, rules, beds) < 0 and idle_site(world) >= 0 else 0.0
    )
    return float(rules.bed_cost * (1.0 - saved))


def enter_homes(world: World, rules: Any, elders: int) -> None:
    """Let government build what it was granted, then private founders come while homes pay and beds are missing."""
    homes, missing = world.homes, missing_beds(world, rules, elders)
    built = wished_beds(rules, missing)
    if (price := bed_price(world, rules, built)) > 0.0:  # what costs nothing needs no grant
        granted = world.claims.granted_programme(BUILDS) / FEN
        built = min(missing, int(granted / price + 1e-9))
    if built > 0:
        _build(world, rules, built)
    missing -= built
    most = max(1, int(rules.entry_share * np.count_nonzero(homes.open)))
    for _ in range(most):
        size = _paying_size(world, rules, missing)
        if size == 0:
            return
        found(world, rules, size, world.month, PRIVATE)
        homes.entries += 1
        missing -= size


def _paying_size(world: World, rules: Any, missing: int) -> int:
    """Return the beds of the next private home, as many as pay, up to the usual size; 0 if none pays."""
    usual = int(rules.mean_beds + 0.5)
    most = usual if rules.free_entry >= 1.0 else min(missing, usual)
    for size in (most, most // 2, rules.least_beds):
        if rules.least_beds <= size <= most and projected_margin(world, rules, size) > rules.entry_margin:
            return size
    return 0


def _public_home_to_extend(world: World, rules: Any, beds: int) -> int:
    """Return the fullest home built by the public, to which beds too few for a new home are added; -1 for a new one."""
    homes = world.homes
    there = np.flatnonzero(homes.open & ~homes["closing"] & (homes["ownership"] != PRIVATE))
    if _public(homes) < rules.public_least or beds >= rules.least_beds or len(there) == 0:
        return -1
    return int(there[np.argmax(homes["residents"][there] / np.maximum(1, homes["beds"][there]))])


def _public(homes: Homes) -> int:
    return int(np.count_nonzero(homes.open & (homes["ownership"] == PUBLIC)))


def _build(world: World, rules: Any, beds: int) -> None:
    """Build a public-built home, or, where that would be too small, add beds to the home that is fullest."""
    homes, h = world.homes, _public_home_to_extend(world, rules, beds)
    if h < 0:
        owner = PUBLIC if _public(homes) < rules.public_least else PUBLIC_BUILT
        found(world, rules, beds, world.month, owner)
        homes.entries += 1
        return
    share = world.by_village("homes.nursing_share")[homes["village"][h]]
    homes["beds"][h] += beds
    homes["nursing"][h] += int(share * beds + 0.5)


def projected_margin(world: World, rules: Any, beds: int) -> float:
    """Return what a founder expects of a new home: profit over revenue at the county's occupancy, fees and subsidy.

    A chain reckons with its own cost of a bed, and whoever is handed a building with that.
    """
    homes = world.homes
    there = int(homes["beds"][homes.open].sum())
    inside = int(homes["residents"].sum())
    waiting = int(np.count_nonzero(world.people["home"][: world.people.n] <= FIRST_WAITING))
    growth = world.parameters["income"].growth(year_of(world.month))
    occupancy = (inside + waiting) / (there + beds) if there else USUAL_OCCUPANCY
    dependent = 0.5
    price = growth * rules.price_level * (rules.price[0] + rules.price[2]) / 2.0
    price = min(price, float(world.by_village("homes.price_most").max()))
    subsidy = float(homes["subsidy"].sum()) / FEN / max(1, inside)
    grant = float(world.by_village("homes.grant").mean())
    revenue = min(1.0, occupancy) * (price + subsidy) + grant / GRANT_MONTHS
    cheaper = float(rules.cost_of_beds(in_chain(world, rules, next_key(world)), idle_site(world) >= 0))
    fixed = growth * float(world.by_village("homes.fixed").mean()) * cheaper
    cost = fixed + growth * min(1.0, occupancy) * (rules.variable + dependent * rules.nursing)
    return (revenue - cost) / revenue if revenue > 0.0 else -1.0
