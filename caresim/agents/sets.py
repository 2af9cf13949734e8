"""Sets of persons with all that Mesa's agent sets offer, answered from the columns.

Mesa's own set would hold weak references to views that nobody else keeps, so everything that builds or reads
such references is replaced here.
"""

from __future__ import annotations

import operator
import sys
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from random import Random
from typing import Any, NoReturn

import numpy as np
from mesa.agent import AgentSet

from caresim.agents.attributes import DERIVED, plain, read, write
from caresim.agents.members import Current, Members, walk
from caresim.agents.views import LINKED, Person, linked
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform_k

try:
    from mesa.agentset import GroupBy
except ImportError:  # Mesa 3.3
    from mesa.agent import GroupBy

SHUFFLE = purpose("sets.shuffle")


class PersonSet(Members, AgentSet):
    """An ordered set of persons, and in `model.agents` of ordinary agents after them."""

    @property
    def random(self) -> Random:  # type: ignore[override]
        """Return the model's generator, which Mesa offers and nothing here uses."""
        return self.model.random

    # --- columns and attributes -----------------------------------------------------------------------------

    def __getitem__(self, item: Any) -> Any:
        """Return a column (`elders["born"]`, an array), an agent (`elders[0]`), or a list (a slice)."""
        now = self._now()
        size = len(now[0]) + len(now[1])
        if isinstance(item, str):
            self._column(now, item)
            return self.model.people.values(item, now[0])
        if isinstance(item, slice):
            return list(self._choose(now, np.arange(size)[item]))
        at = operator.index(item)
        if not -size <= at < size:
            raise IndexError(f"{at} is outside a set of {size}")
        return next(iter(self._choose(now, [at % size])))

    def __setitem__(self, name: str, values: Any) -> None:
        """Write a column for everybody in the set: one value, or an array in the set's order."""
        now = self._now()
        self._column(now, name)
        write(self.model.people, name, now[0], values)

    def _column(self, now: Current, name: str) -> np.ndarray:
        if now[1]:
            raise TypeError("only persons have columns; use model.persons")
        people = self.model.people
        if name not in people.declared:
            raise KeyError(f"no column {name!r}; the columns are {', '.join(people.declared)}")
        return people[name]

    def _values(self, name: str, now: Current, missing: tuple[Any, ...] = ()) -> list[Any]:
        """Return an attribute of everybody; `missing` may hold the default for those without."""
        rows, others, order = now
        try:
            values = self._persons(name, rows)
        except AttributeError:
            if not missing:
                raise
            values = [missing[0]] * len(rows)
        values += [getattr(agent, name, *missing) for agent in others]
        return values if order is None else [values[i] for i in order.tolist()]

    def _persons(self, name: str, rows: np.ndarray) -> list[Any]:
        if name in LINKED:
            return linked(self.model, name, rows.tolist())
        name = "key" if name == "unique_id" else name
        if name in DERIVED or name in self.model.people.declared:
            return list(plain(read(self.model.world, name, rows)))
        return [getattr(person, name) for person in walk(self.role, self.model, rows)]

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> list[Any]:
        """Return an attribute of everybody, or a list of attributes for each."""
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing is {handle_missing!r}; it can be 'error' or 'default'")
        missing = () if handle_missing == "error" else (default_value,)
        now = self._now()
        if isinstance(attr_names, str):
            return self._values(attr_names, now, missing)
        columns = [self._values(name, now, missing) for name in attr_names]
        return [list(values) for values in zip(*columns, strict=True)] if columns else [[] for _ in self]

    def agg(self, attribute: str, func: Callable[..., Any] | Iterable[Callable[..., Any]]) -> Any:
        """Return what one function, or each of several, makes of an attribute's values."""
        values = self.get(attribute)
        return func(values) if callable(func) else [f(values) for f in func]

    def set(self, attr_name: str, value: Any) -> PersonSet:
        """Give an attribute the same value for everybody."""
        now = self._now()
        write(self.model.people, attr_name, now[0], value)
        for agent in now[1]:
            setattr(agent, attr_name, value)
        return self

    # --- choosing and ordering ------------------------------------------------------------------------------

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> PersonSet:
        """Return those of a type for whom a function holds, at most so many or such a share of the set."""
        now = self._now()
        size = len(now[0]) + len(now[1])
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(size * at_most)
        at = self._of_type(now, agent_type)
        role = agent_type if isinstance(agent_type, type) and issubclass(agent_type, Person) else None
        if filter_func is not None:
            at = _first(filter_func, at_most, at, self._choose(now, at, role))
        chosen = self._choose(now, at[: int(min(at_most, size))], role)
        return self._become(chosen) if inplace else chosen

    def _of_type(self, now: Current, wanted: Any) -> np.ndarray:
        rows, others, order = now
        if wanted is None:
            holds = np.ones(len(rows) + len(others), dtype=bool)
        else:
            persons = np.zeros(len(rows), dtype=bool)
            for kind in wanted if isinstance(wanted, tuple) else (wanted,):
                if issubclass(kind, Person):
                    persons |= kind.holds(self.model.world, rows)
                elif issubclass(self.role, kind):
                    persons[:] = True
            holds = np.concatenate([persons, np.array([isinstance(a, wanted) for a in others], dtype=bool)])
        return np.flatnonzero(holds if order is None else holds[order])

    def sort(
        self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False
    ) -> PersonSet:
        """Return the set ordered by an attribute or a function, the largest first unless ascending."""
        now = self._now()
        values = self._answers(key, now)
        chosen = self._choose(now, sorted(range(len(values)), key=values.__getitem__, reverse=not ascending))
        return self._become(chosen) if inplace else chosen

    def shuffle(self, inplace: bool = False) -> PersonSet:
        """Return the set in an order drawn from the persons' keys: the same for one seed, month and turn."""
        now = self._now()
        rows, others, order = now
        others_keys = np.array([agent.unique_id for agent in others], dtype=np.uint64)
        keys = np.concatenate([self.model.people["key"][rows], others_keys])
        keys = keys if order is None else keys[order]
        world = self.model.world
        luck = priorities(world.draws.word(SHUFFLE, world.month), keys, self.model.next_shuffle())
        chosen = self._choose(now, np.lexsort((keys, luck)))
        return self._become(chosen) if inplace else chosen

    def groupby(self, by: Callable[[Any], Any] | str, result_type: str = "agentset") -> GroupBy:
        """Group by an attribute or a function, into sets or lists."""
        now = self._now()
        values = self._answers(by, now)
        groups: dict[Hashable, list[int]] = defaultdict(list)
        for position, value in enumerate(values):
            groups[value].append(position)
        sets = {value: self._choose(now, at) for value, at in groups.items()}
        return GroupBy(sets if result_type == "agentset" else {value: list(s) for value, s in sets.items()})

    def _answers(self, question: Callable[[Any], Any] | str, now: Current) -> list[Any]:
        if isinstance(question, str):
            return self._values(question, now)
        return [question(agent) for agent in self._agents_of(now)]

    # --- doing ----------------------------------------------------------------------------------------------

    def _acting(self) -> Iterator[Any]:
        """Yield everybody who was in the set at the start and is still there at their turn."""
        there = self.model.ordinary_agents
        return (agent for agent in self if (agent.alive if isinstance(agent, Person) else agent in there))

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> PersonSet:
        """Call a method or a function on everybody, in order."""
        for agent in self._acting():
            _call(agent, method, args, kwargs)
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> PersonSet:
        """Call a method or a function on everybody, in a drawn order; no rule of this model does so."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Return what a method or a function gives for everybody."""
        return [_call(agent, method, args, kwargs) for agent in self._acting()]

    # --- a collection ---------------------------------------------------------------------------------------

    def to_list(self) -> list[Any]:
        """Return lasting views of everybody."""
        return list(self)

    def copy(self) -> PersonSet:
        """Return these persons as they are now; later arrivals do not join the copy."""
        return self._choose(self._now())

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        """Return the position of an agent."""
        return self.to_list().index(value, start, sys.maxsize if stop is None else stop)

    def __reversed__(self) -> Iterator[Any]:
        return iter(self.to_list()[::-1])

    def add(self, agent: Any) -> NoReturn:
        """Refuse: who is in the set follows from the columns.

        Raises:
            TypeError: always.
        """
        raise TypeError("who is in this set follows from people's state: change that, or use |, & and -")

    discard = remove = clear = pop = add  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def _first(accepts: Callable[[Any], bool], at_most: float, at: np.ndarray, agents: PersonSet) -> np.ndarray:
    """Return the positions of the first agents that a function accepts."""
    found: list[int] = []
    for position, agent in zip(at.tolist(), agents, strict=True):
        if len(found) >= at_most:
            break
        if accepts(agent):
            found.append(position)
    return np.array(found, dtype=np.int64)


def _call(agent: Any, method: str | Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if isinstance(method, str):
        return getattr(agent, method)(*args, **kwargs)
    return method(agent, *args, **kwargs)


@compiled
def priorities(stream, keys, turn):
    """Return one draw a key."""
    luck = np.empty(len(keys))
    for i in range(len(keys)):
        luck[i] = uniform_k(stream, keys[i], turn)
    return luck
