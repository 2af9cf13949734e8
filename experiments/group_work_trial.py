"""Try group work against loneliness on twins: the same elders with the same luck, with social workers and without.

    python experiments/group_work_trial.py [--replications N] [--residents N] [--months N]

In one county all hours of social workers go into groups; its twin has no social workers. Whoever ends a group is
compared with the same person in the twin county, at the end of the group and three and six months later; in standard
deviations of the two arms together, as trials report it. Beside it stands the change of members from the first to the
last session, which is what an evaluation without a control group would see, and the same change of their twins, who
got nothing: the lonely grow less lonely by themselves. Nothing here is fitted to the published effect of group
treatment in randomised trials, which is printed beside it; the model's gain was set so that a group attended without
fail comes near to it, so that agreement shows that what is lost on the way is small, not that groups work.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from caresim import CareModel, Scenario
from caresim.agents.social_work import GROUP_WORK, HELD, INTERVENTION, STAGE, WHOLE
from caresim.experiment.statistics import t_interval

PUBLISHED = (-0.27, -0.48, -0.08)
"""Standardised mean difference of group treatment in randomised trials, with its 95 % interval."""
WORKERS = 20.0
FOLLOW_UPS = 0, 3, 6
"""Months after the last session."""
RESIDENTS_A_VILLAGE, VILLAGES_A_TOWNSHIP, THOUSAND = 300, 10, 1000.0
GROUPS_ONLY = {
    "social_work": {"case_share": 0.0, "group_share": 1.0, "trust_gain": 0.0},
    "social_ties": {"organised": 0.0},
    "volunteering": {"organised": 0.0},
}
"""All hours go into groups, and what they leave to villages changes nothing."""


@dataclass
class Arm:
    """One of two counties with the same luck.

    Attributes:
        model: the county.
        scores: loneliness of each elder by key, a series a month.
    """

    model: CareModel
    scores: list[pd.Series] = field(default_factory=list)

    def step(self) -> None:
        """Let a month pass and note how lonely everybody is."""
        self.model.step()
        elders = self.model.elders
        self.scores.append(pd.Series(elders["loneliness"] / THOUSAND, index=elders["key"]))


def county(workers: float, residents: int, months: int, replication: int) -> CareModel:
    """Return a county with so many social workers for 10,000 elders."""
    villages = max(2, residents // RESIDENTS_A_VILLAGE)
    scenario = Scenario.of(
        place="rural_heilongjiang", start="2020-01", months=months, residents=residents, villages=villages,
        townships=max(1, villages // VILLAGES_A_TOWNSHIP), parameters=GROUPS_ONLY,
        mixes={"trial": {"instruments": {"social_workers": {"per_10000": workers}}}},
    )  # fmt: skip
    return CareModel(scenario, "trial", replication=replication, collect=False)


def at_end(model: CareModel) -> pd.Series:
    """Return how lonely those were at the start of their group who had its last session this month, by key."""
    elders = model.elders
    stages, held = elders["client"] & (STAGE | GROUP_WORK), elders["sessions"] & HELD
    ended = (stages == INTERVENTION | GROUP_WORK) & (held == WHOLE)
    return pd.Series(elders["before_group"][ended] / THOUSAND, index=elders["key"][ended])


def trial(residents: int, months: int, replication: int) -> pd.DataFrame:
    """Run both arms; return a row for each member: scores of member and twin before and some months after."""
    treated = Arm(county(WORKERS, residents, months, replication))
    untreated = Arm(county(0.0, residents, months, replication))
    ended: list[pd.Series] = []
    for _ in range(months):
        treated.step()
        untreated.step()
        ended.append(at_end(treated.model))
    found = []
    for month in range(months - max(FOLLOW_UPS)):
        table = pd.DataFrame({"before": ended[month]})
        table["twin_before"] = untreated.scores[max(0, month - 2)].reindex(table.index)
        for later in FOLLOW_UPS:
            table[f"member_{later}"] = treated.scores[month + later].reindex(table.index)
            table[f"twin_{later}"] = untreated.scores[month + later].reindex(table.index)
        found.append(table)
    return pd.concat(found).dropna()


def effects(table: pd.DataFrame) -> dict[str, float]:
    """Return the effects of one replication, standardised by the spread of members and twins at the end."""
    spread = float(np.sqrt((table["member_0"].var() + table["twin_0"].var()) / 2.0))
    against = {
        f"against twins, {later} months after": float(
            (table[f"member_{later}"] - table[f"twin_{later}"]).mean()
        )
        for later in FOLLOW_UPS
    }
    naive = {
        "members, before and after": float((table["member_0"] - table["before"]).mean()),
        "twins, before and after": float((table["twin_0"] - table["twin_before"]).mean()),
    }
    return {name: value / spread for name, value in {**against, **naive}.items()} | {
        "members": float(len(table)), "spread of scores": spread,
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> pd.DataFrame:
    """Run the trial and print what it found, with 95 % intervals over replications."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--replications", type=int, default=5)
    parser.add_argument("--residents", type=int, default=20_000)
    parser.add_argument("--months", type=int, default=24)
    said = parser.parse_args(arguments)
    runs = pd.DataFrame([effects(trial(said.residents, said.months, r)) for r in range(said.replications)])
    rows = {name: t_interval(runs[name].to_numpy()) for name in runs}
    rows["published: group treatment, randomised trials"] = PUBLISHED
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "lower", "upper"])
    print(table.round(3).to_string())
    return table


if __name__ == "__main__":
    main()
