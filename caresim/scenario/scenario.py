"""A scenario: assumptions about the world and the policy mixes to run under them, frozen."""

from __future__ import annotations

import hashlib
import json
import os
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from caresim import catalogue
from caresim.kernel.clock import month_text
from caresim.kernel.mistakes import ConfigError, suggestion
from caresim.kernel.parameters import ALWAYS, Dated, Settings
from caresim.scenario.design import Design
from caresim.scenario.levers import with_levers
from caresim.scenario.loading import keys_from_file, keys_from_python
from caresim.scenario.mixes import Mix

if TYPE_CHECKING:
    from caresim.agents.policy import Policy
    from caresim.kernel.parameters import Parameters

Value = TypeVar("Value")
Steps = tuple[list[int], list[Value]]
"""Months in which something changes, and what holds from each on."""


@dataclass(frozen=True)
class Scenario:
    """Assumptions of a run; equal and of one hash when they say the same.

    Attributes:
        name: name of the run folder.
        place: a place that ships, or the absolute path of a folder of tables.
        start: first month, a month number.
        months: months to simulate.
        seed: all luck follows from it.
        replications: runs of each mix.
        baseline: the mix that the others are compared with.
        residents: people present at the start.
        townships: townships.
        villages: villages.
        mixes: the policy mixes to run.
        parameters: the value of every declared parameter, by group.
        past: the mix under which everybody lived before the first month; every mix starts from the world that it left.
        counties: counties that are run one by one, of so many residents, townships and villages each.
        county: the county that a model of this scenario builds.
        design: points at which a sweep runs it; no assumption of a run, and no part of `resolved`.
    """

    name: str
    place: str
    start: int
    months: int
    seed: int
    replications: int
    baseline: str
    residents: int
    townships: int
    villages: int
    mixes: tuple[Mix, ...]
    parameters: tuple[Settings, ...]
    counties: int = 1
    county: int = 0
    design: Design | None = None
    past: Mix | None = None

    @classmethod
    def of(cls, **keys: Any) -> Scenario:
        """Build a scenario in Python from the keys of a config, with the same checks.

        Args:
            **keys: as in a config file; `residents`, `townships`, `villages` may stand beside the others.

        Raises:
            ConfigError: a key or a value is not possible.
        """
        return cls(**keys_from_python(keys))

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is derived."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def parameters_at(self, month: int, mix: str | None = None) -> dict[str, Parameters]:
        """Return the parameters of a month by group: the very same objects while nothing changes.

        Args:
            month: the month number.
            mix: a policy mix; what it writes of a process's own levers replaces the scenario's values.
        """
        return _at(self._in_force[mix], month)

    def policy_at(self, month: int, mix: str) -> Policy:
        """Return the measures of a mix in a month: the very same object while nothing changes."""
        return _at(self._enacted[mix], month)

    @cached_property
    def before(self) -> tuple[dict[str, Parameters], Policy]:
        """Return the parameters and the measures of the time before the first month, the same for every mix."""
        past = self.past or self.mix(self.baseline)
        if past in self.mixes:
            return self.parameters_at(self.start, past.name), self.policy_at(self.start, past.name)
        return _at(self._parameters_in(past), self.start), _at(_measures(past), self.start)

    def mix(self, name: str) -> Mix:
        """Return a mix by name.

        Raises:
            ConfigError: the scenario has no mix of that name.
        """
        known = {mix.name: mix for mix in self.mixes}
        if name not in known:
            raise ConfigError([f"mix {name}: not in scenario {self.name}; {suggestion(name, known)}"])
        return known[name]

    def only(self, *names: str) -> Scenario:
        """Return the scenario with some of its mixes; the first is the baseline if the baseline is left out.

        Raises:
            ConfigError: the scenario has no mix of that name.
        """
        baseline = self.baseline if self.baseline in names else names[0]
        return replace(self, mixes=tuple(self.mix(name) for name in names), baseline=baseline)

    def in_county(self, county: int) -> Scenario:
        """Return the scenario whose models build a county: same assumptions, other people and luck."""
        return self if county == self.county else replace(self, county=county)

    def resolved(self) -> dict[str, Any]:
        """Return every key and every parameter as JSON could say it: a config that needs no declaration."""
        return {
            "name": self.name,
            "place": self.place,
            "start": month_text(self.start),
            "months": self.months,
            "seed": self.seed,
            "replications": self.replications,
            "population": {
                "residents": self.residents,
                "townships": self.townships,
                "villages": self.villages,
                **({"counties": self.counties} if self.counties > 1 else {}),
            },
            "baseline": self.baseline,
            "mixes": {mix.name: self._resolved_mix(mix) for mix in self.mixes},
            **self._resolved_past(),
            "parameters": self._resolved_settings(self.parameters),
        }

    def digest(self) -> str:
        """Return a hash of everything that `resolved` says."""
        text = json.dumps(self.resolved(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def _in_force(self) -> dict[str | None, Steps[dict[str, Parameters]]]:
        """Return the parameters in steps, without a mix and with each."""
        return {None: self._plain} | {mix.name: self._parameters_in(mix) for mix in self.mixes}

    @cached_property
    def _plain(self) -> Steps[dict[str, Parameters]]:
        """Return the parameters in steps, without a mix."""
        return _in_steps(self.parameters, catalogue.parameter_groups())

    def _parameters_in(self, mix: Mix) -> Steps[dict[str, Parameters]]:
        """Return the parameters in steps, with what a mix writes of a process's own levers."""
        settings = with_levers(self.parameters, mix)
        return (
            self._plain if settings == self.parameters else _in_steps(settings, catalogue.parameter_groups())
        )

    @cached_property
    def _enacted(self) -> dict[str, Steps[Policy]]:
        """Return the measures of each mix in steps."""
        return {mix.name: _measures(mix) for mix in self.mixes}

    def _resolved_past(self) -> dict[str, Any]:
        """Return the past if it is not the baseline: by name where it is run, else in full."""
        past = self.past
        if past is None or past == self.mix(self.baseline):
            return {}
        return {"past": past.name if past in self.mixes else {"name": past.name, **self._resolved_mix(past)}}

    def _resolved_mix(self, mix: Mix) -> dict[str, Any]:
        return {"title": mix.title or mix.name, "instruments": self._resolved_settings(mix.instruments)}

    def _resolved_settings(self, groups: tuple[Settings, ...]) -> dict[str, Mapping[str, Any]]:
        return {
            settings.group: {value.name: self._resolved_value(value) for value in settings.values}
            for settings in groups
        }

    def _resolved_value(self, value: Dated) -> Any:
        """Return a value, or its dated values from the start on."""
        if len(value.steps) == 1:
            return value.steps[0][1]
        return {month_text(max(month, self.start)): step for month, step in value.steps}


def _measures(mix: Mix) -> Steps[Policy]:
    """Return the measures of a mix in steps."""
    from caresim.agents.policy import Policy

    instruments = catalogue.instruments()
    acting = tuple(group for group in mix.instruments if instruments[group.group].sets is None)
    months, levers = _in_steps(acting, {name: one.parameters for name, one in instruments.items()})
    return months, [Policy(in_force, instruments) for in_force in levers]


def _at(steps: Steps[Value], month: int) -> Value:
    months, values = steps
    return values[bisect_right(months, month) - 1]


def _in_steps(groups: tuple[Settings, ...], declared: Mapping[str, Any]) -> Steps[dict[str, Any]]:
    """Return the months in which values change, and the groups from each on."""
    breaks = {settings.group: settings.breakpoints for settings in groups}
    months = [ALWAYS, *sorted({month for group in breaks.values() for month in group})]
    in_force: list[dict[str, Any]] = []
    for month in months:
        before = in_force[-1] if in_force else {}
        in_force.append(
            {
                settings.group: _of_month(settings, month, declared)
                if month == ALWAYS or month in breaks[settings.group]
                else before[settings.group]
                for settings in groups
            }
        )
    return months, in_force


def _of_month(settings: Settings, month: int, declared: Mapping[str, Any]) -> Any:
    """Return a group of a month; a config is checked when it is loaded, a point of a design may not be."""
    try:
        return settings.at(month, declared[settings.group])
    except ValidationError as error:
        raise ConfigError([f"{settings.group}: {error.errors()[0]['msg']}"]) from None


def load_scenario(
    path: str | os.PathLike[str], set: Iterable[str] = (), options: Iterable[tuple[str, str]] = ()
) -> Scenario:
    """Read a scenario config.

    Args:
        path: the config, a YAML file.
        set: deviations from it, each `key=value`, as `population.residents=3000`.
        options: more of them, each with the option's name for messages, as `("--seed", "seed=5")`.

    Raises:
        ConfigError: anything wrong in the config, its parents, its mixes, its place or the deviations; all
            of it at once, one line a mistake.
    """
    return Scenario(**keys_from_file(path, [*(("--set", text) for text in set), *options]))
