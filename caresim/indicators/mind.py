"""How elders feel: loneliness, depression, self-efficacy, ties; and the medical contacts that they miss."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from caresim.agents.care import ALONE, DEPRESSED, LONELY
from caresim.agents.people import FEMALE
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, knows, resident_elders, share

KEPT = ("mood", "arrangement", "loneliness", "ties", "efficacy", "disability", "medical_missed", "state")
CONTACTS = "medical_contact"
THOUSANDTHS, HUNDREDTHS = 1000, 100
ULS6_MEAN, ULS6_SPREAD = 14.0, 3.6
"""A score in standard deviations as points of the six-item loneliness scale (6-24); a judgement."""


class Mind(NamedTuple):
    """Counts and sums over resident elders at the month's end; NaN in a run without these processes."""

    elders: float
    lonely: float
    alone: float
    lonely_alone: float
    others: float
    lonely_others: float
    depressed: float
    women: float
    depressed_women: float
    loneliness: float
    ties: float
    efficacy: float
    contacts: float
    missed: float


def tally(world: World) -> Mind:
    """Look at every elder once a month, for the indicators of this file."""
    return world.once("tally.mind", world.month, lambda: _tally(world))


def _tally(world: World) -> Mind:
    if not knows(world, *KEPT) or CONTACTS not in world.parameters:
        return Mind(*(math.nan,) * len(Mind._fields))
    by_state = np.array(world.parameters[CONTACTS].contacts)
    return Mind(*_count(resident_elders(world), *(world.people[name] for name in KEPT), by_state))


@compiled
def _count(
    elders, mood, arrangement, loneliness, ties, efficacy, disability, medical_missed, state, by_state
):
    """Count the lonely and depressed, add up scores, and weigh missed contacts by the contacts needed."""
    lonely = alone = lonely_alone = depressed = women = depressed_women = 0
    score = tied = effective = 0
    needed = missed = 0.0
    for i in elders.view(np.uint64):  # unsigned, so that no row is looked for from the end
        is_lonely, is_depressed = mood[i] & LONELY != 0, mood[i] & DEPRESSED != 0
        by_himself, woman = arrangement[i] & ALONE != 0, state[i] & FEMALE != 0
        lonely += is_lonely
        alone += by_himself
        lonely_alone += is_lonely & by_himself
        depressed += is_depressed
        women += woman
        depressed_women += is_depressed & woman
        score += loneliness[i]
        tied += ties[i]
        effective += efficacy[i]
        needed += by_state[disability[i]]
        missed += by_state[disability[i]] * medical_missed[i]
    n = len(elders)
    return (n, lonely, alone, lonely_alone, n - alone, lonely - lonely_alone, depressed, women, depressed_women,
            score / THOUSANDTHS, tied / THOUSANDTHS, effective / THOUSANDTHS, needed, missed / HUNDREDTHS)  # fmt: skip


def of(part: str, whole: str = "elders") -> Callable[[World], float]:
    """Return the reading of one count or sum over another."""

    def measure(world: World) -> float:
        found = tally(world)
        return share(getattr(found, part), getattr(found, whole))

    return measure


def contacts(part: str) -> Callable[[World], float]:
    """Return the reading of a number of medical contacts."""
    return lambda world: getattr(tally(world), part)


def uls6(world: World) -> float:
    """Put the mean loneliness on the six-item scale."""
    return ULS6_MEAN + ULS6_SPREAD * of("loneliness")(world)


SCORE = "standard deviations"

INDICATORS = (
    Indicator("lonely_share", "share", "mean", "Lonely elders", "孤独老人比重",
              "Resident elders whose loneliness is above the threshold.", of("lonely")),
    Indicator("loneliness", SCORE, "mean", "Mean loneliness", "平均孤独感",
              "Mean score of loneliness of resident elders.", of("loneliness")),
    Indicator("uls6", "points", "mean", "Mean loneliness, ULS-6", "孤独感量表均分（ULS-6）",
              "Mean loneliness as points of the six-item scale: 14 + 3.6 times the score.", uls6),
    Indicator("lonely_alone_share", "share", "mean", "Lonely among those living alone", "独居老人孤独比重",
              "Lonely of resident elders who live alone.", of("lonely_alone", "alone")),
    Indicator("lonely_not_alone_share", "share", "mean", "Lonely among those not living alone",
              "非独居老人孤独比重",
              "Lonely of resident elders who live with others.", of("lonely_others", "others")),
    Indicator("depressed_share", "share", "mean", "Depressed elders", "抑郁老人比重",
              "Resident elders with depressive symptoms.", of("depressed")),
    Indicator("depressed_share_women", "share", "mean", "Depressed among old women", "抑郁老年女性比重",
              "Women with depressive symptoms of resident women of 60 and over.", of("depressed_women", "women")),
    Indicator("efficacy", SCORE, "mean", "Self-efficacy", "自我效能感",
              "Mean self-efficacy of resident elders.", of("efficacy")),
    Indicator("ties", SCORE, "mean", "Ties outside the family", "社会联系",
              "Mean ties of resident elders with people outside the family.", of("ties")),
    Indicator("medical_contacts_needed", "contacts", "sum", "Medical contacts needed", "所需就医接触次数",
              "Contacts with a doctor or nurse that resident elders needed in the month.", contacts("contacts")),
    Indicator("medical_contacts_missed", "contacts", "sum", "Medical contacts missed", "未实现就医接触次数",
              "Those of them that did not come about.", contacts("missed")),
    Indicator("medical_missed_share", "share", "mean", "Missed medical contacts", "未实现就医接触比重",
              "Medical contacts that did not come about, of those that resident elders needed.",
              of("missed", "contacts")),
)  # fmt: skip
