"""Schemes: who has one, what is planned in it and what of that is delivered; links that social workers made."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from caresim.agents.care import BOUGHT, FORMAL, PURCHASED, TIME_BANK
from caresim.agents.care import VOLUNTEERS as BY_VOLUNTEERS
from caresim.agents.people import INSTITUTION
from caresim.agents.schemes import (
    CARE,
    LIMITED,
    LINKABLE,
    MEALS,
    RESPITE,
    SAFE_HOME,
    SERVICES,
    SOCIAL_WORK,
    VISITS,
    VOLUNTEERS,
)
from caresim.agents.social_work import FORMER, NOBODYS, PLANNING, STAGE
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, knows, once_a_month, resident_elders, share

COLUMNS = ("scheme", "linked", "client", "assessed", "meals", "called_on", "modified", "place")
MODIFIED = 1
"""Code of the column `modified` of a home that has been made safe."""


class Schemes(NamedTuple):
    """Schemes at the month's end; NaN in a run without them.

    Attributes:
        limited: elders outside homes who are assessed as limited.
        served: those of them who have a scheme.
        schemes: all who have one.
        planned: services planned, by service.
        delivered: those of them that were delivered this month.
        linkable: services planned for clients with which they could be linked.
        linked: those with which they are linked.
        answered: those of the latter that were delivered this month.
    """

    limited: float
    served: float
    schemes: float
    planned: Sequence[float]
    delivered: Sequence[float]
    linkable: float
    linked: float
    answered: float


@once_a_month
def tally(world: World) -> Schemes:
    """Look through the schemes once."""
    if not knows(world, *COLUMNS):
        nothing = (math.nan,) * len(SERVICES)
        return Schemes(*(math.nan,) * 3, nothing, nothing, *(math.nan,) * 3)
    people, book = world.people, world.care
    counts, planned, delivered = _count(
        resident_elders(world), *(people[name] for name in COLUMNS), book.rows, book.received
    )
    limited, served, schemes, *linked = counts
    return Schemes(limited, served, schemes, planned.tolist(), delivered.tolist(), *linked)


@compiled
def _count(elders, scheme, linked, client, assessed, meals, called_on, modified, place, rows, received):
    """Count elders, services planned and delivered, and links."""
    planned, delivered = np.zeros(len(SERVICES)), np.zeros(len(SERVICES))
    limited = served = schemes = linkable = links = answered = case = 0
    for i in elders:
        is_case = case < len(rows) and rows[case] == i  # cases stand in the order of the elders
        within = assessed[i] >= LIMITED and place[i] != INSTITUTION
        limited += within
        if scheme[i]:
            schemes += 1
            served += within
            had = _delivered(i, client, meals, called_on, modified)
            if is_case:
                had |= _given(received, case)
            for k in range(len(SERVICES)):
                planned[k] += scheme[i] >> k & 1
                delivered[k] += scheme[i] & had & 1 << k != 0
            if client[i] & STAGE >= PLANNING:
                linkable += _number(scheme[i] & LINKABLE)
                links += _number(linked[i])
                answered += _number(linked[i] & had)
        case += is_case
    return (limited, served, schemes, linkable, links, answered), planned, delivered


@compiled
def _delivered(i, client, meals, called_on, modified):
    """Return the marks of the services that an elder has, but for those of the book of care."""
    stage = client[i] & STAGE
    had = SOCIAL_WORK if NOBODYS < stage < FORMER else 0
    had |= MEALS if meals[i] else 0
    had |= VISITS if called_on[i] else 0
    return had | (SAFE_HOME if modified[i] == MODIFIED else 0)


@compiled
def _given(received, case):
    """Return the marks of the services that a case received hours of."""
    had = CARE if received[case, FORMAL] + received[case, PURCHASED] > 0 else 0
    had |= RESPITE if received[case, BOUGHT] > 0 else 0
    return had | (VOLUNTEERS if received[case, BY_VOLUNTEERS] + received[case, TIME_BANK] > 0 else 0)


@compiled
def _number(marks):
    """Count marks."""
    found = 0
    while marks:
        found += marks & 1
        marks >>= 1
    return found


def _ratio(part: Callable[[Schemes], float], whole: Callable[[Schemes], float]) -> Callable[[World], float]:
    def measure(world: World) -> float:
        found = tally(world)
        return share(part(found), whole(found))

    return measure


def _fulfilled(service: int) -> Callable[[World], float]:
    return _ratio(lambda found: found.delivered[service], lambda found: found.planned[service])


NAMES = (
    ("hours of care workers", "上门护理"),
    ("meals", "助餐"),
    ("visits", "探访"),
    ("respite", "喘息服务"),
    ("a safe home", "适老化改造"),
    ("a social worker", "社会工作"),
    ("volunteers", "志愿服务"),
)
INDICATORS = (
    Indicator("scheme_share", "share", "mean", "Limited elders with a scheme", "失能老人有照护方案比重",
              "Elders outside homes who are assessed as limited and have a scheme, of those who are assessed so.",
              _ratio(lambda found: found.served, lambda found: found.limited), quarterly=True),
    Indicator("schemes", "persons", "mean", "Schemes", "照护方案数", "Elders who have a scheme.",
              lambda world: tally(world).schemes, quarterly=True),
    Indicator("services_per_scheme", "services", "mean", "Services in a scheme", "方案平均服务项目数",
              "Services planned, of elders who have a scheme.",
              _ratio(lambda found: sum(found.planned), lambda found: found.schemes), quarterly=True),
    Indicator("scheme_fulfilment", "share", "mean", "Schemes fulfilled", "方案落实率",
              "Services delivered in the month, of the services planned in schemes.",
              _ratio(lambda found: sum(found.delivered), lambda found: sum(found.planned)), quarterly=True),
    *(Indicator(f"scheme_{name}", "share", "mean", f"Schemes fulfilled: {label}", f"方案落实率：{zh}",
                f"Elders who had {label} in the month, of those in whose scheme that is planned.",
                _fulfilled(service), quarterly=True)
      for service, (name, (label, zh)) in enumerate(zip(SERVICES, NAMES, strict=True))),
    Indicator("links", "links", "mean", "Links", "资源链接数",
              "Services with which social workers have linked present and former clients.",
              lambda world: tally(world).linked, quarterly=True),
    Indicator("link_share", "share", "mean", "Links made", "资源链接率",
              "Links made, of meals, visits and volunteers planned for present and former clients.",
              _ratio(lambda found: found.linked, lambda found: found.linkable), quarterly=True),
    Indicator("link_answered", "share", "mean", "Links answered", "资源链接有效率",
              "Links followed by the service in the month, of all links.",
              _ratio(lambda found: found.answered, lambda found: found.linked), quarterly=True),
)  # fmt: skip
