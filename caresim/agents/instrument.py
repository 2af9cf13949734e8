"""What a measure of government is: its levers, what they modify, where it acts, who pays, what must move first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from caresim.agents.candidates import draws_of
from caresim.agents.money import FUNDERS
from caresim.kernel.draws import Draws, purpose
from caresim.kernel.parameters import Evidence, Parameters, parameter

if TYPE_CHECKING:
    from caresim.agents.place import Territory
    from caresim.agents.situations import Situations
    from caresim.agents.world import World

How = Literal["adds", "scales", "caps"]
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
        """Refuse a measure of which a part would do nothing, that owes the same twice, or that nobody pays for."""
        if self.slot is not None and self.slot not in get_args(Slot):
            raise ValueError(f"{self.name}: no slot {self.slot}; one of {', '.join(get_args(Slot))}")
        if (self.slot is None) != (self.act is None):
            said, lacking = ("slot", "act") if self.act is None else ("act", "slot")
            raise ValueError(f"{self.name}: {said} without {lacking}; declare both, or neither")
        for effect in self.effects:
            if effect.how not in get_args(How):
                what = f"no way to change {effect.quantity} is {effect.how}"
                raise ValueError(f"{self.name}: {what}; one of {', '.join(get_args(How))}")
        if self.funder not in FUNDERS:
            raise ValueError(f"{self.name}: no funder {self.funder}; one of {', '.join(FUNDERS)}")
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
