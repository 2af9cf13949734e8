"""How many elders need help with daily life, and what their children give them."""

from __future__ import annotations

from caresim.agents.money import FEN
from caresim.recorder import Indicator, census, number, ratio

INDICATORS = (
    Indicator("disabled_share", "share", "mean", "Elders disabled or semi-disabled", "失能半失能老人比重",
              "Resident elders in states 1-3 (limited in instrumental activities or more).", ratio(census, "disabled",
              "elders")),
    Indicator("adl_disabled_share", "share", "mean", "Elders with an ADL limitation",
              "日常生活活动受限老人比重",
              "Resident elders in states 2-3 (limited in activities of daily living).", ratio(census, "adl_disabled",
              "elders")),
    Indicator("adl_incidence", "per person-year", "mean", "New ADL limitations at 65+", "65岁以上新增失能率",
              "Onsets of states 2-3 in the month times 12, per person of 65+ without one.",
              ratio(lambda world: world.people.flows, "adl_onsets", "adl_exposed", 12), better="lower"),
    Indicator("dementia_share", "share", "mean", "Elders with dementia", "失智老人比重",
              "Resident elders with dementia.", ratio(census, "demented", "elders")),
    Indicator("transfers", "yuan", "sum", "Transfers from children", "子女经济支持",
              "What resident elders received from their children in the month.", number(census, "transfers", 1 / FEN)),
)  # fmt: skip
