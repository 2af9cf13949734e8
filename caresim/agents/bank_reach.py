"""A time bank in some townships only: who belongs to it, what is asked of it, and whom it knows."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import COMPANY, INSTRUMENTAL
from caresim.agents.people import PRESENT
from caresim.agents.world import World


def keep_members(world: World, where: np.ndarray) -> None:
    """Dismiss members who do not live where the bank acts."""
    people = world.people
    people["member"][: people.n] &= where[people["village"][: people.n]]


def members_in(world: World, where: np.ndarray) -> np.ndarray:
    """Return who is a member of the time bank and lives where there is one."""
    people, member = world.people, world.people["member"].copy()
    member[: people.n] &= where[people["village"][: people.n]]
    return member


def leave_out(world: World, where: np.ndarray, aside: np.ndarray | None) -> np.ndarray:
    """Set aside, besides, all that is left of the cases outside the villages in which the bank acts."""
    care = world.care
    aside = np.zeros((len(care.rows), 2), dtype=np.int64) if aside is None else aside
    outside = ~where[world.people["village"][care.rows]]
    aside[outside] += care.left[outside][:, [INSTRUMENTAL, COMPANY]]
    for task in (INSTRUMENTAL, COMPANY):
        care.left[outside, task] = 0
    return aside


def known_to_bank(world: World, where: np.ndarray) -> dict[str, np.ndarray]:
    """Return the columns as the bank of some villages sees them: who lives elsewhere is away."""
    people = world.people
    state = people["state"].copy()
    state[: people.n][~where[people["village"][: people.n]]] &= ~np.uint8(PRESENT)
    return people.arrays | {"state": state}
