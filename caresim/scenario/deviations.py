"""Lay a point of a design over a scenario, without reading its config again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from caresim import catalogue
from caresim.kernel.parameters import ALWAYS, Dated, Settings
from caresim.scenario.axes import Axis, scaled
from caresim.scenario.axis_targets import Target, field_of, groups_of
from caresim.scenario.levers import fault_of, with_levers

if TYPE_CHECKING:
    from caresim.scenario.mixes import Mix
    from caresim.scenario.scenario import Scenario


def deviate(scenario: Scenario, axes: Sequence[Axis], values: Sequence[Any]) -> Scenario:
    """Return the scenario at a point of a design; it says nothing of whether its values go together.

    Args:
        scenario: the scenario that the design deviates from.
        axes: axes of the design.
        values: one for each axis; None leaves what the config says. A value holds from the start on, whatever dates
            the config writes; a factor scales each dated value.
    """
    parameters = {settings.group: settings for settings in scenario.parameters}
    mixes = {mix.name: mix for mix in scenario.mixes}
    for axis, value in zip(axes, values, strict=True):
        target = axis.target
        if value is None or target is None:
            continue
        if target.home == "parameters":
            group = parameters[target.group]
            parameters[target.group] = _with(group, target.name, _change(axis, target, value))
        else:
            for name in [target.mix] if target.mix is not None else list(mixes):
                mixes[name] = _with_lever(mixes[name], parameters, axis, target, value)
    return replace(scenario, parameters=tuple(parameters.values()), mixes=tuple(mixes.values()))


def impossible(scenario: Scenario, axes: Sequence[Axis]) -> str:
    """Return why the values of a deviated scenario do not go together, or nothing if they do."""
    parameters = {settings.group: settings for settings in scenario.parameters}
    touched = {axis.target.group for axis in axes if axis.target and axis.target.home == "parameters"}
    turned = {
        (axis.target.group, axis.target.mix)
        for axis in axes
        if axis.target and axis.target.home != "parameters"
    }
    checked = [(parameters[group], "parameters") for group in touched]
    for mix in _all_mixes(scenario):
        of_mix = {group for group, name in turned if name in (None, mix.name)}
        checked += _under(mix, of_mix, touched, parameters)
    faults = (fault_of(group, home) for group, home in checked)
    return next((told[0] for told in faults if told is not None), "")


def value_at_start(scenario: Scenario, axis: Axis) -> Any:
    """Return what an axis has by the config at the start: of a lever, in the baseline mix or else by its declaration.

    A factor is 1, and so is what is no number of the model.
    """
    target = axis.target
    if target is None or axis.kind == "factor":
        return 1.0
    groups = scenario.parameters
    if target.home != "parameters":
        mix = target.mix or scenario.baseline
        groups = tuple(group for one in scenario.mixes if one.name == mix for group in one.instruments)
    written = (value for group in groups if group.group == target.group for value in group.values)
    dated = next((value for value in written if value.name == target.name), None)
    value = field_of(target).default if dated is None else dated.at(scenario.start)
    return value if target.position is None else value[target.position]


def written_by_mixes(scenario: Scenario, axis: Axis) -> tuple[str, list[str]]:
    """Return the instrument through which mixes replace a parameter that an axis varies, and those mixes."""
    target = axis.target
    if target is None or target.home != "parameters":
        return "", []
    setters = {name: one for name, one in catalogue.instruments().items() if one.sets == target.group}
    found = [
        (settings.group, mix.name)
        for mix in scenario.mixes
        for settings in mix.instruments
        if settings.group in setters
        and any(setters[settings.group].replaced(value.name) == target.name for value in settings.values)
    ]
    return (found[0][0], [mix for _, mix in found]) if found else ("", [])


def _all_mixes(scenario: Scenario) -> tuple[Mix, ...]:
    """Return the mixes of a scenario, and that of the time before it."""
    return scenario.mixes if scenario.past is None else (*scenario.mixes, scenario.past)


def _under(
    mix: Mix, turned: set[str], touched: set[str], parameters: dict[str, Settings]
) -> list[tuple[Settings, str]]:
    """Return what axes change under a mix: instruments, and processes that it has levers of together with these."""
    instruments = catalogue.instruments()
    own = [
        group for group in mix.instruments if group.group in turned and instruments[group.group].sets is None
    ]
    replaced = {instruments[group.group].sets for group in mix.instruments}
    turning = touched | {instruments[group].sets for group in turned}
    whole = tuple(group for name, group in parameters.items() if name in replaced & turning)
    return [
        *((group, "instruments") for group in own),
        *((group, "parameters") for group in with_levers(whole, mix)),
    ]


def _with(group: Settings, name: str, change: Callable[[Dated], Dated]) -> Settings:
    return replace(
        group, values=tuple(change(value) if value.name == name else value for value in group.values)
    )


def _change(axis: Axis, target: Target, value: Any) -> Callable[[Dated], Dated]:
    """Return what an axis makes of a dated value."""
    if axis.kind == "factor":
        declared = groups_of(target.home)[target.group]
        return lambda old: _in_each(old, lambda step: scaled(declared, target.name, step, value))
    if target.position is None:
        return lambda old: Dated(old.name, ((ALWAYS, value),))
    at = target.position
    return lambda old: _in_each(old, lambda step: (*step[:at], value, *step[at + 1 :]))


def _in_each(old: Dated, change: Callable[[Any], Any]) -> Dated:
    return Dated(old.name, tuple((month, change(step)) for month, step in old.steps))


def _with_lever(mix: Mix, parameters: dict[str, Settings], axis: Axis, target: Target, value: Any) -> Mix:
    """Return a mix with one lever turned; a lever that it left to its process is written now."""
    groups = {settings.group: settings for settings in mix.instruments}
    one = catalogue.instruments()[target.group]
    group = groups.get(target.group, Settings(target.group, ()))
    if one.sets is not None and all(known.name != target.name for known in group.values):
        replaced = one.replaced(target.name)
        start = next(known for known in parameters[one.sets].values if known.name == replaced)
        group = replace(group, values=(*group.values, replace(start, name=target.name)))
    groups[target.group] = _with(group, target.name, _change(axis, target, value))
    order = list(catalogue.instruments())
    return replace(
        mix, instruments=tuple(sorted(groups.values(), key=lambda known: order.index(known.group)))
    )
