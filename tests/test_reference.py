"""The model and the plain-Mesa reference agree on everybody, every month; a mutated rule breaks that."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import caresim.kernel.compiled
from caresim.agents import compaction
from caresim.agents.bank_rules import TASK_NAMES
from caresim.agents.care import CHILD_NEAR, HAND_OVER, LIMIT, NEIGHBOUR, PAIR, WITH_CHILD, WITH_SPOUSE
from caresim.agents.checks import LawBroken
from caresim.kernel.columns import NOBODY
from caresim.schedule import MONTH

from .reference import CountedLuck, ReferenceModel, columns_state, differences
from .villages import (
    AGED,
    BANKING,
    CLOSED_BANK,
    FERTILE,
    FRAIL,
    MINDING,
    NEEDY,
    NEIGHBOURLY,
    PRICED,
    REFORMED,
    RESTLESS,
    STEADY,
    TURNED,
    Families,
    begun_world,
    pass_month,
    together,
    village_scenario,
)

VILLAGES = (
    (village_scenario(residents=600, seed=2), 60),
    (village_scenario("rural_heilongjiang", 2020, 250, 3, RESTLESS), 36),
    (village_scenario("rural_china", 2010, 300, 4, FRAIL), 36),
    (village_scenario("rural_china", 2020, 120, 5, RESTLESS, villages=2), 48),
    (village_scenario("suiling", 2010, 200, 6, RESTLESS), 36),
    (village_scenario("rugao", 2010, 300, 7, STEADY, later=REFORMED), 30),
    (village_scenario("beijing", 2020, 400, 8, villages=5), 24),
    (village_scenario("heilongjiang", 2010, 150, 9, RESTLESS), 36),
    (village_scenario("zhejiang", 2020, 60, 10, RESTLESS, villages=1), 60),
    (village_scenario("rural_china", 2020, 500, 16, together(NEEDY, NEIGHBOURLY, BANKING)), 36),
    (
        village_scenario(
            "rural_heilongjiang",
            2020,
            400,
            17,
            together(RESTLESS, NEEDY, BANKING, PRICED),
            later=TURNED,
            later_from=7,
        ),
        26,
    ),
    (village_scenario("rural_china", 2010, 400, 21, together(NEIGHBOURLY, BANKING, MINDING)), 30),
    (
        village_scenario(
            "suiling", 2010, 400, 18, together(FRAIL, NEIGHBOURLY, NEEDY), later=BANKING, later_from=5
        ),
        26,
    ),
    (
        village_scenario(
            "rural_china",
            2010,
            300,
            19,
            together(AGED, NEIGHBOURLY, BANKING, TURNED),
            later=CLOSED_BANK,
            later_from=15,
        ),
        30,
    ),
    (
        village_scenario(
            "beijing",
            2020,
            500,
            20,
            together(NEEDY, TURNED, PRICED, NEIGHBOURLY),
            later=BANKING,
            later_from=3,
            villages=6,
        ),
        20,
    ),
)
"""Scenarios and how many months to follow them."""


@pytest.fixture(autouse=True)
def _order_every_january(monkeypatch):
    """Drop and sort rows each January, so that short runs see it happen."""
    monkeypatch.setattr("caresim.agents.world.COMPACTION_YEARS", 1)


def compare(world, scenario, months):
    """Run both sides and return where they first differ, with the number of the month."""
    reference = ReferenceModel.from_world(world, scenario.parameters_at)
    found = differences(reference.state(), columns_state(world))
    for number in range(months):
        if found:
            return [f"before month {number}", *found]
        reference.step()
        month = scenario.start + number
        pass_month(world, month, scenario.parameters_at(month))
        found = differences(reference.state(), columns_state(world))
    return found


@pytest.mark.parametrize(("scenario", "months"), VILLAGES, ids=lambda v: getattr(v, "place", v))
def test_built_villages_agree(scenario, months):
    assert compare(begun_world(scenario), scenario, months) == []


def test_agreement_does_not_depend_on_how_often_rows_are_put_in_order(monkeypatch):
    monkeypatch.setattr("caresim.agents.world.COMPACTION_YEARS", 3)
    monkeypatch.setattr("caresim.agents.world.DROP_FROM", 0)
    scenario = village_scenario("rural_china", 2010, 150, 15, RESTLESS)
    assert compare(begun_world(scenario), scenario, 75) == []


@pytest.mark.parametrize("seed", range(12))
def test_random_families_agree(seed):
    busy = together(NEEDY, NEIGHBOURLY, BANKING)
    deviations = ({}, RESTLESS, together(FRAIL, busy), together(RESTLESS, busy, PRICED, TURNED))[seed % 4]
    place, year = (("rural_heilongjiang", 2010), ("suiling", 2010), ("rural_china", 2020))[seed // 4]
    scenario = village_scenario(place, year, seed=seed, deviations=deviations)
    assert compare(Families(scenario).world, scenario, 30) == []


def shares(high=1.0):
    return st.floats(0.0, high)


ODD_PARAMETERS = st.fixed_dictionaries({
    "migration": st.fixed_dictionaries({
        "out_scale": shares(20.0), "back_scale": shares(20.0), "women_ratio": shares(2.0), "family_share": shares(),
        "sibling_effect": shares(), "held_back": shares(), "town_share": shares(0.5), "province_share": shares(0.5),
    }),
    "marriage": st.fixed_dictionaries({
        "outside_share": shares(), "remarriage": shares(0.3), "own_household_share": shares(),
        "bride_younger": st.sampled_from([(-12, 60), (0, 0), (-200, -100), (100, 240)]),
    }),
    "coresidence": st.fixed_dictionaries({
        "join": shares(0.1), "join_factor": shares(10.0), "split": shares(0.3), "leave_home": shares(0.3),
        "leave_home_age": st.integers(18, 40),
    }),
    "newcomers": st.fixed_dictionaries({"rate_year": shares(0.1), "women_share": shares()}),
    "urbanisation": st.fixed_dictionaries({
        "rate_year": shares(0.5), "absent_rate_year": shares(0.5), "reclassified_share": shares(),
    }),
    "mortality": st.fixed_dictionaries({
        "rural_multiplier": st.floats(0.5, 5.0), "normaliser_current": st.booleans(), "oldest_old_strength": shares(),
    }),
    "fertility": st.fixed_dictionaries({
        "multiplier": shares(5.0), "spacing": st.integers(9, 60), "left_behind_share": shares(),
    }),
    "functional_decline": st.fixed_dictionaries({
        "onset": st.tuples(shares(0.5), shares(0.5), shares(0.5)), "improvement_year": shares(0.1),
    }),
    "transfers": st.fixed_dictionaries({"any_share": shares(), "sum_per_child": shares(3000.0), "spread": shares(2.0)}),
})  # fmt: skip


@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    deviations=ODD_PARAMETERS,
    seed=st.integers(0, 10**6),
    place=st.sampled_from(["rural_china", "suiling", "beijing"]),
)
def test_odd_parameters_agree(deviations, seed, place):
    # from the second month on: the start would answer wild hazards with crowds of absent people
    scenario = village_scenario(place, 2010, 80, seed, later=deviations, later_from=1, villages=2)
    assert compare(begun_world(scenario), scenario, 18) == []


def hours(most):
    return st.floats(0.0, most)


ODD_CARE = st.fixed_dictionaries({
    "needs": st.fixed_dictionaries({
        "order": st.permutations(["spouse", "children", "neighbours", "volunteers", "time_bank"]).map(tuple),
        "personal": st.tuples(hours(5.0), hours(20.0), hours(80.0), hours(200.0)), "company": hours(60.0),
        "instrumental": st.tuples(hours(20.0), hours(50.0), hours(80.0), hours(100.0)), "busy_hours": hours(60.0),
        "supervised_share": shares(),
    }),
    "respite": st.fixed_dictionaries({"hours": st.sampled_from([0.0, 3.3, 60.0])}),
    "spouse_care": st.fixed_dictionaries({"hours": hours(200.0), "share": shares()}),
    "children_care": st.fixed_dictionaries({
        "main_hours": hours(300.0), "near_hours": hours(100.0), "town_hours": hours(60.0), "away_hours": hours(30.0),
        "daughter_in_law": shares(), "son_in_law": shares(), "job_factor": shares(), "norm_low": shares(0.95),
    }),
    "mutual_aid": st.fixed_dictionaries({
        "home_share": shares(), "opening_year": shares(), "closing_year": shares(), "participation": shares(),
        "pair_share": shares(), "part_year": shares(),
    }),
    "neighbour_care": st.fixed_dictionaries({
        "hours": hours(20.0), "willing": shares(), "until_age": st.integers(60, 100), "pair_hours": hours(30.0),
        "home_hours": hours(30.0),
    }),
    "volunteering": st.fixed_dictionaries({
        "registration": shares(), "hours": hours(30.0), "most_hours": hours(20.0), "reach": hours(20.0),
        "propensity_a": st.sampled_from([0.3, 2.0]), "propensity_b": st.sampled_from([0.4, 2.7]),
    }),
    "time_bank": st.fixed_dictionaries({
        "open": st.sampled_from([True, True, True, False]), "registration": shares(), "endowment": hours(20.0),
        "backstop": shares(), "ceiling": hours(50.0), "gifts": st.booleans(), "digital": shares(),
        "by_task": st.booleans(), "price": st.tuples(st.integers(0, 300), st.integers(0, 300)), "hours": hours(20.0),
        "most_hours": hours(30.0), "reach": hours(20.0), "retention": shares(), "confidence_speed": shares(),
        "confidence_weight": shares(), "loss_year": shares(), "loss_part": shares(),
        "tasks": st.lists(st.sampled_from(TASK_NAMES), unique=True).map(tuple),
    }),
    "digital_skill": st.fixed_dictionaries({"at_sixty": shares(), "by_cohort": shares(0.1), "helped": shares()}),
    "inheritance": st.fixed_dictionaries({"inheritable": st.booleans(), "part": shares()}),
    "burden": st.fixed_dictionaries({
        "capacity_effect": hours(3.0), "carer_hours": st.floats(0.1, 50.0), "conflict_hours": hours(60.0),
        "spread": hours(40.0), "speed": shares(), "relief": hours(80.0), "per_hour": shares(),
    }),
    "medical_contact": st.fixed_dictionaries({"per_km": shares(0.2), "unescorted": shares()}),
    "loneliness": st.fixed_dictionaries({
        "decay": st.floats(0.01, 1.0), "noise": hours(2.0), "alone": st.floats(-2.0, 2.0), "from_ties": hours(2.0),
    }),
    "mortality": st.fixed_dictionaries({"unmet_effect": hours(3.0), "lonely_risk": st.floats(0.3, 4.0),
                                        "normaliser_current": st.booleans(), "rural_multiplier": st.floats(0.5, 4.0)}),
    "functional_decline": st.fixed_dictionaries({"unmet_effect": hours(3.0)}),
    "migration": st.fixed_dictionaries({"unmet_return": shares(0.5), "out_scale": shares(5.0)}),
    "employment": st.fixed_dictionaries({"share_men": shares(), "share_women": shares()}),
    "income": st.fixed_dictionaries({"growth_year": shares(0.2), "spread": hours(2.0), "minimum": hours(2000.0)}),
})  # fmt: skip


@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    care=ODD_CARE,
    seed=st.integers(0, 10**6),
    place=st.sampled_from(["rural_china", "suiling", "beijing"]),
    at_once=st.booleans(),
)
def test_odd_care_agrees(care, seed, place, at_once):
    when = {"deviations": care} if at_once else {"later": care, "later_from": 4}
    frail = {"functional_decline": {"onset": (0.05, 0.1, 0.1), **care["functional_decline"]}}
    when = {name: given | frail if name != "later_from" else given for name, given in when.items()}
    scenario = village_scenario(place, 2010, 120, seed, villages=2, **when)
    assert compare(begun_world(scenario), scenario, 14) == []


# --- mutations ------------------------------------------------------------------------------------------

SCENES = tuple(
    village_scenario(place, year, residents, seed, deviations)
    for seed in (11, 12, 13)
    for place, year, residents, deviations in (
        ("rural_china", 2010, 250, RESTLESS),
        ("suiling", 2010, 250, FRAIL),
        ("rural_china", 2020, 400, AGED),
        ("rural_china", 2010, 500, FERTILE),
    )
)
"""Where mutations are looked for, one scene after the other until one shows it."""
DEMOGRAPHY = range(len(SCENES))
SCENES += (
    village_scenario("rural_china", 2020, 400, 14, together(NEEDY, NEIGHBOURLY, BANKING)),
    village_scenario("suiling", 2010, 400, 15, together(RESTLESS, NEEDY, BANKING, PRICED, TURNED)),
    village_scenario(
        "rural_china", 2010, 400, 16, together(FRAIL, NEIGHBOURLY, NEEDY), later=BANKING, later_from=3
    ),
    village_scenario("rural_china", 2020, 400, 17, NEIGHBOURLY, later=together(FRAIL, NEEDY), later_from=4),
    village_scenario("rural_china", 2010, 400, 18, together(NEIGHBOURLY, BANKING, MINDING)),
)
CARE = range(len(DEMOGRAPHY), len(SCENES))
MONTHS_OF_SCENE = 24


NARROW = (
    "widowed", "need", "given", "quintile", "unmet", "burden", "ties", "efficacy", "loneliness_stable",
    "loneliness_passing", "loneliness",
)  # fmt: skip
"""Columns too narrow for arithmetic outside compiled rules."""


def on_wide_columns(run):
    """Return a process's month that finds these columns as 64-bit numbers and leaves them as they are declared.

    Fields of hand-overs and limits, which machine code leaves without, are attributes.
    """

    def month(world):
        people, care = world.people, world.care
        care.gifts, care.limits = care.gifts.view(HAND_OVER), care.limits.view(LIMIT)
        people.arrays |= {name: people[name].astype(np.int64) for name in NARROW}
        run(world)
        people.arrays |= {name: people[name].astype(people.declared[name].dtype) for name in NARROW}

    return month


@cache
def history(number):
    """Return the reference's states of a scene, month by month."""
    scenario = SCENES[number]
    reference = ReferenceModel.from_world(begun_world(scenario), scenario.parameters_at)
    states = []
    for _ in range(MONTHS_OF_SCENE):
        reference.step()
        states.append(reference.state())
    return states


class WideNumPy:
    """NumPy for rules that run as plain Python: whole numbers as wide as Numba makes them, in empty lists too."""

    def __getattr__(self, name):
        return getattr(np, name)

    def array(self, values, dtype=None):
        return np.array(values, dtype=np.int64 if dtype is None and len(values) == 0 else dtype)

    def empty(self, shape, dtype=float):
        return np.empty(shape, dtype=self.wide(dtype))

    def zeros(self, shape, dtype=float):
        return np.zeros(shape, dtype=self.wide(dtype))

    def wide(self, dtype):
        return np.int64 if dtype in (np.uint8, np.int16) else dtype


def plain_module(name, monkeypatch, edit=None):
    """Return the names of a module whose rules run as plain Python, read anew from its file and changed.

    Args:
        name: its dotted name.
        edit: a piece of its source, and what to put in its place.
    """
    path = Path(__import__(name, fromlist=["x"]).__file__)
    source = path.read_text(encoding="utf-8")
    if edit is not None:
        assert source.count(edit[0]) == 1, f"{path.name} has {edit[0]!r} not once: write the mutation anew"
        source = source.replace(*edit)
    copy = {"__name__": f"mutant_{path.stem}", "__file__": str(path)}
    with monkeypatch.context() as patch:
        patch.setattr(caresim.kernel.compiled, "compiled", lambda rule: rule)
        patch.setitem(sys.modules, copy["__name__"], module := ModuleType(copy["__name__"]))
        copy = vars(module) | copy
        exec(compile(source, str(path), "exec"), copy)
    if "np" in copy:
        copy["np"] = WideNumPy()
    return copy


def plain_copy(name, monkeypatch, edit=None, parts=(), **constants):
    """Return a process whose rules run as plain Python, read anew from its file and changed.

    Args:
        name: name of the process.
        edit: a piece of its source, and what to put in its place.
        parts: names of another module that take the place of those in the copy.
        constants: names of its module and their values in the copy.
    """
    process = next(process for process in MONTH if process.name == name)
    copy = plain_module(process.run.__module__, monkeypatch, edit)
    copy.update({part: rule for part, rule in dict(parts).items() if part in copy and callable(rule)})
    for constant, value in constants.items():
        assert copy[constant] != value
        copy[constant] = value
    return replace(copy["PROCESS"], run=on_wide_columns(copy["PROCESS"].run))


def first_difference(number, processes, parameters_at=None):
    """Return the first differences of a scene whose model side is run by other processes, or none."""
    scenario = SCENES[number]
    world = begun_world(scenario)
    for offset, expected in enumerate(history(number)):
        month = scenario.start + offset
        pass_month(world, month, (parameters_at or scenario.parameters_at)(month), processes)
        found = differences(expected, columns_state(world))
        if found:
            return found
    return []


def detected(processes=MONTH, parameters_of=lambda scenario: None, scenes=DEMOGRAPHY):
    try:
        return any(first_difference(n, processes, parameters_of(SCENES[n])) for n in scenes)
    except LawBroken:
        return True


def with_mutant(mutant):
    return tuple(mutant if process.name == mutant.name else process for process in MONTH)


def test_rules_run_as_plain_python_agree_when_nothing_is_mutated(monkeypatch):
    processes = tuple(plain_copy(process.name, monkeypatch) for process in MONTH)
    for number in (0, *CARE):
        assert first_difference(number, processes) == []
    assert first_difference(1, MONTH) == []


CONSTANTS = [
    ("functional_decline", {"MODERATE": 1}),
    ("functional_decline", {"FIRST_AGE": 55}),
    ("dementia", {"FIRST_AGE": 70}),
    ("mortality", {"ELDERS_FROM": 75}),
    ("marriage", {"BRIDE_ORDER": 4097}),
    ("migration", {"CHILD_UNTIL": 14 * 12}),
    ("migration", {"MOVE": 1}),
    ("urbanisation", {"per_month": lambda yearly: yearly / 12}),
    ("newcomers", {"ORDER": 1}),
    ("coresidence", {"FRAIL_FROM": 60 * 12}),
    ("coresidence", {"MODERATE": 3}),
    ("transfers", {"REFERENCE_CHILDREN": 2}),
]


@pytest.mark.parametrize(
    ("name", "constants"), CONSTANTS, ids=lambda v: v if isinstance(v, str) else "-".join(v)
)
def test_a_changed_constant_is_detected(name, constants, monkeypatch):
    mutant = plain_copy(name, monkeypatch, **constants)
    assert detected(with_mutant(mutant))


CARE_CONSTANTS = [
    ("living_arrangement", {"ADULT_FROM": 30 * 12}),
    ("employment", {"OLDEST": 55 * 12}),
    ("income", {"FARMS_FROM": 61}),
    ("income", {"FARMS_UP_TO": 2}),
    ("income", {"FEN": 101}),
    ("needs", {"SPREAD": 0.3}),
    ("needs", {"ALONE": WITH_SPOUSE}),
    ("mutual_aid", {"WITH_CHILD": CHILD_NEAR}),
    ("respite", {"SEVERE": 2}),
    ("respite", {"LAST_FAMILY": NEIGHBOUR}),
    ("spouse_care", {"SPREAD": 0.6}),
    ("children_care", {"LEAST": 0.4}),
    ("children_care", {"ADULT_FROM": 25 * 12}),
    ("volunteering", {"OLDEST": 70}),
    ("time_bank", {"YOUNGEST": 50}),
    ("time_bank", {"EIGHTY": 75 * 12}),
    ("time_bank", {"SERVED_WEIGHT": 0.7}),
    ("time_bank", {"CHILD_NEAR": WITH_CHILD}),
    ("unmet_need", {"FULL": 240}),
    ("medical_contact", {"NEEDS_COMPANY": 3}),
    ("medical_contact", {"PAID_CARE": 99}),
    ("burden", {"JOB_MONTH": 150.0}),
    ("burden", {"MOST": 60.0}),
    ("social_ties", {"PEER": PAIR}),
    ("social_ties", {"MEMBER": NEIGHBOUR}),
    ("migration", {"HEAVY_NEED": 600}),
]


@pytest.mark.parametrize(
    ("name", "constants"), CARE_CONSTANTS, ids=lambda v: v if isinstance(v, str) else "-".join(v)
)
def test_a_changed_constant_of_care_is_detected(name, constants, monkeypatch):
    assert detected(with_mutant(plain_copy(name, monkeypatch, **constants)), scenes=(*CARE, *DEMOGRAPHY))


CARE_EDITS = [
    ("living_arrangement", (" | CHILD_IN_TOWNSHIP * in_township", "")),
    ("living_arrangement", ("COUPLE_ONLY * (together & (size == 2))", "COUPLE_ONLY * together")),
    ("inheritance", ("parameters.part if parameters.inheritable else 0.0", "0.0")),
    ("inheritance", ("born[child] <= born[eldest]", "born[child] >= born[eldest]")),
    ("needs", ("if dementia[i] != 0 and uniform(", "if uniform(")),
    ("mutual_aid", ("min(key[i], key[j])", "max(key[i], key[j])")),
    ("mutual_aid", ("closing / 12.0 * 2.0 * (1.0 - trust[v])", "closing / 12.0 * 2.0 * trust[v]")),
    ("mutual_aid", ("(disability[i] < 2) | (disability[j] < 2)", "True")),
    ("spouse_care", ("int(share * whole)", "int(share * whole + 1.0)")),
    ("children_care", ("personal * there, instrumental", "personal, instrumental")),
    ("neighbour_care", ("occupied[i] < busy) & ~needy[household[i]]", "occupied[i] < busy)")),
    ("neighbour_care", ("first[v + 1] - 1]]", "at]]")),
    ("time_bank", ("month - month % 12", "month")),
    ("time_bank", ("for whose in (holders, endowed):", "for whose in (holders,):")),
    ("unmet_need", ("better = minutes > most[case]", "better = (minutes >= most[case]) & (minutes > 0)")),
    ("burden", ("max(worst[giver], state)", "max(0, state)")),
    ("burden", ("max(1, beside[c] + given[i])", "max(1, given[i])")),
    ("loneliness", ("if widowed[i] == month", "if widowed[i] == month - 1")),
    ("depression", ("np.int64(burden[i] > burdened_from)", "0")),
    ("functional_decline", ("            if now > 0:", "            if now >= 0:")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "edit"), CARE_EDITS, ids=lambda v: v if isinstance(v, str) else v[0][:40])
def test_a_changed_rule_of_care_is_detected(name, edit, monkeypatch):
    assert detected(with_mutant(plain_copy(name, monkeypatch, edit)), scenes=(*CARE, *DEMOGRAPHY))


PLAIN = ("serve", "list_requests", "pay", "buy", "look_after", "strain_of_all", "make_offers", "take_in_minors",
         "move_families", "unmet_factor", "care_factor", "turn_out", "balanced", "turns_of_single",
         "who_marries")  # fmt: skip
"""Rules of other modules that a process may take from a copy that runs as plain Python."""
PARTS = [
    ("children_care", "offers", ("free *= job_factors[(taken >> JOB_BIT) & ONE, at]", "free *= 1.0")),
    ("children_care", "offers", (" * np.uint32(state[c] & REGISTERED != 0)", "")),
    (
        "children_care",
        "offers",
        ("// max(ONE, helpers[h, WANTED])", "// np.uint32(total_minutes(left, case))"),
    ),
    (
        "volunteering",
        "service",
        ("km < nearest or (km == nearest and", "km <= nearest and (km == nearest and"),
    ),
    ("volunteering", "service", ("or household[i] == home:", "or i < 0:")),
    (
        "grandchild_care",
        "grandchildren",
        ("(disability[known] <= 1) & (dementia[known] == 0)", "(disability[known] <= 1)"),
    ),
    ("grandchild_care", "grandchildren", ("household[known] == household[i]", "household[known] >= 0")),
    (
        "grandchild_care",
        "grandchildren",
        ("& LIVING_RESIDENT == LIVING_REGISTERED", "& LIVING_REGISTERED == LIVING_REGISTERED"),
    ),
    ("volunteering", "registers", ("(members_too or not member[i])", "True")),
    ("time_bank", "registers", (" and given[i] + occupied[i] < busy and", " and")),
    ("time_bank", "claims", ("purse = PER * balance + PER - 1", "purse = PER * balance")),
    ("time_bank", "claims", ("child >= 0 and given < missing", "child >= 0 and given < 0")),
    ("time_bank", "claims", ("np.int64(backstop * unserved[r])", "np.int64(unserved[r])")),
    ("functional_decline", "health_effects", ("unmet / FULL", "unmet / 100")),
    ("mortality", "health_effects", ("unmet / FULL", "unmet / 100")),
    ("mortality", "health_effects", ("mood & LONELY", "mood & 2")),
    ("mortality", "health_effects", ("age < OLDEST_OLD_FROM else factor", "age < 90 else factor")),
]


@pytest.mark.parametrize(
    ("name", "module", "edit"), PARTS, ids=lambda v: v if isinstance(v, str) else v[0][:40]
)
def test_a_changed_part_of_care_is_detected(name, module, edit, monkeypatch):
    assert detected(with_changed_part(name, module, edit, monkeypatch), scenes=(*CARE, *DEMOGRAPHY))


def with_changed_part(name, module, edit, monkeypatch):
    """Return the month with a process whose rules from a module of the agents are changed there."""
    parts = plain_module(f"caresim.agents.{module}", monkeypatch, edit)
    return with_mutant(
        plain_copy(name, monkeypatch, parts={rule: parts[rule] for rule in PLAIN if rule in parts})
    )


EDITS = [
    ("coresidence", ("1.0 if state[child] & FEMALE else 0.0", "0.0 if state[child] & FEMALE else 1.0")),
    ("fertility", ("female = uniform(sex_stream, who) >= boys", "female = uniform(sex_stream, who) > 0.5")),
    ("widowhood", ("widowed[left] = month", "widowed[left] = month - 1")),
]


@pytest.mark.parametrize(("name", "edit"), EDITS, ids=lambda v: v if isinstance(v, str) else v[1][:40])
def test_a_changed_rule_is_detected(name, edit, monkeypatch):
    assert detected(with_mutant(plain_copy(name, monkeypatch, edit)))


PARTS_OF_DEMOGRAPHY = [
    ("marriage", "marriage_market", ("FROM_AGE, TO_AGE = 18, 60", "FROM_AGE, TO_AGE = 19, 60")),
    (
        "marriage",
        "marriage_market",
        ('np.argsort(born[who].astype(np.int64), kind="mergesort")', "np.argsort(key[who])"),
    ),
    ("marriage", "marriage_market", ("month - 6, born[i]), marital[i]]\n", "month, born[i]), marital[i]]\n")),
    ("marriage", "marriage_market", ("seekers[::-1] /", "seekers.mean() /")),
    ("marriage", "marriage_market", ("np.argsort(turns[men]", "np.argsort(born[single[men]]")),
    ("marriage", "marriage_market", ("& ~outside & (turns < 1.0)", "& (turns < 1.0)")),
    ("coresidence", "guardians", ("born[i] <= month - ADULT_FROM", "born[i] <= month - 16 * 12")),
    (
        "coresidence",
        "guardians",
        ("for parent in (father[i], mother[i]):", "for parent in (mother[i], father[i]):"),
    ),
    ("migration", "family_moves", ("< CHILD_UNTIL\n", "< 14 * 12\n")),
    ("migration", "family_moves", ("home < 0 and marital[i] == NEVER_MARRIED", "home < 0")),
]


@pytest.mark.parametrize(
    ("name", "module", "edit"), PARTS_OF_DEMOGRAPHY, ids=lambda v: v if isinstance(v, str) else v[1][:40]
)
def test_a_changed_part_of_demography_is_detected(name, module, edit, monkeypatch):
    assert detected(with_changed_part(name, module, edit, monkeypatch))


PARAMETERS = [("fertility", "spacing", 11), ("migration", "held_back", 1.0), ("migration", "sibling_effect", 0.0),
              ("marriage", "bride_younger", (-12, 61)), ("coresidence", "leave_home_age", 21),
              ("mortality", "oldest_old_strength", 1.0)]  # fmt: skip


@pytest.mark.parametrize(("group", "name", "value"), PARAMETERS)
def test_a_parameter_that_one_side_does_not_read_is_detected(group, name, value):
    assert detected(parameters_of=one_side_reads(group, name, value))


CARE_PARAMETERS = [
    ("employment", "share_women", 0.0), ("income", "minimum", 0.0), ("needs", "busy_hours", 300.0),
    ("needs", "order", ("spouse", "children", "neighbours", "time_bank", "volunteers")), ("respite", "hours", 2.0),
    ("spouse_care", "share", 0.5), ("children_care", "son_in_law", 1.0), ("children_care", "norm_low", 0.3),
    ("mutual_aid", "participation", 0.1), ("mutual_aid", "home_share", 0.1), ("mutual_aid", "part_year", 0.0),
    ("neighbour_care", "pair_hours", 1.0), ("neighbour_care", "until_age", 65), ("volunteering", "reach", 0.0),
    ("volunteering", "propensity_a", 0.2), ("time_bank", "digital", 1.0),
    ("time_bank", "tasks", TASK_NAMES[1:]), ("digital_skill", "at_sixty", 0.9), ("time_bank", "backstop", 0.0),
    ("time_bank", "gifts", False), ("time_bank", "loss_part", 0.1), ("time_bank", "ceiling", 9.0),
    ("time_bank", "retention", 1.0), ("time_bank", "confidence_speed", 0.0), ("inheritance", "part", 0.1),
    ("inheritance", "inheritable", False), ("burden", "relief", 0.0), ("burden", "capacity_effect", 0.0),
    ("social_ties", "helped", 0.0), ("loneliness", "from_ties", 0.0), ("loneliness", "bereavement", 0.0),
    ("depression", "burdened_odds", 1.0), ("medical_contact", "unescorted", 1.0), ("migration", "unmet_return", 0.0),
    ("migration", "unminded_return", 0.0), ("grandchild_care", "hours", 10.0), ("grandchild_care", "most_hours", 44.0),
    ("grandchild_care", "counted", 0.0),
    ("functional_decline", "unmet_effect", 0.0), ("mortality", "unmet_effect", 0.0), ("mortality", "lonely_risk", 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("group", "name", "value"), CARE_PARAMETERS)
def test_a_parameter_of_care_that_one_side_does_not_read_is_detected(group, name, value):
    assert detected(parameters_of=one_side_reads(group, name, value), scenes=(*CARE, *DEMOGRAPHY))


def one_side_reads(group, name, value):
    """Return a change of parameters that only the model sees."""

    def parameters_of(scenario):
        def changed(month):
            parameters = scenario.parameters_at(month)
            return {**parameters, group: parameters[group].model_copy(update={name: value})}

        return changed

    return parameters_of


def test_forgetting_dead_last_borns_in_january_is_detected(monkeypatch):
    needed = compaction.needed_rows

    def forgetful(state, mother, father, spouse, first_child, *segments):
        return needed(state, mother, father, spouse, np.full_like(first_child, NOBODY), *segments)

    monkeypatch.setattr(compaction, "needed_rows", forgetful)
    assert detected()


# --- the benchmark's clock ------------------------------------------------------------------------------


def test_counted_draws_give_the_same_month_and_tell_their_time():
    scenario = SCENES[0]
    model = ReferenceModel.from_world(begun_world(scenario), scenario.parameters_at, luck=CountedLuck)
    model.step()
    assert differences(history(0)[0], model.state()) == []
    assert model.luck.calls["uniform"] > len(model.people)
    assert model.luck.seconds() > 0
