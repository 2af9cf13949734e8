"""Homes: staff care for residents, fees and subsidies come in, costs go out; homes are rated, founded and closed."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.care import DESTITUTE, FULL, HAS_CHILD
from caresim.agents.founding import elders_by_village
from caresim.agents.home_choice import probability
from caresim.agents.home_entry import enter_homes
from caresim.agents.home_rules import HomeRules
from caresim.agents.institutions import DEPENDENT, PRIVATE, PUBLIC, residents
from caresim.agents.money import ELDERS, MOST, purse
from caresim.agents.world import Process, World
from caresim.kernel.clock import is_january, year_of
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform

FACTOR = purpose("needs.factor")
SUPERVISION = purpose("needs.supervision")
INSPECTION = purpose("homes.inspection")
INCIDENT = purpose("homes.incident")
FEN = 100
SUBSIDY = "institution_subsidy"
"""The measure that pays part of residents' fees."""
NO_SAVINGS = np.zeros(0, dtype=np.int64)
OPERATING = "operating_subsidy"
"""The measure whose payments founders count on."""
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
        _care(world, rules, rows)
        _rate(world, rules)
        _charge(world, rules, rows)
        _subsidise(world)
        _spend(world, rules, rows)
        _close(world, rules)
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
    wanted = world.by_village("homes.staffing")[homes["village"]] * np.where(homes["cash"] < 0, rules.thrift, 1.0)
    wanted *= homes["required"]
    known = np.where(homes["staffed"] > 0, homes["staffed"], wanted)
    homes["staffed"][:] = np.minimum(known + ADJUST * (wanted - known), 5.0 * homes["required"])
    met = received(home, need, homes["required"], homes["staffed"])
    homes["need"][:] = np.bincount(home, weights=need, minlength=len(homes))
    homes["met"][:] = np.bincount(home, weights=met, minlength=len(homes))
    people["unmet"][rows] += (FULL * (need - met) // np.maximum(1, need) // 2).astype(np.uint8)
    homes["quality"][:] = quality(
        homes["required"], homes["staffed"], world.by_village("homes.certified")[homes["village"]],
        homes["inspected"] > world.month - YEAR,
    )  # fmt: skip


def quality(
    required: np.ndarray, staffed: np.ndarray, certified: np.ndarray, inspected: np.ndarray
) -> np.ndarray:
    """Return homes' quality, 0-1, from staff over the standard, certified carers, an inspection within a year."""
    staff = np.where(required > 0, staffed / np.maximum(1, required), 1.0)
    overload = np.clip(np.where(staff > 0.0, 1.0 / np.maximum(staff, 1e-9) - 1.0, 2.0), 0.0, 2.0)
    log_odds = -0.5 + 1.5 * np.minimum(staff, 1.5) + certified + 0.5 * inspected - overload
    return np.array([probability(odds) for odds in log_odds.tolist()])


def _rate(world: World, rules: HomeRules) -> None:
    """Let incidents happen and be reported, inspect homes, rate those inspected, let word of them go round."""
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
    homes["reputation"][:] += (1.0 - rules.memory) * (homes["quality"] - homes["reputation"])
    if is_january(month) and rules.stigma_learning > 0.0 and homes["residents"].sum() > 0:
        known = float(np.average(homes["reputation"], weights=homes["residents"]))
        world.territory.stigma += rules.stigma_learning * (1.0 - known - world.territory.stigma)


def _charge(world: World, rules: HomeRules, rows: np.ndarray) -> None:
    """Let residents pay their fees, and government the part that it was granted to pay."""
    people, homes = world.people, world.homes
    growth = world.parameters["income"].growth(year_of(world.month)) * rules.price_level
    cap = world.by_village("homes.price_most")[homes["village"]]
    price = np.floor(FEN * np.minimum(homes.price * growth, cap[:, None])).astype(np.int64)
    granted = world.claims.granted(SUBSIDY)
    at = np.searchsorted(world.elders, rows)
    support = granted[at] if len(granted) == len(world.elders) else np.zeros(len(rows), dtype=np.int64)
    paid, public = fees(
        rows, *(people[name] for name in ("home", "disability", "means", "income", "transfers", "benefits",
                                          "out_of_pocket", "arrangement")),
        people.arrays.get("savings", NO_SAVINGS), price, homes["ownership"], support, world.parameters["admission"].spendable, MOST,
    )  # fmt: skip
    n, home = len(homes), people["home"][rows]
    for why, payer, sums in (("home_fees", ELDERS, paid), (SUBSIDY, _funder(world), public)):
        world.money.pay(why, payer, "homes", int(sums.sum()))
        homes["cash"][:] += np.bincount(home, weights=sums, minlength=n).astype(np.int64)
    homes.fees, homes.support = int(paid.sum()), int(public.sum())


def _funder(world: World) -> str:
    claim = world.claims.made.get((SUBSIDY, "service"))
    return claim.instrument.funder if claim is not None else "local"


def _subsidise(world: World) -> None:
    """Book what measures paid to the homes this month, home by home."""
    homes = world.homes
    homes["subsidy"][:] = 0
    for name in sorted(homes.claimed):
        given = homes.distribute(name, world.claims.granted_programme(name))
        homes["cash"][:] += given
        if name == OPERATING:
            homes["subsidy"][:] += given


def _spend(world: World, rules: HomeRules, rows: np.ndarray) -> None:
    """Pay staff and suppliers."""
    people, homes = world.people, world.homes
    growth = world.parameters["income"].growth(year_of(world.month))
    dependent = np.bincount(
        people["home"][rows[people["disability"][rows] >= DEPENDENT]], minlength=len(homes)
    )
    fixed = world.by_village("homes.fixed")[homes["village"]] * np.where(homes.open, homes["beds"], 0)
    per_head = rules.variable * homes["residents"] + rules.nursing * dependent
    staff = np.where(homes["required"] > 0, homes["staffed"] / np.maximum(1, homes["required"]), 0.0)
    wages = np.floor(FEN * growth * rules.wage_share * per_head * staff).astype(np.int64)
    goods = np.floor(FEN * growth * (fixed + (1.0 - rules.wage_share) * per_head)).astype(np.int64)
    homes["cost"][:] = wages + goods
    homes["cash"][:] -= wages + goods
    world.money.pay("home_wages", "homes", "care_workers", int(wages.sum()))
    world.money.pay("home_supplies", "homes", "suppliers", int(goods.sum()))


def _close(world: World, rules: HomeRules) -> None:
    """Let homes close that owe too much, their owners bearing the debt; owners draw what they need not keep."""
    homes = world.homes
    limit = (rules.exit_months * homes["cost"]).astype(np.int64)
    failing = homes.open & (homes["ownership"] != PUBLIC) & (homes["cash"] < -limit)
    homes["closing"][failing] = True
    debts = int(-homes["cash"][failing].sum())
    world.money.pay("home_owners", "suppliers", "homes", debts)
    homes["cash"][failing] = 0
    draws = np.where((homes["ownership"] != PUBLIC) & ~failing, np.maximum(0, homes["cash"] - limit), 0)
    world.money.pay("home_profits", "homes", "suppliers", int(draws.sum()))
    homes["cash"][:] -= draws


def _plan(world: World, rules: HomeRules) -> None:
    """Once a year let homes turn beds into nursing beds, government build, and founders come."""
    homes = world.homes
    if len(homes) > 0:
        share = world.by_village("homes.nursing_share")[homes["village"]]
        wanted = np.floor(share * homes["beds"] + 0.5).astype(np.int32)
        homes["nursing"][:] = np.maximum(homes["nursing"], wanted)
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


@compiled
def fees(rows, home, disability, means, income, transfers, benefits, out_of_pocket, arrangement, savings, price,
         ownership, support, spendable, most):  # fmt: skip
    """Return what each resident pays, which grows the column `out_of_pocket`, and what is paid for him.

    Nobody pays what neither he nor a family has: the home bears it.
    """
    paid, public = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    for j in range(len(rows)):
        i = rows[j]
        h = np.int64(home[i])
        fee = price[h, disability[i]]
        public[j] = min(fee, support[j])
        rest = fee - public[j]
        if means[i] & DESTITUTE and ownership[h] != PRIVATE:
            rest = min(rest, np.int64(spendable * (max(0, income[i]) + transfers[i] + benefits[i])))
        put_by = savings[i] if len(savings) > 0 else 0
        has = purse(put_by, income[i], transfers[i], benefits[i], out_of_pocket[i], arrangement[i] & HAS_CHILD != 0)
        paid[j] = min(rest, has, most - out_of_pocket[i])
        out_of_pocket[i] += paid[j]
    return paid, public


PROCESS = Process(
    name="homes",
    run=run_homes,
    begin=begin,
    reads=("home", "place", "disability", "dementia", "means", "income", "transfers", "benefits", "arrangement",
           "key", "parameters.needs", "parameters.income", "parameters.admission"),
    writes=("unmet", "out_of_pocket", "village.stigma"),
    meaning="Care homes employ staff, care, charge fees, are subsidised, inspected and rated; some close, new ones open.",
    parameters=HomeRules,
)  # fmt: skip
