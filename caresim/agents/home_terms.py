"""What care homes go by, as records for rules: in the county, in each village, and for each state of disability."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from caresim.agents.money import FEN
from caresim.agents.world import World
from caresim.kernel.clock import year_of

OF_HOMES = ("thrift", "inexperience", "incident", "memory", "exit_months", "chain_fixed", "idle_fixed", "variable",
            "nursing", "wage_share")  # fmt: skip
OF_NEEDS = ("supervision", "supervised_share")
COUNTY = np.dtype(
    [(name, np.float64) for name in (*OF_HOMES, *OF_NEEDS, "spendable", "price_level", "fen")], align=True
)
"""Parameters of their names; `price_level` is this year's over 2020, and `fen` are this year's of a yuan of 2020."""
OF_VILLAGES = (
    "staffing",
    "certified",
    "inspection_rate",
    "learning",
    "fixed",
    "price_most",
    "reserved_share",
)
VILLAGE = np.dtype([(name, np.float64) for name in OF_VILLAGES], align=True)
"""Parameters of homes as the measures leave them in a village."""
OF_STATES = ("standard", "personal", "instrumental")
STATE = np.dtype([(name, np.float64) for name in OF_STATES], align=True)
"""Hours a month for a person in a state of disability: of staff that there should be, and of both kinds of need."""


class Terms(NamedTuple):
    """The county's terms (one record), those of each village, and those of each state of disability."""

    county: np.ndarray
    villages: np.ndarray
    states: np.ndarray


def terms(world: World) -> Terms:
    """Return what homes go by this year, made anew when assumptions, measures or the year change."""
    year, groups = year_of(world.month), world.parameters
    when = world.enacted, groups["homes"], groups["needs"], groups["admission"], year
    return world.once(
        "homes.terms", when, lambda: Terms(_county(world, year), _villages(world), _states(world))
    )


def fixed_costs(world: World) -> np.ndarray:
    """Return the yuan that the beds of each home cost this month, used or not; nothing of closed ones."""
    homes, rules = world.homes, world.parameters["homes"]
    growth = world.parameters["income"].growth(year_of(world.month))
    usual = growth * world.by_village("homes.fixed")[homes["village"]]
    each = usual * rules.cost_of_beds(homes["chain"], homes["idle"])
    costs: np.ndarray = each * homes["beds"] * homes.open
    return costs


def _county(world: World, year: int) -> np.ndarray:
    rules, needs = world.parameters["homes"], world.parameters["needs"]
    growth = world.parameters["income"].growth(year)
    record = np.zeros(1, dtype=COUNTY)
    for group, names in ((rules, OF_HOMES), (needs, OF_NEEDS)):
        for name in names:
            record[name] = getattr(group, name)
    record["spendable"] = world.parameters["admission"].spendable
    record["price_level"], record["fen"] = growth * rules.price_level, FEN * growth
    return record


def _villages(world: World) -> np.ndarray:
    records = np.zeros(len(world.territory), dtype=VILLAGE)
    for name in OF_VILLAGES:
        records[name] = world.by_village(f"homes.{name}")
    return records


def _states(world: World) -> np.ndarray:
    rules, needs = world.parameters["homes"], world.parameters["needs"]
    records = np.zeros(len(rules.standard), dtype=STATE)
    records["standard"] = rules.standard
    records["personal"], records["instrumental"] = needs.personal, needs.instrumental
    return records
