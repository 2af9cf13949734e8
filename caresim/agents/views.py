"""Persons as Mesa agents: views over the columns, and the roles that a person can hold.

A view holds no state: reading an attribute reads the person's row, writing one writes it. Two views of one
person are equal. A role says who plays it (`holds`), so that one person can be elder, family member and
volunteer together, and `isinstance(person, Elder)` asks the columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from mesa import Agent

from caresim.agents.attributes import DERIVED, OTHERS, children, find, plain, read, write
from caresim.agents.people import ALIVE, ELDER, LIVING_REGISTERED, LIVING_RESIDENT, REGISTERED
from caresim.agents.world import World
from caresim.kernel.columns import NOBODY

if TYPE_CHECKING:
    from caresim.model import CareModel

ADULT_MONTHS = 18 * 12
LINKED = (*OTHERS, "children", "village")
"""Attributes that are other agents."""


class Gone(LookupError):  # noqa: N818 - the name says what happened
    """A view outlives its person, or the person's last trace here."""


class Role(type):
    """Class of roles: `isinstance` asks whether the person holds the role today."""

    def __instancecheck__(cls, agent: Any) -> bool:
        if super().__instancecheck__(agent):
            return True
        if not isinstance(type(agent), Role):
            return False
        row = agent._find()
        people = agent.model.people
        if row >= people.n or row < 0 or people["state"][row] & LIVING_REGISTERED != LIVING_REGISTERED:
            return False
        return bool(cls.holds(agent.model.world, np.array([row]))[0])  # type: ignore[attr-defined]


class Person(Agent, metaclass=Role):
    """A view of one person; every column is an attribute, see `attributes.py` for those worked out."""

    __slots__ = ("_at", "model")
    model: CareModel
    _at: tuple[int, int, int]
    """Row, key, and the generation of the rows that the row number belongs to."""
    pos = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("people come from the starting population, births and arrivals; see model.people")

    @classmethod
    def holds(cls, world: World, who: np.ndarray) -> np.ndarray:
        """Tell which of the living registered rows `who` play this role."""
        return np.ones(len(who), dtype=bool)

    @property
    def unique_id(self) -> int:  # type: ignore[override]
        """Return the person's key, which lasts whatever happens to the row."""
        return self._at[1]

    key = unique_id

    @property
    def row(self) -> int:
        """Return the person's row in the columns, valid until the rows are renumbered.

        Raises:
            Gone: the person died, or left without living kin here.
        """
        row, _, generation = self._at
        people = self.model.world.people
        if generation != people.generation:
            row = self._find()
        if row < 0 or not people.arrays["state"][row] & ALIVE:
            why = "died" if row >= 0 else "died or left for good"
            raise Gone(f"person {self.unique_id} {why}; a view does not outlive its person")
        return row

    @property
    def alive(self) -> bool:
        """Tell whether the person lives and is known here; the one question that never raises."""
        row = self._find()
        return row >= 0 and bool(self.model.people["state"][row] & ALIVE)

    def _find(self) -> int:
        """Return the row, alive or not, following it when rows were renumbered; NOBODY if there is none."""
        row, key, generation = self._at
        people = self.model.world.people
        if generation != people.generation:
            if row >= people.n or people["key"][row] != key:
                row = int(find(self.model.world, np.array([key], dtype=np.uint64))[0])
            point(self, (row, key, people.generation if row >= 0 else -1))
        return row

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "model":
            raise AttributeError(name)
        if name in LINKED:
            return linked(self.model, name, [self.row])[0]
        return plain(read(self.model.world, name, self.row))

    def __setattr__(self, name: str, value: Any) -> None:
        write(self.model.people, name, np.array([self.row]), value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.model.people.declared, *DERIVED, "children"})

    def __eq__(self, other: object) -> bool:
        if not isinstance(type(other), Role):
            return NotImplemented
        return self._at[1] == other._at[1] and self.model is other.model  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash(self._at[1])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.unique_id}>"

    def __copy__(self) -> Person:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Person:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return view, (type(self), self.model, self._at)

    def remove(self) -> NoReturn:
        """Refuse: people leave by events.

        Raises:
            TypeError: always.
        """
        raise TypeError("people leave by events inside a process, not by remove(): see docs/extending.md")


point = Person._at.__set__  # type: ignore[attr-defined, misc]
"""Point a view at a person; sets the slot without passing by `__setattr__`."""
_belong = Person.model.__set__  # type: ignore[attr-defined, misc]


def view(role: type[Person], model: CareModel, at: tuple[int, int, int]) -> Person:
    """Return a lasting view of the person at (row, key, generation of the rows)."""
    person: Person = object.__new__(role)
    _belong(person, model)
    point(person, at)
    return person


def view_row(role: type[Person], model: CareModel, row: int) -> Person:
    """Return a lasting view of the person of a row."""
    people = model.people
    return view(role, model, (row, int(people["key"][row]), people.generation))


def linked(model: CareModel, name: str, rows: list[int]) -> list[Any]:
    """Return an attribute of persons that is another agent: living kin as views, the village as agent."""
    people = model.people
    if name == "village":
        villages = read(model.world, name, np.asarray(rows, dtype=np.int64)).tolist()
        return [model.village(number) for number in villages]
    if name == "children":
        return [[view_row(Person, model, child) for child in children(people, row)] for row in rows]
    if name not in people.declared:
        raise AttributeError(f"people have no attribute {name!r}: no process of this model keeps it")
    others = people.values(name, rows)
    alive = (others >= 0) & ((people["state"][others] & ALIVE) != 0)
    return [
        view_row(Person, model, row) if lives else None
        for row, lives in zip(others.tolist(), alive.tolist(), strict=True)
    ]


class Elder(Person):
    """A resident of 60 and over."""

    @classmethod
    def holds(cls, world: World, who: np.ndarray) -> np.ndarray:
        """Tell which rows are living residents of 60 and over."""
        bits = LIVING_RESIDENT | ELDER
        return (world.people["state"][who] & bits) == bits


class FamilyMember(Person):
    """A registered adult with a living registered elder as parent, parent-in-law or spouse."""

    @classmethod
    def holds(cls, world: World, who: np.ndarray) -> np.ndarray:
        """Tell which rows are such adults."""
        people = world.people
        spouse = people["spouse"][who]
        near = _is_elder(world, spouse)
        for person in (who, spouse):
            for parent in ("mother", "father"):
                near |= _is_elder(world, np.where(person >= 0, people[parent][person], NOBODY))
        return near & (world.month - people["born"][who] >= ADULT_MONTHS)


class Volunteer(Person):
    """A registered volunteer or a member of the time bank."""

    @classmethod
    def holds(cls, world: World, who: np.ndarray) -> np.ndarray:
        """Tell which rows are registered in either way, as far as processes keep such registers."""
        registered = np.zeros(len(who), dtype=bool)
        for register in ("volunteer", "member"):
            if register in world.people.declared:
                registered |= world.people[register][who] != 0
        return registered


ROLES: tuple[type[Person], ...] = (Person, Elder, FamilyMember, Volunteer)
"""Roles that `model.agents_by_type` lists; a person can hold several."""


def _is_elder(world: World, rows: np.ndarray) -> np.ndarray:
    bits = ALIVE | REGISTERED | ELDER
    return (rows >= 0) & ((world.people["state"][rows] & bits) == bits)
