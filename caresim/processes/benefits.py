"""Benefits: measures claim for elders and programmes, the budget grants by priority, and cash is paid.

First those claim who are entitled whatever the budget, then the others, at last the measures that top up what has been
claimed to some sum.
"""

from __future__ import annotations

import numpy as np

from caresim.agents.appropriation import Appropriation
from caresim.agents.budget_rules import Budget
from caresim.agents.care import ALONE, HAS_CHILD
from caresim.agents.dues import claim_dues
from caresim.agents.entitlements import PRIORITIES, BudgetTooLow
from caresim.agents.instrument import Slot
from caresim.agents.lifetimes import MODERATE, SEVERE
from caresim.agents.money import COLUMNS, ELDERS, FEN, MOST, Ledger
from caresim.agents.people import age_in_years
from caresim.agents.reported_need import URGENT
from caresim.agents.sums_claimed import Claim, Kind
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.parameters import parameter

SLOTS: tuple[Slot, ...] = ("entitlement", "benefit", "top_up")
CEILING = "benefits.ceiling"


class Benefits(Budget):
    """What government may spend on the care of elders."""

    universal: float = parameter(
        0.0, unit="share", limits=(0.0, 1.0), low=0.0, high=1.0, local=True,
        meaning="Share of elders above the local minimum who are entitled to the service subsidy as the poor are.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def pay_benefits(world: World) -> None:
    """Collect the month's claims, grant them within the ceiling, and pay the cash among them.

    Raises:
        BudgetTooLow: a new ceiling lies below the entitlements, and no deficit is allowed.
    """
    claims, money, arrays, end = world.claims, world.money, world.people.arrays, world.people.elders_end
    arrays["benefits"][:end] = 0
    arrays["out_of_pocket"][:end] = 0
    n_elders, rules = len(world.elders), world.parameters["benefits"]
    world.station.urgent = None
    if rules.yearly or money.year is not None:
        _turn_year(world, rules)
    limited = (rules.ceiling > 0.0 or money.year is not None) and n_elders > 0
    claims.open(n_elders, limited)
    dues = claim_dues(world, pay=not limited)
    claims.made.update(dues)
    for slot in SLOTS:
        for instrument, levers in world.policy.acting(slot):
            if instrument.act is not None:
                instrument.act(world, levers, instrument)
    if limited:
        _settle(world, rules)
        _note_parts(world)
    elif world.granted_parts:
        world.note_parts({})
    _pay(world, {} if limited else dues)


def _turn_year(world: World, rules: Benefits) -> None:
    """Close a year's budget that is over, and open the next one; whatever the levers say, one that runs stays."""
    money, month = world.money, world.month
    if money.year is not None and month <= money.year.until:
        return
    if not rules.yearly or rules.ceiling <= 0.0:
        money.year = None
        return
    if money.year is None:
        money.year = Appropriation(money.public_balance())
    money.year.open_year(month, rules.ceiling * FEN * len(world.elders), rules.carry_over)


def _settle(world: World, rules: Benefits) -> None:
    """Grant the month's claims within the ceiling, and note what it leaves and what it lacks."""
    claims, money = world.claims, world.money
    money.ceiling = ceiling = _ceiling(world, rules)
    money.discretionary = {claim.instrument.name for claim in claims.made.values() if claim.discretionary}
    money.deficit, money.refused = claims.settle(ceiling, *_priority(world))
    money.left = max(0, ceiling - claims.spent())
    if money.year is not None:
        money.year.deficit += money.deficit


def _note_parts(world: World) -> None:
    """Note for the next month which measures a ceiling refused part of what they live on; they know it until it ends.

    A measure that claims nothing expects what it was granted when it claimed last.
    """
    parts = world.granted_parts | world.claims.parts_granted()
    world.note_parts({name: part for name, part in parts.items() if part < 1.0})


def _ceiling(world: World, rules: Benefits) -> int:
    """Return the month's ceiling in fen, of its own or as the year's budget allows; a new one is looked at closely."""
    year, due = world.money.year, world.claims.entitlements()
    if year is None:
        ceiling = int(rules.ceiling * FEN * len(world.elders))
        _check_new(world, rules, due, ceiling, 1)
        return ceiling
    if world.month == year.since:
        _check_new(world, rules, due, year.left, year.months)
    return year.allows(due, world.month)


def _check_new(world: World, rules: Benefits, due: int, sum_of_months: int, months: int) -> None:
    """Refuse a ceiling that nobody has looked at yet if it leaves no room for entitlements such as this month's."""
    is_new = world.memory.get(CEILING, (None,))[0] != rules.ceiling
    world.memory[CEILING] = rules.ceiling, None
    if is_new and due * months > sum_of_months and not rules.allow_deficit:
        raise BudgetTooLow(world.month, rules.ceiling, due / FEN / len(world.elders))


def _pay(world: World, paid: dict[tuple[str, Kind], Claim]) -> None:
    """Pay what is granted, to elders, families or whoever runs a programme; services are paid by who delivers them.

    Args:
        world: the world.
        paid: claims of which all that is cash is paid already.
    """
    pay = world.money.pay
    for key, claim in world.claims.made.items():
        payee = claim.payee
        if payee is None or key in paid:
            continue
        if payee == ELDERS and claim.kind == "cash":
            granted = add_to(world.people["benefits"], world.elders, claim.granted, MOST)
        else:
            granted = claim.total_granted
        pay(key[0], claim.instrument.funder, payee, granted)


def forget(world: World) -> None:
    """Begin the first month with an empty ledger: the months of care before the start leave no money behind."""
    people = world.people
    world.money = Ledger()
    people["out_of_pocket"][: people.n] = 0


def _priority(world: World) -> tuple[np.ndarray, int]:
    """Return the class of each resident elder: 2 severe + moderate + poor + alone + .5 [80+], in halves; and how many.

    To these come points for dementia and for having no living child, if the law gives any. In villages that come first
    because of what is reported from them it is a point higher.
    """
    people, urgent, rules = world.people, world.station.urgent, world.parameters["benefits"]
    found: np.ndarray = classes(
        world.elders, *(people[name] for name in ("assessed", "means", "arrangement", "born")), world.month
    )
    most = PRIORITIES
    if rules.dementia or rules.childless:
        halves = int(2.0 * rules.dementia + 0.5), int(2.0 * rules.childless + 0.5)
        add_points(found, world.elders, people["dementia"], people["arrangement"], *halves)
        most += sum(halves)
    if urgent is not None:
        found = np.minimum(found + URGENT * urgent[people["village"][world.elders]], most - 1)
    return found, most


@compiled
def classes(elders, assessed, means, arrangement, born, month):
    """Return the class of priority of each resident elder, shape (e,)."""
    found = np.zeros(len(elders), dtype=np.int64)
    for j in range(len(elders)):
        i = elders[j]
        points = 0
        if assessed[i] == SEVERE:
            points += 4
        elif assessed[i] == MODERATE:
            points += 2
        points += 2 * (means[i] != 0) + 2 * (arrangement[i] & ALONE != 0)
        points += age_in_years(month, born[i]) >= 80
        found[j] = min(points, PRIORITIES - 1)
    return found


@compiled
def add_points(found, elders, dementia, arrangement, of_dementia, of_childless):
    """Add to the classes, in place, what dementia and having no living child count."""
    for j in range(len(elders)):
        i = elders[j]
        found[j] += of_dementia * (dementia[i] != 0) + of_childless * (arrangement[i] & HAS_CHILD == 0)


@compiled
def add_to(column, elders, fen, most):
    """Add sums to a column of people, in place; return what was added."""
    total = 0
    for j in range(len(elders)):
        if fen[j] != 0:
            i = elders[j]
            added = min(fen[j], most - column[i])
            column[i] += added
            total += added
    return total


PROCESS = Process(
    name="benefits",
    run=pay_benefits,
    settled=forget,
    reads=("assessed", "means", "arrangement", "born", "dementia", "state", "place", "village", "unmet",
           "takes_up", "client", "client_clock", "linked", "modified", "care_bed", "main_relation", "home",
           "key", "parameters.care_beds", "parameters.homes", "parameters.income", "parameters.needs",
           "parameters.social_work", "parameters.workforce"),
    writes=("benefits", "out_of_pocket"),
    meaning="Elders and programmes claim what they are entitled to; government pays within its budget, by priority.",
    parameters=Benefits,
    columns=COLUMNS,
)  # fmt: skip
