"""Scenarios: what a sound config becomes, in time and in layers."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
from dataclasses import FrozenInstanceError, dataclass
from pathlib import Path

import numpy as np
import pytest
import yaml
from pydantic import model_validator

import caresim
from caresim import catalogue
from caresim.kernel.clock import month_number
from caresim.kernel.mistakes import ConfigError
from caresim.kernel.parameters import Parameters, parameter
from caresim.scenario import Mix, Scenario, load_scenario
from caresim.synthesis.places import place_folder, places

ROOT = Path(caresim.__file__).parent.parent
CONFIGS = sorted([*ROOT.glob("configs/*.yaml"), *ROOT.glob("configs/hindcast/*.yaml")])
JAN_2020, JAN_2025, JAN_2030 = (month_number(f"{year}-01") for year in (2020, 2025, 2030))


class Weather(Parameters):
    """Declared parameters of the tests' own."""

    rain: float = parameter(1.0, unit="mm", meaning="Rain.", source="judgement", evidence="judgement")
    days: int = parameter(3, unit="days", meaning="Days.", source="judgement", evidence="judgement")
    shares: tuple[float, ...] = parameter(
        (0.5, 0.5), unit="share", meaning="Shares.", source="judgement", evidence="judgement"
    )
    wet: bool = parameter(False, unit="yes or no", meaning="Wet.", source="judgement", evidence="judgement")

    @model_validator(mode="after")
    def days_need_rain(self) -> Weather:
        if self.days and not self.rain:
            raise ValueError("rainy days without rain")
        return self


class Soil(Parameters):
    """Another group, which nobody changes."""

    depth: float = parameter(2.0, unit="m", meaning="Depth.", source="judgement", evidence="judgement")


@pytest.fixture
def own_groups(monkeypatch):
    monkeypatch.setattr(catalogue, "parameter_groups", lambda: {"weather": Weather, "soil": Soil})
    monkeypatch.setattr("caresim.scenario.places._parameters", lambda *_: {})


def of(**keys) -> Scenario:
    return Scenario.of(**{"place": "rural_china", **keys})


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_shipped_configs_are_valid(path):
    scenario = load_scenario(path)
    assert scenario.place in places()
    assert scenario.baseline == scenario.mixes[0].name == "status_quo"


def test_main_config_runs_every_mix_that_ships():
    names = [mix.name for mix in load_scenario(ROOT / "configs" / "heilongjiang.yaml").mixes]
    assert set(names) == {path.stem for path in (ROOT / "configs" / "mixes").glob("*.yaml")}
    assert len(names) == 12


def test_main_config_says_what_the_documentation_says():
    scenario = load_scenario(ROOT / "configs" / "heilongjiang.yaml")
    assert (scenario.name, scenario.place, scenario.start) == ("heilongjiang", "rural_heilongjiang", JAN_2020)
    assert (scenario.months, scenario.seed, scenario.replications) == (180, 20201101, 20)
    assert (scenario.residents, scenario.townships, scenario.villages) == (30000, 10, 100)


def test_hindcasts_start_with_the_census_of_2010():
    for path in CONFIGS:
        if path.parent.name == "hindcast":
            scenario = load_scenario(path)
            assert (scenario.start, scenario.months) == (month_number("2010-01"), 120)


def test_every_declared_parameter_is_resolved():
    in_force = of().parameters_at(JAN_2020)
    assert set(in_force) == set(catalogue.parameter_groups())
    assert all(type(value) is catalogue.parameter_groups()[name] for name, value in in_force.items())


def test_place_lies_between_defaults_and_scenario():
    declared = catalogue.parameter_groups()["mortality"]().rural_multiplier
    placed = of().parameters_at(JAN_2020)["mortality"].rural_multiplier
    assert placed == 1.05 != declared
    stated = of(parameters={"mortality": {"rural_multiplier": 1.1}})
    assert stated.parameters_at(JAN_2020)["mortality"].rural_multiplier == 1.1


def test_dated_values_are_steps(own_groups):
    scenario = of(parameters={"weather": {"rain": {"2025-01": 16, "2022-07": 8}}})
    rain = [scenario.parameters_at(month)["weather"].rain for month in range(JAN_2020, JAN_2030)]
    assert rain == [1.0] * 30 + [8.0] * 30 + [16.0] * 60
    assert scenario.parameters_at(0)["weather"].rain == 1.0


def test_values_dated_before_the_start_hold_at_the_start(own_groups):
    early = of(parameters={"weather": {"rain": {"2015-01": 5, "2019-12": 6}}})
    assert early == of(parameters={"weather": {"rain": 6}})


def test_same_objects_while_nothing_changes(own_groups):
    scenario = of(parameters={"weather": {"rain": {"2025-01": 16}}})
    before, after = scenario.parameters_at(JAN_2020), scenario.parameters_at(JAN_2025)
    assert scenario.parameters_at(JAN_2025 - 1) is before
    assert scenario.parameters_at(JAN_2030) is after
    assert after["weather"] is not before["weather"]
    assert after["soil"] is before["soil"]


def test_values_that_do_not_fit_together_are_refused_in_their_month(own_groups):
    with pytest.raises(ConfigError, match=r"parameters.weather: .*rainy days without rain"):
        of(parameters={"weather": {"rain": {"2025-01": 0}}})
    assert of(parameters={"weather": {"rain": 0, "days": 0}})


def test_lists_and_numbers_become_the_declared_types(own_groups):
    scenario = of(parameters={"weather": {"shares": [1, 0], "rain": np.int64(3), "wet": True}})
    weather = scenario.parameters_at(JAN_2020)["weather"]
    assert weather.shares == (1.0, 0.0)
    assert (weather.rain, type(weather.rain), weather.wet) == (3.0, float, True)
    with pytest.raises(ConfigError, match="true is not a number"):
        of(parameters={"weather": {"rain": True}})


def chain(folder: Path, *texts: str) -> Path:
    for number, text in enumerate(texts):
        parent = f"extends: {number - 1}.yaml\n" if number else ""
        (folder / f"{number}.yaml").write_text(parent + text)
    return folder / f"{len(texts) - 1}.yaml"


def test_child_deviates_from_parent_key_by_key(tmp_path):
    path = chain(
        tmp_path,
        "place: rural_china\nmonths: 12\npopulation: {residents: 4000, townships: 2, villages: 20}\n",
        "population: {residents: 5000}\n",
        "months: 36\n",
    )
    scenario = load_scenario(path)
    assert (scenario.name, scenario.place, scenario.months) == ("2", "rural_china", 36)
    assert (scenario.residents, scenario.townships, scenario.villages) == (5000, 2, 20)


def test_dated_values_of_a_child_hold_from_their_month_on(tmp_path, own_groups):
    path = chain(
        tmp_path,
        "place: rural_china\nparameters: {weather: {rain: {2021-01: 2, 2030-01: 9}, days: 1}}\n",
        "parameters: {weather: {rain: {2025-01: 4}}}\n",
    )
    scenario = load_scenario(path)
    found = [
        scenario.parameters_at(month)["weather"].rain
        for month in (JAN_2020, JAN_2025 - 1, JAN_2025, JAN_2030)
    ]
    assert found == [1.0, 2.0, 4.0, 4.0]
    assert scenario.parameters_at(JAN_2030)["weather"].days == 1


def test_dates_of_a_child_may_lie_before_those_of_its_parent(tmp_path, own_groups):
    path = chain(
        tmp_path,
        "place: rural_china\nparameters: {weather: {rain: {2030-01: 9}}}\n",
        "parameters: {weather: {rain: {2025-01: 4}}}\n",
    )
    assert load_scenario(path).parameters_at(JAN_2025)["weather"].rain == 4.0


def test_set_goes_above_the_config(tmp_path):
    path = chain(tmp_path, "place: rural_china\nmonths: 12\n")
    settings = [
        "population.residents=3000",
        "months=6",
        "months=7",
        "parameters={mortality: {rural_multiplier: 1}}",
    ]
    scenario = load_scenario(path, set=[*settings, "name=no"])
    assert (scenario.residents, scenario.months, scenario.name) == (3000, 7, "no")
    assert scenario.parameters_at(JAN_2020)["mortality"].rural_multiplier == 1.0


def test_same_content_is_equal_and_of_one_hash_and_digest(tmp_path):
    a, b = tmp_path / "a.yaml", tmp_path / "b.yaml"
    a.write_text("name: x\nplace: rural_china\nparameters: {mortality: {rural_multiplier: 1}}\n")
    b.write_text("parameters:\n  mortality:\n    rural_multiplier: 1.0\nplace: 'rural_china'\nname: x\n")
    one, other = load_scenario(a), load_scenario(b)
    assert (one, hash(one), one.digest()) == (other, hash(other), other.digest())
    assert one == of(name="x", parameters={"mortality": {"rural_multiplier": 1}})
    changed = load_scenario(b, set=["seed=2"])
    assert changed != one
    assert changed.digest() != one.digest()


def test_digest_is_the_same_in_another_process():
    code = (
        "from caresim import load_scenario;"
        f"print(load_scenario({str(ROOT / 'configs' / 'heilongjiang.yaml')!r}).digest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert digests == {load_scenario(ROOT / "configs" / "heilongjiang.yaml").digest()}


def test_pickle_keeps_the_content_and_drops_what_is_derived():
    scenario = of(parameters={"mortality": {"rural_multiplier": {"2025-01": 1}}})
    bare = len(pickle.dumps(scenario))
    scenario.parameters_at(JAN_2020)
    copy = pickle.loads(pickle.dumps(scenario))
    assert copy == scenario
    assert len(pickle.dumps(scenario)) == bare
    assert copy.parameters_at(JAN_2025) == scenario.parameters_at(JAN_2025)
    with pytest.raises(FrozenInstanceError):
        copy.months = 3


def test_resolved_is_a_config_of_the_same_scenario(tmp_path):
    scenario = of(name="x", months=70, parameters={"mortality": {"rural_multiplier": {"2025-01": 1}}})
    path = tmp_path / "again.yaml"
    path.write_text(yaml.safe_dump(json.loads(json.dumps(scenario.resolved()))))
    again = load_scenario(path)
    assert again == scenario
    assert again.digest() == scenario.digest()


def test_dates_of_a_place_that_a_run_does_not_reach_leave_no_trace():
    scenario = of(place="rural_china", start="2010-01", months=180)
    stated = scenario.resolved()["parameters"]["kinship"]["migration_began"]
    assert isinstance(stated, float)
    assert stated != of(place="rural_china").resolved()["parameters"]["kinship"]["migration_began"]
    assert of(**scenario.resolved()).digest() == scenario.digest()


def test_a_folder_of_tables_is_a_place(tmp_path):
    shutil.copytree(place_folder("rural_china"), tmp_path / "my_county")
    path = tmp_path / "x.yaml"
    path.write_text("place: my_county\n")
    assert load_scenario(path).place == str(tmp_path / "my_county")
    sheet = tmp_path / "my_county" / "place.yaml"
    sheet.write_text("territory: rural\nparameters:\n  mortality: {rural_multiplier: x}\n  ghost: {a: 1}\n")
    with pytest.raises(ConfigError) as caught:
        load_scenario(path)
    assert [line.split(": ")[0] for line in caught.value.lines] == [f"{sheet}:3:33", f"{sheet}:4:3"]


def test_a_wrong_table_of_a_place_is_told_with_its_row(tmp_path):
    shutil.copytree(place_folder("rural_china"), tmp_path / "my_county")
    table = tmp_path / "my_county" / "population.csv"
    table.write_text("\n".join(table.read_text().splitlines()[:5]).rsplit(",", 1)[0])
    with pytest.raises(ConfigError, match=r"population\.csv:\d+:"):
        Scenario.of(place=str(tmp_path / "my_county"))


def test_mixes_are_names_or_written_in_place(tmp_path):
    (tmp_path / "mixes").mkdir()
    (tmp_path / "mixes" / "near.yaml").write_text("title: Near\nextends: status_quo\n")
    path = chain(
        tmp_path, "place: rural_china\nmixes: [near, status_quo, {name: own, extends: near}]\nbaseline: own\n"
    )
    scenario = load_scenario(path)
    every = scenario.mix("status_quo").instruments
    assert scenario.mixes == (
        Mix("near", every, "Near"),
        Mix("status_quo", every, "Status quo"),
        Mix("own", every, "Near"),
    )
    assert scenario.baseline == "own"
    mapped = load_scenario(
        path, set=["mixes={status_quo: , other: {extends: near, title: Other}}", "baseline=other"]
    )
    assert mapped.mixes == (Mix("status_quo", every, "Status quo"), Mix("other", every, "Other"))


def test_only_some_mixes():
    scenario = of(mixes={"status_quo": None, "other": {"extends": "status_quo"}})
    assert [mix.name for mix in scenario.only("other").mixes] == ["other"]
    assert scenario.only("other").baseline == "other"
    assert scenario.only("other", "status_quo").baseline == "status_quo"
    with pytest.raises(ConfigError, match="did you mean other"):
        scenario.only("othr")


@dataclass
class Measure:
    """An instrument as far as configs need it."""

    sets: str | None = None
    parameters: type = Weather

    def off(self):
        return {"days": 0}

    def replaced(self, lever):
        return lever


def test_instruments_are_laid_over_those_of_the_parent(monkeypatch):
    monkeypatch.setattr(
        catalogue, "instruments", lambda: {"umbrellas": Measure(), "boots": Measure(sets="feet")}
    )
    a = {"instruments": {"umbrellas": {"days": 5, "rain": {"2025-01": 2}}}}
    c = {"extends": "no_policy"}
    scenario = of(
        mixes={"a": a, "b": {"extends": "a", "instruments": {"umbrellas": {"days": 6}}}, "c": c, "d": {}}
    )
    values = {
        mix.name: {group.group: group.at(JAN_2025, Weather) for group in mix.instruments}
        for mix in scenario.mixes
    }
    assert values == {
        "a": {"umbrellas": Weather(days=5, rain=2.0)},
        "b": {"umbrellas": Weather(days=6, rain=2.0)},
        "c": {"umbrellas": Weather(days=0), "boots": Weather(days=0)},
        "d": {"umbrellas": Weather()},  # what replaces a process's own levers acts only where it is written
    }
    with pytest.raises(
        ConfigError, match=r"mixes.a.instruments.umbrella: no instrument of that name; did you mean umb"
    ):
        of(mixes={"a": {"instruments": {"umbrella": {}}}})


def test_python_keys_are_checked_like_a_config():
    scenario = Scenario.of(
        place="rural_china", residents=500, villages=5, townships=1, start="2010-01", months=3
    )
    assert (scenario.residents, scenario.villages, scenario.start) == (500, 5, month_number("2010-01"))
    assert scenario == Scenario.of(
        place="rural_china",
        population={"residents": 500, "villages": 5, "townships": 1},
        start="2010-01",
        months=3,
    )
    with pytest.raises(ConfigError, match=r"Scenario.of: months: 0 is too small"):
        of(months=0)
    with pytest.raises(ConfigError, match=r"Scenario.of: population: 3 has no keys"):
        of(population=3, residents=50)
    with pytest.raises(ConfigError, match="has no YAML form"):
        of(seed=object())
    endless: list = []
    endless.append(endless)
    with pytest.raises(ConfigError, match="nested deeper"):
        of(mixes=endless)


def test_two_parameter_groups_of_one_name_are_refused(monkeypatch):
    from caresim.synthesis import parameters

    monkeypatch.setattr(parameters, "GROUPS", {**parameters.GROUPS, "mortality": Weather})
    catalogue.parameter_groups.cache_clear()
    try:
        with pytest.raises(catalogue.CatalogueError, match="parameter group mortality is declared twice"):
            catalogue.parameter_groups()
    finally:
        monkeypatch.undo()
        catalogue.parameter_groups.cache_clear()


def test_columns_have_one_writer_each():
    names = [column.name for column in catalogue.columns()]
    assert len(names) == len(set(names))
    assert {"key", "born", "disability"} <= set(names)
    assert all(column.writer for column in catalogue.columns())


def test_declared_ranges_lie_within_limits_and_hold_the_default():
    for group, declared in catalogue.parameter_groups().items():
        for row in catalogue.declared_parameters():
            if row["group"] != group or row["low"] is None or row["high"] is None:
                continue
            assert row["low"] <= row["value"] <= row["high"], row["name"]
            name = row["name"].split(".")[1]
            kind = type(row["value"])
            for end in (row["low"], row["high"]):
                assert getattr(declared(**{name: kind(end)}), name) == end
