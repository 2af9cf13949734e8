"""Grandchild care: grandparents look after children whose parents have left, until they need care themselves."""

from __future__ import annotations

from operator import itemgetter

from caresim.agents.grandchildren import LeftChildren, look_after, note
from caresim.agents.people import CHILD_UNTIL
from caresim.agents.world import Process, World
from caresim.kernel.parameters import Parameters, ascending, parameter

columns_of = itemgetter(
    "state",
    "born",
    "mother",
    "father",
    "household",
    "disability",
    "dementia",
)


class GrandchildCare(Parameters):
    """How much time grandchildren take."""

    hours: float = parameter(
        60.0, unit="hours per month", limits=(0.0, 300.0), low=30.0, high=120.0,
        meaning="Hours that looking after a child takes, shared by the able grandparents of its household.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    most_hours: float = parameter(
        180.0, unit="hours per month", limits=(0.0, 700.0), low=120.0, high=240.0,
        meaning="Most hours that a grandparent looks after grandchildren.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    counted: float = parameter(
        0.0, unit="share", low=0.0, high=1.0,
        meaning="Part of these hours that counts as care already given when it is asked who has time for neighbours, "
        "as a volunteer or in the time bank; at 0 children stand in nobody's way.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    _hours = ascending("hours", "most_hours")


def mind_children(world: World) -> None:
    """Let able grandparents look after the children who live with them and without either parent."""
    people, rules = world.people, world.parameters["grandchild_care"]
    found = look_after(
        *columns_of(people.arrays), people.first_born_after(world.month - CHILD_UNTIL), people.n,
        world.month - CHILD_UNTIL, int(60.0 * rules.hours), int(60.0 * rules.most_hours),
    )  # fmt: skip
    note(world, LeftChildren(*found))


PROCESS = Process(
    name="grandchild_care",
    run=mind_children,
    settles=True,
    reads=("state", "born", "mother", "father", "household", "disability", "dementia"),
    writes=("state",),
    meaning="Grandparents look after children whose parents have left, until they need care themselves.",
    parameters=GrandchildCare,
)
