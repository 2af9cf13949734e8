"""Steps of Morris's trajectories: which axis each turns, how far its value went, and whether it went alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from caresim.scenario.axes import Axis

LEVELS = 4
STEP = LEVELS / (2.0 * (LEVELS - 1.0))
"""Step of a trajectory, as a share of an axis."""
SHORTEST = STEP / LEVELS
"""Steps of points that were drawn in tell of an axis if it went at least so far: luck would else be blown up."""
STEPWISE = ("bool", "int", "choice")
"""Kinds of axes whose values lie apart, so that a step may carry them farther than it is long, or less far."""
STILL = 1e-9
"""An axis that moves by less did not move."""


@dataclass(frozen=True)
class Steps:
    """Steps of trajectories, each shape (trajectories, steps).

    Attributes:
        turned: the number of the axis that each step turns.
        longer: what the effect of each is to be multiplied by, to be that of a step that went as far as planned.
        alone: whether each tells of its axis; not where points were drawn in so that others moved too, or it hardly.
        as_planned: whether every step of every axis goes as far as planned, as of numbers that vary evenly.
    """

    turned: np.ndarray
    longer: np.ndarray
    alone: np.ndarray
    as_planned: bool

    def of(self, complete: np.ndarray) -> Steps:
        """Return the steps of some of the trajectories."""
        return Steps(self.turned[complete], self.longer[complete], self.alone[complete], self.as_planned)

    def stretched(self, blocks: np.ndarray) -> np.ndarray:
        """Return trajectories in which each step moves the result as much as if its value had gone as far as planned.

        A step of two thirds turns a switch all the way. Its effect is over that whole range already, and would else
        count for half as much again as the same effect of a number.

        Args:
            blocks: values of these trajectories, shape (trajectories, points, replications).
        """
        if self.as_planned:
            return blocks
        moved = np.cumsum(np.diff(blocks, axis=1) * self.longer[:, :, None], axis=1)
        return np.concatenate([blocks[:, :1], blocks[:, :1] + moved], axis=1)

    def told(self) -> np.ndarray:
        """Return how many steps tell of each axis."""
        return np.asarray(self.by_axis(self.alone).sum(axis=1))

    def by_axis(self, steps: np.ndarray) -> np.ndarray:
        """Return a number of each step by axis (rows) and trajectory (columns)."""
        return np.asarray(np.take_along_axis(steps, self.turned.argsort(axis=1), axis=1).T)


def steps_between(axes: Sequence[Axis], planned: np.ndarray, ran: np.ndarray) -> Steps:
    """Return the steps of trajectories.

    Args:
        axes: what varies.
        planned: positions in the unit cube, shape (trajectories, points, axes): each step turns one axis.
        ran: the positions that were run: planned ones, or drawn in to where values go together.
    """
    steps = np.diff(planned, axis=1)
    turned = np.abs(steps).argmax(axis=2)
    went = np.diff(_shares(axes, ran), axis=1)
    own, way = (np.take_along_axis(some, turned[:, :, None], axis=2)[:, :, 0] for some in (went, steps))
    stepwise = np.array([axis.kind in STEPWISE for axis in axes])[turned]
    longer = np.where(stepwise & (own != 0.0), STEP / np.maximum(np.abs(own), SHORTEST), 1.0)
    drawn_in = (np.diff(ran, axis=1) != steps).any(axis=2)
    forward = own * np.sign(way)
    others = (np.abs(went) > STILL).sum(axis=2) > (np.abs(own) > STILL)
    alone = ~drawn_in | (~others & (forward >= SHORTEST - STILL))
    longer = np.where(drawn_in, np.where(alone, STEP / np.maximum(forward, SHORTEST), 1.0), longer)
    return Steps(turned, longer, alone, not (stepwise.any() or drawn_in.any()))


def _shares(axes: Sequence[Axis], positions: np.ndarray) -> np.ndarray:
    """Return how far from the lower end to the upper each value lies; of numbers that vary evenly, the position."""
    found = positions.copy()
    for number, axis in enumerate(axes):
        if axis.kind in STEPWISE:
            found[:, :, number] = np.vectorize(axis.share, otypes=[float])(positions[:, :, number])
    return found
