"""What do the targets of the hindcast tell of the parameters, and would the fit find a known truth again?

    python experiments/calibration.py

First the method is put to the test: villages with known parameters stand in for the world, the bands of the targets
are laid around what they show, and the fit must find the parameters again, under other luck. Then the same parameters
are fitted to the real targets of rural Heilongjiang. Told are, for each, the prior, what the fit leaves of it, and
whether the targets say anything of it at all. Draws from the posterior lie in `posterior.csv`; to carry the
uncertainty into results, `caresim sweep CONFIG --points posterior.csv` takes them as points.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from caresim import calibrate, load_scenario, recover
from caresim.scenario.axes import axis_of

CONFIG = Path(__file__).resolve().parent.parent / "configs" / "hindcast" / "rural_heilongjiang.yaml"
TRUTH = {"depression.level": -1.0, "migration.out_scale": 0.8, "functional_decline.improvement_year": 0.015}


def main() -> None:
    """Recover known parameters, then fit the real ones."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--residents", type=int, default=3000)
    arguments.add_argument("--replications", type=int, default=2)
    arguments.add_argument("--trials", type=int, default=32)
    arguments.add_argument("--points", type=int, default=128)
    arguments.add_argument("--jobs", type=int, default=None)
    arguments.add_argument("--out", type=Path, default=Path("results/calibration"))
    arguments.add_argument("--resume", action="store_true")
    given = arguments.parse_args()
    size = (f"population.residents={given.residents}", f"population.villages={max(given.residents // 300, 1)}",
            "population.townships=1", f"replications={given.replications}")  # fmt: skip
    scenario = load_scenario(CONFIG, set=size)
    axes = [axis_of(name, None, ()) for name in TRUTH]
    again = recover(scenario, axes, tuple(TRUTH.values()), points=given.points, out=given.out / "known",
                    jobs=given.jobs, resume=given.resume)  # fmt: skip
    print("A known truth, found again:\n", again.to_string(index=False, float_format="{:.3g}".format))
    found = calibrate(replace(scenario, name="real"), axes, given.trials, given.points, given.out / "real", given.jobs,
                      given.resume)  # fmt: skip
    print("\nThe real targets:\n", found.parameters.to_string(index=False, float_format="{:.3g}".format))
    print("\n", found.targets.to_string(index=False, float_format="{:.3g}".format))
    told = found.parameters.set_index("axis")["recovered"]
    missed = found.targets[found.targets["best_miss"].abs() > 1.0]["target"].tolist()
    for what, names in (("The targets say something of", told[told].index), ("and nothing of", told[~told].index),
                        ("the best trial misses", missed)):  # fmt: skip
        print(what, ", ".join(names) or "none")


if __name__ == "__main__":
    main()
