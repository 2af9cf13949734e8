"""The quick look sees a broken law exactly when the slow search names one, whatever is damaged, in a village."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caresim import CareModel, load_scenario
from caresim.agents.care import HAND_OVER, LIMIT
from caresim.agents.care_look import CARE
from caresim.agents.checks import LawBroken, check_care, check_people
from caresim.agents.quick_look import Look, look_over
from caresim.agents.rows_look import ELDERS, PEOPLE

ROOT = Path(__file__).resolve().parents[2]
DAMAGES = 150
SEARCH = Look(people=True, other=True, residents=0, registered=0)
"""What makes the slow search look at everything."""
TABLES = {
    "people": tuple(dict.fromkeys(name for name, _ in (*PEOPLE, *ELDERS, *CARE))),
    "care": ("rows", "need", "left", "received"),
    "gifts": HAND_OVER.names,
    "limits": LIMIT.names,
    "workforce": ("capacity", "pool", "reserved"),
    "homes": ("beds", "closed", "cash"),
    "bank": ("accounts",),
}
DAMAGED = [(whose, name) for whose, names in TABLES.items() for name in names]


@pytest.fixture(scope="module")
def world():
    """A village after some months in which everything is switched on."""
    changes = ["population.residents=1500", "population.villages=5", "population.townships=1", "months=15"]
    scenario = load_scenario(ROOT / "configs" / "heilongjiang.yaml", set=changes)
    model = CareModel(scenario, "integrated_pluralism", collect=False)
    model.run()
    assert look_over(model.world)[:2] == (False, False)
    return model.world


def table_of(world, whose, name):
    """Return the rows of a table that are in use."""
    if whose == "people":
        return world.people[name][: world.people.n]
    if whose == "homes":
        return world.homes[name]
    if whose == "gifts":
        return world.care.gifts[name][: world.care.n_gifts]
    if whose == "limits":
        return world.care.limits[name][: world.care.n_limits]
    return getattr(getattr(world, whose), name)


def damaged(luck, table, place, name):
    """Return what stands in a place once it is damaged."""
    value, limits = int(table[place]), np.iinfo(table.dtype)
    if name == "village":
        return luck.integers(5)
    choices = (
        value + 1,
        value - 1,
        0,
        -1,
        value ^ (1 << int(luck.integers(min(8, limits.bits)))),
        luck.choice(table.ravel()),
        luck.integers(-40, 3000),
        luck.choice([limits.min, limits.max]),
    )
    return int(np.clip(int(choices[luck.integers(len(choices))]), limits.min, limits.max))


def law_of(world, *look):
    """Return the law that is found broken; None if there is none."""
    try:
        check_people(world, *look)
        check_care(world, *look)
    except LawBroken as broken:
        return broken.law
    return None


@pytest.mark.parametrize(("whose", "name"), DAMAGED)
def test_the_quick_look_and_the_slow_search_agree_on_random_damage(world, whose, name):
    luck = np.random.default_rng(len(name))
    table = table_of(world, whose, name)
    broken = 0
    for k in range(DAMAGES):
        marked = np.argwhere(table != 0)
        places = marked if k % 2 and len(marked) else np.argwhere(np.ones_like(table, dtype=bool))
        place = tuple(luck.choice(places))
        before = table[place]
        table[place] = damaged(luck, table, place, name)
        quick, slow = law_of(world), law_of(world, SEARCH)
        damage = f"{place}: {before} -> {table[place]}"
        table[place] = before
        assert quick == slow, damage
        broken += slow is not None
    assert broken or name in ("village", "takes_up", "sessions", "group_number", "capacity", "entitled")
    assert law_of(world) is law_of(world, SEARCH) is None
