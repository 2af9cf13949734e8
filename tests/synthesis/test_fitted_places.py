"""What the sheets of the places that ship say: fitted values, what each rests on, and how the fits miss."""

import importlib
import re
from pathlib import Path

import pytest
import yaml

from caresim import catalogue
from caresim.processes.migration import Migration
from caresim.synthesis.place_sheet import read_sheet
from caresim.synthesis.places import place_folder, places, read_place
from tests.synthesis.worlds import Census, world_of

ROOT = Path(__file__).resolve().parents[2]
PROVINCES = ("beijing", "hebei", "heilongjiang", "jiangsu", "zhejiang")


@pytest.fixture(scope="module")
def fit_places():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "experiments"))
        yield importlib.import_module("fit_places")


def sheet(name):
    return read_sheet(place_folder(name) / "place.yaml")


def values_of(name):
    """Return every value of a place's sheet, each date's too, by `process.parameter`."""
    return {
        f"{group}.{key}": list(value.values()) if isinstance(value, dict) else [value]
        for group, found in sheet(name).parameters.items()
        for key, value in found.items()
    }


@pytest.mark.parametrize("name", places())
def test_every_value_of_a_place_says_what_it_rests_on(name):
    marks = sheet(name).marks
    assert set(marks) == set(values_of(name))
    sources = re.findall(r"^@\w+\{(\w+),", (ROOT / "docs" / "sources.bib").read_text(), flags=re.M)
    for mark in marks.values():
        source, rests_on = mark["source"], [mark["source"]]
        if source.startswith("derived:"):
            assert mark["evidence"] == "derived"
            rests_on = source[source.rindex("(") + 1 : source.rindex(")")].split("; ")
        assert set(rests_on) <= {*sources, "judgement"}
        assert source != "judgement" or mark["evidence"] == "judgement"


@pytest.mark.parametrize("name", places())
def test_every_value_of_a_place_lies_in_the_declared_range(name):
    for parameter, values in values_of(name).items():
        group, key = parameter.split(".")
        said = catalogue.parameter_groups()[group].model_fields[key].json_schema_extra
        # what a government sets differs from place to place beyond what we do not know of the nation's
        low, high = said["limits"] if said["role"] == "lever" else (said["low"], said["high"])
        for value in values:
            assert low <= value <= high, parameter


def test_the_page_prints_how_the_fits_miss(fit_places):
    page = (ROOT / "docs" / "places.md").read_text(encoding="utf-8")
    assert re.search(r"<!-- fit -->\n(.*?)<!-- end -->", page, flags=re.S)[1] == fit_places.misfits()


def test_a_county_takes_over_what_its_rural_people_do(fit_places):
    countryside, whole = sheet("rural_heilongjiang").parameters, sheet("heilongjiang").parameters
    for name in fit_places.COUNTIES:
        found = fit_places.rounded(fit_places.county(name, countryside, whole))
        own = sheet(name).parameters
        for group, values in found.items():
            if group == "kinship":
                assert own[group] == {**values, "rural_excess": countryside[group]["rural_excess"]}
            else:
                assert own[group] == pytest.approx(values, abs=2e-4)
        stays = 1 - Migration().town_share
        scale = countryside["migration"]["out_scale"] * stays * read_place(name, 2010).rural_share
        assert own["migration"]["out_scale"] == pytest.approx(scale, abs=1e-3)


@pytest.mark.parametrize(
    ("name", "least", "judged"), [("rugao", 0.2, True), ("rugao", 0.1, False), ("bayan", 0.2, False)]
)
def test_a_county_on_the_floor_of_leaving_is_judged_as_its_province_is(fit_places, name, least, judged):
    import fitted_sheets

    mark = fitted_sheets.marks_of(name, sheet(name).parameters, least)["migration.out_scale"]
    assert mark["evidence"] == ("judgement" if judged else "derived")
    if least == 0.2:
        assert mark == sheet(name).marks["migration.out_scale"]


def test_writing_a_fit_keeps_what_is_not_fitted(fit_places, tmp_path, monkeypatch):
    import fitted_sheets

    path = tmp_path / "place.yaml"
    path.write_text((place_folder("zhejiang") / "place.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(fitted_sheets, "place_folder", lambda name: tmp_path)
    before = read_sheet(path)
    fitted_sheets.write("zhejiang", {"migration": {"out_scale": 0.31}, "fertility": {"multiplier": 0.9}}, 0.2)
    after = read_sheet(path)
    assert after.parameters["migration"] == {"out_scale": 0.31}
    assert after.parameters["mortality"] == before.parameters["mortality"]
    assert after.marks["mortality.rural_multiplier"] == before.marks["mortality.rural_multiplier"]
    assert after.marks["migration.out_scale"]["evidence"] == "fitted"
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["title_zh"] == "浙江省"


@pytest.mark.parametrize("name", [*PROVINCES, "rugao"])
def test_somebody_of_every_province_lives_elsewhere(name):
    census = Census(world_of(name, 2010, residents=3000))
    away = (~census.present & (census.age >= 15)).sum() / census.present.sum()
    assert 0.02 < away < 0.08
