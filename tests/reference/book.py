"""The month's book of care: cases, hand-overs, and who stands where to whom."""

from __future__ import annotations

from dataclasses import dataclass, field

from caresim.agents.care import AWAY, COUNTY, SAME_HOME, SAME_VILLAGE
from caresim.agents.people import INSTITUTION, TOWN

PERSONAL_TO_COMPANY = (0, 1, 2)
PERSONAL_AND_INSTRUMENTAL = (0, 1)
INSTRUMENTAL_AND_COMPANY = (1, 2)
COMPANY_ONLY = (2,)


class Case:
    """An elder with a need this month."""

    def __init__(self, elder, need):
        self.elder = elder
        self.need = list(need)
        self.left = list(need)

    def remaining(self, tasks=PERSONAL_TO_COMPANY):
        """Minutes of some tasks that nobody has met so far."""
        return sum(self.left[task] for task in tasks)


@dataclass
class Gift:
    """One hand-over; bought care has no giver."""

    giver: object
    case: Case
    relation: int
    where: int
    minutes: list


@dataclass
class Bank:
    """The time bank's accounts apart from people's own."""

    pool: int = 0
    government: int = 0
    lost: int = 0
    confidence: float = 0.0
    opened: int | None = None
    holders: dict = field(default_factory=dict)

    def credit(self, person, minutes):
        person.coins += minutes
        self.holders[person] = True


def hand_over(model, giver, case, relation, where, offer, tasks):
    """Let a giver do what is left of some tasks, at most `offer` minutes; return the minutes by task."""
    minutes = [0, 0, 0]
    for task in tasks:
        minutes[task] = max(0, min(offer - sum(minutes), case.left[task]))
        case.left[task] -= minutes[task]
    if sum(minutes) > 0:
        model.gifts.append(Gift(giver, case, relation, where, minutes))
        if giver is not None:
            giver.given += sum(minutes)
    return minutes


def where_is(giver, elder):
    """Return where a giver is, seen from an elder."""
    if giver.shares_home_with(elder):
        return SAME_HOME
    if giver.resident and giver.place == INSTITUTION:
        return AWAY
    if giver.resident and giver.village == elder.village:
        return SAME_VILLAGE
    return COUNTY if giver.resident or giver.place == TOWN else AWAY


def tiredness(model, person):
    """Return what burden leaves of somebody's capacity."""
    if not person.registered:
        return 1.0
    weight = model.parameters["burden"].capacity_effect / 12000
    return max(0.0, 1 - weight * person.burden)
