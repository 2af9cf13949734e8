"""The month's census of care homes: whole numbers over the open homes; money and minutes over all."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from caresim.agents.institutions import OPEN, PRIVATE, PUBLIC, Homes
from caresim.kernel.compiled import compiled

ADDED = ("closed", "village", "ownership", "beds", "nursing", "star", "cash", "cost", "subsidy", "met", "need",
         "staffed", "x", "y", "chain", "idle", "experience", "quality")  # fmt: skip


class HomeCensus(NamedTuple):
    """Care homes at the month's end.

    Attributes:
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

    open: int
    public: int
    beds: int
    nursing: int
    reserved: float
    stars: int
    in_debt: int
    in_townships: int
    staffed: int
    in_chain: int
    in_idle_buildings: int
    experience: float
    quality: float
    cost: int
    subsidy: int
    met: int
    met_public: int
    need: int


def take_home_census(homes: Homes, reserved_share: np.ndarray) -> HomeCensus:
    """Count the homes; of the beds of homes built by the public so large a share is reserved, by village."""
    columns = homes.columns
    return HomeCensus._make(_add_up(reserved_share, *[columns[name] for name in ADDED]))


@compiled
def _add_up(reserved_share, closed, village, ownership, beds, nursing, star, cash, cost, subsidy, met, need, staffed, x,
            y, chain, idle, experience, quality):  # fmt: skip
    """Add up whole numbers over the homes, in the order of `HomeCensus`."""
    n_open = public = all_beds = all_nursing = stars = in_debt = away = worked = chained = in_idle = 0
    paid = subsidies = received = by_public = needed = 0
    reserved = skill = good = 0.0
    for h in range(len(closed)):
        paid += cost[h]
        subsidies += subsidy[h]
        received += met[h]
        by_public += met[h] if ownership[h] == PUBLIC else 0
        needed += need[h]
        if closed[h] == OPEN:
            n_open += 1
            public += ownership[h] == PUBLIC
            all_beds += beds[h]
            all_nursing += nursing[h]
            if ownership[h] != PRIVATE:
                reserved += np.floor(reserved_share[village[h]] * beds[h])
            stars += star[h]
            in_debt += cash[h] < -cost[h]
            away += (x[h] != 0.0) | (y[h] != 0.0)
            worked += staffed[h]
            chained += chain[h]
            in_idle += idle[h]
            skill += experience[h]
            good += quality[h]
    return (
        n_open, public, all_beds, all_nursing, reserved, stars, in_debt, away, worked, chained, in_idle, skill, good,
        paid, subsidies, received, by_public, needed,
    )  # fmt: skip
