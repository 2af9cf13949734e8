"""Cases of law, one file an instrument: these people, this measure, this result."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from caresim import catalogue
from caresim.agents.instrument import Policy
from caresim.agents.people import ELDER
from caresim.kernel.clock import month_number
from caresim.schedule import MONTH, in_order
from tests.hamlet import Hamlet, hold

HERE = Path(__file__).parent
CASES = [
    (path.stem, case) for path in sorted(HERE.glob("*.yaml")) for case in yaml.safe_load(path.read_text())
]
KNOWN = {"age", "sex", "village", "mother", "father", "spouse", "household"}


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
        rows[name] = hamlet.add(said["age"], said["sex"], house, village=said.get("village", 0), **kin)
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
        world.homes.add(np.array(home.pop("price")), key=len(world.homes), **home)
    for column, values in case.get("villages", {}).items():
        getattr(world.territory, column)[:] = values
    world.bank.government = -world.bank.outstanding()
    if "dead" in case:
        world.people.die(np.array([rows[name] for name in case["dead"]]))
    return world, rows


@pytest.mark.parametrize(
    ("instrument", "case"), CASES, ids=[f"{name}: {case['case']}" for name, case in CASES]
)
def test_case(instrument, case):
    world, rows = build(instrument, case)
    by_name = {process.name: process for process in MONTH}
    for process in in_order(world, tuple(by_name[name] for name in case["run"])):
        process.run(world)
    for who, expected in case["then"].items():
        if who == "payments":
            found = {" ".join(key): fen for key, fen in world.money.month.items()}
        elif who == "quantities":
            found = {name: world.by_village(name).tolist() for name in expected}
        elif who == "homes":
            said = expected[0] if expected else {}
            found = [{name: world.homes[name].item(h) for name in said} for h in range(len(world.homes))]
        else:
            found = {
                column: world.bank.coins(rows[who]).item()
                if column == "coins"
                else world.people[column][rows[who]].item()
                for column in expected
            }
        assert found == expected, (who, case["case"])


def test_every_instrument_has_a_case():
    assert {name for name, _ in CASES} == set(catalogue.instruments())
