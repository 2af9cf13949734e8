"""The laws of money: every fen has a payer and a payee, stands with the person it belongs to, and had to be due."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.appropriation import Appropriation
from caresim.agents.entitled_laws import CLAIMED, ELSEWHERE, GRANTED, IN_ALL, PAID, entitled_fault
from caresim.agents.money import ELDERS, PARTIES, PUBLIC, Ledger
from caresim.agents.people import ELDER, LIVING_REGISTERED, LIVING_RESIDENT
from caresim.agents.world import World
from caresim.kernel.compiled import compiled

Fault = tuple[str, dict[str, Any]]
MONEY_LAWS = (
    "accounts: all balances add up to 0",
    "accounts: a balance is what was received less what was paid",
    "payments: none is negative",
    "columns: benefits and money paid for care are never negative, savings only before they are known",
    "benefits: only living resident elders who take up what is due have them",
    "benefits: what elders have is what measures paid them",
    "care: what elders paid out of pocket is what they paid in the ledger",
    "savings: what the registered have saved is the account of the elders",
    "savings: nobody but the living registered has any",
    "claims: a measure pays at most what was granted",
    "budget: all that government spends beside entitlements is at most the ceiling less these",
    "budget: the deficit is by how much entitlements exceed the ceiling",
    "budget: what a year has spent is at most its appropriation, what was carried over and the named deficits",
    "budget: what years were granted and overdrew is what they spent, returned and have left",
    "donors: charities spend no more than they were given",
    CLAIMED,
    IN_ALL,
    GRANTED,
    PAID,
    ELSEWHERE,
)
(BALANCES, BALANCE, NEGATIVE, BELOW_ZERO, NOT_ENTITLED, BENEFITS, OUT_OF_POCKET, SAVED, ESTATE, ABOVE_GRANT, CEILING,
 DEFICIT, YEAR, YEARS, DONATED) = MONEY_LAWS[:15]  # fmt: skip


def money_fault(world: World) -> Fault | None:
    """Return the first broken law of money, with the numbers; None if all hold."""
    return _account_fault(world.money) or _column_fault(world) or grant_fault(world)


def grant_fault(world: World) -> Fault | None:
    """Return the first broken law of claims and of the budget; None if all hold."""
    return _claim_fault(world) or _budget_fault(world) or entitled_fault(world)


def _account_fault(ledger: Ledger) -> Fault | None:
    books = ledger.add_up()
    if ledger.fen[books.lowest] < 0:
        why, payer, payee = tuple(ledger.slots)[books.lowest]
        fen = int(ledger.fen[books.lowest])
        return NEGATIVE, {"purpose": why, "payer": payer, "payee": payee, "fen": fen}
    if books.balances != 0:
        return BALANCES, {"sum": books.balances}
    if books.wrong >= 0:
        party = PARTIES[books.wrong]
        return BALANCE, {
            "party": party,
            "found": ledger.balance[party],
            "against": int(ledger.due[books.wrong]),
        }
    return (DONATED, {"fund": books.of_charity}) if books.of_charity < 0 else None


def _column_fault(world: World) -> Fault | None:
    """Compare what stands with persons with what stands in the ledger."""
    people, money = world.people, world.money
    columns = tuple(people[name] for name in ("state", "benefits", "out_of_pocket", "takes_up"))
    benefits, paid, below, others = _sums(*columns, people.elders_end)
    if below:
        return BELOW_ZERO, {"persons": below}
    if others:
        return NOT_ENTITLED, {"persons": others}
    if benefits != money.to_elders():
        return BENEFITS, {"found": benefits, "against": money.to_elders()}
    if paid != money.for_care():
        return OUT_OF_POCKET, {"found": paid, "against": money.for_care()}
    return _savings_fault(world) if "savings" in people.declared else None


def _savings_fault(world: World) -> Fault | None:
    people = world.people
    saved, others, below = _savings(people["savings"], people["state"], people.elders_end)
    if below:
        return BELOW_ZERO, {"persons": below}
    if others:
        return ESTATE, {"fen": others}
    if saved != world.money.balance[ELDERS]:
        return SAVED, {"found": saved, "against": world.money.balance[ELDERS]}
    return None


def _claim_fault(world: World) -> Fault | None:
    """Compare what each measure paid this month with what it was granted, in all."""
    granted: dict[str, int] = {}
    paid = world.money.by_purpose()
    for (name, _), claim in world.claims.made.items():
        if name in paid:
            granted[name] = granted.get(name, 0) + claim.total_granted
    for name, fen in granted.items():
        if paid[name] > fen and paid[name] > fen + world.money.unclaimed.get(name, 0):
            return ABOVE_GRANT, {"measure": name, "found": paid[name], "against": fen}
    return None


def _budget_fault(world: World) -> Fault | None:
    money = world.money
    if money.ceiling is None:
        return None
    due = world.claims.entitlements()
    if money.deficit != max(0, due - money.ceiling):
        return DEFICIT, {"deficit": money.deficit, "entitlements": due, "ceiling": money.ceiling}
    entitled = {claim.instrument.name for claim in world.claims.made.values() if claim.entitlement}
    spent = sum(
        fen
        for (why, payer, _), fen in money.month.items()
        if why in money.discretionary or (payer in PUBLIC and why not in entitled)
    )
    spent += sum(fen for why, fen in money.unclaimed.items() if why in entitled)
    if spent > max(0, money.ceiling - due):
        return CEILING, {"discretionary": spent, "entitlements": due, "ceiling": money.ceiling}
    return None if money.year is None else _year_fault(money, money.year)


def _year_fault(money: Ledger, year: Appropriation) -> Fault | None:
    """Compare what the year has spent to date with what it had, and all years with the balances of who paid."""
    month = money.public()
    if year.spent + month > year.whole + year.deficit:
        return YEAR, {"spent": year.spent + month, "had": year.whole, "deficit": year.deficit}
    left = year.left_after(month)
    overdrawn = year.overdrawn + max(0, year.spent + month - year.whole)
    spent = year.opening - money.public_balance()
    if year.appropriated + overdrawn != spent + year.returned + left:
        return YEARS, {"granted": year.appropriated, "overdrawn": overdrawn, "spent": spent,
                       "returned": year.returned, "left": left}  # fmt: skip
    return None


@compiled
def _sums(state, benefits, out_of_pocket, takes_up, n):
    """Return the sums of both columns, and how many are below zero or have benefits that are not theirs."""
    received, paid, signs, below, others = np.int64(0), np.int64(0), np.int32(0), 0, 0
    for i in range(n):  # without a branch, several at once
        received += benefits[i]
        paid += out_of_pocket[i]
        signs |= benefits[i] | out_of_pocket[i]
    lawful = np.uint8(LIVING_RESIDENT | ELDER)
    for i in range(n):  # in steps of a byte, several at once
        others += np.uint8(benefits[i] != 0) & np.uint8((state[i] & lawful != lawful) | (takes_up[i] == 0))
    if signs < 0:
        for i in range(n):
            below += benefits[i] < 0 or out_of_pocket[i] < 0
    return received, paid, below, others


@compiled
def _savings(savings, state, n):
    """Return the savings of the living registered and of others, and how many are below -1."""
    everybody, others, below = np.int64(0), np.int64(0), 0
    for i in range(n):  # without a branch, several at once
        everybody += max(savings[i], np.int32(0))
        below += savings[i] < -1
    for i in range(n):
        gone = np.int32(state[i] & LIVING_REGISTERED != LIVING_REGISTERED)
        others += max(savings[i], np.int32(0)) * gone
    return everybody - others, others, below
