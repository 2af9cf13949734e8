"""Homes: staff care for residents, fees and subsidies come in, costs go out; homes are rated, founded and closed."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.founding import join_chain
from caresim.agents.home_care import care_for, watch
from caresim.agents.home_entry import enter_homes
from caresim.agents.home_money import book, charge, close, count_dependent, note_subsidy, spend
from caresim.agents.home_rules import HomeRules
from caresim.agents.home_terms import terms
from caresim.agents.institutions import residents_among_elders
from caresim.agents.lasting_need import FACTOR, SUPERVISION
from caresim.agents.money import ELDERS, OWNERS_BEAR, PROFITS
from caresim.agents.world import Process, World
from caresim.kernel.clock import is_january
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose

INSPECTION = purpose("homes.inspection")
INCIDENT = purpose("homes.incident")
SUBSIDY = "institution_subsidy"
"""The measure that pays part of residents' fees."""
OPERATING = "operating_subsidy"
"""The measure whose payments founders count on."""
NOTHING = np.zeros(0, dtype=np.int64)
OF_PEOPLE = itemgetter(
    "home", "disability", "dementia", "key", "unmet", "means", "income", "transfers", "benefits", "out_of_pocket",
    "arrangement",
)  # fmt: skip
GROUPS = itemgetter("homes", "needs", "admission")


def run_homes(world: World) -> None:
    """Let a month pass in the care homes."""
    there = len(world.homes) > 0
    if there:
        _live(world)
    if is_january(world.month):
        rules: HomeRules = world.parameters["homes"]
        if there:
            _hear(world, rules)
        if there or rules.bed_target > 0.0 or rules.free_entry > 0.0:
            _plan(world, rules)


def begin(world: World) -> None:
    """Let the homes of the start be staffed, and be of the quality that this makes."""
    if len(world.homes) > 0:
        people, table = world.people, world.homes.table
        rows = np.flatnonzero(people["home"][: people.n] >= 0)
        care_for(
            table, rows, *(people[name] for name in ("home", "disability", "dementia", "key", "unmet")),
            *_agreed(world), world.month,
        )  # fmt: skip
        table["reputation"] = table["quality"]


def _agreed(world: World) -> tuple[Any, ...]:
    """Return what homes go by this year, and the words of the lasting draws of who needs how much care, and watch."""
    draws = world.draws
    return world.once(
        "homes.agreed", (world.enacted, world.month // 12, draws, GROUPS(world.parameters)),
        lambda: (*terms(world), draws.word(FACTOR, 0), draws.word(SUPERVISION, 0)),
    )  # fmt: skip


def _live(world: World) -> None:
    """Let the homes be subsidised, care, be watched, charge and spend, and enter in the ledger who paid whom."""
    people, homes, month, draws, claims = (
        world.people.arrays,
        world.homes,
        world.month,
        world.draws,
        world.claims,
    )
    operating, granted = homes.claimed.pop(OPERATING, NOTHING), claims.granted_programme(OPERATING)
    if homes.claimed:
        _subsidise(world)
    claim = claims.made.get((SUBSIDY, "service"))
    rows, places = residents_among_elders(world)
    homes.incidents, homes.fees, homes.support, wages, goods, debts, drawn = live_month(
        homes.table, homes.price, rows, *OF_PEOPLE(people), people.get("savings", NOTHING),
        NOTHING if claim is None else claim.granted_to(places), operating, granted, *_agreed(world), month,
        draws.stream(INCIDENT, month), draws.stream(INSPECTION, month),
    )  # fmt: skip
    pay = world.money.pay
    pay("home_fees", ELDERS, "homes", homes.fees)
    if claim is not None:
        pay(SUBSIDY, claim.instrument.funder, "homes", homes.support)
    pay("home_wages", "homes", "care_workers", wages)
    pay("home_supplies", "homes", "suppliers", goods)
    if debts or drawn:
        pay(OWNERS_BEAR, "owners", "homes", debts)
        pay(PROFITS, "homes", "owners", drawn)


def _subsidise(world: World) -> None:
    """Book what other measures than the operating subsidy paid to the homes this month, home by home.

    Of what is claimed for new beds as large a part is paid as of the measure's other claims.
    """
    homes = world.homes
    for name, claimed in homes.claimed.items():
        granted = world.claims.granted_programme(name)
        if granted > 0:
            book(homes.table, claimed, granted)
            homes.bed_grants += granted * homes.claimed_for_beds.get(name, 0) // int(claimed.sum())
    homes.claimed.clear()
    homes.claimed_for_beds.clear()


@compiled
def live_month(table, list_price, rows, home, disability, dementia, key, unmet, means, income, transfers,
               benefits, out_of_pocket, arrangement, savings, support, operating, granted, county, villages, states,
               factor_word, supervision_word, month, incident_word, inspection_word):  # fmt: skip
    """Let a month pass in all homes, one thing after another.

    Args as of the rules that it calls, and of the operating subsidy what it claimed for each home and was granted.

    Returns:
        Incidents; the fen that residents and that government paid; wages, and all other costs; debts that owners bore,
        and what they drew.
    """
    note_subsidy(table, book(table, operating, granted))
    care_for(table, rows, home, disability, dementia, key, unmet, county, villages, states, factor_word,
             supervision_word, month)  # fmt: skip
    struck = watch(table, county, villages, month, incident_word, inspection_word)
    paid, public = charge(table, list_price, rows, home, disability, means, income, transfers, benefits,
                          out_of_pocket, arrangement, savings, support, county, villages)  # fmt: skip
    wages, goods = spend(table, count_dependent(len(table), rows, home, disability), county, villages)
    debts, drawn = close(table, county[0].exit_months)
    return struck, paid, public, wages, goods, debts, drawn


def _hear(world: World, rules: HomeRules) -> None:
    """Let villages' shame move to the lack of quality of the homes as it is known."""
    homes, territory = world.homes, world.territory
    if rules.stigma_learning > 0.0 and homes["residents"].sum() > 0:
        known = float(np.average(homes["reputation"], weights=homes["residents"]))
        territory.stigma += rules.stigma_learning * (1.0 - known - territory.stigma)


def _plan(world: World, rules: HomeRules) -> None:
    """Once a year let homes turn beds into nursing beds or join a chain, government build, and founders come."""
    homes = world.homes
    if len(homes) > 0:
        share = world.by_village("homes.nursing_share")[homes["village"]]
        wanted = np.floor(share * homes["beds"] + 0.5).astype(np.int32)
        homes["nursing"][:] = np.maximum(homes["nursing"], wanted)
        join_chain(world, rules)
    enter_homes(world, rules, len(world.elders))


PROCESS = Process(
    name="homes",
    run=run_homes,
    begin=begin,
    reads=("home", "place", "disability", "dementia", "means", "income", "transfers", "benefits", "arrangement",
           "key", "state", "village", "savings", "unmet", "out_of_pocket", "village.stigma", "parameters.needs",
           "parameters.income", "parameters.admission"),
    writes=("unmet", "out_of_pocket", "village.stigma"),
    meaning="Care homes employ staff, care, charge fees, are inspected and rated; some close, new ones open.",
    parameters=HomeRules,
)  # fmt: skip
