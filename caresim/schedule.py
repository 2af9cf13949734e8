"""The month, in order: the page to read first.

A model's step opens the month, lets each process of `MONTH` act once, records the indicators and checks the
laws. The order is data: `caresim schedule` prints it with what each process reads and writes. Only the sources of
care change places, if the lever `needs.order` says so.
"""

from __future__ import annotations

from typing import Any

from caresim.agents.two_orders import in_two_orders
from caresim.agents.world import Process, World
from caresim.processes import (
    admission,
    ageing,
    assessment,
    benefits,
    burden,
    care_beds,
    care_schemes,
    children_care,
    coresidence,
    dementia,
    depression,
    digital_skill,
    employment,
    entitled_care,
    fertility,
    formal_care,
    functional_decline,
    grandchild_care,
    home_modification,
    home_upkeep,
    homes,
    hospital,
    household_money,
    income,
    inheritance,
    living_arrangement,
    loneliness,
    marriage,
    meals,
    medical_contact,
    migration,
    mortality,
    mutual_aid,
    needs,
    neighbour_care,
    newcomers,
    purchased_care,
    reclassification,
    respite,
    social_ties,
    social_work,
    spouse_care,
    time_bank,
    transfers,
    unmet_need,
    urbanisation,
    visits,
    volunteering,
    widowhood,
    workforce,
)

MONTH: tuple[Process, ...] = (
    # Births and ageing
    fertility.PROCESS,
    ageing.PROCESS,
    # Health and death
    functional_decline.PROCESS,
    dementia.PROCESS,
    mortality.PROCESS,
    # Coins of the dead, while the widowed are still known as spouses
    inheritance.PROCESS,
    # Widowhood and marriage
    widowhood.PROCESS,
    marriage.PROCESS,
    # Migration and return, the flow to the towns
    migration.PROCESS,
    urbanisation.PROCESS,
    reclassification.PROCESS,
    newcomers.PROCESS,
    # Who lives with whom
    coresidence.PROCESS,
    # Who moves into a care home, or out of it
    admission.PROCESS,
    living_arrangement.PROCESS,
    # Who looks after grandchildren
    grandchild_care.PROCESS,
    # Money from children
    transfers.PROCESS,
    # Who works off the farm
    employment.PROCESS,
    # What elders have of their own
    income.PROCESS,
    # Whose ability is assessed, who claims what, and what government pays
    assessment.PROCESS,
    benefits.PROCESS,
    # Whom social workers help
    social_work.PROCESS,
    # Which services are planned for whom
    care_schemes.PROCESS,
    # Who can use digital services
    digital_skill.PROCESS,
    # Whose home is made safe
    home_modification.PROCESS,
    # Who needs care
    needs.PROCESS,
    # Who stands together with whom: happiness homes and mutual-aid pairs
    mutual_aid.PROCESS,
    # Who is brought meals, and who is promised hours of care workers
    meals.PROCESS,
    entitled_care.PROCESS,
    # Which left-behind elders are visited
    visits.PROCESS,
    # Who cares: bought relief first, then the sources in the order of `needs.order`
    respite.PROCESS,
    care_beds.PROCESS,
    spouse_care.PROCESS,
    children_care.PROCESS,
    formal_care.PROCESS,
    neighbour_care.PROCESS,
    volunteering.PROCESS,
    time_bank.PROCESS,
    # What elders buy
    purchased_care.PROCESS,
    # What happiness homes and village committees cost
    home_upkeep.PROCESS,
    # What stays unmet
    unmet_need.PROCESS,
    # Who comes to a doctor
    medical_contact.PROCESS,
    hospital.PROCESS,
    # What caring does to carers
    burden.PROCESS,
    # Ties, loneliness, depression
    social_ties.PROCESS,
    loneliness.PROCESS,
    depression.PROCESS,
    # How care homes care, live and close
    homes.PROCESS,
    # What an hour of care costs, and how many care workers there are
    workforce.PROCESS,
    # What elders live on, and what is left
    household_money.PROCESS,
)
ORDER = "schedule.order"
SETTLING_MONTHS = 12
"""Months of care before the start, so that the first month does not begin with untried carers."""


def in_order(world: World, month: tuple[Process, ...] | None = None) -> tuple[Process, ...]:
    """Return a month's processes with the sources of care in the order that the lever says."""
    month = MONTH if month is None else month
    needs = world.parameters.get("needs")
    return world.once(ORDER, (month, needs), lambda: _in_turn(world, month, needs))


def _in_turn(world: World, month: tuple[Process, ...], needs: Any) -> tuple[Process, ...]:
    sources = {process.source: process for process in month if process.source is not None}
    asked = tuple(name for name in needs.order if name in sources) if needs is not None else tuple(sources)
    if tuple(sources) == asked:
        return month
    where = world.only_in(needs.order_rollout)
    if where.all():
        turns = iter([sources[name] for name in asked])
        return tuple(process if process.source is None else next(turns) for process in month)
    return in_two_orders(month, [sources[name] for name in asked], where) if where.any() else month


def begin(world: World) -> None:
    """Let every process begin, put rows in order, and let care run for a year on the people of the start."""
    for process in MONTH:
        if process.begin is not None:
            process.begin(world)
    world.put_in_order()
    for month in range(world.start - SETTLING_MONTHS, world.start):
        world.month = month
        for process in in_order(world):
            if process.settles:
                process.run(world)
    world.month = world.start
    for process in MONTH:
        if process.settled is not None:
            process.settled(world)
    world.people.flows.clear()
