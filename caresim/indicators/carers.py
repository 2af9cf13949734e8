"""Who cares and at what cost: carers, their burden, and the family's hours by kin, sex and place."""

from __future__ import annotations

from collections.abc import Callable

from caresim.agents.world import World
from caresim.recorder import Better, Indicator, care, everybody, number, ratio

HUNDREDTH, HOUR = 0.01, 1 / 60


def per_carer(what: str, times: float = 1.0) -> Callable[[World], float]:
    """Return the reading of a sum or count over the number of carers."""
    return ratio(everybody, what, "carers", times)


KIN = (
    ("wives", "wives", "妻子"),
    ("husbands", "husbands", "丈夫"),
    ("daughters", "daughters", "女儿"),
    ("daughters_in_law", "daughters-in-law", "儿媳"),
    ("sons", "sons", "儿子"),
    ("sons_in_law", "sons-in-law", "女婿"),
)
PLACES = (
    ("coresident", "the same household", "同住"),
    ("near", "the same village", "同村"),
    ("county", "elsewhere in the county", "本县其他地方"),
    ("away", "outside the county", "县外"),
)
MAIN = (
    ("spouse", "Spouse as main carer", "配偶为主要照料者"),
    ("child", "Child or child-in-law as main carer", "子女或其配偶为主要照料者"),
    ("other", "Somebody else as main carer", "其他人为主要照料者"),
    ("nobody", "No main carer", "无主要照料者"),
)


def _share(name: str, label: str, zh: str, meaning: str, measure: Callable[[World], float],
           better: Better | None = None) -> Indicator:  # fmt: skip
    return Indicator(name, "share", "mean", label, zh, meaning, measure, better=better)


INDICATORS = (
    Indicator("carers", "persons", "mean", "Family carers", "家庭照料者人数",
              "Registered people who gave their family at least the hours of a carer in the month.",
              number(everybody, "carers")),
    Indicator("burden", "points", "mean", "Mean burden of family carers", "家庭照料者平均负担",
              "Mean burden (Zarit interview, 0-88) of family carers.", per_carer("burden", HUNDREDTH), better="lower"),
    _share("heavy_burden_share", "Heavily burdened family carers", "重负担家庭照料者比重",
           "Family carers with a burden above `outcomes.heavy_burden` of 88 points, of family carers.",
           per_carer("heavy"), better="lower"),
    Indicator("hours_per_carer", "hours per month", "mean", "Hours per family carer", "家庭照料者人均时数",
              "Hours that a family carer gave the family in the month.", per_carer("minutes", HOUR)),
    Indicator("employment_months_lost", "months", "sum", "Employment lost to care", "因照料损失的就业月数",
              "Hours beyond those that a job leaves time for, over the hours of a month of employment.",
              number(lambda world: world.care, "employment_lost"), better="lower"),
    *(_share(f"family_hours_{name}_share", f"Family hours by {label}", f"家庭照料时数：{zh}",
             f"Hours given by {label}, of the hours that family gave.", ratio(care, name, "family"))
      for name, label, zh in KIN),
    *(_share(f"family_hours_{name}_share", f"Family hours from {label}", f"家庭照料时数：{zh}",
             f"Hours given from {label}, of the hours that family gave.", ratio(care, name, "family"))
      for name, label, zh in PLACES),
    _share("family_hours_women_share", "Family hours by women", "家庭照料时数：女性",
           "Hours given by wives, daughters and daughters-in-law, of the hours that family gave.",
           ratio(care, "women", "family")),
    *(_share(f"main_carer_{name}_share", label, zh,
             "Share of ADL-disabled elders outside institutions, by who gave most personal care and help in the house.",
             ratio(care, f"main_{name}", "main"), "lower" if name == "nobody" else None) for name, label, zh in MAIN),
)  # fmt: skip
