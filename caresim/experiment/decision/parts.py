"""Take a mix apart by the sector that its instruments lean on, and put every subset of the parts together again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from caresim.experiment.decision.coalitions import Coalition, sampled, shapley, subsets, synergy
from caresim.experiment.decision.unrun import unrun_variance
from caresim.experiment.statistics import LEVEL, t_interval

if TYPE_CHECKING:
    from caresim.scenario import Mix, Scenario

PARTS: Mapping[str, tuple[str, ...]] = {
    "family": ("carer_allowance", "carer_respite", "filial_campaign"),
    "community": ("mutual_aid_pairs", "happiness_homes", "meal_aid", "visit_system", "source_order",
                  "village_oversight", "donations"),
    "volunteers": ("time_bank", "time_bank_inheritance", "volunteer_awareness"),
    "state": ("age_allowance", "service_subsidy", "nursing_subsidy", "destitute_support", "cash_stack", "cash_benefit",
              "pension", "targeting", "budget", "budget_feedback", "ability_assessment", "integration", "medical_care",
              "home_modification", "social_workers", "public_homes", "digital_platform", "care_schemes",
              "monthly_supervision"),
    "market": ("long_term_care_insurance", "care_vouchers", "care_workers", "carer_training", "job_awards",
               "institution_subsidy", "operating_subsidy", "bed_target", "free_entry", "siting", "nursing_beds",
               "reserved_beds", "construction_grant", "price_cap", "inspection", "home_beds", "station_beds",
               "township_centres", "counterpart_support", "skill_grades", "chains", "idle_buildings"),
}  # fmt: skip
"""Instruments by the sector that does what they call for, whoever pays: carers in the family; neighbours, pairs, homes,
kitchens and visitors; volunteers and the time bank; offices with their cash, doctors and social workers; care workers
and care homes."""
PARTS_FILE = "caresim/experiment/decision/parts.py"
NOBODY, AND = "nobody", "."


def with_coalitions(scenario: Scenario, mix: str, baseline: str | None = None,
                    parts: Mapping[str, tuple[str, ...]] = PARTS, most: int | None = None,
                    alone: bool = False) -> Scenario:  # fmt: skip
    """Return the scenario with a mix for every subset of a mix's parts; the rest is as in the baseline.

    The mixes are called by their parts (`family.state`), the one without any `nobody`, which is the new baseline.

    Args:
        scenario: holds both mixes.
        mix: the mix to take apart.
        baseline: the mix to start from; by default the scenario's baseline.
        parts: instruments by part; parts in which the two mixes do not differ are left out.
        most: run about so many of the subsets, drawn with the scenario's seed; by default all of them.
        alone: only each part alone and all of them, beside nobody.

    Raises:
        ConfigError: the scenario has no such mix.
        ValueError: an instrument in which the mixes differ belongs to no part.
    """
    whole, start = scenario.mix(mix), scenario.mix(baseline or scenario.baseline)
    names = _differing(whole, start, parts)
    luck = np.random.default_rng([scenario.seed, 2])
    chosen = subsets(names) if most is None or alone else sampled(names, most, luck)
    chosen = [some for some in chosen if not alone or len(some) in {0, 1, len(names)}]
    mixes = tuple(_blend(whole, start, some, parts) for some in chosen)
    return replace(scenario, mixes=mixes, baseline=NOBODY)


def single_instruments(
    scenario: Scenario, mix: str, baseline: str | None = None
) -> dict[str, tuple[str, ...]]:
    """Return each instrument in which a mix differs from the baseline as a part of its own.

    Raises:
        ConfigError: the scenario has no such mix.
    """
    changed = _changed(scenario.mix(mix), scenario.mix(baseline or scenario.baseline))
    return {name: (name,) for name in sorted(changed)}


def name_of(some: Coalition) -> str:
    """Return what the mix of some parts is called."""
    return AND.join(sorted(some)) or NOBODY


def coalition(name: str) -> Coalition:
    """Return the parts of a mix by its name."""
    return frozenset() if name == NOBODY else frozenset(name.split(AND))


def carried(values: pd.DataFrame) -> pd.DataFrame:
    """Return what each part carries of what all add, with intervals: Shapley values, replication by replication.

    Intervals hold luck and, where not all subsets are known, what those that were not run leave unknown.

    Args:
        values: a row a replication, a column a mix of `with_coalitions`.

    Returns:
        Index part, and `all` for what all together add: mean, lower, upper (95 % t-interval), share of all.
    """
    known = values.rename(columns=coalition).dropna()
    by_replication = pd.DataFrame([shapley(row) for _, row in known.iterrows()], index=known.index)
    unrun = dict.fromkeys(by_replication, 0.0)
    freedom = 1
    if known.shape[1] < 2 ** len(unrun):
        variance, freedom = unrun_variance(known)
        unrun = variance.to_dict()
    rows = {
        str(part): _widened(by_replication[part].to_numpy(), unrun[part], freedom) for part in by_replication
    }
    rows["all"] = t_interval(by_replication.sum(axis=1).to_numpy())
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "lower", "upper"])
    table["share"] = table["mean"] / table["mean"].iloc[-1]
    return table.rename_axis("part")


def _widened(numbers: np.ndarray, unrun: float, freedom: int) -> tuple[float, float, float]:
    """Return a mean and its interval when a second source of error adds to luck (degrees of freedom: Satterthwaite)."""
    n, mean = len(numbers), float(numbers.mean())
    luck = float(numbers.var(ddof=1)) / n if n > 1 else np.nan
    if unrun == 0.0 or np.isnan(luck + unrun):
        return t_interval(numbers) if unrun == 0.0 else (mean, np.nan, np.nan)
    together = (luck + unrun) ** 2 / (luck**2 / (n - 1) + unrun**2 / max(freedom, 1))
    half = float(stdtrit(max(together, 1.0), (1.0 + LEVEL) / 2.0)) * float(np.sqrt(luck + unrun))
    return mean, mean - half, mean + half


def together(values: pd.DataFrame) -> pd.DataFrame:
    """Return what two parts do together beyond what each does, with intervals: synergy, replication by replication.

    Args:
        values: a row a replication, a column a mix of `with_coalitions`.

    Returns:
        Index (first, second): `alone`, without any other part, and `among_all`, the mean over what else may be there
        (NaN unless all subsets are known), each with `_lower` and `_upper` (95 % t-interval).
    """
    known = values.rename(columns=coalition).dropna()
    each = [synergy(row) for _, row in known.iterrows()]
    rows = {}
    for pair in each[0].index if each else ():
        alone, among = (
            np.array([table.loc[pair, name] for table in each]) for name in ("alone", "among_all")
        )
        rows[pair] = (*t_interval(alone), *t_interval(among))
    columns = [f"{name}{end}" for name in ("alone", "among_all") for end in ("", "_lower", "_upper")]
    index = pd.MultiIndex.from_tuples(list(rows), names=["first", "second"])
    return pd.DataFrame(list(rows.values()), index=index, columns=columns)


def _differing(whole: Mix, start: Mix, parts: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the parts in which two mixes differ."""
    changed = _changed(whole, start)
    homeless = changed - {name for names in parts.values() for name in names}
    if homeless:
        instead = f"add to a part in {PARTS_FILE}, or use --by instrument"
        raise ValueError(f"no part holds {', '.join(sorted(homeless))}; {instead}")
    return [part for part, names in parts.items() if changed & set(names)]


def _changed(whole: Mix, start: Mix) -> set[str]:
    """Return the instruments in which two mixes differ."""
    theirs, ours = ({group.group: group for group in mix.instruments} for mix in (whole, start))
    return {name for name in {*theirs, *ours} if theirs.get(name) != ours.get(name)}


def _blend(whole: Mix, start: Mix, some: Coalition, parts: Mapping[str, tuple[str, ...]]) -> Mix:
    """Return the start with the instruments of some parts as the whole has them."""
    taken = {name for part in some for name in parts[part]}
    mixed = [group for group in whole.instruments if group.group in taken]
    mixed += [group for group in start.instruments if group.group not in taken]
    order = [group.group for group in whole.instruments] + [group.group for group in start.instruments]
    mixed.sort(key=lambda group: order.index(group.group))
    return replace(start, name=name_of(some), title="", instruments=tuple(mixed))
