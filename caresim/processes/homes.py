"""Homes: staff care for residents, fees and subsidies come in, costs go out; homes are rated, founded and closed."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.care import FULL
from caresim.agents.founding import elders_by_village, join_chain
from caresim.agents.home_choice import probability
from caresim.agents.home_entry import enter_homes
from caresim.agents.home_money import charge, close, spend, subsidise
from caresim.agents.home_rules import HomeRules
from caresim.agents.institutions import residents
from caresim.agents.world import Process, World
from caresim.kernel.clock import is_january
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform

FACTOR = purpose("needs.factor")
SUPERVISION = purpose("needs.supervision")
INSPECTION = purpose("homes.inspection")
INCIDENT = purpose("homes.incident")
ADJUST = 0.2
"""Part of the way to the staff wanted that a home goes in a month."""
YEAR = 12


def run_homes(world: World) -> None:
    """Let a month pass in the care homes."""
    homes = world.homes
    rules: HomeRules = world.parameters["homes"]
    if len(homes) > 0:
        rows = residents(world)
        homes["residents"][:] = np.bincount(world.people["home"][rows], minlength=len(homes))
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
    needs = world.parameters["needs"]
    home, required, need = requirements(
        rows, *(people[name] for name in ("home", "disability", "dementia", "key")), np.array(rules.standard),
        np.array(needs.personal), np.array(needs.instrumental), needs.supervision, needs.supervised_share,
        world.draws.word(FACTOR, 0), world.draws.word(SUPERVISION, 0),
    )  # fmt: skip
    homes["required"][:] = np.bincount(home, weights=required, minlength=len(homes))
    wanted = world.by_village("homes.staffing")[homes["village"]] * np.where(
        homes["cash"] < 0, rules.thrift, 1.0
    )
    wanted *= homes["required"]
    known = np.where(homes["staffed"] > 0, homes["staffed"], wanted)
    homes["staffed"][:] = np.minimum(known + ADJUST * (wanted - known), 5.0 * homes["required"])
    met = received(home, need, homes["required"], homes["staffed"])
    homes["need"][:] = np.bincount(home, weights=need, minlength=len(homes))
    homes["met"][:] = np.bincount(home, weights=met, minlength=len(homes))
    people["unmet"][rows] += (FULL * (need - met) // np.maximum(1, need) // 2).astype(np.uint8)
    homes["quality"][:] = quality(
        homes["required"], homes["staffed"], world.by_village("homes.certified")[homes["village"]],
        homes["inspected"] > world.month - YEAR, rules.inexperience * (1.0 - homes["experience"]),
    )  # fmt: skip


def quality(required: np.ndarray, staffed: np.ndarray, certified: np.ndarray, inspected: np.ndarray,
            loss: np.ndarray) -> np.ndarray:  # fmt: skip
    """Return homes' quality, 0-1.

    Args:
        required: minutes of staff that the standard asks for.
        staffed: minutes of staff.
        certified: share of certified carers.
        inspected: whether it was inspected within a year.
        loss: log odds that management without experience takes off.
    """
    found: np.ndarray = _quality(required, staffed, certified, inspected, loss)
    return found


@compiled
def _quality(required, staffed, certified, inspected, loss):
    found = np.empty(len(required))
    for h in range(len(required)):
        staff = staffed[h] / max(1, required[h]) if required[h] > 0 else 1.0
        overload = min(max(1.0 / max(staff, 1e-9) - 1.0, 0.0), 2.0) if staff > 0.0 else 2.0
        found[h] = probability(
            -0.5 + 1.5 * min(staff, 1.5) + certified[h] + 0.5 * inspected[h] - overload - loss[h]
        )
    return found


def _rate(world: World, rules: HomeRules) -> None:
    """Let incidents happen, inspect homes, rate those inspected, let managers learn and word of homes go round."""
    homes, month = world.homes, world.month
    rate = world.by_village("homes.inspection_rate")[homes["village"]]
    watched = rate > 0.0
    risk = risks(rules.incident, homes["quality"], homes["residents"])
    struck = homes.open & (lucks(world.draws.stream(INCIDENT, month), homes["key"]) < risk)
    inspected = lucks(world.draws.stream(INSPECTION, month), homes["key"]) < rate / YEAR
    inspected = homes.open & (inspected | (watched & (homes["incident"] == month - 1)))
    homes["incident"][struck] = month
    homes.incidents = int(struck.sum())
    homes["inspected"][inspected] = month
    homes["star"][inspected] = np.minimum(5, 1 + (5.0 * homes["quality"][inspected]).astype(np.uint8))
    homes["experience"][:] += (
        (1.0 - homes["experience"])
        * np.minimum(1.0, world.by_village("homes.learning") / YEAR)[homes["village"]]
        * homes.open
    )
    homes["reputation"][:] += (1.0 - rules.memory) * (homes["quality"] - homes["reputation"])
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


@compiled
def risks(incident, quality, residents):
    """Return the probability of an incident in each home."""
    found = np.empty(len(quality))
    for h in range(len(quality)):
        found[h] = 1.0 - math.exp(residents[h] * math.log(1.0 - incident * (1.0 - quality[h])))
    return found


@compiled
def lucks(stream, keys):
    """Return the draw of each key."""
    return np.array([uniform(stream, key) for key in keys])


@compiled
def requirements(rows, home, disability, dementia, key, standard, personal, instrumental, supervision, supervised_share,
                 factor_word, supervision_word):  # fmt: skip
    """Return each resident's home, the minutes of staff that the standard asks for, and the minutes needed."""
    at, required = np.empty(len(rows), dtype=np.int64), np.empty(len(rows), dtype=np.int64)
    need = np.empty(len(rows), dtype=np.int64)
    for j in range(len(rows)):
        i = rows[j]
        hours = personal[disability[i]]
        if dementia[i] and uniform(supervision_word, key[i]) < supervised_share:
            hours += supervision
        factor = 0.8 + 0.4 * uniform(factor_word, key[i])
        at[j], required[j] = home[i], int(60.0 * standard[disability[i]])
        need[j] = int(60.0 * hours * factor) + int(60.0 * instrumental[disability[i]] * factor)
    return at, required, need


@compiled
def received(home, need, required, staffed):
    """Return the minutes that each resident receives: the same part of the need for everybody in a home."""
    met = np.empty(len(home), dtype=np.int64)
    for j in range(len(home)):
        h = home[j]
        met[j] = need[j] if staffed[h] >= required[h] else need[j] * staffed[h] // required[h]
    return met


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
