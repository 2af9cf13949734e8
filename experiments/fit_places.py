"""Fit the migration of each place in expectation, and print what its `place.yaml` should say.

Rural places are fitted to the calibration targets (rural population and its older shares in 2020, out-of-township
migrants per rural resident) and to the soft bands (absent per resident in 2010, mean age of the away); provinces to
their own 2020 age tables. The projection is the model's demography in expectation, so the fit takes seconds; the
hindcast then shows how the model itself does.

    python experiments/fit_places.py
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import yaml
from scipy.optimize import least_squares

from caresim.agents.place import OLDEST, Place
from caresim.experiment.projection import Projected, project
from caresim.processes.migration import Migration
from caresim.processes.urbanisation import Urbanisation
from caresim.synthesis.places import read_place

GROUPS = [(age, age + 5) for age in range(0, 85, 5)] + [(85, OLDEST)]
YEARS = 10
# value and tolerance (half the band) of each target, by rural place; the absent of 2020 are aimed at .008-.018 below
# the target of .333, by which the model, where whole families move, exceeds the projection
RURAL = {
    "rural_china": {
        "population": (509.79 / 662.8, 0.02), "share_60": (0.2381, 0.008), "share_65": (0.1772, 0.0065),
        "absent_2010": (0.231, 0.01), "absent_2020": (0.315, 0.0125), "mean_age_2020": (37.0, 1.0),
    },
    "rural_heilongjiang": {
        "population": (10.95 / 16.99, 0.025), "share_60": (0.262, 0.02), "elders": (2.87 / 2.085, 0.1),
        "absent_2010": (0.23, 0.02), "absent_2020": (0.325, 0.0125), "mean_age_2020": (37.0, 1.0),
    },
}  # fmt: skip
PROVINCES = ("heilongjiang", "beijing", "hebei", "jiangsu", "zhejiang")


def rural(name: str, births: float, lower_back: float) -> dict[str, dict[str, float]]:
    """Fit a rural place; `births` is the fertility multiplier, `lower_back` the least scale of returning."""
    place = read_place(name, 2010)
    targets = RURAL[name]

    def run(x: np.ndarray) -> dict[str, float]:
        migration = Migration(out_scale=float(x[0]), back_scale=float(x[1]))
        flow = Urbanisation(rate_year=float(x[2]), absent_rate_year=float(x[3]))
        death = place.parameters.get("mortality", {}).get("rural_multiplier", 1.0)
        now, then = (
            project(place, years, migration, flow, migration_began=float(x[4]), death_multiplier=death,
                    birth_multiplier=births) for years in (0, YEARS)
        )  # fmt: skip
        return _figures(place, now, then)

    bounds = ([0.2, lower_back, 0.002, 0.0, 1978.0], [3.0, 2.0, 0.06, 0.12, 2003.0])
    x = _fit(lambda x: [(run(x)[key] - value) / band for key, (value, band) in targets.items()],
             (1.0, max(0.6, lower_back), 0.026, 0.04, 1990.0), bounds)  # fmt: skip
    _show(name, run(x), {key: value for key, (value, _) in targets.items()})
    return {
        "fertility": {"multiplier": births},
        "migration": {"out_scale": x[0], "back_scale": x[1]},
        "urbanisation": {"rate_year": x[2], "absent_rate_year": x[3]},
        "kinship": {"migration_began": x[4]},
    }


def province(name: str) -> dict[str, dict[str, float]]:
    """Fit a whole province to its own age table of 2020."""
    place, later = read_place(name, 2010), read_place(name, 2020)
    observed = _by_group(later.residents)
    weights = np.sqrt(observed / observed.sum())
    ages = np.zeros((2, OLDEST))
    ages[0, 18:38], ages[1, 18:38] = 0.55 / 20, 0.45 / 20

    def run(x: np.ndarray) -> Projected:
        migration = Migration(out_scale=float(x[0]))
        flow = Urbanisation(rate_year=float(x[1]), reclassified_share=0.0)
        death = place.parameters.get("mortality", {}).get("rural_multiplier", 1.0)
        return project(place, YEARS, migration, flow, migration_began=1993.0, death_multiplier=death,
                       birth_multiplier=float(x[3]), newcomers=ages * x[2])  # fmt: skip

    def misses(x: np.ndarray) -> np.ndarray:
        return (weights * np.log(_by_group(run(x).residents) / observed))[:, :-1].ravel()

    x = _fit(misses, (0.5, 0.01, 0.005, 0.8), ([0.0, 0.0, 0.0, 0.1], [4.0, 0.06, 0.1, 2.5]))
    now = Projected(later.residents, np.ones((2, OLDEST)))
    _show(name, _figures(place, now, run(x)), _figures(place, now, now))
    return {
        "fertility": {"multiplier": x[3]},
        "migration": {"out_scale": x[0]},
        "urbanisation": {"rate_year": x[1], "reclassified_share": 0.0},
        "newcomers": {"rate_year": x[2]},
    }


def _fit(misses: Callable[[np.ndarray], object], start: tuple[float, ...], bounds: object) -> np.ndarray:
    return np.asarray(least_squares(misses, start, bounds=bounds, diff_step=0.01).x)


def _by_group(people: np.ndarray) -> np.ndarray:
    return np.array([[people[sex, first:last].sum() for first, last in GROUPS] for sex in (0, 1)])


def _figures(place: Place, now: Projected, then: Projected) -> dict[str, float]:
    return {
        "population": float(then.residents.sum() / place.residents.sum()),
        "share_60": then.share(60),
        "share_65": then.share(65),
        "elders": float(then.residents[:, 60:].sum() / place.residents[:, 60:].sum()),
        "absent_2010": now.absent_per_resident,
        "absent_2020": then.absent_per_resident,
        "mean_age_2020": then.absent_mean_age,
        "children": float(then.residents[:, :10].sum() / then.residents.sum()),
    }


def _show(name: str, found: dict[str, float], wanted: dict[str, float]) -> None:
    print(
        f"# {name}: " + ", ".join(f"{k} {v:.4f} ({wanted[k]:.4f})" for k, v in found.items() if k in wanted)
    )


def _rounded(values: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    return {group: {k: round(float(v), 4 if v < 1000 else 1) for k, v in found.items()}
            for group, found in values.items()}  # fmt: skip


def main() -> None:
    """Fit all places and print their parameters."""
    heilongjiang = province("heilongjiang")
    births = heilongjiang["fertility"]["multiplier"]
    fitted = {
        "rural_china": rural("rural_china", 1.0, 0.35),
        "rural_heilongjiang": rural("rural_heilongjiang", births, 0.35),
        "heilongjiang": heilongjiang,
        **{name: province(name) for name in PROVINCES if name != "heilongjiang"},
    }
    print(yaml.safe_dump({name: _rounded(values) for name, values in fitted.items()}, sort_keys=False))


if __name__ == "__main__":
    main()
