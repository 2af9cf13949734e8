"""Homes: staff care for residents, fees and subsidies come in, costs go out; homes are rated, founded and closed."""

from __future__ import annotations

import numpy as np

from caresim.agents.founding import elders_by_village, join_chain
from caresim.agents.home_care import care_for, watch
from caresim.agents.home_entry import enter_homes
from caresim.agents.home_money import charge, close, spend, subsidise
from caresim.agents.home_rules import HomeRules
from caresim.agents.institutions import residents
from caresim.agents.world import Process, World
from caresim.kernel.clock import is_january
from caresim.kernel.draws import purpose

FACTOR = purpose("needs.factor")
SUPERVISION = purpose("needs.supervision")
INSPECTION = purpose("homes.inspection")
INCIDENT = purpose("homes.incident")


def run_homes(world: World) -> None:
    """Let a month pass in the care homes."""
    homes = world.homes
    rules: HomeRules = world.parameters["homes"]
    if len(homes) > 0:
        rows = residents(world)
        subsidise(world)
        _care(world, rules, rows)
        _rate(world, rules)
        charge(world, rules, rows)
        spend(world, rules, rows)
        close(world, rules)
    wished = rules.bed_target > 0.0 or rules.free_entry > 0.0
    if is_january(world.month) and (wished or len(homes) > 0):
        _plan(world, rules)


def begin(world: World) -> None:
    """Let the homes of the start be staffed, and be of the quality that this makes."""
    if len(world.homes) > 0:
        people = world.people
        rows = np.flatnonzero(people["home"][: people.n] >= 0)
        _care(world, world.parameters["homes"], rows)
        world.homes["reputation"][:] = world.homes["quality"]


def _care(world: World, rules: HomeRules, rows: np.ndarray) -> None:
    """Employ staff, meet residents' needs as far as hours go, and settle quality."""
    people, homes = world.people, world.homes
    needs, draws = world.parameters["needs"], world.draws
    care_for(
        rows, *(people[name] for name in ("home", "disability", "dementia", "key", "unmet")), rules.standard,
        needs.personal, needs.instrumental, needs.supervision, needs.supervised_share,
        *(homes[name] for name in ("village", "cash", "inspected", "experience", "residents", "required", "staffed",
                                   "need", "met", "quality")),
        world.by_village("homes.staffing"), world.by_village("homes.certified"), rules.thrift, rules.inexperience,
        world.month, draws.word(FACTOR, 0), draws.word(SUPERVISION, 0),
    )  # fmt: skip


def _rate(world: World, rules: HomeRules) -> None:
    """Let incidents happen, inspect homes, rate those inspected, let managers learn and word of homes go round."""
    homes, month, draws = world.homes, world.month, world.draws
    homes.incidents = watch(
        homes["key"], homes.open,
        *(homes[name] for name in ("village", "residents", "quality", "star", "inspected", "incident", "reputation",
                                   "experience")),
        world.by_village("homes.inspection_rate"), world.by_village("homes.learning"), rules.incident, rules.memory,
        month, draws.stream(INCIDENT, month), draws.stream(INSPECTION, month),
    )  # fmt: skip
    if is_january(month) and rules.stigma_learning > 0.0 and homes["residents"].sum() > 0:
        known = float(np.average(homes["reputation"], weights=homes["residents"]))
        world.territory.stigma += rules.stigma_learning * (1.0 - known - world.territory.stigma)


def _plan(world: World, rules: HomeRules) -> None:
    """Once a year let homes turn beds into nursing beds or join a chain, government build, and founders come."""
    homes = world.homes
    if len(homes) > 0:
        share = world.by_village("homes.nursing_share")[homes["village"]]
        wanted = np.floor(share * homes["beds"] + 0.5).astype(np.int32)
        homes["nursing"][:] = np.maximum(homes["nursing"], wanted)
        join_chain(world, rules)
    enter_homes(world, rules, int(elders_by_village(world).sum()))


PROCESS = Process(
    name="homes",
    run=run_homes,
    begin=begin,
    reads=("home", "place", "disability", "dementia", "means", "income", "transfers", "benefits", "arrangement",
           "key", "parameters.needs", "parameters.income", "parameters.admission"),
    writes=("unmet", "out_of_pocket", "village.stigma"),
    meaning="Care homes employ staff, care, charge fees, are inspected and rated; some close, new ones open.",
    parameters=HomeRules,
)  # fmt: skip
