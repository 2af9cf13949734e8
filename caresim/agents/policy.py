"""The measures in force in a month: which act, who pays for them, and what they leave of the assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.agents.instrument import Effect, How, Instrument, Slot, active
from caresim.kernel.parameters import LIMITS, Parameters

if TYPE_CHECKING:
    from caresim.agents.place import Territory
    from caresim.kernel.draws import Draws

ORDER: tuple[How, ...] = ("adds", "scales", "caps")
"""In this order an instrument's effects are applied, whatever the order in which instruments are written."""


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
        measures named in `parts` do there is only such a part. A share stays one, whatever measures add to it.
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
            if is_share(type(groups[group]), name):
                value = np.minimum(np.maximum(value, 0.0), 1.0)
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


def is_share(declared: type[Parameters], name: str) -> bool:
    """Tell whether a quantity is a share or a probability."""
    extra: Any = declared.model_fields[name].json_schema_extra or {}
    return extra.get("unit") in LIMITS


def _apply(how: How, value: np.ndarray, amount: float, where: np.ndarray | np.bool_) -> np.ndarray:
    if how == "adds":
        return value + amount * where
    if how == "scales":
        return np.where(where, value * amount, value)
    return np.where(where, np.minimum(value, amount), value)
