"""What a measure of government is: its levers, what they modify, where it acts, who pays, what must move first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from caresim.agents.candidates import draws_of
from caresim.kernel.draws import Draws, purpose
from caresim.kernel.parameters import Evidence, Parameters, parameter

if TYPE_CHECKING:
    from caresim.agents.place import Territory
    from caresim.agents.situations import Situations
    from caresim.agents.world import World

How = Literal["adds", "scales", "caps"]
ORDER: tuple[How, ...] = ("adds", "scales", "caps")
"""In this order an instrument's effects are applied, whatever the order in which instruments are written."""
Slot = Literal["entitlement", "benefit", "top_up"]
"""Parts of the month in which a measure claims, in their order. There is no other in which it could spend: what needs
no claim is paid out of what the ceiling leaves (`Ledger.afford`)."""
ROLLOUT = purpose("instrument.rollout")


class Levers(Parameters):
    """What government turns, in a measure that can be active in some townships only."""

    rollout: float = parameter(
        1.0, unit="share", low=0.0, high=1.0, role="lever",
        meaning="Share of townships in which the measure is active; with dates, it is rolled out.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def lever(
    default: Any, *, unit: str, high: float | None = None, meaning: str, source: str, evidence: Evidence,
    off: Any = 0.0, low: float | None = 0.0, limits: tuple[float | None, float | None] | None = None,
) -> Any:  # fmt: skip
    """Declare one lever of an instrument.

    Args:
        default: its value in the status quo.
        unit: unit of the value.
        high: upper end of the range that policies are likely to use.
        meaning: one sentence.
        source: key in `docs/sources.bib`, or `judgement`.
        evidence: how well the status quo's value is known.
        off: the value at which it does nothing.
        low: lower end of the range.
        limits: values outside are refused.
    """
    return parameter(default, unit=unit, low=low, high=high, meaning=meaning, source=source, evidence=evidence,
                     role="lever", limits=limits, off=off)  # fmt: skip


@dataclass(frozen=True)
class Effect:
    """What an instrument does to a named quantity.

    Attributes:
        quantity: `process.parameter`; the parameter says `local=True` if it may differ between townships.
        how: adds to it, scales it, or caps it.
        amount: by how much, from the levers in force.
    """

    quantity: str
    how: How
    amount: Callable[[Any], float]


@dataclass(frozen=True)
class Due:
    """What a measure owes everybody in a situation who is in need, takes it up, and lives where it is active.

    In need are elders of 80 and over, those assessed as limited, and the poor.

    Attributes:
        fen: fen a month by situation, from the levers in force; asked again when levers change.
        kind: whether it is cash, or a service that whoever delivers it is paid for.
        entitlement: whether it is paid whatever the budget.
        payee: who is paid the cash.
        unit: if `fen` states units and not fen, what a unit is worth this month.
        where: the villages in which it is due, of those where the measure is active; by default all.
    """

    fen: Callable[[Any, Situations], Any]
    kind: Literal["cash", "service"] = "cash"
    entitlement: bool = False
    payee: str = "elders"
    unit: Callable[[World, Any], int] | None = None
    where: Callable[[World, Any], np.ndarray] | None = None


@dataclass(frozen=True)
class Move:
    """The first indicator that an instrument moves, and in which direction.

    Attributes:
        indicator: its name.
        sign: 1 if the measure raises it, -1 if it lowers it.
        levers: the strong setting that is compared with the measure switched off.
        months: months after which the indicator is compared.
    """

    indicator: str
    sign: int
    levers: Mapping[str, Any]
    months: int = 12


@dataclass(frozen=True)
class Instrument:
    """One measure of government, in a file of its own.

    Attributes:
        name: its name in a mix.
        meaning: one sentence in the words of a civil servant.
        parameters: its levers.
        moves: the first indicator that it moves.
        effects: what it does to named quantities.
        dues: what it owes elders by their situation, if that is what it does.
        slot: the part of the month in which it acts, if it does.
        act: what it does there, called with the world, its levers in force and itself.
        whose: which of some rows its terms name, of those where it is active, if it claims cash for elders by `act`.
        sets: the process whose parameters of the same names its levers replace, once a mix writes them.
        rolls: the parameter there that its `rollout` replaces.
        funder: who pays.
        needs_money: whether its effects are what its claims pay for: of what it adds there is as large a part as was
            granted of its claims last month.
    """

    name: str
    meaning: str
    parameters: type[Parameters]
    moves: Move
    effects: tuple[Effect, ...] = ()
    dues: tuple[Due, ...] = ()
    slot: Slot | None = None
    act: Callable[[World, Any, Instrument], None] | None = None
    whose: Callable[[World, np.ndarray], np.ndarray] | None = None
    sets: str | None = None
    rolls: str = "rollout"
    funder: str = "local"
    needs_money: bool = False

    def __post_init__(self) -> None:
        """Refuse a measure that says to act where nobody would call it, owes the same twice, or does part of a rule."""
        if self.slot is not None and self.slot not in get_args(Slot):
            raise ValueError(f"{self.name}: no slot {self.slot}; one of {', '.join(get_args(Slot))}")
        if len({due.kind for due in self.dues}) < len(self.dues):
            raise ValueError(f"{self.name}: owes {self.dues[0].kind} twice")
        if self.needs_money and any(effect.how != "adds" for effect in self.effects):
            raise ValueError(f"{self.name}: needs money for effects that add nothing")

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        """Travel between processes as a name: an instrument is its file."""
        return _of_file, (self.name,)

    def replaced(self, lever: str) -> str:
        """Return the parameter that a lever replaces in the process that the measure sets."""
        return self.rolls if lever == "rollout" else lever

    def off(self) -> dict[str, Any]:
        """Return the values at which its levers do nothing."""
        declared = self.parameters.model_fields
        marks: dict[str, Any] = {name: one.json_schema_extra or {} for name, one in declared.items()}
        return {name: said["off"] for name, said in marks.items() if "off" in said}

    def is_off(self, levers: Any) -> bool:
        """Tell whether levers leave it nothing to do: it is rolled out nowhere, or each is where it does nothing."""
        off = self.off()
        nowhere = getattr(levers, "rollout", 1.0) == 0.0
        return nowhere or (bool(off) and all(getattr(levers, name) == value for name, value in off.items()))


def _of_file(name: str) -> Instrument:
    """Return the instrument of a file."""
    found: Instrument = import_module(f"caresim.policies.{name}").INSTRUMENT
    return found


@dataclass(frozen=True)
class Policy:
    """The measures in force in a month; the very same object while nothing changes.

    Attributes:
        levers: levers in force, by instrument.
        instruments: the instruments, by name.
    """

    levers: Mapping[str, Any] = field(default_factory=dict)
    instruments: Mapping[str, Instrument] = field(default_factory=dict)

    def acting(self, slot: Slot) -> tuple[tuple[Instrument, Any], ...]:
        """Return the instruments that act in a part of the month and are not off, with their levers, by name."""
        return self._acting.get(slot, ())

    def funder(self, name: str) -> str:
        """Return who pays for a measure, as it declares; who pays by default where no such measure is known."""
        return self.instruments[name].funder if name in self.instruments else Instrument.funder

    @cached_property
    def owing(self) -> tuple[tuple[Instrument, Any], ...]:
        """Return the instruments that owe elders anything and are not off, with their levers, by name."""
        named = ((self.instruments[name], self.levers[name]) for name in sorted(self.levers))
        return tuple((one, levers) for one, levers in named if one.dues and not one.is_off(levers))

    @cached_property
    def _acting(self) -> dict[str, tuple[tuple[Instrument, Any], ...]]:
        found: dict[str, tuple[tuple[Instrument, Any], ...]] = {}
        for name in sorted(self.levers):
            instrument, levers = self.instruments[name], self.levers[name]
            if instrument.slot is not None and not instrument.is_off(levers):
                found[instrument.slot] = (*found.get(instrument.slot, ()), (instrument, levers))
        return found

    def modified(self, parameters: Mapping[str, Parameters], territory: Territory, draws: Draws,
                 parts: Mapping[str, float] | None = None) -> Modified:  # fmt: skip
        """Return the parameters and the local quantities as the measures leave them.

        A quantity of the whole county is what it is where a measure acts, be it in some townships only. Of what
        measures named in `parts` do there is only such a part.
        """
        groups, local = dict(parameters), {}
        for quantity, effects in sorted(self._effects(parts or {}).items()):
            group, name = quantity.split(".")
            if group not in groups:
                continue
            differs = is_local(type(groups[group]), name)
            value: Any = np.full(len(territory) if differs else 1, float(getattr(groups[group], name)))
            for how in ORDER:
                for effect, levers, part in effects:
                    if effect.how == how:
                        where, amount = active(levers, territory, draws), part * effect.amount(levers)
                        value = _apply(how, value, amount, where if differs else where.any())
            if differs:
                local[quantity] = value
            else:
                groups[group] = groups[group].model_copy(update={name: float(value[0])})
        return Modified(groups, local)

    def _effects(self, parts: Mapping[str, float]) -> dict[str, list[tuple[Effect, Any, float]]]:
        """Return the effects on each quantity, with the levers in force and the part that there is of them."""
        found: dict[str, list[tuple[Effect, Any, float]]] = {}
        for name in sorted(self.levers):
            for effect in self.instruments[name].effects:
                found.setdefault(effect.quantity, []).append(
                    (effect, self.levers[name], parts.get(name, 1.0))
                )
        return found


@dataclass(frozen=True)
class Modified:
    """What the measures in force leave of the assumptions.

    Attributes:
        parameters: parameters by group.
        local: values by village, of the quantities that may differ between townships.
    """

    parameters: dict[str, Any]
    local: dict[str, np.ndarray]


def is_local(declared: type[Parameters], name: str) -> bool:
    """Tell whether a quantity may differ between townships."""
    extra: Any = declared.model_fields[name].json_schema_extra or {}
    return bool(extra.get("local", False))


def active(levers: Any, territory: Territory, draws: Draws) -> np.ndarray:
    """Return in which villages a measure is active; townships join in an order of their own, drawn once.

    The array is shared by all who ask and cannot be written.
    """
    return reached(getattr(levers, "rollout", 1.0), territory, draws)


def reached(share: float, territory: Territory, draws: Draws) -> np.ndarray:
    """Return the villages of the share of townships that join first, as `active` does."""
    where = territory.reached.get(share)
    if where is None:
        where = territory.reached[share] = _reached(share, territory, draws)
        where.flags.writeable = False
    return where


def _reached(share: float, territory: Territory, draws: Draws) -> np.ndarray:
    if share in (0.0, 1.0):
        return np.full(len(territory), share == 1.0)
    n = int(territory.township.max()) + 1 if len(territory) else 0
    luck = draws_of(draws.word(ROLLOUT, 0), np.arange(n, dtype=np.uint64))
    first = np.zeros(n, dtype=np.bool_)
    first[np.argsort(luck, kind="stable")[: int(np.floor(share * n + 0.5))]] = True
    return first[territory.township]


def _apply(how: How, value: np.ndarray, amount: float, where: np.ndarray | np.bool_) -> np.ndarray:
    if how == "adds":
        return value + amount * where
    if how == "scales":
        return np.where(where, value * amount, value)
    return np.where(where, np.minimum(value, amount), value)
