"""Declare a parameter once: value, unit, range, meaning, source, evidence mark and role."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError, PydanticKnownError

from caresim.kernel.mistakes import Mark

Evidence = Literal["seed", "verified", "recalled", "derived", "fitted", "judgement"]
Role = Literal["lever", "uncertainty", "constant"]

LIMITS = {"share": (0.0, 1.0), "probability": (0.0, 1.0), "probability per month": (0.0, 1.0)}
ROUNDING = 1e-9
"""Shares written in decimals need not add up exactly."""
LIMITED = "limited"
"""Attribute of a check that names the parameters it speaks of."""


class Parameters(BaseModel):
    """A group of declared parameters; a process or an instrument has one."""

    # Validators are built when a group is first used: checking a config touches few of them.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)

    @field_validator("*")
    @classmethod
    def _within_limits(cls, value: Any, field: ValidationInfo) -> Any:
        """Refuse a list with a number outside the limits of its parameter."""
        if isinstance(value, tuple) and field.field_name is not None:
            smallest, largest = limits_of(cls, field.field_name)
            for number in value:
                if smallest is not None and number < smallest:
                    raise PydanticKnownError("greater_than_equal", {"ge": smallest})
                if largest is not None and number > largest:
                    raise PydanticKnownError("less_than_equal", {"le": largest})
        return value


def parameter(
    default: Any,
    *,
    unit: str,
    low: float | None = None,
    high: float | None = None,
    meaning: str,
    source: str,
    evidence: Evidence,
    role: Role = "uncertainty",
    limits: tuple[float | None, float | None] | None = None,
    local: bool = False,
    off: Any = None,
) -> Any:
    """Declare one parameter of a group.

    Args:
        default: value when nobody says otherwise.
        unit: unit of the value; `share` and `probability` are limited to 0-1.
        low: lower end of the plausible range, which sweeps and sensitivity runs use.
        high: upper end of the plausible range.
        meaning: one sentence.
        source: key in `docs/sources.bib`, or `judgement`.
        evidence: how well the value is known.
        role: whether government turns it, we do not know it, or it is fixed.
        limits: values outside are refused, also in lists; by default no negative ones, unless the default
            itself is negative.
        local: whether measures of government may change it in some townships only.
        off: of a lever, the value at which it does nothing; None if it has none.
    """
    numbers = [
        value for value in (default if isinstance(default, tuple) else (default,)) if _is_number(value)
    ]
    lowest = 0.0 if numbers and min(numbers) >= 0 else None
    smallest, largest = limits if limits is not None else LIMITS.get(unit, (lowest, None))
    extra: dict[str, Any] = {"unit": unit, "low": low, "high": high, "source": source, "evidence": evidence}
    extra |= {"role": role, "limits": [smallest, largest] if numbers else [None, None]}
    extra |= ({"local": True} if local else {}) | ({"off": off} if off is not None else {})
    bounds: dict[str, Any] = {}
    if _is_number(default):
        bounds = {key: value for key, value in (("ge", smallest), ("le", largest)) if value is not None}
    return Field(default, description=meaning, json_schema_extra=extra, **bounds)


def limits_of(declared: type[Parameters], name: str) -> tuple[float | None, float | None]:
    """Return the smallest and the largest number that a parameter may take."""
    extra: Any = declared.model_fields[name].json_schema_extra or {}
    smallest, largest = extra.get("limits", (None, None))
    return smallest, largest


def limit(*names: str) -> Callable[[Callable[[Any], Any]], Any]:
    """Make a check of a whole group a limit on the named parameters, which values of the others never break."""

    def declare(check: Callable[[Any], Any]) -> Any:
        setattr(check, LIMITED, names)
        return model_validator(mode="after")(check)

    return declare


def at_most_one(*names: str, of: Callable[..., float] = lambda *values: sum(values)) -> Any:
    """Refuse values of a group that together make more than 1, as shares of one whole or a probability do.

    Args:
        names: the parameters.
        of: what they make, their sum by default.
    """

    def check(group: Parameters) -> Parameters:
        made = of(*(getattr(group, name) for name in names))
        if made > 1.0 + ROUNDING:
            what = f"{' and '.join(names)} make {made:g}; write values that make at most 1"
            raise PydanticCustomError("together", "{what}", {"what": what, "names": names})
        return group

    return limit(*names)(check)


def each_once(name: str) -> Any:
    """Refuse a list that names something twice."""

    def check(group: Parameters) -> Parameters:
        values = getattr(group, name)
        if len(set(values)) < len(values):
            what = f"{', '.join(values)} names something twice; name each once"
            raise PydanticCustomError("together", "{what}", {"what": what, "names": (name,)})
        return group

    return limit(name)(check)


def rising(name: str) -> Any:
    """Refuse a list that falls, such as an oldest age below the youngest."""

    def check(group: Parameters) -> Parameters:
        values = getattr(group, name)
        if list(values) != sorted(values):
            what = f"{list(values)} falls; write {sorted(values)}"
            raise PydanticCustomError("together", "{what}", {"what": what, "names": (name,)})
        return group

    return limit(name)(check)


def ascending(*names: str) -> Any:
    """Refuse values of a group that fall from one parameter to the next, such as a lowest above the highest."""

    def check(group: Parameters) -> Parameters:
        values = [getattr(group, name) for name in names]
        if values != sorted(values):
            what = f"{' and '.join(names)}: {values} falls; write {sorted(values)}"
            raise PydanticCustomError("together", "{what}", {"what": what, "names": names})
        return group

    return limit(*names)(check)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


ALWAYS = -(10**6)
"""A month before every other: from it a value holds that has no date."""


@dataclass(frozen=True)
class Dated:
    """A parameter's value over time, a step function of the month.

    Attributes:
        name: the parameter.
        steps: months, rising, each with the value that holds from it on; the first is `ALWAYS`.
    """

    name: str
    steps: tuple[tuple[int, Any], ...]

    def at(self, month: int) -> Any:
        """Return the value that holds in a month."""
        return self.steps[bisect_right(self.steps, month, key=lambda step: step[0]) - 1][1]

    def then(self, later: tuple[tuple[int, Any], ...]) -> Dated:
        """Return this value until the first of the later steps, and those from there on."""
        kept = tuple(step for step in self.steps if step[0] < later[0][0])
        return Dated(self.name, kept + later)

    def during(self, first: int, last: int) -> Dated:
        """Return the same value from a month to another, without idle steps and those before and after."""
        steps = [(ALWAYS, self.at(first))]
        for step in self.steps:
            if first < step[0] <= last and step[1] != steps[-1][1]:
                steps.append(step)
        return Dated(self.name, tuple(steps))


@dataclass(frozen=True)
class Settings:
    """The values of one group of parameters.

    Attributes:
        group: name of the process, the part of the starting population or the instrument.
        values: one for each declared parameter, in the order of declaration.
        where: where a text writes a value, and its key there, by name; what is said is the same wherever it stands.
    """

    group: str
    values: tuple[Dated, ...]
    where: Mapping[str, tuple[Mark, str]] = field(default_factory=dict, compare=False, repr=False)

    def says(self, name: str, key: str, what: str) -> str:
        """Return a mistake in a value as one line: with its place where a text writes it, else with a key."""
        if name not in self.where:
            return f"{key}: {what}"
        mark, written = self.where[name]
        return mark.says(f"{written}: {what}")

    @property
    def breakpoints(self) -> set[int]:
        """Return the months in which some value changes."""
        return {month for value in self.values for month, _ in value.steps[1:]}

    def at(self, month: int, declared: type[Parameters]) -> Parameters:
        """Return the group's parameters of a month."""
        return declared(**{value.name: value.at(month) for value in self.values})
