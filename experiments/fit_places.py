"""Fit the migration of each place in expectation, and print what its `place.yaml` should say.

Rural places are fitted to the calibration targets (rural population and its older shares in 2020, out-of-township
migrants per rural resident) and to the soft bands (absent per resident in 2010, mean age of the away); provinces to
their own 2020 age tables. Counties, which have the census of 2010 only, take numbers over from these. The projection
is the model's demography in expectation, so the fit takes seconds; the hindcast then shows how the model itself does.

    python experiments/fit_places.py [--write]

`--write` writes the values and their marks into the places' sheets; both ways the misfit table of `docs/places.md`
is printed as the sheets have it, and with `--write` put there.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import yaml
from fitted_sheets import Values, rounded, write
from rural_sites import SITES, targets
from scipy.optimize import brentq, least_squares

from caresim.agents.place import OLDEST, Place
from caresim.experiment.projection import Projected, project
from caresim.processes.migration import Migration
from caresim.processes.newcomers import Newcomers
from caresim.processes.urbanisation import Urbanisation
from caresim.synthesis.parameters import Kinship
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
COUNTIES = ("baiquan", "suiling", "bayan")
ABSENT_2020 = 0.333
LEAST_LEAVING = 0.2
"""Least scale of leaving a province, a judgement. An age table shows who is left over, not who came and who went, and
would let newcomers stand for all that did not leave. A rural scale of 1, at a rural share of one half, of whom .42 go
beyond the province (`nbs_migrants2020`), makes .2, or three to four absent per hundred residents in 2010."""
PAGE = Path(__file__).resolve().parent.parent / "docs" / "places.md"


def rural(name: str, births: float, lower_back: float = 0.35) -> Values:
    """Fit a rural place; `births` is the fertility multiplier, `lower_back` the least scale of returning.

    A study site may keep all its people, and gain some.
    """
    place, gains = read_place(name, 2010), name in SITES and SITES[name].gains
    aims = RURAL.get(name) or targets(name)

    def values(x: np.ndarray) -> Values:
        return {
            "fertility": {"multiplier": births},
            "migration": {"out_scale": float(x[0]), "back_scale": float(x[1])},
            "urbanisation": {"rate_year": float(x[2]), "absent_rate_year": float(x[3])},
            "kinship": {"migration_began": float(x[4])},
            **({"newcomers": {"rate_year": float(x[5])}} if gains else {}),
        }

    def run(x: np.ndarray) -> dict[str, float]:
        return _figures(place, *(projected(place, years, values(x)) for years in (0, YEARS)))

    bounds = (
        [0.2, lower_back, *((0.0, 0.01) if name in SITES else (0.002, 0.0)), 1978.0, 0.0],
        [1.5 if name in SITES else 3.0, 2.0, 0.06, 0.12, 2003.0, 0.05],
    )
    many, start = 6 if gains else 5, (1.0, max(0.6, lower_back), 0.026, 0.04, 1990.0, 0.01)

    def misses(x: np.ndarray) -> list[float]:
        found = run(x)
        return [(found[key] - value) / band for key, (value, band) in aims.items()]

    return values(_fit(misses, start[:many], tuple(bound[:many] for bound in bounds)))


def site(name: str, whole: dict[str, Values]) -> Values:
    """Fit a rural study site, with the births of the whole place it belongs to; leaving began in 1985-2000."""
    found = rural(name, whole[SITES[name].births]["fertility"]["multiplier"])
    by_2020 = min(max(began_by_2020(name, found), 1985.0), 2000.0)
    began = {"2010-01": found["kinship"]["migration_began"], "2020-01": by_2020}
    return {**found, "kinship": {"migration_began": began}}


def began_by_2020(name: str, found: Values) -> float:
    """Return the year in which leaving must have begun for the absent of a start in 2020."""
    place = read_place(name, 2020)
    aim = ABSENT_2020 * (SITES[name].away if name in SITES else 1.0)

    def gap(began: float) -> float:
        here = projected(place, 0, {**found, "kinship": {"migration_began": began}})
        return here.absent_per_resident - aim

    return float(brentq(gap, 1980.0, 2009.0, xtol=0.01))


def province(name: str) -> Values:
    """Fit a whole province to its own age table of 2020, with a floor under leaving."""
    place, later = read_place(name, 2010), read_place(name, 2020)
    observed = _by_group(later.residents)
    weights = np.sqrt(observed / observed.sum())

    def values(x: np.ndarray) -> Values:
        return {
            "fertility": {"multiplier": float(x[3])},
            "migration": {"out_scale": float(x[0])},
            "urbanisation": {"rate_year": float(x[1]), "reclassified_share": 0.0},
            "newcomers": {"rate_year": float(x[2])},
        }

    def misses(x: np.ndarray) -> np.ndarray:
        found = _by_group(projected(place, YEARS, values(x)).residents)
        return (weights * np.log(found / observed))[:, :-1].ravel()

    bounds = ([LEAST_LEAVING, 0.0, 0.0, 0.1], [4.0, 0.06, 0.1, 2.5])
    return values(_fit(misses, (0.5, 0.01, 0.005, 0.8), bounds))


def county(name: str, countryside: Values, whole: Values) -> Values:
    """Carry the fits of the countryside and of the whole province over to a county, its town included.

    Only its rural people leave as the countryside does, and those who go to the town stay in the county. Whole
    households leave for good as they leave the province.
    """
    urbanisation = Urbanisation()
    beyond = (1.0 - Migration().town_share) * read_place(name, 2010).rural_share
    moves = whole["urbanisation"]["rate_year"] / (1.0 - urbanisation.reclassified_share)
    return {
        "fertility": whole["fertility"],
        "migration": {**countryside["migration"], "out_scale": countryside["migration"]["out_scale"] * beyond},
        "urbanisation": {
            "rate_year": moves, "absent_rate_year": countryside["urbanisation"]["absent_rate_year"],
            "reclassified_share": urbanisation.reclassified_share,
        },
        "kinship": countryside["kinship"],
    }  # fmt: skip


def projected(place: Place, years: int, values: Values) -> Projected:
    """Project a place under parameter values; of dated ones, as in the start of 2010, the first holds."""
    newcomers = Newcomers(**values.get("newcomers", {}))
    youngest, oldest = newcomers.ages
    coming = np.zeros((2, OLDEST))
    coming[:, youngest:oldest] = newcomers.rate_year / (oldest - youngest)
    coming *= np.array([[1.0 - newcomers.women_share], [newcomers.women_share]])
    began = values.get("kinship", {}).get("migration_began", Kinship().migration_began)
    return project(
        place, years, Migration(**values.get("migration", {})), Urbanisation(**values.get("urbanisation", {})),
        migration_began=next(iter(began.values())) if isinstance(began, dict) else began,
        death_multiplier=place.parameters.get("mortality", {}).get("rural_multiplier", 1.0),
        birth_multiplier=values.get("fertility", {}).get("multiplier", 1.0), newcomers=coming,
    )  # fmt: skip


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
    }


def misfits() -> str:
    """Return how the places' sheets, projected from 2010, miss the census of 2020, as a table."""
    lines = [
        "| place | population of 2020, millions: fitted / census | miss | 60+: fitted / census "
        "| 65+: fitted / census | absent per resident, 2010 and 2020 |",
        "|---|---|---|---|---|---|",
    ]
    for name in (*RURAL, *SITES, *PROVINCES):
        place, later = read_place(name, 2010), read_place(name, 2020)
        now, then = (projected(place, years, place.parameters) for years in (0, YEARS))
        found, census = then.residents.sum() / 1e6, later.residents.sum() / 1e6
        counted = Projected(later.residents, np.ones((2, OLDEST)))
        shares = [f"{then.share(age):.3f} / {counted.share(age):.3f}" for age in (60, 65)]
        absent = f"{now.absent_per_resident:.3f}, {then.absent_per_resident:.3f}"
        miss = f"{round(100 * (found / census - 1), 1) + 0.0:+.1f} %"
        lines.append(f"| `{name}` | {found:.2f} / {census:.2f} | {miss} | {' | '.join([*shares, absent])} |")
    return "\n".join(lines) + "\n"


def fits() -> dict[str, Values]:
    """Fit all places."""
    whole = {name: province(name) for name in PROVINCES}
    countryside = rural("rural_heilongjiang", whole["heilongjiang"]["fertility"]["multiplier"], 0.35)
    china = rural("rural_china", 1.0)
    china["kinship"] = {
        "migration_began": {
            "2010-01": china["kinship"]["migration_began"], "2020-01": began_by_2020("rural_china", china),
        }
    }  # fmt: skip
    counties = {name: county(name, countryside, whole["heilongjiang"]) for name in COUNTIES}
    fitted = {
        "rural_china": china,
        "rural_heilongjiang": countryside,
        **whole,
        **{name: site(name, whole) for name in SITES},
        **counties,
        "rugao": whole["jiangsu"],
    }
    return {name: rounded(values) for name, values in fitted.items()}


def main() -> None:
    """Fit all places, print their parameters and how they miss, and write both if asked to."""
    parser = argparse.ArgumentParser(description="Fit the places.")
    parser.add_argument("--write", action="store_true", help="write the places' sheets and docs/places.md")
    wanted = parser.parse_args().write
    for name, values in fits().items():
        print(yaml.safe_dump({name: values}, sort_keys=False, default_flow_style=None), end="")
        if wanted:
            write(name, values, LEAST_LEAVING)
    print(misfits())
    if wanted:
        page = PAGE.read_text(encoding="utf-8")
        table = f"<!-- fit -->\n{misfits()}<!-- end -->"
        PAGE.write_text(re.sub(r"<!-- fit -->\n.*?<!-- end -->", table, page, flags=re.S), encoding="utf-8")


if __name__ == "__main__":
    main()
