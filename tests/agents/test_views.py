"""Views of persons over a hamlet of three generations, worked out by hand."""

import copy
import gc
import inspect
import pickle
import weakref
from types import SimpleNamespace

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet

import caresim.model
from caresim import catalogue
from caresim.agents import attributes
from caresim.agents.compaction import compact
from caresim.agents.members import COUNTED, Members
from caresim.agents.people import COLUMNS, IDENTITY, PROVINCE, People
from caresim.agents.sets import PersonSet
from caresim.agents.world import Process
from caresim.kernel.columns import NOBODY, Column
from caresim.model import CareModel, Elder, FamilyMember, Gone, Person, Village, Volunteer
from tests.hamlet import HEALTH, NOW, Hamlet

DECLARED = {column.name: column for column in catalogue.columns()}
MIND = (Column("loneliness", np.float32, 0.0, "SD", "Loneliness.", "test"),)


def hamlet(columns=COLUMNS + HEALTH + MIND):
    """Grandparents, their son with his wife and two children, a daughter away, a lone old neighbour."""
    place = Hamlet(columns)
    names = SimpleNamespace()
    home, alone = place.household(), place.household()
    names.grandmother = place.add(71, "f", home)
    names.grandfather = place.add(73.5, "m", home)
    names.son = place.add(45, "m", home, names.grandmother, names.grandfather)
    names.wife = place.add(44, "f", home)
    names.girl = place.add(19, "f", home, names.wife, names.son)
    names.boy = place.add(12, "m", home, names.wife, names.son)
    names.daughter = place.add(40, "f", -1, names.grandmother, names.grandfather, place=PROVINCE)
    names.neighbour = place.add(82, "f", alone, village=1)
    names.niece = place.kin(50, "f", mother=names.neighbour)
    place.marry(names.grandmother, names.grandfather)
    place.marry(names.wife, names.son)
    people = place.people
    people["state"][[names.grandmother, names.grandfather, names.neighbour]] |= 16
    people["loneliness"][:8] = np.arange(8) / 8
    return place, names


def grow_older(world):
    """Do nothing but let the time pass."""


IDLE = Process("idle", grow_older, (), (), "Nothing happens.")


class Assumptions(SimpleNamespace):
    """The least that the model asks of a scenario."""

    seed, months, start = 5, 3, 1440

    def mix(self, name):
        return SimpleNamespace(name=name)

    def parameters_at(self, month, mix):
        return {}

    def policy_at(self, month, mix):
        return None


@pytest.fixture
def village(monkeypatch):
    def build(columns=COLUMNS + HEALTH + MIND):
        place, names = hamlet(columns)
        monkeypatch.setattr(caresim.model, "_populate", lambda scenario, replication: place.world)
        monkeypatch.setattr(caresim.model, "in_order", lambda world: (IDLE,))
        offices = ("HomeCareProvider", "TownshipCentre", "Government", "SocialWorkStation")
        for office in (getattr(caresim.model, name) for name in offices):
            monkeypatch.setattr(office, "of", lambda model: [])  # a hamlet of villages and people only
        model = CareModel(Assumptions())
        model.world.month = NOW
        model.names = names
        return model

    return build


@pytest.fixture
def model(village):
    return village()


def test_attributes_are_decoded(model):
    names = model.names
    old = model.person(names.grandfather)
    assert (old.age, old.female, old.alive, old.resident, old.elder) == (73.5, False, True, True, True)
    assert (old.place, old.marital, old.disability) == ("village", "married", 0)
    assert old.loneliness == pytest.approx(1 / 8)
    assert old.village is model.villages[0]
    assert old.spouse == model.person(names.grandmother)
    assert [child.row for child in old.children] == [names.daughter, names.son]
    son = model.person(names.son)
    assert (son.mother.row, son.father.row, son.spouse.row) == (
        names.grandmother,
        names.grandfather,
        names.wife,
    )
    assert model.person(names.wife).mother is None
    assert {type(value) for value in (old.age, old.female, old.disability)} == {float, bool, int}
    assert {"loneliness", "age", "children"} <= set(dir(old))
    with pytest.raises(AttributeError, match="no attribute 'wealth'"):
        _ = old.wealth


def test_kin_outside_have_light_attributes_only(model):
    niece = model.person(model.names.neighbour).children[0]
    assert (niece.age, niece.female, niece.registered, niece.place) == (50, True, False, "outside")
    assert niece.mother.row == model.names.neighbour
    assert niece not in model.agents
    assert not isinstance(niece, FamilyMember)
    for name in ("loneliness", "marital", "village"):
        with pytest.raises(AttributeError, match="registered people only"):
            getattr(niece, name)


def test_roles(model):
    names = model.names
    rows = {
        role: [agent.row for agent in model.agents_by_type[role]] for role in (Elder, FamilyMember, Volunteer)
    }
    assert rows[Elder] == [names.grandmother, names.grandfather, names.neighbour]
    assert rows[FamilyMember] == [names.grandmother, names.grandfather, names.son, names.wife, names.daughter]
    assert rows[Volunteer] == []
    grandmother = model.person(names.grandmother)
    assert isinstance(grandmother, Elder)
    assert isinstance(grandmother, FamilyMember)
    assert isinstance(grandmother, mesa.Agent)
    assert not isinstance(model.person(names.son), Elder)
    assert not isinstance(model.villages[0], Person)
    model.people.die(np.array([names.grandmother, names.grandfather]))
    assert [agent.row for agent in model.family_members] == []


def test_members_of_the_time_bank_are_volunteers_and_carers_are_views(village):
    member = Column("member", np.uint8, 0, "0/1", "Member of the time bank.", "test")
    carer = Column("main_carer", np.int32, NOBODY, "row", "Main carer.", "test", link=True)
    model = village((*COLUMNS, *HEALTH, *MIND, member, carer))
    names, people = model.names, model.people
    people["member"][names.wife] = 1
    people["main_carer"][names.grandmother] = names.wife
    assert [agent.row for agent in model.volunteers] == [names.wife]
    assert model.person(names.grandmother).main_carer == model.person(names.wife)
    assert model.person(names.wife).main_carer is None
    with pytest.raises(AttributeError, match="no process"):
        model.person(names.wife).pair  # noqa: B018


def test_volunteers_come_with_their_column(village):
    column = Column("volunteer", np.uint8, 0, "0/1", "Registered volunteer.", "test")
    model = village(COLUMNS + HEALTH + (*MIND, column))
    model.person(model.names.wife).volunteer = 1
    assert [agent.row for agent in model.volunteers] == [model.names.wife]


def test_a_role_of_a_user(model):
    class Lonely(Person):
        @classmethod
        def holds(cls, world, who):
            return world.people["loneliness"][who] > 0.6

        def cheer(self):
            self.loneliness = 0

    assert len(model.persons.select(agent_type=Lonely)) == 3
    PersonSet(model, Lonely).do("cheer")
    assert len(PersonSet(model, Lonely)) == 0
    assert model.people["loneliness"][:8].sum() == pytest.approx(sum(range(5)) / 8)


def test_writing_writes_the_column(model):
    old = model.person(model.names.neighbour)
    old.disability = 2
    old.loneliness = 1.5
    assert model.people["disability"][model.names.neighbour] == 2
    assert model.people["loneliness"][model.names.neighbour] == 1.5
    for value in (300, 1.5, -1, "severe", None):
        with pytest.raises(ValueError, match="uint8"):
            old.disability = value
    for name in ("state", "mother", "spouse", "village", "key"):
        with pytest.raises(
            AttributeError, match=r"changes by events inside a process, see docs/extending\.md"
        ):
            setattr(old, name, 1)
    with pytest.raises(AttributeError, match="declared by the processes"):
        old.note = "x"


RANGES = {
    name: column.range for name, column in DECLARED.items() if column.writer != IDENTITY and not column.link
}
CODES = {"code", "flags", "marks", "0/1", "fifth", "250ths", "hundredths", "hundredths of a point"}
"""Units of columns that rules look up in tables, or take for a share."""


@pytest.fixture
def written():
    """Return people with every column that is declared, and a row to write to."""
    people = People(catalogue.columns(), registered=4)
    people.n = 2
    return people


@pytest.mark.parametrize("name", [name for name in RANGES if not DECLARED[name].event])
def test_values_outside_a_columns_range_are_refused(written, name):
    least, most = RANGES[name]
    for value in (least, most, [least, most]):
        attributes.write(written, name, np.array([0, 1]), value)
    before = written[name][:2].copy()
    for value in (least - 1, most + 1, [least, most + 1]):
        with pytest.raises(ValueError, match=f"cannot set '{name}' to .* from {least} to {most} "):
            attributes.write(written, name, np.array([0, 1]), value)
    assert np.array_equal(written[name][:2], before)


def test_every_code_says_where_it_ends():
    for name in RANGES:
        column = DECLARED[name]
        assert column.unit not in CODES or column.most is not None or name == "scheme", name
        least, most = column.range
        assert np.iinfo(column.dtype).min <= least <= column.default <= most <= np.iinfo(column.dtype).max, (
            name
        )


def test_where_an_elder_lives_changes_by_events(written):
    for name in ("home", "home_since"):
        with pytest.raises(AttributeError, match="changes by events inside a process"):
            attributes.write(written, name, np.array([0]), 3)


def test_a_disability_that_there_is_not_is_told_with_those_that_there_are(written):
    with pytest.raises(
        ValueError, match=r"cannot set 'disability' to 200: the column holds uint8 from 0 to 3 \(code: 0 none"
    ):
        attributes.write(written, "disability", np.array([0]), 200)


def test_a_column_of_floats_holds_any_number_or_what_it_declares():
    people = People((*COLUMNS, Column("any", np.float32, 0.0, "", "", "test"),
                     Column("part", np.float32, 0.0, "", "", "test", least=0.0, most=1.0)), registered=2)  # fmt: skip
    people.n = 1
    for value in (np.nan, np.inf, -1e30):
        attributes.write(people, "any", np.array([0]), value)
    attributes.write(people, "part", np.array([0]), 0.25)
    with pytest.raises(ValueError, match=r"float32 from 0\.0 to 1\.0"):
        attributes.write(people, "part", np.array([0]), 1.5)


def test_a_view_that_outlives_its_person_raises(model):
    old = model.person(model.names.grandfather)
    model.people.die(np.array([old.row]))
    assert not old.alive
    assert old not in model.agents
    for name in ("age", "spouse", "row", "loneliness"):
        with pytest.raises(Gone, match="outlive"):
            getattr(old, name)
    with pytest.raises(Gone):
        old.loneliness = 1
    compact(model.people)
    assert not old.alive
    (lone,) = model.villages[1].people
    lone, niece = model.person(lone.row), lone.children[0]
    model.people.die(np.array([lone.row]))
    assert niece.mother is None
    compact(model.people)
    for agent in (lone, niece):
        with pytest.raises(Gone, match="died or left for good"):
            _ = agent.age


def test_views_follow_their_rows(model):
    names = model.names
    views = {name: model.person(row) for name, row in vars(names).items()}
    ages = {name: agent.age for name, agent in views.items()}
    chosen = model.persons.sort("age")
    order = [agent.unique_id for agent in chosen]
    model.people.die(np.array([names.grandmother]))
    compact(model.people)
    rows = {name: agent.row for name, agent in views.items() if agent.alive}
    assert "grandmother" not in rows
    assert rows["boy"] != names.boy
    assert {name: views[name].age for name in rows} == {name: ages[name] for name in rows}
    dead = int(views["grandmother"].unique_id)
    assert [agent.unique_id for agent in chosen] == [key for key in order if key != dead]
    model.people.make_room(registered=1000)
    assert views["niece"].mother == views["neighbour"]


def test_equality(model):
    old = model.person(0)
    assert old == next(iter(model.elders))
    assert hash(old) == hash(next(iter(model.elders)))
    assert {old: 1}[model.elders[0]] == 1
    assert old != model.person(1)
    assert old != "old"
    assert copy.copy(old) is old
    assert copy.deepcopy([old]) == [old]


def test_kept_views_do_not_move(model):
    walked = iter(model.persons)
    first, second = next(walked), next(walked)
    third = next(walked)
    assert [first.row, second.row, third.row] == [0, 1, 2]
    assert [agent.row for agent in list(model.persons)] == list(range(8))
    assert [agent.row for agent in sorted(model.persons, key=lambda agent: -agent.row)] == list(
        range(7, -1, -1)
    )
    kept = {agent.row: agent for agent in model.persons}
    assert all(agent.row == row for row, agent in kept.items())
    before = None
    for agent in model.persons:
        assert before is None or before.row == agent.row - 1
        before = agent
    pairs = [(a, b) for a, b in zip(model.persons, model.persons, strict=True)]
    assert [(a.row, b.row) for a, b in pairs] == [(i, i) for i in range(8)]
    later = [lambda agent=agent: agent.row for agent in model.persons]
    assert [ask() for ask in later] == list(range(8))


def test_a_weakly_kept_view_does_not_turn_into_another_person(model):
    references = [(weakref.ref(agent), agent.row) for agent in model.persons]
    for reference, row in references:
        agent = reference()
        assert agent is None or agent.row == row


@pytest.mark.skipif(not COUNTED, reason="needs reference counts")
def test_a_loop_makes_few_views(model):
    made = set()
    for agent in model.persons:
        made.add(id(agent))
    assert len(made) <= 3


def test_people_are_not_made_by_hand(model):
    with pytest.raises(TypeError, match="births and arrivals"):
        Person(model)
    with pytest.raises(TypeError, match="births and arrivals"):
        Elder.create_agents(model, 3)
    with pytest.raises(TypeError, match=r"events inside a process, .*docs/extending\.md"):
        model.persons[0].remove()
    for change in (model.elders.add, model.elders.remove, model.elders.discard):
        with pytest.raises(TypeError, match="follows from people's state"):
            change(model.person(0))


def test_sets_as_collections(model):
    names = model.names
    assert (len(model.persons), len(model.elders), len(model.agents), len(model.villages)) == (8, 3, 10, 2)
    assert model.elders[-1].row == names.neighbour
    assert [agent.row for agent in model.persons[2:4]] == [2, 3]
    assert isinstance(model.agents[-1], Village)
    with pytest.raises(IndexError):
        model.elders[3]
    assert model.person(names.grandmother) in model.elders
    assert model.person(names.son) not in model.elders
    assert model.villages[1] in model.agents
    assert model.villages[1] not in model.persons
    assert [agent.row for agent in reversed(model.elders)] == [names.neighbour, 1, 0]
    assert model.elders.index(model.person(names.neighbour)) == 2
    assert model.elders.count(model.person(0)) == 1
    assert model.elders.to_list() == list(model.elders)
    both = model.elders & model.family_members
    assert [agent.row for agent in both] == [0, 1]
    assert len(model.elders | model.family_members) == 6
    assert len(model.elders - model.family_members) == 1
    assert len(model.elders ^ model.family_members) == 4
    assert both <= model.elders
    assert model.elders == model.elders.copy()
    assert model.elders != both


def test_columns_of_a_set(model):
    assert model.elders["loneliness"].tolist() == [0.0, 0.125, 0.875]
    assert model.elders["born"].dtype == np.int16
    model.elders["loneliness"] = [1, 2, 3]
    assert model.people["loneliness"][[0, 1, 7]].tolist() == [1, 2, 3]
    with pytest.raises(KeyError, match="columns are key"):
        model.elders["wealth"]
    with pytest.raises(TypeError, match="persons"):
        model.agents["born"]


def test_select(model):
    persons = model.persons
    assert [a.row for a in persons.select(lambda a: a.age > 60)] == [0, 1, 7]
    assert [a.row for a in persons.select(lambda a: a.age > 60, at_most=2)] == [0, 1]
    assert [a.row for a in persons.select(at_most=0.5)] == [0, 1, 2, 3]
    assert [a.row for a in persons.select(at_most=1)] == [0]
    assert len(persons.select(at_most=0)) == 0
    elders = model.agents.select(agent_type=Elder)
    assert [type(a) for a in elders] == [Elder] * 3
    assert list(model.agents.select(agent_type=Village)) == list(model.villages)
    assert len(model.agents.select(agent_type=mesa.Agent)) == 10
    assert len(model.agents.select(agent_type=(Elder, Village))) == 5
    assert len(model.agents.select(lambda a: isinstance(a, FamilyMember))) == 5
    kept = persons.select()
    assert persons.select(lambda a: a.female, inplace=True) is persons
    assert [a.row for a in persons] == [0, 3, 4, 6, 7]
    assert len(kept) == 8
    model.people.die(np.array([3]))
    assert ([a.row for a in persons], len(kept), len(model.persons)) == ([0, 4, 6, 7], 7, 7)


def test_get_set_agg(model):
    elders = model.elders
    assert elders.get("age") == [71, 73.5, 82]
    assert elders.get(["age", "female"]) == [[71, True], [73.5, False], [82, True]]
    assert elders.get("spouse") == [model.person(1), model.person(0), None]
    assert elders.get("village") == [model.villages[0]] * 2 + [model.villages[1]]
    assert elders.get("unique_id") == [agent.unique_id for agent in elders]
    assert elders.get("row") == [0, 1, 7]
    assert elders.get("wealth", handle_missing="default", default_value=0) == [0, 0, 0]
    assert model.agents.get("age", "default") == [*model.persons.get("age"), None, None]
    assert model.agents.get("residents", "default", -1)[-2:] == [6, 1]
    with pytest.raises(AttributeError):
        elders.get("wealth")
    with pytest.raises(ValueError, match="handle_missing"):
        elders.get("age", "skip")
    assert elders.agg("age", max) == 82
    assert elders.agg("age", [min, np.mean]) == [71, 75.5]
    assert elders.set("disability", 1) is elders
    assert model.people["disability"][:8].tolist() == [1, 1, 0, 0, 0, 0, 0, 1]


def test_groupby(model):
    groups = model.persons.groupby("female")
    assert groups.count() == {True: 5, False: 3}
    assert groups.agg("age", max) == {True: 82, False: 73.5}
    assert groups.map(len) == {True: 5, False: 3}
    assert {k: v.get("row") for k, v in groups} == {True: [0, 3, 4, 6, 7], False: [1, 2, 5]}
    decades = model.persons.groupby(lambda a: int(a.age // 10), result_type="list")
    assert [a.row for a in decades.groups[7]] == [0, 1]
    assert isinstance(decades.groups[7], list)
    by_village = model.elders.groupby("village")
    assert by_village.count() == {model.villages[0]: 2, model.villages[1]: 1}
    assert model.agents.groupby(lambda a: isinstance(a, Person)).count() == {True: 8, False: 2}


def test_sort_and_shuffle(model):
    assert [a.row for a in model.elders.sort("age")] == [7, 1, 0]
    assert [a.row for a in model.elders.sort(lambda a: a.age, ascending=True)] == [0, 1, 7]
    assert model.agents.sort("unique_id", ascending=True)[0].unique_id == 1
    assert [a.row for a in model.persons.sort("female", ascending=False)] == [0, 3, 4, 6, 7, 1, 2, 5]
    everybody = model.agents.sort(lambda a: a.age if isinstance(a, Person) else 50)
    assert [type(a) for a in everybody][3:5] == [Village, Village]
    assert [a.row for a in everybody if isinstance(a, Person)] == [7, 1, 0, 2, 3, 6, 4, 5]
    model.people.die(np.array([1]))
    assert [getattr(a, "row", None) for a in everybody] == [7, 0, None, None, 2, 3, 6, 4, 5]
    assert everybody.get("age", "default", 0)[:4] == [82, 71, 0, 0]
    state = model.random.getstate()
    orders = {tuple(a.unique_id for a in model.agents.shuffle()) for _ in range(20)}
    assert len(orders) > 10
    assert all(sorted(order) == sorted(model.agents.get("unique_id")) for order in orders)
    assert model.random.getstate() == state
    model._shuffles = 0
    assert tuple(a.unique_id for a in model.agents.shuffle()) in orders


def test_do_and_map(model):
    seen = []
    model.elders.do(lambda a, note: seen.append((a.row, note)), "x")
    assert seen == [(0, "x"), (1, "x"), (7, "x")]
    assert model.elders.map(lambda a: a.age) == [71, 73.5, 82]
    assert model.elders.map("__hash__") == [hash(a) for a in model.elders]
    assert len(model.agents.map("step")) == 10
    model.elders.shuffle_do(lambda a: seen.append(a.row))
    assert sorted(seen[3:]) == [0, 1, 7]
    turns = []

    def strike(agent):
        turns.append(agent.row)
        model.people.die(np.array([1]))
        compact(model.people)

    model.elders.do(strike)
    assert len(turns) == 2


def test_villages(model):
    first, second = model.agents_by_type[Village]
    assert (first.name, first.number, first.unique_id, second.unique_id) == ("village 0", 0, 1, 2)
    assert (first.township, first.distance, first.remote, first.rural, second.rural) == (
        0,
        0,
        False,
        True,
        False,
    )
    assert (first.residents, second.residents, len(first.people)) == (6, 1, 7)
    assert [a.row for a in second.people] == [7]
    assert len(first.people.select(agent_type=Elder)) == 2
    assert model.villages.get("residents") == [6, 1]


def test_other_ordinary_agents(model):
    class Shop(mesa.Agent):
        pass

    shop = Shop(model)
    assert shop.unique_id == 3
    assert list(model.agents_by_type[Shop]) == [shop]
    chosen = model.agents.select()
    assert shop in chosen
    shop.remove()
    assert shop not in model.agents
    assert len(chosen) == 10


def test_nothing_of_mesas_weak_sets_is_left():
    """Whatever in Mesa's set reads `_agents` is replaced."""
    for base in AgentSet.__mro__:
        for name, member in vars(base).items():
            if inspect.isfunction(member) and "_agents" in member.__code__.co_names:
                mine = getattr(PersonSet, name)
                assert mine is not member or name in ("_update",), name
    assert {"_agents"}.isdisjoint(vars(Members))


def test_pickled_views_and_sets(model):
    model.friend = model.person(0)
    chosen = model.elders.sort("age")
    again, friend, elders = pickle.loads(pickle.dumps((model, model.person(0), chosen)))
    assert friend == again.friend
    assert friend.model is again
    assert elders.get("age") == chosen.get("age")
    assert len(again.villages) == 2


def test_views_do_not_keep_a_model_alive(village):
    model = village()
    looked = list(model.agents), model.elders.sort("age")
    reference = weakref.ref(model)
    del model, looked
    gc.collect()
    assert reference() is None
