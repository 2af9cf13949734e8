"""Places: totals, marital status and rates that come out of the tables, and what a wrong folder gets."""

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from caresim.kernel.mistakes import ConfigError
from caresim.kernel.tables import TableError
from caresim.scenario import load_scenario
from caresim.synthesis.place_sheet import read_sheet
from caresim.synthesis.place_tables import POPULATION_AGES, STATUSES
from caresim.synthesis.places import TABLES, PlaceError, places, read_place
from caresim.synthesis.single_years import single_years

ROOT = Path(__file__).resolve().parents[2]
COUNTIES = {"baiquan", "bayan", "rugao", "suiling"}
SHIPPED = {
    "beijing", "hebei", "heilongjiang", "jiangsu", "rural_beijing", "rural_china", "rural_hebei",
    "rural_heilongjiang", "rural_rugao", "rural_zhejiang", "zhejiang", *COUNTIES,
}  # fmt: skip
CENSUSES = [
    (name, year) for name in sorted(SHIPPED) for year in (2010, 2020) if year == 2010 or name not in COUNTIES
]


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def ages(group):
    low, _, high = group.rstrip("+").partition("-")
    return int(low), 110 if group.endswith("+") else int(high or low) + 1


def life_expectancy(death, age):
    """Expected years to live at an exact age under rates by single year of age."""
    alive = np.exp(-np.concatenate([[0.0], np.cumsum(death[age:])]))
    return ((alive[:-1] - alive[1:]) / death[age:]).sum() + alive[-1] / death[-1]


def test_places_that_ship():
    assert set(places()) == SHIPPED


@pytest.mark.parametrize(("name", "year"), CENSUSES)
def test_every_group_keeps_its_total(name, year):
    place = read_place(name, year)
    assert place.residents.shape == (2, 110)
    assert (place.residents >= 0).all()
    table = [row for row in rows(place.folder / "population.csv") if row["census_year"] == str(year)]
    assert len(table) == 2 * len(POPULATION_AGES)
    for row in table:
        low, end = ages(row["age_group"])
        persons = place.residents[("male", "female").index(row["sex"]), low:end].sum()
        assert persons == pytest.approx(int(row["persons"]), rel=1e-12)


@pytest.mark.parametrize(("name", "year"), CENSUSES)
def test_every_place_is_whole(name, year):
    place = read_place(name, year)
    assert place.marital.shape == (2, 110, 4)
    assert np.allclose(place.marital.sum(axis=2), 1.0, atol=1e-12)
    assert (place.marital >= 0).all()
    assert (place.marital[:, :15, 0] == 1.0).all()
    assert (np.diff(place.marital[:, 65:, 2], axis=1) > 0).all()
    assert place.territory == ("rural" if "rural" in name else "county" if name in COUNTIES else "province")
    assert 0 < place.rural_share <= 1
    assert (place.rural_share == 1) == (place.territory == "rural")
    rates = place.rates
    death, birth = rates.death.by_year(), rates.birth.by_year()
    assert rates.first_year == 1950
    assert death.shape == (111, 2, 110)
    assert birth.shape == (111, 110)
    assert rates.sex_ratio.shape == (111,)
    assert (death > 0).all()
    assert (birth[:, 15:50] > 0).all()
    assert birth[:, :15].sum() + birth[:, 50:].sum() == 0
    assert all(0 < value < 6 for value in place.households.values())
    multiplier = place.parameters.get("mortality", {}).get("rural_multiplier", 1.0)
    assert 0.8 <= multiplier <= 1.1


def test_known_totals():
    assert round(read_place("heilongjiang", 2020).residents.sum()) == 31_850_088
    assert round(read_place("rural_china", 2020).residents.sum()) == 509_787_562
    old = read_place("rural_heilongjiang", 2020).residents
    assert old[:, 60:].sum() / old.sum() == pytest.approx(0.262, abs=0.002)


def test_households_by_census():
    assert read_place("heilongjiang", 2010).households == {
        "household_size": 2.84,
        "one_person_households_share": 0.1288,
        "one_generation_households_share": 0.3619,
        "elder_households_share": 0.1773,
    }
    assert read_place("rural_heilongjiang", 2010).households["one_person_households_share"] == 0.1063
    assert read_place("rural_heilongjiang", 2020).households == {}


@pytest.mark.parametrize(("sex", "published"), [(1, 0.486), (0, 0.239)])
def test_widowed_at_65_and_over_in_rural_china(sex, published):
    place = read_place("rural_china", 2010)
    old = place.residents[sex, 65:]
    assert old @ place.marital[sex, 65:, 2] / old.sum() == pytest.approx(published, abs=0.003)


def test_marital_groups_keep_their_shares():
    place = read_place("rural_china", 2010)
    for row in rows(TABLES / "china" / "marital.csv"):
        if row["residence"] == "rural" and row["age_group"] != "65+":
            counts = np.array([int(row[status]) for status in STATUSES])
            low, end = ages(row["age_group"])
            shares = place.marital[("male", "female").index(row["sex"]), low:end].mean(axis=0)
            assert shares == pytest.approx(counts / counts.sum(), abs=1e-9)


def test_a_province_mixes_rural_and_urban_marriages():
    def unmarried_men(name):
        return read_place(name, 2010).marital[0, 40:45, 0].mean()

    assert unmarried_men("beijing") < unmarried_men("heilongjiang") < unmarried_men("rural_heilongjiang")


PUBLISHED = {  # life expectancy at birth, men and women
    1997: (68.7309, 73.8868), 2010: (73.1912, 78.3286), 2015: (74.3646, 79.7847), 2020: (75.245, 80.9992),
    2030: (77.3004, 82.4066), 2050: (81.5435, 85.2573),
}  # fmt: skip


@pytest.mark.parametrize("year", PUBLISHED)
def test_life_expectancy_at_birth_is_the_published_one(year):
    rates = read_place("rural_china", 2010).rates
    for sex in (0, 1):
        expected = life_expectancy(rates.deaths(year)[sex], 0)
        assert expected == pytest.approx(PUBLISHED[year][sex], abs=0.5)


def test_life_expectancy_at_60_is_that_of_the_abridged_table():
    rates = read_place("rural_china", 2010).rates
    for sex, name in enumerate(("male", "female")):
        alive, lived = 1.0, 0.0
        for row in rows(TABLES / "china" / "death_rates.csv"):
            low, _ = ages(row["age_group"])
            if row["first_year"] == "2010" and row["sex"] == name and low >= 60:
                rate = float(row["death_rate"])
                left = alive * np.exp(-5 * rate) if low < 100 else 0.0
                lived, alive = lived + (alive - left) / rate, left
        assert life_expectancy(rates.deaths(2012)[sex], 60) == pytest.approx(lived, abs=0.01)


def test_rates_move_in_straight_lines_between_the_middles_of_periods():
    rates = read_place("rural_china", 2010).rates
    for of_year in (rates.deaths, rates.births):
        assert of_year(2004) == pytest.approx(0.6 * of_year(2002) + 0.4 * of_year(2007))
    assert (rates.deaths(1900) == rates.deaths(1950)).all()
    assert (rates.deaths(1950) == rates.deaths(1997)).all()
    assert (rates.deaths(1998) != rates.deaths(1997)).any()
    assert (rates.deaths(2100) == rates.deaths(2060)).all()
    assert rates.births(1952).sum() == pytest.approx(6.11, abs=0.01)
    assert rates.sex_ratio[rates.row(2010)] == 1.171
    assert rates.row(2100) == 110
    for table, of_year in ((rates.death, rates.deaths), (rates.birth, rates.births)):
        assert all((of_year(1950 + k) == table.by_year()[k]).all() for k in range(111))


def test_children_ever_born_by_cohort():
    children = read_place("rural_china", 2010).children_ever_born
    assert children[1935 - 1895] == children[0] == 5.3
    assert children[1960 - 1895] == 2.23
    assert children[1957 - 1895] == pytest.approx(2.4 + 0.4 * (2.23 - 2.4))
    assert children[-1] == 1.8


@given(st.lists(st.integers(0, 10**6), min_size=3, max_size=20), st.integers(1, 10))
def test_single_years_are_the_monotone_cubic_of_the_cumulative_total(totals, width):
    bounds = np.concatenate([[0], width + 4 * np.arange(len(totals))])
    totals = np.array(totals, dtype=float)
    years = single_years(bounds, totals)
    cumulative = PchipInterpolator(bounds, np.concatenate([[0.0], np.cumsum(totals)]))
    assert (years >= 0).all()
    assert np.cumsum(years) == pytest.approx(
        cumulative(np.arange(bounds[-1]) + 1), abs=1e-6 * (1 + totals.sum())
    )
    for low, end, total in zip(bounds[:-1], bounds[1:], totals, strict=True):
        assert years[low:end].sum() == pytest.approx(total, abs=1e-9 * (1 + totals.sum()))


def test_the_oldest_die_out_at_the_death_rates():
    place = read_place("rural_china", 2010)
    tail = place.residents[1, 85:]
    assert (np.diff(tail) < 0).all()
    death = place.rates.deaths(2010)[1, 85:]
    begin = np.exp(-np.concatenate([[0.0], np.cumsum(death[:-1])]))
    lived = begin * (1.0 - np.exp(-death)) / death
    assert tail / tail.sum() == pytest.approx(lived / lived.sum(), abs=0.001)


def documented():
    """Return the files of the example in docs/places.md, by name."""
    text = (ROOT / "docs" / "places.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^`([\w.]+)`:\n\n```\w+\n(.*?)```", text, flags=re.M | re.S))


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "lakeside"
    folder.mkdir()
    for name, content in documented().items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_the_documented_example_is_a_place(own):
    place = read_place(own, 2020)
    assert place.name == "lakeside"
    assert (place.territory, place.rural_share) == ("county", 0.7)
    assert place.parameters == {"mortality": {"rural_multiplier": 1.05}}
    assert place.households == {}
    counted = sum(int(line.rsplit(",", 1)[1]) for line in documented()["population.csv"].splitlines()[1:])
    assert place.residents.sum() == pytest.approx(counted)


def test_a_config_names_the_folder_from_where_it_stands(own, monkeypatch):
    elsewhere = own.parent / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    config = own.parent / "config.yaml"
    config.write_text("place: lakeside\nstart: 2020-01\n")
    assert load_scenario(config).place == str(own)
    (elsewhere / "config.yaml").write_text("place: lakeside\nstart: 2020-01\n")
    with pytest.raises(ConfigError, match="no place lakeside ships and no such folder is here"):
        load_scenario(elsewhere / "config.yaml")


def test_a_place_may_bring_its_own_national_tables(own):
    (own / "sex_ratio_at_birth.csv").write_text("year,boys_per_girl\n2000,1.05\n")
    (own / "children_ever_born.csv").write_text("birth_year,children_ever_born\n1950,4\n1940,6\n")
    marital = (TABLES / "china" / "marital.csv").read_text().splitlines()
    total = [marital[0]] + [line.replace("urban", "total") for line in marital if line.startswith("urban")]
    (own / "marital.csv").write_text("\n".join(total))
    place = read_place(str(own), 2020)
    assert set(place.rates.sex_ratio) == {1.05}
    assert place.children_ever_born[[0, 50, 100]].tolist() == [6, 5, 4]
    old = place.residents[1, 65:]
    assert old @ place.marital[1, 65:, 2] / old.sum() == pytest.approx(0.4417, abs=0.003)


def edit(folder, name, old, new):
    path = folder / name
    if not path.exists():
        shutil.copy(TABLES / "china" / name, path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_place_is_read_anew_only_when_its_files_change(own):
    before = read_place(own, 2020)
    assert read_place(own, 2020) is before
    edit(own, "place.yaml", "1.05", "1.25")
    assert read_place(own, 2020).parameters == {"mortality": {"rural_multiplier": 1.25}}
    (own / "sex_ratio_at_birth.csv").write_text("year,boys_per_girl\n2000,1.05\n")
    assert set(read_place(own, 2020).rates.sex_ratio) == {1.05}
    assert before.parameters == {"mortality": {"rural_multiplier": 1.05}}


WRONG = {
    "truncated": (
        "population.csv",
        "2020,male,20-24,240",
        "2020,male,20-",
        "population.csv:7:persons: the row ends after 3 cells; write 4",
    ),
    "no women": (
        "population.csv",
        "2020,female,70-74,224\n",
        "",
        "population.csv:38:age_group: no row for census_year 2020, sex female, age_group 70-74; "
        "write one row for every combination",
    ),
    "twice": (
        "population.csv",
        "2020,male,1-4,",
        "2020,male,0,",
        "population.csv:3:age_group: 2020, male, 0 stands in row 2 already; keep one row a case",
    ),
    "column": (
        "population.csv",
        "persons",
        "people",
        "population.csv:1:persons: the column is missing; the header must name persons",
    ),
    "negative": (
        "population.csv",
        "2020,male,0,31",
        "2020,male,0,-31",
        "population.csv:2:persons: -31 is out of range; write a whole number of at least 0 (persons)",
    ),
    "per thousand": (
        "birth_rates.csv",
        "0.089253",
        "89.253",
        "birth_rates.csv:2:birth_rate: 89.253 is out of range; "
        "write a number from 0 to 1 (births per woman-year)",
    ),
    "backward period": (
        "death_rates.csv",
        "1995,1999",
        "1995,1899",
        "death_rates.csv:2:last_year: the period ends before it starts; write first_year or later",
    ),
    "nobody married or not": (
        "marital.csv",
        "2317307,20096,25,203",
        "0,0,0,0",
        "marital.csv:2:never_married: nobody in the age group; count at least one person",
    ),
    "territory": (
        "place.yaml",
        "county",
        "countty",
        "place.yaml:2:12: territory: not a kind of territory; did you mean county?",
    ),
    "unknown key": (
        "place.yaml",
        "parameters",
        "parameter",
        "place.yaml:4:1: parameter: unknown; did you mean parameters?",
    ),
    "share in percent": (
        "place.yaml",
        "0.7",
        "70",
        "place.yaml:3:21: rural_share.2020: not a share; write a number from 0 to 1",
    ),
    "truth value as share": (
        "place.yaml",
        "0.7",
        "true",
        "place.yaml:3:21: rural_share.2020: not a share; write a number from 0 to 1",
    ),
    "no share": (
        "place.yaml",
        "{2020: 0.7}",
        "{2010: 0.7}",
        "place.yaml:1:1: rural_share lacks 2020; write `2020: 0.5` below it",
    ),
    "year": (
        "place.yaml",
        "{2020: 0.7}",
        "{20: 0.7}",
        "place.yaml:3:15: rural_share: 20 is not a year; write a census year such as 2020",
    ),
    "flat parameters": (
        "place.yaml",
        "{rural_multiplier: 1.05}",
        "1.05",
        "place.yaml:5:14: parameters.mortality: has no keys; write `name: value` lines below",
    ),
}

WRONG_MARKS = {
    "not set": ("mortality.rural_multiplir: {evidence: judgement, source: judgement}",
                "6:9: marks.mortality.rural_multiplir: the place sets no such value; "
                "did you mean mortality.rural_multiplier?"),
    "evidence": ("mortality.rural_multiplier: {evidence: judgment, source: judgement}",
                 "6:48: marks.mortality.rural_multiplier.evidence: no kind of evidence; did you mean judgement?"),
    "source": ("mortality.rural_multiplier: {evidence: judgement, source: 3}",
               "6:67: marks.mortality.rural_multiplier.source: not a name; "
               "write a key of the sources, or judgement"),
    "key": ("mortality.rural_multiplier: {evidence: judgement, source: judgement, sourc: x}",
            "6:78: marks.mortality.rural_multiplier.sourc: unknown; did you mean source?"),
    "half": ("mortality.rural_multiplier: {evidence: judgement}",
             "6:37: marks.mortality.rural_multiplier: not marked; write {evidence: judgement, source: judgement}"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG_MARKS)
def test_a_wrong_mark_gets_one_line(own, case):
    written, expected = WRONG_MARKS[case]
    with (own / "place.yaml").open("a") as sheet:
        sheet.write(f"marks: {{{written}}}\n")
    with pytest.raises(ConfigError) as caught:
        read_sheet(own / "place.yaml")
    assert caught.value.lines == [f"{own}/place.yaml:{expected}"]


def test_marks_by_nothing_get_one_line(own):
    with (own / "place.yaml").open("a") as sheet:
        sheet.write("marks: fitted\n")
    with pytest.raises(
        ConfigError, match=r"place\.yaml:6:8: marks: not by parameter; write `mortality\."
    ) as caught:
        read_sheet(own / "place.yaml")
    assert len(caught.value.lines) == 1


def test_marks_say_what_a_value_rests_on(own):
    assert read_sheet(own / "place.yaml").marks == {}
    with (own / "place.yaml").open("a") as sheet:
        sheet.write("marks:\n  mortality.rural_multiplier: {evidence: derived, source: nbs_census2010}\n")
    marked = {"evidence": "derived", "source": "nbs_census2010"}
    assert read_sheet(own / "place.yaml").marks == {"mortality.rural_multiplier": marked}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_folder_gets_one_line(own, case):
    name, old, new, expected = WRONG[case]
    edit(own, name, old, new)
    with pytest.raises(ConfigError) as caught:
        read_place(own, 2020)
    assert caught.value.lines == [f"{own}/{expected}"]


def test_the_documented_messages_are_the_real_ones():
    text = (ROOT / "docs" / "places.md").read_text(encoding="utf-8")
    listed = text.split("```text\n")[1].split("```")[0].strip().splitlines()
    real = {f"lakeside/{expected}" for *_, expected in WRONG.values()}
    assert len(listed) >= 5
    assert set(listed) <= real


def test_an_empty_population_is_refused(own):
    path = own / "population.csv"
    path.write_text(re.sub(r"(,female,.*),\d+", r"\1,0", path.read_text()))
    with pytest.raises(TableError, match=r"population\.csv:39:persons: nobody lives here in 2020; "):
        read_place(own, 2020)


def test_a_census_that_the_place_lacks():
    with pytest.raises(
        TableError, match=r"population\.csv:1:census_year: no rows for 2020; the place has 2010$"
    ):
        read_place("baiquan", 2020)


@pytest.mark.parametrize("name", ["population.csv", "place.yaml"])
def test_a_missing_file(own, name):
    (own / name).unlink()
    with pytest.raises(ConfigError) as caught:
        read_place(own, 2020)
    assert len(caught.value.lines) == 1
    assert name in caught.value.lines[0]


@pytest.mark.parametrize("name", ["rural_heilongjang", "no/such/folder", "x" * 5000, "nul\0"])
def test_an_unknown_place(name):
    with pytest.raises(PlaceError) as caught:
        read_place(name, 2010)
    assert len(str(caught.value).splitlines()) == 1
    if name.startswith("rural"):
        assert str(caught.value).endswith("; did you mean rural_heilongjiang?")


def test_reading_loads_no_heavy_library():
    script = (
        "import sys; from caresim.synthesis.places import read_place; read_place('rural_heilongjiang', 2020);"
        "print(sorted({'scipy', 'pandas', 'numba', 'mesa', 'matplotlib'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


EVIDENCE = {"seed", "verified", "recalled", "derived", "fitted", "judgement"}


def test_every_row_names_a_known_source():
    known = set(re.findall(r"^@\w+\{(\w+),", (ROOT / "docs" / "sources.bib").read_text(), flags=re.M)) | {
        "judgement"
    }
    tables = sorted(TABLES.rglob("*.csv"))
    assert len(tables) >= 2 * len(SHIPPED) + 7
    for path in tables:
        for row in rows(path):
            assert row["evidence"] in EVIDENCE, path
            source = row["source"]
            if source.startswith("derived:"):
                assert row["evidence"] == "derived"
                source = source[source.rindex("(") + 1 : source.rindex(")")]
            assert set(source.split("; ")) <= known, (path, source)


def test_targets_lie_inside_their_bands():
    targets = rows(TABLES / "targets.csv")
    assert [row["id"] for row in targets] == [f"C{i:02d}" for i in range(1, 33)] + [
        f"S{i:02d}" for i in range(1, 8)
    ]
    for row in targets:
        assert float(row["low"]) < float(row["value"]) < float(row["high"]), row
