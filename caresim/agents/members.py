"""Who belongs to a set of persons: rows of the columns, turned into views only when someone looks.

Members are *live* (everybody who plays a role today) or *chosen* (the result of `select`, `sort` and the
like: certain persons, less those who died or left since). Ordinary agents may follow, as in `model.agents`.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from mesa import Agent

from caresim.agents.attributes import find
from caresim.agents.people import LIVING_REGISTERED
from caresim.agents.views import Person, point, view

if TYPE_CHECKING:
    from caresim.model import CareModel

Current = tuple[np.ndarray, list[Agent], np.ndarray | None]
"""Rows of the persons, the ordinary agents, and the order over both (None: persons, then agents)."""


def _alone() -> int:
    """Return the reference count of an object that one local variable holds."""
    value = object()
    return sys.getrefcount(value)


ALONE = _alone()
COUNTED = sys.implementation.name == "cpython" and getattr(sys, "_is_gil_enabled", lambda: True)()
"""Whether reference counts tell if somebody kept a view."""


def walk(role: type[Person], model: CareModel, rows: np.ndarray) -> Iterator[Person]:
    """Yield a view of each row, moving on a view that nobody kept rather than making one."""
    people = model.people
    keys = people["key"][rows].tolist()
    places = zip(rows.tolist(), keys, itertools.repeat(people.generation), strict=False)
    if not COUNTED:
        yield from (view(role, model, at) for at in places)
        return
    # Two take turns, as the caller still holds the one of the last turn.
    spare = last = view(role, model, (0, 0, -1))
    count = sys.getrefcount
    for at in places:
        if count(spare) > ALONE or spare.__weakref__ is not None:
            spare = view(role, model, at)
        else:
            point(spare, at)
        yield spare
        spare, last = last, spare


class Members:
    """Certain persons in order, and in `model.agents` the ordinary agents after them.

    Args:
        model: the model that they live in.
        role: whom it holds, and the class of the views.
        village: number of the village whose register it is limited to.
        everybody: with the model's ordinary agents.
    """

    def __init__(
        self,
        model: CareModel,
        role: type[Person] = Person,
        *,
        village: int | None = None,
        everybody: bool = False,
    ) -> None:
        self.model = model
        self.role = role
        self._village = village
        self._everybody = everybody
        self._chosen: tuple[np.ndarray, int, Current] | None = None

    def _now(self) -> Current:
        if self._chosen is not None:
            return self._still()
        others = list(self.model.ordinary_agents) if self._everybody else []
        return self._members(self.model.people.who(LIVING_REGISTERED)), others, None

    def _members(self, rows: np.ndarray) -> np.ndarray:
        """Return those of living registered rows that a live set holds."""
        if self._village is not None:
            rows = rows[self.model.people["village"][rows] == self._village]
        return rows if self.role is Person else rows[self.role.holds(self.model.world, rows)]

    def _still(self) -> Current:
        """Return the chosen who still live on the register, and the ordinary agents still in the model."""
        people = self.model.people
        keys, generation, (rows, others, order) = self._chosen  # type: ignore[misc]
        if generation != people.generation:
            rows = find(self.model.world, keys)
            self._chosen = keys, people.generation, (rows, others, order)
        lives = (people["state"][rows] & LIVING_REGISTERED) == LIVING_REGISTERED
        keep = lives & (rows >= 0) & (rows < people.n)
        if others:
            there = self.model.ordinary_agents
            keep = np.concatenate([keep, np.array([agent in there for agent in others], dtype=bool)])
            others = [agent for agent, kept in zip(others, keep[len(rows) :].tolist(), strict=True) if kept]
        if order is not None:
            order = (np.cumsum(keep) - 1)[order[keep[order]]]
        return rows[keep[: len(rows)]], others, order

    def _choose(self, now: Current, at: Any = None, role: type[Person] | None = None) -> Self:
        """Return the set of the members at positions `at` of a current order, in that order."""
        rows, others, order = now
        if at is not None:
            at = np.asarray(at, dtype=np.int64)
            at = at if order is None else order[at]
            person = at < len(rows)
            rank = np.where(person, np.cumsum(person) - 1, np.count_nonzero(person) + np.cumsum(~person) - 1)
            rows, others = rows[at[person]], [others[i - len(rows)] for i in at[~person].tolist()]
            order = None if np.array_equal(rank, np.arange(len(rank))) else rank
        chosen = type(self)(self.model, role or self.role)
        people = self.model.people
        chosen._chosen = people["key"][rows], people.generation, (rows, others, order)
        return chosen

    def _become(self, other: Self) -> Self:
        self.__dict__.update(other.__dict__)
        return self

    def _agents_of(self, now: Current) -> Iterator[Any]:
        rows, others, order = now
        members = itertools.chain(walk(self.role, self.model, rows), others)
        if order is None:
            return members
        return map(list(members).__getitem__, order.tolist())

    def _ids(self) -> list[Hashable]:
        rows, others, order = self._now()
        ids = [*self.model.people["key"][rows].tolist(), *others]
        return ids if order is None else [ids[i] for i in order.tolist()]

    def of_village(self, number: int) -> Self:
        """Return the live set of those of this role on the register of a village."""
        return type(self)(self.model, self.role, village=number)

    def __len__(self) -> int:
        rows, others, _ = self._now()
        return len(rows) + len(others)

    def __iter__(self) -> Iterator[Any]:
        return self._agents_of(self._now())

    def __contains__(self, agent: object) -> bool:
        if isinstance(agent, Person):
            return agent.model is self.model and agent.alive and self._holds(agent.row)
        others = self._now()[1]
        return any(agent is other for other in others)

    def _holds(self, row: int) -> bool:
        people = self.model.people
        if row >= people.n or people["state"][row] & LIVING_REGISTERED != LIVING_REGISTERED:
            return False
        if self._chosen is not None:
            return bool(np.any(self._now()[0] == row))
        return len(self._members(np.array([row]))) == 1

    def __copy__(self) -> Self:
        return self._choose(self._now())

    def __and__(self, other: Any) -> Any:
        return self._shared(other, True)

    def __sub__(self, other: Any) -> Any:
        return self._shared(other, False)

    def __or__(self, other: Any) -> Any:
        if not isinstance(other, Members):
            return NotImplemented
        (rows, others, _), (more, more_others, _) = self._now(), (other - self)._now()
        return self._choose((np.concatenate([rows, more]), others + more_others, None))

    def __xor__(self, other: Any) -> Any:
        return (self - other) | (other - self) if isinstance(other, Members) else NotImplemented

    def _shared(self, other: Any, wanted: bool) -> Any:
        if not isinstance(other, Members):
            return NotImplemented
        theirs = set(other._ids())
        return self._choose(
            self._now(), [i for i, who in enumerate(self._ids()) if (who in theirs) == wanted]
        )

    def __eq__(self, other: object) -> bool:
        return set(self._ids()) == set(other._ids()) if isinstance(other, Members) else NotImplemented

    def __le__(self, other: Any) -> bool:
        return set(self._ids()) <= set(other._ids()) if isinstance(other, Members) else NotImplemented

    __hash__ = None  # type: ignore[assignment]
