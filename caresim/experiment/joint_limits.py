"""Bring points of a design within what values of one group can be together, such as shares of one whole.

An axis has a range of its own, and two ranges may meet where their values cannot hold together. A design that fills a
cube would lose such points, and a block of a sensitivity analysis with each. They are drawn towards what the config
says instead, no farther than they must.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from caresim.experiment.designs import Row
from caresim.kernel.parameters import LIMITED, Parameters
from caresim.scenario.axes import Axis
from caresim.scenario.axis_targets import groups_of
from caresim.scenario.deviations import deviate, impossible, value_at_start

if TYPE_CHECKING:
    from caresim.scenario import Scenario

HALVINGS = 20
"""How often the way towards the config is halved: a point stays off the limit by a millionth of it."""


def within_limits(scenario: Scenario, axes: Sequence[Axis], positions: np.ndarray) -> np.ndarray:
    """Return positions at which values go together.

    Where those that one limit binds together do not, their axes go the same part of the way to what the config says;
    all others stay. A point whose values cannot go together on that way stays, and its runs fail.

    Args:
        scenario: the scenario that is varied.
        axes: what varies.
        positions: points in the unit cube, shape (points, axes).
    """
    found = positions.copy()
    for these in _limited_together(axes):
        some = [axes[number] for number in these]
        home = np.array([_position(axis, value_at_start(scenario, axis)) for axis in some])
        asked, place = np.unique(positions[:, these], axis=0, return_inverse=True)
        moved = np.array([_nearest(scenario, some, row, home) for row in asked])
        found[:, these] = moved[place.reshape(-1)]
    return found


def _limited_together(axes: Sequence[Axis]) -> list[list[int]]:
    """Return the numbers of axes that set values which limits of one group bind together."""
    groups: dict[tuple[str, str, str | None, frozenset[str]], list[int]] = {}
    for number, axis in enumerate(axes):
        if (target := axis.target) is not None:
            for names in _bound(groups_of(target.home)[target.group]):
                if target.name in names:
                    groups.setdefault((target.home, target.group, target.mix, names), []).append(number)
    return list(groups.values())


def _bound(declared: type[Parameters]) -> list[frozenset[str]]:
    """Return the names that limits of a group bind together; those of a check that names none are all its names."""
    found: list[frozenset[str]] = []
    for check in declared.__pydantic_decorators__.model_validators.values():
        names = frozenset(getattr(check.func, LIMITED, declared.model_fields))
        names = names.union(*(known for known in found if known & names))
        found = [*(known for known in found if not known & names), names]
    return found


def _nearest(scenario: Scenario, axes: Sequence[Axis], asked: np.ndarray, home: np.ndarray) -> np.ndarray:
    """Return the first position on the way from one to another at which values go together; else the one."""
    if not _why_not(scenario, axes, asked):
        return asked
    if _why_not(scenario, axes, home):
        return asked
    near, far = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = 0.5 * (near + far)
        if _why_not(scenario, axes, asked + middle * (home - asked)):
            near = middle
        else:
            far = middle
    return np.asarray(asked + far * (home - asked))


def _why_not(scenario: Scenario, axes: Sequence[Axis], position: np.ndarray) -> str:
    row: Row = tuple(axis.value(float(u)) for axis, u in zip(axes, position, strict=True))
    return impossible(deviate(scenario, axes, row), axes)


def _position(axis: Axis, value: float) -> float:
    """Return the position on an axis that comes nearest to a value; of choices and switches the middle."""
    if axis.kind in ("bool", "choice") or not axis.low < axis.high:
        return 0.5
    return min(max((value - axis.low) / (axis.high - axis.low), 0.0), 1.0)
