"""The month's census of care homes: whole numbers over the open homes; money and minutes over all."""

from __future__ import annotations

import numpy as np

from caresim.agents.institutions import OPEN, PRIVATE, PUBLIC, Homes
from caresim.kernel.compiled import compiled

HOME_CENSUS = (
    "open", "public", "beds", "nursing", "reserved", "stars", "in_debt", "in_townships", "staffed", "in_chain",
    "in_idle_buildings", "experience", "quality", "cost", "subsidy", "met", "met_public", "need",
)  # fmt: skip
"""Care homes at the month's end.

    open: open homes.
    public: those that are public.
    beds: their beds.
    nursing: nursing beds among these.
    reserved: beds that homes built by the public keep for basic targets.
    stars: their stars, summed.
    in_debt: those that owe more than a month's cost.
    in_townships: those that stand away from the county seat.
    staffed: minutes that their staff worked.
    in_chain: those of the chain.
    in_idle_buildings: those in buildings that were out of use.
    experience: experience of management, summed.
    quality: quality, summed.
    cost: fen that all homes cost.
    subsidy: fen of operating subsidy.
    met: minutes of care that residents received.
    met_public: those of them in public homes.
    need: minutes of care that residents needed.
"""
(OPEN_HOMES, OPEN_PUBLIC, BEDS, NURSING, RESERVED, STARS, IN_DEBT, IN_TOWNSHIPS, STAFFED, IN_CHAIN, IN_IDLE_BUILDINGS,
 EXPERIENCE, QUALITY, COST, SUBSIDY, MET, MET_PUBLIC, NEED) = range(len(HOME_CENSUS))  # fmt: skip


def take_home_census(homes: Homes, reserved_share: np.ndarray, numbers: np.ndarray) -> None:
    """Write the numbers of `HOME_CENSUS`.

    Of the beds of homes built by the public so large a share is reserved, by village.
    """
    _add_up(reserved_share, homes.table, numbers)


@compiled
def _add_up(reserved_share, homes, numbers):
    """Add up whole numbers over the homes."""
    n_open = public = all_beds = all_nursing = stars = in_debt = away = worked = chained = in_idle = 0
    paid = subsidies = received = by_public = needed = 0
    reserved = skill = good = 0.0
    for h in range(len(homes)):
        one = homes[h]
        paid += one.cost
        subsidies += one.subsidy
        received += one.met
        by_public += one.met if one.ownership == PUBLIC else 0
        needed += one.need
        if one.closed == OPEN:
            n_open += 1
            public += one.ownership == PUBLIC
            all_beds += one.beds
            all_nursing += one.nursing
            if one.ownership != PRIVATE:
                reserved += np.floor(reserved_share[one.village] * one.beds)
            stars += one.star
            in_debt += one.cash < -one.cost
            away += (one.x != 0.0) | (one.y != 0.0)
            worked += one.staffed
            chained += one.chain
            in_idle += one.idle
            skill += one.experience
            good += one.quality
    numbers[OPEN_HOMES], numbers[OPEN_PUBLIC], numbers[BEDS], numbers[NURSING] = (
        n_open,
        public,
        all_beds,
        all_nursing,
    )
    numbers[RESERVED], numbers[STARS], numbers[IN_DEBT], numbers[IN_TOWNSHIPS] = (
        reserved,
        stars,
        in_debt,
        away,
    )
    numbers[STAFFED], numbers[IN_CHAIN], numbers[IN_IDLE_BUILDINGS] = worked, chained, in_idle
    numbers[EXPERIENCE], numbers[QUALITY], numbers[COST], numbers[SUBSIDY] = skill, good, paid, subsidies
    numbers[MET], numbers[MET_PUBLIC], numbers[NEED] = received, by_public, needed
