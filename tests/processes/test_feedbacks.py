"""Each feedback has one parameter that switches it off; then its cause has no effect at all, and by default it has one.

Draws belong to people and months, so two worlds that differ in the cause alone meet the same luck: without an effect
they stay equal to the last bit.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml

from caresim.agents.care import DEPRESSED, LONELY, MEMBER, RELATION
from caresim.agents.health_effects import MODIFIED, NURSED
from caresim.agents.people import ELDER, LIVING_RESIDENT
from caresim.scenario import load_scenario
from caresim.schedule import MONTH, in_order
from tests.villages import begun_world, pass_month, together, village_scenario

DOCS = Path(__file__).parents[2] / "docs" / "feedbacks.md"
LIVELY = {
    "functional_decline": {"onset": (0.05, 0.08, 0.05)},
    "mortality": {"rural_multiplier": 4.0},
    "migration": {"out_scale": 4.0},
    "time_bank": {"open": True, "registration": 0.5, "endowment": 5.0},
}
"""Rates so high that a few hundred elders show an effect; the switches themselves stay at their defaults."""
HOUSED = {"homes": {"bed_target": 800.0, "nursing_share": 1.0}, "admission": {"consider": 0.2}}
"""Homes in which there is always a bed, of which many think."""
WELL_OFF = {"income": {"pension": 3000.0}}
"""Elders who can pay for a home."""
MONTHS = 24


def column(name, value):
    """Let a column have one value for everybody."""

    def force(world):
        world.people[name][:] = value

    return force


def lonely(yes):
    def force(world):
        mood = world.people["mood"]
        mood[:] = mood & ~np.uint8(LONELY) | np.uint8(LONELY if yes else 0)

    return force


def confidence(value):
    def force(world):
        world.bank.confidence = value

    return force


def unmet(value):
    """Let all, or nothing, of what everybody needs be unmet; who calls children home needs many hours."""

    def force(world):
        world.people["unmet"][:] = value
        world.people["need"][:] = 6000

    return force


def columns(*names):
    return lambda world: [world.people[name].copy() for name in names]


def depressed(world):
    return [world.people["mood"] & DEPRESSED]


def gifts(world):
    return [world.care.hand_overs().copy()]


def services(world):
    return [
        world.care.hand_overs()[world.care.hand_overs()[:, RELATION] == MEMBER],
        world.bank.coins(np.arange(world.people.n)),
    ]


@dataclass(frozen=True)
class Feedback:
    """A switch, its value when off, weak and strong cause, the processes that feel it and what they change.

    Where the default is off, `on` is a value at which there is an effect; `housed` tells whether it needs homes.
    """

    group: str
    switch: str
    off: float
    weak: Callable
    strong: Callable
    felt_by: tuple[str, ...]
    result: Callable
    months: int = MONTHS
    on: float | None = None
    housed: bool = False

    @property
    def name(self):
        return f"{self.group}.{self.switch}"


def of_homes(name, value):
    """Let a column of homes have one value for all of them."""

    def force(world):
        world.homes.table[name] = value

    return force


def stigma(world):
    return [world.territory.stigma.copy()]


def severe(value):
    """Let doctors and rehabilitation leave so much of the hazard of severe disability, in every village."""

    def force(world):
        world.local["functional_decline.severe_scale"] = np.full(len(world.territory), value)

    return force


CARE = ("needs", "spouse_care", "children_care", "neighbour_care")
FEEDBACKS = (
    Feedback("functional_decline", "unmet_effect", 0.0, unmet(0), unmet(250), ("functional_decline",),
             columns("disability")),
    Feedback("functional_decline", "modified_home", 1.0, column("modified", 0), column("modified", 1),
             ("functional_decline",), columns("disability")),
    Feedback("functional_decline", "meals", 1.0, column("meals", 0), column("meals", 30), ("functional_decline",),
             columns("disability")),
    Feedback("functional_decline", "nursed", 1.0, column("care_bed", 0), column("care_bed", 2),
             ("functional_decline",), columns("disability")),
    Feedback("functional_decline", "medical_effect", 0.0, severe(1.0), severe(0.9), ("functional_decline",),
             columns("disability")),
    Feedback("mortality", "unmet_effect", 0.0, unmet(0), unmet(250), ("mortality",), columns("state")),
    Feedback("mortality", "lonely_risk", 1.0, lonely(False), lonely(True), ("mortality",), columns("state")),
    Feedback("migration", "unmet_return", 0.0, unmet(0), unmet(250), ("migration",), columns("state", "place")),
    Feedback("burden", "capacity_effect", 0.0, column("burden", 0), column("burden", 8800), CARE, gifts, months=1),
    Feedback("admission", "unmet", 0.0, unmet(0), unmet(250), ("admission",), columns("home"), housed=True),
    Feedback("admission", "lonely", 0.0, lonely(False), lonely(True), ("admission",), columns("home"), housed=True),
    Feedback("admission", "quality", 0.0, of_homes("reputation", 0.0), of_homes("reputation", 1.0),
             ("admission",), columns("home"), housed=True),
    Feedback("homes", "stigma_learning", 0.0, of_homes("experience", 0.0), of_homes("experience", 1.0),
             ("homes",), stigma, on=0.05, housed=True),
    Feedback("time_bank", "confidence_weight", 0.0, confidence(0.0), confidence(1.0),
             ("needs", "time_bank"), services, months=1),
    Feedback("loneliness", "from_unmet", 0.0, unmet(0), unmet(250), ("loneliness",),
             columns("loneliness", "mood"), months=1),
    Feedback("loneliness", "from_ties", 0.0, column("ties", -3000), column("ties", 3000), ("loneliness",),
             columns("loneliness", "mood"), months=1),
    Feedback("depression", "from_loneliness", 0.0, column("loneliness", -3000), column("loneliness", 3000),
             ("depression",), depressed, months=1),
    Feedback("depression", "burdened_odds", 1.0, column("burden", 0), column("burden", 8800), ("depression",),
             depressed, months=1),
)  # fmt: skip


@cache
def lived_in(housed):
    """Return a world after its first two months, and its scenario; who uses it copies it."""
    deviations = LIVELY | (HOUSED if housed else {})
    scenario = village_scenario(year=2020, residents=2500, villages=8, deviations=deviations)
    world = begun_world(scenario)
    for month in range(scenario.start, scenario.start + 2):
        pass_month(world, month, scenario.parameters_at(month))
    return world, scenario


def outcomes(feedback, value, cause):
    """Let the processes that feel a cause run for some months under it; return what they changed."""
    world, scenario = lived_in(feedback.housed)
    world = copy.deepcopy(world)
    parameters = dict(scenario.parameters_at(world.month))
    if value is not None:
        parameters[feedback.group] = parameters[feedback.group].model_copy(update={feedback.switch: value})
    found = []
    for month in range(world.month + 1, world.month + 1 + feedback.months):
        world.open_month(month, parameters)
        cause(world)
        for process in in_order(world):
            if process.name in feedback.felt_by:
                process.run(world)
        found += feedback.result(world)
    return found


def same(one, other):
    return len(one) == len(other) and all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("feedback", FEEDBACKS, ids=lambda feedback: feedback.name)
def test_switched_off_the_cause_has_no_effect_at_all(feedback):
    weak, strong = (outcomes(feedback, feedback.off, cause) for cause in (feedback.weak, feedback.strong))
    assert same(weak, strong)


@pytest.mark.parametrize("feedback", FEEDBACKS, ids=lambda feedback: feedback.name)
def test_switched_on_the_cause_has_an_effect(feedback):
    """By default, where the default is not off."""
    weak, strong = (outcomes(feedback, feedback.on, cause) for cause in (feedback.weak, feedback.strong))
    assert not same(weak, strong)


# --- whole runs ---------------------------------------------------------------------------------------------

LIFE = (
    "key",
    "born",
    "state",
    "place",
    "mother",
    "father",
    "spouse",
    "disability",
    "dementia",
    "village",
    "household",
    "home",
)
MINDS = ("loneliness", "mood")
NULL_MODEL = Path(__file__).parents[2] / "configs" / "null_model.yaml"
OFF = {
    "functional_decline": {"unmet_effect": 0.0},
    "mortality": {"unmet_effect": 0.0, "lonely_risk": 1.0},
    "migration": {"unmet_return": 0.0},
    "admission": {"unmet": 0.0, "lonely": 0.0},
}
LITTLE_CARE = {"spouse_care": {"hours": 1.0}, "children_care": {"main_hours": 1.0, "near_hours": 1.0}}
RESTLESS_MINDS = {"loneliness": {"noise": 0.6, "alone": 2.0}}
NO_CARE = {
    "spouse_care": {"hours": 0.0},
    "children_care": {"main_hours": 0.0, "near_hours": 0.0, "town_hours": 0.0, "away_hours": 0.0},
    "neighbour_care": {"willing": 0.0, "pair_hours": 0.0, "home_hours": 0.0},
    "volunteering": {"registration": 0.0}, "time_bank": {"open": False},
}  # fmt: skip
MUCH_CARE = {
    "spouse_care": {"hours": 300.0}, "children_care": {"main_hours": 300.0, "near_hours": 100.0},
    "neighbour_care": {"willing": 1.0}, "volunteering": {"registration": 1.0},
    "mutual_aid": {"home_share": 1.0, "participation": 1.0, "pair_share": 1.0},
}  # fmt: skip


def lives(*deviations, served=None, kept=LIFE):
    """Return what is kept of everybody after two years from the start, with all processes.

    `served` writes each month, on its eve, how all elders are served.
    """
    scenario = village_scenario(
        year=2020, residents=1200, villages=4, deviations=together(LIVELY, HOUSED, WELL_OFF, *deviations)
    )
    world = begun_world(scenario)
    for month in range(scenario.start, scenario.start + MONTHS):
        if served is not None:
            served(world)
        pass_month(world, month, scenario.parameters_at(month))
    assert world.homes["residents"].sum() > 0
    return [world.people[name][: world.people.n].copy() for name in kept]


def null_model():
    """Return the deviations that make the null model, as its file says them."""
    return yaml.safe_load(NULL_MODEL.read_text(encoding="utf-8"))["parameters"]


def served(fully):
    """Let services reach nobody or everybody: meals, safe homes, nursing at home, doctors and rehabilitation."""

    def force(world):
        elders = world.people.who(LIVING_RESIDENT | ELDER)
        for name, mark in (("meals", 30), ("modified", MODIFIED), ("care_bed", NURSED)):
            world.people[name][elders] = mark * fully
        severe(0.5 if fully else 1.0)(world)

    return force


def test_in_the_null_model_no_care_by_people_acts_on_anybody_s_life_or_mind():
    """Births, deaths, states, moves, homes and minds are the same whether nobody cares or everybody does."""
    nobody, everybody = (lives(null_model(), care, kept=LIFE + MINDS) for care in (NO_CARE, MUCH_CARE))
    assert same(nobody, everybody)


def test_in_the_null_model_no_service_acts_on_anybody_s_life_or_mind():
    nobody, everybody = (
        lives(null_model(), NO_CARE, served=served(fully), kept=LIFE + MINDS) for fully in (False, True)
    )
    assert same(nobody, everybody)


def test_outside_the_null_model_care_and_services_act():
    assert not same(lives(NO_CARE), lives(MUCH_CARE))
    assert not same(*(lives(NO_CARE, served=served(fully)) for fully in (False, True)))


@pytest.mark.parametrize("care", [LITTLE_CARE, RESTLESS_MINDS], ids=["care", "minds"])
def test_with_every_switch_off_care_and_minds_move_no_life(care):
    """Nobody falls ill, dies, moves or is born otherwise, whatever the families give and the lonely feel."""
    assert same(lives(OFF), lives(OFF, care))


@pytest.mark.parametrize("care", [LITTLE_CARE, RESTLESS_MINDS], ids=["care", "minds"])
def test_by_default_care_and_minds_move_lives(care):
    assert not same(lives(), lives(care))


# --- the page -----------------------------------------------------------------------------------------------


def test_the_page_of_feedbacks_names_every_switch_and_its_value_when_off():
    page = DOCS.read_text(encoding="utf-8")
    for feedback in FEEDBACKS:
        assert f"| `{feedback.name}` | {feedback.off:g} |" in page


def test_the_null_model_switches_all_effects_of_care_off():
    """Whom elders choose as a home is no effect of care: that switch stays."""
    null = load_scenario(NULL_MODEL)
    parameters = null.parameters_at(null.start)
    found = {f.name: getattr(parameters[f.group], f.switch) for f in FEEDBACKS}
    assert found == {f.name: f.off for f in FEEDBACKS} | {"admission.quality": found["admission.quality"]}
    assert parameters["entitled_care"].crowd_out == 0.0


def test_every_process_that_feels_a_cause_is_in_the_month():
    names = {process.name for process in MONTH}
    assert {name for feedback in FEEDBACKS for name in feedback.felt_by} <= names
