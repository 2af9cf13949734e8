"""Derive residents by age and sex of rural Beijing, Hebei, Zhejiang and Rugao, of which no census table is here.

    python experiments/derive_rural_places.py [--write]

`--write` writes `population.csv` and `households.csv` of the four places. Both ways the shares of elders are printed
with the two figures between which the level of each province is set. `docs/places.md` says what is judged.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit

from caresim.synthesis.place_sheet import read_sheet
from caresim.synthesis.place_tables import POPULATION_AGES, SEXES
from caresim.synthesis.places import place_folder

INPUTS = Path(__file__).resolve().parent / "study_sites"
PROVINCES = ("beijing", "hebei", "zhejiang")
ELDER, CHILDREN = POPULATION_AGES.index("60-64"), POPULATION_AGES.index("10-14")
OLDER = POPULATION_AGES.index("65-69")
MOTHERS = slice(POPULATION_AGES.index("20-24"), POPULATION_AGES.index("45-49"))
RUGAO_65 = 0.238
"""Share of 65 and over in Rugao in 2020: those of Nantong less those of all its counties but Rugao and Tongzhou, over
the residents of these two (`nantong_communiques2020`), which had 16.8 and 17.8 % in 2010."""
RURAL_FROM = {"beijing": 0.44, "hebei": 0.6, "zhejiang": 0.6}
"""Least rural share of the counties whose households stand for rural ones; no district of Beijing is as rural as .6."""
HOUSEHOLDS = ("household_size", "one_person_households_share", "one_generation_households_share",
              "elder_households_share")  # fmt: skip
SOURCES = {
    "province": "derived: rural China's log-odds by age and sex, moved to the rural total of the province and, at "
    "60 and over, half way to a regression over its counties of 2010 ({})",
    "rugao2010": "derived: rural China's log-odds by age and sex, moved to the rural total of the county ({})",
    "rugao2020": "derived: cohort changes and children per woman of rural China applied to 2010, elders moved to the "
    "share at 65 and over in the county ({})",
}


def counted(path: Path, year: int) -> np.ndarray:
    """Return persons by sex (0 male, 1 female) and age group of a census."""
    table = pd.read_csv(path).query("census_year == @year")
    found = table.pivot(index="sex", columns="age_group", values="persons")
    return found.loc[list(SEXES), list(POPULATION_AGES)].to_numpy(float)


def of_place(name: str, year: int) -> np.ndarray:
    return counted(place_folder(name) / "population.csv", year)


def rural_odds(year: int) -> np.ndarray:
    """Return rural China's log-odds of a rural residence, by sex and age group."""
    return logit(of_place("rural_china", year) / counted(INPUTS / "china.csv", year))


def share(people: np.ndarray, first: int = ELDER) -> float:
    return float(people[:, first:].sum() / people.sum())


def rural_part(whole: np.ndarray, year: int, rural: float, elders: float = 0.0) -> np.ndarray:
    """Return the rural residents of a unit, `rural` persons, by China's pattern, elders moved by `elders`."""
    odds = rural_odds(year)
    odds[:, ELDER:] += elders
    level = brentq(lambda by: float((whole * expit(odds + by)).sum() - rural), -9, 9)
    return whole * expit(odds + level)


def regressed(province: str) -> float:
    """Return the share of 60 and over among rural people that the counties of 2010 point to.

    The shares of the counties, weighted by residents, are a mean of an urban and a rural share.
    """
    table = pd.read_csv(INPUTS / "counties.csv").query("province == @province")
    weight = np.sqrt(table.residents.to_numpy(float))
    rural = (table.rural_residents / table.residents).to_numpy()
    mixes = np.column_stack([1 - rural, rural]) * weight[:, None]
    return float(np.linalg.lstsq(mixes, table.share_60.to_numpy() * weight)[0][1])


def households(province: str) -> list[tuple[str, float, str]]:
    """Return what the census of 2010 counts of households in the most rural counties, with its source."""
    table = pd.read_csv(INPUTS / "counties.csv").query("province == @province")
    table = table[table.rural_residents >= RURAL_FROM[province] * table.residents]
    source = (
        f"derived: the {len(table)} counties in which at least {RURAL_FROM[province]:.0%} of residents are rural, "
        "added up (nbs_census2010)"
    ).replace("%", " %")
    weight = table.family_households
    return [(key, round(float(np.average(table[key], weights=weight)), 4), source) for key in HOUSEHOLDS]


def of_rugao() -> list[tuple[str, float, str]]:
    """Return what the census of 2010 counts of households in the whole county."""
    table = pd.read_csv(place_folder("rugao") / "households.csv")
    source = "derived: those of the whole county, its towns too (nbs_census2010)"
    return [(row.indicator, row.value, source) for row in table.itertuples()]


def province(name: str) -> dict[int, np.ndarray]:
    """Return the rural residents of a province by census year; the elders' level of 2010 is kept in 2020."""
    shares = read_sheet(place_folder(name) / "place.yaml").rural_share
    whole = {year: of_place(name, year) for year in shares}
    persons = {year: shares[year] * whole[year].sum() for year in shares}
    plain = share(rural_part(whole[2010], 2010, persons[2010]))
    level = expit((logit(plain) + logit(regressed(name))) / 2)
    found = brentq(lambda by: share(rural_part(whole[2010], 2010, persons[2010], by)) - level, -3, 3)
    print(
        f"{name}: 60+ in 2010 {plain:.4f} by pattern, {regressed(name):.4f} by regression, {level:.4f} taken"
    )
    return {year: rural_part(whole[year], year, persons[year], found) for year in shares}


def rugao() -> dict[int, np.ndarray]:
    """Return the rural residents of Rugao by census year: 2010 by China's pattern, 2020 by cohort changes."""
    whole = of_place("rugao", 2010)
    share_2010 = read_sheet(place_folder("rugao") / "place.yaml").rural_share[2010]
    then = rural_part(whole, 2010, share_2010 * whole.sum())
    china = {year: of_place("rural_china", year) for year in (2010, 2020)}
    now = np.zeros_like(then)
    now[:, CHILDREN:-1] = older(then)[:, :-1] * china[2020][:, CHILDREN:-1] / older(china[2010])[:, :-1]
    now[:, -1] = older(then)[:, -1] * china[2020][:, -1] / older(china[2010])[:, -1]
    mothers = {year: china[year][1, MOTHERS].sum() for year in china}
    per_woman = then[:, :CHILDREN] / then[1, MOTHERS].sum()
    change = (china[2020][:, :CHILDREN] / mothers[2020]) / (china[2010][:, :CHILDREN] / mothers[2010])
    now[:, :CHILDREN] = per_woman * change * now[1, MOTHERS].sum()
    # rural elders lie as far above the county's in log-odds as they did, and as the gap of the nation has changed
    total = {year: counted(INPUTS / "china.csv", year) for year in china}
    gap = {year: logit(share(china[year], OLDER)) - logit(share(total[year], OLDER)) for year in china}
    level = expit(
        logit(RUGAO_65) + logit(share(then, OLDER)) - logit(share(whole, OLDER)) + gap[2020] - gap[2010]
    )
    print(f"rugao: 65+ in 2020 {share(now, OLDER):.4f} by cohorts, {level:.4f} taken")
    ratio = brentq(lambda by: share(scaled(now, by), OLDER) - level, 0.2, 5.0)
    return {2010: then, 2020: scaled(now, ratio)}


def older(people: np.ndarray) -> np.ndarray:
    """Return people by the group in which they are ten years later, from 10-14 on; 75 and over end in 85+."""
    five = np.column_stack([people[:, :2].sum(axis=1), people[:, 2:]])
    return np.column_stack([five[:, :15], five[:, 15:].sum(axis=1)])


def scaled(people: np.ndarray, ratio: float) -> np.ndarray:
    """Return people with `ratio` as many elders, of the same number in all."""
    found = people.copy()
    found[:, ELDER:] *= ratio
    return found * people.sum() / found.sum()


def write(name: str, people: dict[int, np.ndarray], sources: dict[int, str]) -> None:
    """Write a place's residents and households."""
    rows = [
        (year, sex, age, round(people[year][s, a]), sources[year], "derived")
        for year in people
        for s, sex in enumerate(SEXES)
        for a, age in enumerate(POPULATION_AGES)
    ]
    head = ["census_year", "sex", "age_group", "persons", "source", "evidence"]
    folder = place_folder("rugao").parent / name
    folder.mkdir(exist_ok=True)
    pd.DataFrame(rows, columns=head).to_csv(folder / "population.csv", index=False, lineterminator="\n")
    known = of_rugao() if name == "rural_rugao" else households(name.removeprefix("rural_"))
    lived = [
        (2010, key, value, "persons" if key == "household_size" else "share", source, "derived")
        for key, value, source in known
    ]
    head = ["census_year", "indicator", "value", "unit", "source", "evidence"]
    pd.DataFrame(lived, columns=head).to_csv(folder / "households.csv", index=False, lineterminator="\n")


def derived() -> dict[str, tuple[dict[int, np.ndarray], dict[int, str]]]:
    """Return residents and sources of the four places, by census year."""
    keys = {
        2010: "nbs_census2010; un_dyb_marital2010",
        2020: "nbs_census2010; nbs_census2020; nhc_ageing2020",
    }
    found = {
        f"rural_{name}": (province(name), {year: SOURCES["province"].format(keys[year]) for year in keys})
        for name in PROVINCES
    }
    own = {
        2010: SOURCES["rugao2010"].format(keys[2010]),
        2020: SOURCES["rugao2020"].format(keys[2020] + "; nantong_communiques2020"),
    }
    return {**found, "rural_rugao": (rugao(), own)}


def main() -> None:
    """Derive the four tables, print the shares of elders, and write the tables if asked to."""
    parser = argparse.ArgumentParser(description="Derive the residents of the rural study sites.")
    parser.add_argument("--write", action="store_true", help="write the tables of the four places")
    wanted = parser.parse_args().write
    for name, (people, sources) in derived().items():
        for year, here in people.items():
            shares = ", ".join(f"{age} {share(here, POPULATION_AGES.index(age)):.4f}" for age in
                               ("60-64", "65-69", "80-84"))  # fmt: skip
            young = 1 - share(here, POPULATION_AGES.index("15-19"))
            print(f"{name} {year}: {here.sum() / 1e6:.3f} million, 0-14 {young:.4f}, from {shares}")
        if wanted:
            write(name, people, sources)


if __name__ == "__main__":
    main()
