"""What unmet need, loneliness and support do to elders' health: factors on their hazards of decline and of death."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.care import FULL, LONELY
from caresim.agents.lifetimes import STATES
from caresim.agents.people import FEMALE, age_in_years
from caresim.agents.place import OLDEST
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

ELDERS_FROM, OLDEST_OLD_FROM = 60, 80
MODIFIED, NURSED = 1, 2
"""The value of `modified` of a home made safe, the mark of `care_bed` of those who were nursed at home."""


@compiled
def unmet_factor(unmet, effect):
    """Return the factor on a hazard of what stays unmet (250ths)."""
    return math.exp(effect * (unmet / FULL))


@compiled
def unmet_by_state(elders, disability, unmet, effect):
    """Return the mean factor of unmet need by state of disability, 1 where there is nobody."""
    total, heads = np.zeros(STATES), np.zeros(STATES)
    for i in elders:
        total[disability[i]] += unmet_factor(unmet[i], effect)
        heads[disability[i]] += 1.0
    return np.where(heads > 0.0, total / np.maximum(heads, 1.0), 1.0)


@compiled
def nursing_factor(severe, care_bed, slowed):
    """Return the factor on an elder's hazard of severe disability, of doctors at home and nursing in a care bed."""
    return severe * (slowed[3] if care_bed & NURSED else 1.0)


@compiled
def support_factor(now, age, key, modified, meals, slowed):
    """Return the factor on an elder's hazard of a first or an ADL limitation, of meals and a safe home.

    `slowed` holds the factor in a safe home, the share under 80 at high risk of falling although nothing limits
    them, the factors with meals and with nursing, and the stream of the lasting draw of that risk.
    """
    in_safe_home, fall_risk, with_meals, _, risk = slowed
    factor = with_meals if meals else 1.0
    if modified == MODIFIED and (now > 0 or age >= OLDEST_OLD_FROM or uniform(risk, key) < fall_risk):
        factor *= in_safe_home
    return factor


@compiled
def care_factor(unmet, mood, age, unmet_effect, lonely_risk):
    """Return the factor on an elder's hazard of death: of unmet need (250ths), and of loneliness under 80."""
    factor = unmet_factor(unmet, unmet_effect)
    return factor * lonely_risk if mood & LONELY and age < OLDEST_OLD_FROM else factor


@compiled
def decade(age):
    """Return the age group of an elder: 60-69, 70-79, 80 and over."""
    return min((age - ELDERS_FROM) // 10, 2)


@compiled
def care_by_age(
    elders, state, born, disability, dementia, unmet, mood, month, hazard, unmet_effect, lonely_risk
):
    """Return by age group how many times as many die with the factor of care as without it, 1 where there is nobody.

    Args:
        elders: rows.
        state: who is a woman.
        born: months of birth.
        disability: states of disability.
        dementia: who has it.
        unmet: what stays unmet (250ths).
        mood: who is lonely.
        month: this month.
        hazard: hazard of death without the factor, by sex, age, state and dementia.
        unmet_effect: logarithm of the factor if nothing is met.
        lonely_risk: factor of loneliness under 80.
    """
    deaths, without = np.zeros(3), np.zeros(3)
    for i in elders:
        age = age_in_years(month, born[i])
        expected = hazard[state[i] & FEMALE, min(age, OLDEST - 1), disability[i], dementia[i]]
        deaths[decade(age)] += expected * care_factor(unmet[i], mood[i], age, unmet_effect, lonely_risk)
        without[decade(age)] += expected
    return np.where(without > 0.0, deaths / np.maximum(without, 1e-300), 1.0)
