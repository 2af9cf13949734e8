"""The shares of the states of disability that a lifetime of hazards leads to, cohort by cohort."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.people import LIVING_REGISTERED, age_in_years
from caresim.agents.place import OLDEST
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

FIRST_AGE = 50
"""Age from which hazards of decline are counted."""
STATES = 4
LIMITED, MODERATE, SEVERE = 1, 2, 3
"""States of disability: 0 none, 1 instrumental limitation (IADL), 2 moderate (1-2 ADL), 3 severe (3 or more ADL)."""


@compiled
def monthly_changes(onset, onset_slope, recovery, recovery_slope, trend):
    """Return the monthly probabilities of decline and recovery where hazards of decline are `trend` times as high."""
    worse = np.zeros((OLDEST, STATES))
    better = np.zeros((OLDEST, STATES))
    for age in range(FIRST_AGE, OLDEST):
        years = age + 0.5 - 70.0
        for step in range(STATES - 1):
            hazard = onset[step] * math.exp(onset_slope[step] * years) * trend
            worse[age, step] = 1.0 - math.exp(-hazard)
            hazard = recovery[step] * math.exp(-recovery_slope * years)
            better[age, step + 1] = 1.0 - math.exp(-hazard)
    return worse, better


@compiled
def live_to_now(prevalence, worse, better, death, risks):
    """Write the states of cohorts that have lived through all years up to the middle of the last one.

    Args:
        prevalence: by sex, age and state, written from `FIRST_AGE` on.
        worse: probability of decline a month, by year, age and state.
        better: probability of recovery, alike.
        death: probability of death a month, by year, sex and age.
        risks: relative risks of death by age and state.
    """
    n_years = len(worse)
    for sex in range(2):
        for now in range(FIRST_AGE, OLDEST):
            shares = (1.0, 0.0, 0.0, 0.0)
            for year in range(n_years - 1 - (now - FIRST_AGE), n_years):
                age = now - (n_years - 1 - year)
                for _ in range(12 if year < n_years - 1 else 6):
                    shares = live_a_month(
                        shares, worse[year, age], better[year, age], death[year, sex, age], risks[age]
                    )
            for state in range(STATES):
                prevalence[sex, now, state] = shares[state]


@compiled
def live_a_month(shares, worse, better, death, risk):
    """Return the shares of the four states after a month of decline, recovery and death."""
    a, b, c, d = shares
    moved_a = a * (1.0 - worse[0] - better[0]) + b * better[1]
    moved_b = b * (1.0 - worse[1] - better[1]) + a * worse[0] + c * better[2]
    moved_c = c * (1.0 - worse[2] - better[2]) + b * worse[1] + d * better[3]
    moved_d = d * (1.0 - worse[3] - better[3]) + c * worse[2]
    at_risk = moved_a * risk[0] + moved_b * risk[1] + moved_c * risk[2] + moved_d * risk[3]
    moved_a *= 1.0 - death * risk[0] / at_risk
    moved_b *= 1.0 - death * risk[1] / at_risk
    moved_c *= 1.0 - death * risk[2] / at_risk
    moved_d *= 1.0 - death * risk[3] / at_risk
    living = moved_a + moved_b + moved_c + moved_d
    return moved_a / living, moved_b / living, moved_c / living, moved_d / living


@compiled
def assign_states(state, born, disability, key, n, month, prevalence, stream):
    """Draw everybody's state from the prevalence of the sex and age."""
    for i in range(n):
        age = age_in_years(month, born[i])
        disability[i] = 0
        if age >= FIRST_AGE and state[i] & LIVING_REGISTERED == LIVING_REGISTERED:
            age = min(age, OLDEST - 1)
            luck = uniform(stream, key[i])
            total = prevalence[state[i] & 1, age, 0]
            while luck >= total and disability[i] < STATES - 1:
                disability[i] += 1
                total += prevalence[state[i] & 1, age, disability[i]]
