"""What a Mesa user does with the model, on a small place that ships."""

import ast
import copy
import gc
import itertools
import pickle
import resource
import subprocess
import sys
import weakref
from pathlib import Path

import mesa
import numpy as np
import pytest

import caresim
from caresim import CareModel, Scenario
from caresim.agents.government import Government
from caresim.agents.people import LIVING_REGISTERED, LIVING_RESIDENT
from caresim.agents.provider import HomeCareProvider
from caresim.agents.social_work_station import SocialWorkStation
from caresim.agents.township_centre import TownshipCentre
from caresim.kernel.mistakes import ConfigError
from caresim.model import Elder, FamilyMember, Institution, Person, Village, Volunteer

PACKAGE = Path(caresim.__file__).parent
OFFICES = 6
"""Providers of care at home, one for each township with near villages, and township centres."""
MONTHS = 4


def scenario(**keys):
    known = {"name": "small", "place": "rural_heilongjiang", "start": "2020-01", "months": MONTHS, "seed": 7}
    return Scenario.of(**{**known, "residents": 1500, "townships": 2, "villages": 5, **keys})


@pytest.fixture(scope="module")
def model():
    built = CareModel(scenario())
    built.step()
    return built


@pytest.fixture(scope="module")
def finished():
    built = CareModel(scenario())
    built.run()
    return built


def same(a, b):
    """Tell whether two lists of records say the same, months without a meaning included."""
    return repr(a) == repr(b)


# --- time -------------------------------------------------------------------------------------------------


def test_a_run_passes_its_months(finished):
    assert [record["month"] for record in finished.records] == ["2020-01", "2020-02", "2020-03", "2020-04"]
    assert finished.month == finished.world.start + MONTHS - 1
    assert finished.steps == MONTHS
    assert not finished.running
    before = len(finished.records)
    finished.run()
    assert len(finished.records) == before
    for earlier, now in itertools.pairwise(finished.records):
        moved = now["births"] + now["arrivals"] - now["deaths"] - now["departures"]
        assert now["residents"] == earlier["residents"] + moved
    assert sum(record["deaths"] for record in finished.records) > 0


def test_mesas_own_ways_to_run(finished):
    stepped = CareModel(scenario())
    stepped.run_model()
    assert same(stepped.records, finished.records)
    if hasattr(mesa.Model, "run_for"):
        ahead = CareModel(scenario())
        ahead.run_for(MONTHS)
        assert same(ahead.records, finished.records)


def test_what_a_user_draws_changes_nothing(finished):
    disturbed = CareModel(scenario())
    for _ in range(MONTHS):
        disturbed.random.random()
        disturbed.rng.random()
        disturbed.elders.shuffle().select(at_most=5).map(lambda person: person.children)
        list(disturbed.agents)
        disturbed.step()
    assert same(disturbed.records, finished.records)


def test_replications_differ_and_mixes_must_exist():
    one, other = CareModel(scenario(), replication=0), CareModel(scenario(), replication=1)
    assert not np.array_equal(one.people["key"][:50], other.people["key"][:50])
    with pytest.raises(ConfigError, match="no_such_mix"):
        CareModel(scenario(), mix="no_such_mix")


def test_the_scenario_is_left_alone(model):
    assert isinstance(model.scenario, Scenario)
    assert not hasattr(model.scenario, "model")
    assert model.scenario == scenario()


# --- agents -----------------------------------------------------------------------------------------------


def test_sets_agree_with_the_columns(model):
    people = model.people
    assert len(model.persons) == people.count(LIVING_REGISTERED)
    assert len(model.agents) == people.count(LIVING_REGISTERED) + 5 + len(model.world.homes) + OFFICES
    elders = (people["state"][: people.n] & LIVING_RESIDENT) == LIVING_RESIDENT
    elders &= model.month - people["born"][: people.n] >= 60 * 12
    assert len(model.elders) == elders.sum() == model.records[-1]["elders"]
    assert model.elders["born"].tolist() == people["born"][: people.n][elders].tolist()
    assert min(model.elders.get("age")) >= 60
    assert np.mean(model.persons.get("resident")) == pytest.approx(
        model.records[-1]["residents"] / model.records[-1]["registered"]
    )


def test_agents_by_type(model):
    assert set(model.agent_types) == {
        Person,
        Elder,
        FamilyMember,
        Volunteer,
        Village,
        Institution,
        HomeCareProvider,
        TownshipCentre,
        Government,
        SocialWorkStation,
    }
    by_type = model.agents_by_type
    assert by_type[Elder] == model.elders
    assert len(by_type[Village]) == 5
    assert 0 < len(by_type[Volunteer]) < len(by_type[Person]) / 10
    assert 0 < len(by_type[FamilyMember]) < len(by_type[Person])
    assert sum(village.residents for village in by_type[Village]) == model.records[-1]["residents"]


def test_family_members_one_by_one(model):
    """The compiled-in definition, asked of every person in words."""

    def is_elder(person):
        return person is not None and person.registered and person.elder

    def cares(person):
        kin = [person.spouse, person.mother, person.father]
        if person.spouse is not None:
            kin += [person.spouse.mother, person.spouse.father]
        return person.age >= 18 and any(is_elder(relative) for relative in kin)

    assert model.persons.select(cares) == model.family_members


def test_kin_know_each_other(model):
    for person in model.persons.select(at_most=300):
        assert all(person in (child.mother, child.father) for child in person.children)
        assert person.spouse is None or person.spouse.spouse == person
        for parent in (person.mother, person.father):
            assert parent is None or person in parent.children


def test_what_mesa_users_write(model):
    elders = model.agents_by_type[Elder]
    old = elders.select(lambda elder: elder.age >= 80)
    assert len(old) == sum(age >= 80 for age in elders.get("age"))
    women = model.agents.select(agent_type=Elder).groupby("female").agg("age", np.mean)
    assert set(women) == {True, False}
    oldest = elders.sort("age")[0]
    assert oldest.age == elders.agg("age", max)
    assert isinstance(oldest, mesa.Agent)
    by_village = model.elders.groupby("village").count()
    assert sum(by_village.values()) == len(elders)
    assert all(isinstance(village, Village) for village in by_village)
    assert len(model.elders.shuffle().select(at_most=10)) == 10


# --- data collection --------------------------------------------------------------------------------------


def test_indicators_reach_mesas_collector(finished):
    frame = finished.datacollector.get_model_vars_dataframe()
    assert frame["residents"].tolist() == [record["residents"] for record in finished.records]
    assert set(frame.columns) == set(finished.records[0]) - {"month"}
    assert CareModel(scenario(), collect=False).datacollector is None


def test_a_users_collector():
    model = CareModel(scenario())
    model.datacollector = mesa.DataCollector(
        model_reporters={
            "old": lambda m: len(m.elders.select(lambda elder: elder.age >= 80)),
            "month": "month",
            "age": lambda m: m.elders.agg("age", np.mean),
        },
        agent_reporters={"age": lambda agent: getattr(agent, "age", None)},
        agenttype_reporters={
            Elder: {"alone": lambda elder: elder.spouse is None},
            Village: {"residents": "residents"},
        },
    )
    model.step()
    model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["month"].tolist() == [model.month - 1, model.month]
    agents = model.datacollector.get_agent_vars_dataframe()
    assert len(agents.loc[2]) == len(model.agents)
    assert agents.loc[2]["age"].max() == model.persons.agg("age", max)
    elders = model.datacollector.get_agenttype_vars_dataframe(Elder)
    assert len(elders.loc[2]) == len(model.elders)
    assert elders.loc[2].index.tolist() == model.elders.get("unique_id")
    villages = model.datacollector.get_agenttype_vars_dataframe(Village)
    assert villages.loc[2]["residents"].sum() == model.records[-1]["residents"]


# --- keeping and freeing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("duplicate", [lambda m: pickle.loads(pickle.dumps(m)), copy.deepcopy])
def test_a_pickled_model_goes_on(finished, duplicate):
    model = CareModel(scenario())
    model.step()
    model.step()
    again = duplicate(model)
    again.run()
    assert len(model.records) == 2
    assert same(again.records, finished.records)
    for name, column in finished.people.arrays.items():
        assert np.array_equal(column, again.people[name]), name
    assert again.villages[0].people.get("age") == finished.villages[0].people.get("age")
    assert again.datacollector.get_model_vars_dataframe().shape[0] == MONTHS


def resident_bytes():
    """Return the memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads Linux's account of memory")
def test_finished_models_are_freed():
    """200 models in one process leave nothing behind: no model, no Python object, no array.

    The second hundred live as the first did, so that they need no rule compiled that the first did not.
    """
    references, blocks, memory = [], [], []
    small = scenario(residents=300, villages=2, townships=1, months=1)
    for number in range(200):
        model = CareModel(small, replication=number % 100)
        model.run()
        model.elders.select(at_most=3).get("age")
        references.append(weakref.ref(model))
        del model
        if number % 100 == 99:
            gc.collect()
            blocks.append(sys.getallocatedblocks())
            memory.append(resident_bytes())
    assert not any(reference() for reference in references)
    assert blocks[-1] - blocks[0] < 100 * 10
    assert memory[-1] - memory[0] < 100 * 20_000


# --- randomness -------------------------------------------------------------------------------------------

FORBIDDEN = {"random", "rng", "shuffle_do", "default_rng"}


def draws_by_queue(source):
    """Return the lines that use a generator which hands out the next number of a queue."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import) and any(name.name.split(".")[0] == "random" for name in node.names):
            found.append(node.lineno)
        if isinstance(node, ast.ImportFrom) and ("random" in (node.module or "") or _named(node)):
            found.append(node.lineno)
        if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN:
            found.append(node.lineno)
    return sorted(set(found))


def _named(node):
    return any(name.name in FORBIDDEN for name in node.names)


def test_the_search_finds_what_it_should():
    guilty = (
        "import random\nfrom random import Random\nnp.random.rand()\nself.rng\nmodel.random\na.shuffle_do(f)"
    )
    assert draws_by_queue(guilty) == [1, 2, 3, 4, 5, 6]
    assert draws_by_queue("from numpy import random") == [1]
    assert draws_by_queue("luck = draws.stream(DEATH, month)") == []


def test_no_result_hangs_on_a_queue_of_numbers():
    allowed = {"agents/sets.py"}  # offers `random` to users, as Mesa's sets do
    beside = "experiment/"  # designs, and statistics that resample results, draw from generators with a seed
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        lines = draws_by_queue(path.read_text())
        name = path.relative_to(PACKAGE).as_posix()
        if lines and name not in allowed and not name.startswith(beside):
            found[name] = lines
    assert found == {}


def test_only_the_model_loads_mesa():
    below = "import caresim.catalogue as c, sys; c.columns(), c.indicators(); print('mesa' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", below], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
