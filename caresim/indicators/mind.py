"""How elders feel: loneliness, depression, self-efficacy, ties; and the medical contacts that they miss."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from caresim.agents.elder_census import (
    ARE_DEPRESSED,
    ARE_LONELY,
    BY_THEMSELVES,
    EFFICACY,
    ELDERS,
    LONELINESS,
    LONELY_ALONE,
    MISSED,
    TIES,
)
from caresim.agents.world import World
from caresim.recorder import Indicator, census, knows, number, once_a_month, ratio

KEPT = ("mood", "arrangement", "loneliness", "ties", "efficacy", "disability", "medical_missed", "state")
CONTACTS = "medical_contact"
THOUSANDTHS, HUNDREDTHS = 1000, 100
WOMEN = 1
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


@once_a_month
def tally(world: World) -> Mind:
    """Look at every elder once a month, for the indicators of this file."""
    if not knows(world, *KEPT) or CONTACTS not in world.parameters:
        return Mind(*(math.nan,) * len(Mind._fields))
    found = census(world)
    number, sums = found.number, found.sums
    elders, alone, lonely, lonely_alone = (
        number[k] for k in (ELDERS, BY_THEMSELVES, ARE_LONELY, LONELY_ALONE)
    )
    women, depressed_women = (float(found.counts[k, WOMEN].sum()) for k in (ELDERS, ARE_DEPRESSED))
    return Mind(elders, lonely, alone, lonely_alone, elders - alone, lonely - lonely_alone, number[ARE_DEPRESSED],
                women, depressed_women, sums[LONELINESS] / THOUSANDTHS, sums[TIES] / THOUSANDTHS,
                sums[EFFICACY] / THOUSANDTHS, found.contacts, sums[MISSED] / HUNDREDTHS)  # fmt: skip


def of(part: str, whole: str = "elders") -> Callable[[World], float]:
    """Return the reading of one count or sum over another."""
    return ratio(tally, part, whole)


mean_loneliness = of("loneliness")


def uls6(world: World) -> float:
    """Put the mean loneliness on the six-item scale."""
    return ULS6_MEAN + ULS6_SPREAD * mean_loneliness(world)


SCORE = "standard deviations"

INDICATORS = (
    Indicator("lonely_share", "share", "mean", "Lonely elders", "孤独老人比重",
              "Resident elders whose loneliness is above the threshold.", of("lonely"), better="lower"),
    Indicator("loneliness", SCORE, "mean", "Mean loneliness", "平均孤独感",
              "Mean score of loneliness of resident elders.", mean_loneliness, better="lower"),
    Indicator("uls6", "points", "mean", "Mean loneliness, ULS-6", "孤独感量表均分（ULS-6）",
              "Mean loneliness as points of the six-item scale: 14 + 3.6 times the score.", uls6,
              better="lower"),
    Indicator("lonely_alone_share", "share", "mean", "Lonely among those living alone", "独居老人孤独比重",
              "Lonely of resident elders who live alone.", of("lonely_alone", "alone"), better="lower"),
    Indicator("lonely_not_alone_share", "share", "mean", "Lonely among those not living alone",
              "非独居老人孤独比重",
              "Lonely of resident elders who live with others.", of("lonely_others", "others"),
              better="lower"),
    Indicator("depressed_share", "share", "mean", "Depressed elders", "抑郁老人比重",
              "Resident elders with depressive symptoms.", of("depressed"), better="lower"),
    Indicator("depressed_share_women", "share", "mean", "Depressed among old women", "抑郁老年女性比重",
              "Women with depressive symptoms of resident women of 60 and over.", of("depressed_women", "women"),
              better="lower"),
    Indicator("efficacy", SCORE, "mean", "Self-efficacy", "自我效能感",
              "Mean self-efficacy of resident elders.", of("efficacy"), better="higher"),
    Indicator("ties", SCORE, "mean", "Ties outside the family", "社会联系",
              "Mean ties of resident elders with people outside the family.", of("ties"), better="higher"),
    Indicator("medical_contacts_needed", "contacts", "sum", "Medical contacts needed", "所需就医接触次数",
              "Contacts with a doctor or nurse that resident elders needed in the month.", number(tally, "contacts")),
    Indicator("medical_contacts_missed", "contacts", "sum", "Medical contacts missed", "未实现就医接触次数",
              "Those of them that did not come about.", number(tally, "missed"), better="lower"),
    Indicator("medical_missed_share", "share", "mean", "Missed medical contacts", "未实现就医接触比重",
              "Medical contacts that did not come about, of those that resident elders needed.",
              of("missed", "contacts"), better="lower"),
)  # fmt: skip
