"""Cases of law, one file an instrument: these people, this measure, this result.

A case says who lives there (`people`: age, sex, kin, any column; `luck`: lasting draws), which `homes` and care
`workers` there are, which law is in force (`levers`, those of `others`, `parameters`), and which processes `run` for
how many `months`. What comes of it (`then`, or `by_month`, where `change` may alter a person first) is said of persons
(a column, `coins`, or minutes of `personal` care, help in the `house` and `company` received), of `workers` and
`homes`, of all `payments` or some that are `paid`, of the `budget`, of social workers' `minutes` by purpose, of
`indicators` and of `quantities` by village.
"""

from pathlib import Path

import numpy as np
import pytest
import yaml

from caresim import catalogue
from caresim.agents.care import TASKS
from caresim.agents.lifetimes import STATES
from caresim.agents.money_laws import grant_fault
from caresim.agents.people import ELDER
from caresim.agents.policy import Policy
from caresim.agents.social_work import PURPOSES
from caresim.kernel.clock import month_number, month_text
from caresim.schedule import MONTH, in_order
from tests.families import key_with
from tests.hamlet import Hamlet, hold

HERE = Path(__file__).parent
CASES = [
    (path.stem, case) for path in sorted(HERE.glob("*.yaml")) for case in yaml.safe_load(path.read_text())
]
KNOWN = {"age", "sex", "village", "mother", "father", "spouse", "household", "luck"}
RECEIVED = dict(zip(("personal", "house", "company"), TASKS, strict=True))
INDICATORS = {indicator.name: indicator for indicator in catalogue.indicators()}
GRADES = ("certified", "uncertified"), ("middle", "senior")
"""Care workers by what they may do, and those of the higher grades among the certified."""
CLOSE = 1e-9
"""Numbers that are not whole are compared to so many parts."""


def levers_off():
    return {
        name: one.parameters(**one.off()) for name, one in catalogue.instruments().items() if not one.sets
    }


def build(instrument, case):
    """Return the world of a case and its people's rows by name; every other measure is switched off."""
    hamlet = Hamlet(catalogue.columns(), month_number(str(case.get("month", "2020-06"))))
    world = hamlet.world
    parameters = {name: group() for name, group in catalogue.parameter_groups().items()}
    for name, values in case.get("parameters", {}).items():
        parameters[name] = parameters[name].model_copy(
            update={key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
        )
    measures = catalogue.instruments()
    levers = levers_off()
    for name, values in {instrument: case["levers"], **case.get("others", {})}.items():
        if measures[name].sets:
            home = measures[name].sets
            replaced = {measures[name].replaced(lever): value for lever, value in values.items()}
            parameters[home] = parameters[home].model_copy(update=replaced)
        else:
            levers[name] = measures[name].parameters(**values)
    world.enact(parameters, Policy(levers, measures))
    households = {}
    rows = {}
    for name, said in case["people"].items():
        house = households.setdefault(said.get("household", name), hamlet.household())
        kin = {parent: rows[said[parent]] for parent in ("mother", "father") if parent in said}
        key = key_with(world.draws, said["luck"]) if "luck" in said else None
        rows[name] = hamlet.add(
            said["age"], said["sex"], house, village=said.get("village", 0), key=key, **kin
        )
        if "spouse" in said:
            hamlet.marry(rows[name], rows[said["spouse"]])
    for name, said in case["people"].items():
        for column in said.keys() - KNOWN:
            if column == "coins":
                hold(world, rows[name], said[column])
            else:
                world.people[column][rows[name]] = said[column]
    ages = {name: said["age"] for name, said in case["people"].items()}
    world.elders = np.array([row for name, row in rows.items() if ages[name] >= 60], dtype=np.int64)
    world.people["state"][world.elders] |= ELDER
    for home in case.get("homes", []):
        world.homes.add(key=len(world.homes), **home)
    for column, values in case.get("villages", {}).items():
        getattr(world.territory, column)[:] = values
    if "workers" in case:
        force = world.workforce
        force.workers, force.skilled = (
            np.array([case["workers"].get(grade, 0.0) for grade in some]) for some in GRADES
        )
    world.memory["functional_decline.norm"] = None, np.ones(STATES)
    world.bank.government = -world.bank.outstanding()
    if "dead" in case:
        world.people.die(np.array([rows[name] for name in case["dead"]]))
    return world, rows


def expected_of(case):
    """Return what is expected of which months: of the last, or of those that are named."""
    first = month_number(str(case.get("month", "2020-06")))
    if "by_month" not in case:
        return {first + case.get("months", 1) - 1: case["then"]}
    return {month_number(name): then for name, then in case["by_month"].items()}


def live(world, rows, case):
    """Let the processes of a case run month by month, and yield what is expected of each."""
    by_name = {process.name: process for process in MONTH}
    expected, first = expected_of(case), world.month
    for month in range(first, max(expected) + 1):
        then = dict(expected.get(month, {}))
        if month > first:
            world.month = month
            world.money.open()
        for who, columns in then.pop("change", {}).items():
            for column, value in columns.items():
                world.people[column][rows[who]] = value
        for process in in_order(world, tuple(by_name[name] for name in case["run"])):
            process.run(world)
        yield then


def found_of(world, rows, who, expected):
    """Return what a case speaks of, as it has come out."""
    if who in ("payments", "paid"):
        payments = {" ".join(key): fen for key, fen in world.money.month.items()}
        return payments if who == "payments" else {payment: payments.get(payment, 0) for payment in expected}
    if who == "budget":
        money = world.money
        left = money.year.left_after(money.public())
        return {"deficit": money.deficit, "refused": money.refused, "left": left}
    if who == "minutes":
        return dict(zip(PURPOSES, world.station.done.spent, strict=True))
    if who == "quantities":
        return {name: world.by_village(name).tolist() for name in expected}
    if who == "indicators":
        return {name: pytest.approx(INDICATORS[name].measure(world), CLOSE) for name in expected}
    if who == "workers":
        force = world.workforce
        numbers = dict(zip(sum(GRADES, ()), (*force.workers.tolist(), *force.skilled.tolist()), strict=True))
        return {grade: pytest.approx(numbers[grade], CLOSE) for grade in expected}
    if who == "homes":
        said = expected[0] if expected else {}
        return [
            {name: pytest.approx(world.homes[name].item(h), CLOSE) for name in said}
            for h in range(len(world.homes))
        ]
    return {name: of_person(world, rows[who], name) for name in expected}


def of_person(world, row, name):
    """Return a person's coins, minutes that could have been given, minutes received of a task, or column."""
    if name == "capacity":
        return world.care.capacity(len(world.people["key"]))[row].item()
    if name == "coins":
        return world.bank.coins(row).item()
    if name in RECEIVED:
        gifts = world.care.gifts[: world.care.n_gifts]
        return int(gifts[RECEIVED[name]][world.care.rows[gifts["case"]] == row].sum())
    return world.people[name][row].item()


@pytest.mark.parametrize(
    ("instrument", "case"), CASES, ids=[f"{name}: {case['case']}" for name, case in CASES]
)
def test_case(instrument, case):
    world, rows = build(instrument, case)
    for then in live(world, rows, case):
        assert grant_fault(world) is None
        for who, expected in then.items():
            assert found_of(world, rows, who, expected) == expected, (
                who,
                month_text(world.month),
                case["case"],
            )


def test_every_instrument_has_a_case():
    assert {name for name, _ in CASES} == set(catalogue.instruments())
