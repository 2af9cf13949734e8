"""Schemes: who has one, what is planned in it and what of that is delivered; links that social workers made."""

from __future__ import annotations

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
from caresim.recorder import Indicator, knows, number, ratio, resident_elders, tally

COLUMNS = ("scheme", "linked", "client", "assessed", "meals", "called_on", "modified", "place")
MODIFIED = 1
"""Code of the column `modified` of a home that has been made safe."""


NUMBERS = (
    "limited", "served", "schemes", "linkable", "linked", "answered", *(f"planned_{name}" for name in SERVICES),
    *(f"delivered_{name}" for name in SERVICES), "planned", "delivered",
)  # fmt: skip
"""Elders outside homes who are assessed as limited, those of them with a scheme, all with one; services planned for
clients with which they could be linked, those with which they are, those of these that were delivered this month;
services planned, and those of them that were delivered this month, by service and in all."""


PLANNED, DELIVERED = 6, 6 + len(SERVICES)


@tally(*NUMBERS)
def plans(world: World, numbers: np.ndarray) -> None:
    """Look through the schemes once; NaN in a run without them."""
    if knows(world, *COLUMNS):
        people, book = world.people, world.care
        _count(resident_elders(world), *(people[name] for name in COLUMNS), book.rows, book.received, numbers)


@compiled
def _count(
    elders, scheme, linked, client, assessed, meals, called_on, modified, place, rows, received, numbers
):
    """Count elders, services planned and delivered, and links."""
    planned, delivered = numbers[PLANNED:DELIVERED], numbers[DELIVERED:-2]
    planned[:], delivered[:] = 0.0, 0.0
    linkable = links = answered = 0
    limited, served, whose = _with_scheme(elders, scheme, assessed, place)
    case = 0  # cases stand in the order of the elders
    for i in whose:
        while case < len(rows) and rows[case] < i:
            case += 1
        had = _delivered(i, client, meals, called_on, modified)
        if case < len(rows) and rows[case] == i:
            had |= _given(received, case)
        for k in range(len(SERVICES)):
            planned[k] += scheme[i] >> k & 1
            delivered[k] += (scheme[i] & had) >> k & 1
        if client[i] & STAGE >= PLANNING:
            linkable += _number(scheme[i] & LINKABLE)
            links += _number(linked[i])
            answered += _number(linked[i] & had)
    numbers[0], numbers[1], numbers[2] = limited, served, len(whose)
    numbers[3], numbers[4], numbers[5] = linkable, links, answered
    numbers[-2], numbers[-1] = planned.sum(), delivered.sum()


@compiled
def _with_scheme(elders, scheme, assessed, place):
    """Count elders outside homes assessed as limited, and those with a scheme; return whose schemes. No branch."""
    whose, limited, served, found = np.empty(len(elders) + 1, dtype=np.uint32), 0, 0, 0
    for i in elders:
        within = (assessed[i] >= LIMITED) & (place[i] != INSTITUTION)
        limited += within
        served += within & (scheme[i] != 0)
        whose[found] = np.uint32(i)
        found += scheme[i] != 0
    return limited, served, whose[:found]


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
              ratio(plans, "served", "limited"), quarterly=True),
    Indicator("schemes", "persons", "mean", "Schemes", "照护方案数", "Elders who have a scheme.",
              number(plans, "schemes"), quarterly=True),
    Indicator("services_per_scheme", "services", "mean", "Services in a scheme", "方案平均服务项目数",
              "Services planned, of elders who have a scheme.",
              ratio(plans, "planned", "schemes"), quarterly=True),
    Indicator("scheme_fulfilment", "share", "mean", "Schemes fulfilled", "方案落实率",
              "Services delivered in the month, of the services planned in schemes.",
              ratio(plans, "delivered", "planned"), quarterly=True),
    *(Indicator(f"scheme_{name}", "share", "mean", f"Schemes fulfilled: {label}", f"方案落实率：{zh}",
                f"Elders who had {label} in the month, of those in whose scheme that is planned.",
                ratio(plans, f"delivered_{name}", f"planned_{name}"), quarterly=True)
      for name, (label, zh) in zip(SERVICES, NAMES, strict=True)),
    Indicator("links", "links", "mean", "Links", "资源链接数",
              "Services with which social workers have linked present and former clients.",
              number(plans, "linked"), quarterly=True),
    Indicator("link_share", "share", "mean", "Links made", "资源链接率",
              "Links made, of meals, visits and volunteers planned for present and former clients.",
              ratio(plans, "linked", "linkable"), quarterly=True),
    Indicator("link_answered", "share", "mean", "Links answered", "资源链接有效率",
              "Links followed by the service in the month, of all links.",
              ratio(plans, "answered", "linked"), quarterly=True),
)  # fmt: skip
