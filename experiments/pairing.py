"""Do two mixes really share their luck, and what does that save?

    python experiments/pairing.py [--mix NAME] [--replications N] [--residents N] [--months N] [--jobs N]
        [--out FILE] [--by-lever]

Runs a mix and the status quo, replication by replication, and correlates their horizon numbers of the main indicators.
A correlation could also come from the start, since replication k of both begins with the same people. So everything is
run a second time with one start for all replications and luck that differs only from the first month on: what then
still correlates is shared luck. As a control, each replication is set against the next one's number, which it shares
nothing with. Printed and written are the correlations with the lower end of their 95 % interval, the variance of
unpaired differences over that of paired ones, and the baseline's spread over the mix's: so high would the correlation
be if the mix added something that has nothing to do with the baseline's numbers. With `--by-lever` the mix's
instruments are also added to the status quo one at a time: a low correlation under one of them would mean that it
changes whose luck is drawn, or that a small difference grows; high ones under all, and a lower one under the whole mix,
that the mix pays for other things.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from caresim import CareModel, Scenario, load_scenario
from caresim.catalogue import indicators
from caresim.experiment.paired import MAIN, pairing
from caresim.experiment.statistics import over_months, pairs
from caresim.kernel.draws import Draws
from caresim.scenario import Mix

HOME = Path(__file__).resolve().parent.parent
CONFIG = HOME / "configs" / "heilongjiang.yaml"
OUT = HOME / "results" / "reference" / "pairing.csv"
WANTED = 0.9
NORMAL_975 = 1.959964


def simulate(scenario: Scenario, one_start: bool, task: tuple[str, int]) -> pd.DataFrame:
    """Run a replication of a mix and return its months; with one start, only later luck is the replication's own."""
    mix, replication = task
    model = CareModel(scenario, mix, 0 if one_start else replication, collect=False)
    model.world.draws = Draws(scenario.seed, replication)
    return pd.DataFrame(model.run()).assign(mix=mix, replication=replication)


def numbers(scenario: Scenario, one_start: bool, jobs: int) -> pd.DataFrame:
    """Return a row per mix and replication with the main indicators' horizon numbers."""
    tasks = [(mix.name, k) for mix in scenario.mixes for k in range(scenario.replications)]
    run = partial(simulate, scenario, one_start)
    if jobs == 1:
        months = pd.concat(map(run, tasks), ignore_index=True)
    else:
        with ProcessPoolExecutor(jobs) as pool:
            months = pd.concat(pool.map(run, tasks), ignore_index=True)
    return over_months(months, [one for one in indicators() if one.name in MAIN])


def lower_end(correlation: float, n: int) -> float:
    """Return the lower end of a correlation's 95 % interval (Fisher's transformation)."""
    if not abs(correlation) < 1.0:
        return correlation
    return math.tanh(math.atanh(correlation) - NORMAL_975 / math.sqrt(n - 3))


def table(own: pd.DataFrame, one_start: pd.DataFrame, baseline: str, mix: str) -> pd.DataFrame:
    """Return a row per main indicator: correlations with own and with one start, of other luck, and variance saved."""
    rows = []
    for name in MAIN:
        found: dict[str, float | str] = {"indicator": name}
        for how, known in (("", own), ("_one_start", one_start)):
            base, other = (pairs(known, name)[which] for which in (baseline, mix))
            found[f"correlation{how}"], found[f"variance_saved{how}"] = pairing(base, other)
            found[f"lower{how}"] = lower_end(float(found[f"correlation{how}"]), len(base))
            found[f"other_luck{how}"] = pairing(base, np.roll(other, 1))[0]
            found[f"spread_ratio{how}"] = float(base.std() / other.std()) if other.std() else math.nan
        rows.append(found)
    return pd.DataFrame(rows)


def one_by_one(scenario: Scenario, mix: str) -> Iterator[Mix]:
    """Yield the baseline with one instrument of a mix at a time."""
    base = {group.group: group for group in scenario.mix(scenario.baseline).instruments}
    for group in scenario.mix(mix).instruments:
        if group.values and group != base.get(group.group):
            yield Mix(group.group, tuple({**base, group.group: group}.values()))


def by_lever(scenario: Scenario, mix: str, jobs: int) -> pd.DataFrame:
    """Return a row per instrument of a mix with the correlations, from one start, that it alone leaves."""
    alone = tuple(one_by_one(scenario, mix))
    known = numbers(replace(scenario, mixes=(scenario.mix(scenario.baseline), *alone)), True, jobs)
    rows = {
        lever.name: {
            name: pairing(pairs(known, name)[scenario.baseline], pairs(known, name)[lever.name])[0]
            for name in MAIN
        }
        for lever in alone
    }
    return pd.DataFrame(rows).T.rename_axis("instrument").reset_index()


def main(arguments: Sequence[str] | None = None) -> pd.DataFrame:
    """Run, print and write the table."""
    parser = argparse.ArgumentParser(description="Show what sharing luck saves.")
    parser.add_argument("--mix", default="integrated_pluralism")
    parser.add_argument("--replications", type=int, default=20, help="five or more")
    parser.add_argument("--residents", type=int, default=3000)
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--by-lever", action="store_true", help="each instrument of the mix alone, too")
    asked = parser.parse_args(arguments)
    if asked.replications < 5:
        parser.error("at least 5 replications are needed")
    size = [f"population.residents={asked.residents}", f"population.villages={max(2, asked.residents // 300)}",
            f"population.townships={max(1, asked.residents // 3000)}", f"months={asked.months}",
            f"replications={asked.replications}"]  # fmt: skip
    scenario = load_scenario(CONFIG, set=size)
    scenario = scenario.only(scenario.baseline, asked.mix)
    own, one_start = (numbers(scenario, which, asked.jobs) for which in (False, True))
    found = table(own, one_start, scenario.baseline, asked.mix)
    print(found.to_string(index=False, float_format="{:.3f}".format))
    missed = found.loc[~(found["correlation_one_start"] > WANTED), "indicator"]
    print(f"not above {WANTED} with one start: {', '.join(missed) or 'none'}")
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    found.to_csv(asked.out, index=False, float_format="%.4g")
    if asked.by_lever:
        levers = by_lever(scenario, asked.mix, asked.jobs)
        print(levers.to_string(index=False, float_format="{:.3f}".format))
        levers.to_csv(asked.out.with_stem(f"{asked.out.stem}_by_lever"), index=False, float_format="%.4g")
    return found


if __name__ == "__main__":
    main()
