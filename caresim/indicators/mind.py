"""How elders feel: loneliness, depression, self-efficacy, ties; and the medical contacts that they miss."""

from __future__ import annotations

from collections.abc import Callable

from caresim.agents.elder_census import ELDERS, LONELINESS
from caresim.agents.world import World
from caresim.recorder import Indicator, census, number, ratio, share

THOUSANDTH, HUNDREDTH = 0.001, 0.01
ULS6_MEAN, ULS6_SPREAD = 14.0, 3.6
"""A score in standard deviations as points of the six-item loneliness scale (6-24); a judgement."""


def of(part: str, whole: str = "elders", times: float = 1.0) -> Callable[[World], float]:
    """Return the reading of one count or sum over another."""
    return ratio(census, part, whole, times)


def uls6(world: World) -> float:
    """Put the mean loneliness on the six-item scale."""
    found = census(world)
    return ULS6_MEAN + ULS6_SPREAD * share(THOUSANDTH * float(found[LONELINESS]), float(found[ELDERS]))


SCORE = "standard deviations"

INDICATORS = (
    Indicator("lonely_share", "share", "mean", "Lonely elders", "孤独老人比重",
              "Resident elders whose loneliness is above the threshold.", of("lonely"), better="lower"),
    Indicator("loneliness", SCORE, "mean", "Mean loneliness", "平均孤独感",
              "Mean score of loneliness of resident elders.", of("loneliness", times=THOUSANDTH), better="lower"),
    Indicator("uls6", "points", "mean", "Mean loneliness, ULS-6", "孤独感量表均分（ULS-6）",
              "Mean loneliness as points of the six-item scale: 14 + 3.6 times the score.", uls6,
              better="lower"),
    Indicator("lonely_alone_share", "share", "mean", "Lonely among those living alone", "独居老人孤独比重",
              "Lonely of resident elders who live alone.", of("lonely_alone", "alone"), better="lower"),
    Indicator("lonely_not_alone_share", "share", "mean", "Lonely among those not living alone",
              "非独居老人孤独比重",
              "Lonely of resident elders who live with others.", of("lonely_not_alone", "not_alone"),
              better="lower"),
    Indicator("depressed_share", "share", "mean", "Depressed elders", "抑郁老人比重",
              "Resident elders with depressive symptoms.", of("depressed"), better="lower"),
    Indicator("depressed_share_women", "share", "mean", "Depressed among old women", "抑郁老年女性比重",
              "Women with depressive symptoms of resident women of 60 and over.", of("depressed_women", "women"),
              better="lower"),
    Indicator("efficacy", SCORE, "mean", "Self-efficacy", "自我效能感",
              "Mean self-efficacy of resident elders.", of("efficacy", times=THOUSANDTH), better="higher"),
    Indicator("ties", SCORE, "mean", "Ties outside the family", "社会联系",
              "Mean ties of resident elders with people outside the family.", of("ties", times=THOUSANDTH),
              better="higher"),
    Indicator("medical_contacts_needed", "contacts", "sum", "Medical contacts needed", "所需就医接触次数",
              "Contacts with a doctor or nurse that resident elders needed in the month.", number(census, "contacts")),
    Indicator("medical_contacts_missed", "contacts", "sum", "Medical contacts missed", "未实现就医接触次数",
              "Those of them that did not come about.", number(census, "missed", HUNDREDTH), better="lower"),
    Indicator("medical_missed_share", "share", "mean", "Missed medical contacts", "未实现就医接触比重",
              "Medical contacts that did not come about, of those that resident elders needed.",
              of("missed", "contacts", HUNDREDTH), better="lower"),
)  # fmt: skip
