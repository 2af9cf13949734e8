"""Read policy mixes: names of files, or written in the config itself, each with its chain of parents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from caresim.kernel.mistakes import ConfigError, Mark, Mistakes, complaint, shown, suggestion
from caresim.kernel.nodes import Node, of_python
from caresim.kernel.parameters import ALWAYS, Settings
from caresim.kernel.yaml_nodes import read
from caresim.scenario.keys import NAME, MixKeys
from caresim.scenario.settings import Groups, Layer, check_groups, marks_of, overlay, placed, read_settings

if TYPE_CHECKING:
    from caresim.agents.instrument import Instrument

STATUS_QUO = "status_quo"
"""The mix that needs no file: every instrument as it is declared."""
NO_POLICY = "no_policy"
"""The other mix without a file: every lever where it does nothing."""


@dataclass(frozen=True)
class Mix:
    """A policy mix.

    Attributes:
        name: its name.
        instruments: settings of the instruments; of those that replace parameters of a process, only the levers
            that the mix or a parent writes.
        title: its name in reports.
    """

    name: str
    instruments: tuple[Settings, ...] = ()
    title: str = ""


@dataclass
class MixReader:
    """Reads the mixes of one scenario.

    Attributes:
        folders: where files of mixes are looked for, the nearest first.
        instruments: the instruments by name.
        start: the scenario's first month.
        months: months to simulate.
        mistakes: where mistakes are noted.
        key: the key of the config under which the mixes stand.
    """

    folders: Iterable[Path]
    instruments: Mapping[str, Instrument]
    start: int
    months: int
    mistakes: Mistakes
    key: str = "mixes"

    def read(self, node: Node | None) -> tuple[Mix, ...]:
        """Return the mixes of a config, in its order."""
        if node is None:
            node = Node([Node(STATUS_QUO, Mark("mixes"))], Mark("mixes"))
        written = self._written(node)
        return tuple(
            mix for name, (mark, body) in written.items() if (mix := self._mix(name, mark, body, written))
        )

    def _written(self, node: Node) -> dict[str, tuple[Mark, Node | None]]:
        """Return name, mark and text of each mix; a mix that is only named has no text."""
        if node.is_mapping and node.value:
            return {
                name: (mark, body if body.value is not None else None) for name, mark, body in node.items()
            }
        if not isinstance(node.value, list) or not node.value:
            self.mistakes.add(
                node.mark, f"{self.key}: {shown(node.plain())} lists no mix; write [status_quo]"
            )
            return {}
        found: dict[str, tuple[Mark, Node | None]] = {}
        for item in node.value:
            named = item.get("name") if item.is_mapping else item
            if named is None or not isinstance(named.value, str):
                self.mistakes.add(
                    item.mark, f"{self.key}: a mix without a name; write the name of a mix, or name: below"
                )
            elif named.value in found:
                self.mistakes.add(named.mark, f"{self.key}: {shown(named.value)} is listed twice; keep one")
            else:
                found[named.value] = (named.mark, item if item.is_mapping else None)
        return found

    def _mix(
        self, name: str, mark: Mark, body: Node | None, written: Mapping[str, tuple[Mark, Node | None]]
    ) -> Mix | None:
        """Return one mix, its parents' instruments below its own."""
        path = f"{self.key}.{shown(name)}"
        declared: Groups = {key: instrument.parameters for key, instrument in self.instruments.items()}
        layers: list[Layer] = []
        title = ""
        where: dict[str, tuple[Mark, str]] = {}
        marks: dict[str, tuple[Mark, str]] = {}
        for text in self._chain(name, mark, body, written):
            if text.value == NO_POLICY:
                layers.append(_all_off(self.instruments))
                continue
            if not self._keys(text, path):
                continue
            instruments = text.get("instruments")
            layers.append(
                read_settings(
                    instruments,
                    f"{path}.instruments",
                    declared,
                    self.mistakes,
                    "no instrument of that name",
                )
            )
            for key in layers[-1]:
                where[key] = text.mark_of(("instruments", key)), f"{path}.instruments.{key}"
            marks |= marks_of(instruments, f"{path}.instruments")
            own = text.get("title")
            title = str(own.value) if own is not None else title
        on = {
            key: declared[key]
            for key, instrument in self.instruments.items()
            if instrument.sets is None or any(key in layer for layer in layers)
        }
        settings = placed(overlay(layers, on, self.start, self.months), marks)
        check_groups(settings, on, where, self.mistakes)
        return Mix(name, tuple(self._as_written(group, layers) for group in settings), title)

    def _as_written(self, group: Settings, layers: Iterable[Layer]) -> Settings:
        """Return of levers that replace a process's parameters those that are written; the place sets the others."""
        if self.instruments[group.group].sets is None:
            return group
        written = {lever for layer in layers for lever in layer.get(group.group, ())}
        return replace(group, values=tuple(value for value in group.values if value.name in written))

    def _chain(
        self, name: str, mark: Mark, body: Node | None, written: Mapping[str, tuple[Mark, Node | None]]
    ) -> list[Node]:
        """Return the texts of a mix and its parents, the eldest first."""
        chain: list[Node] = []
        seen: set[str] = set()
        while True:
            text = body if body is not None else self._file(name, mark)
            if text is None:
                return chain
            chain.insert(0, text)
            seen.add(name)
            parent = text.get("extends") if text.is_mapping else None
            if parent is None or not isinstance(parent.value, str):
                return chain
            name, mark = parent.value, parent.mark
            if name in seen:
                self.mistakes.add(mark, f"extends: {shown(name)} comes back to itself; name another mix")
                return chain
            body = written[name][1] if name in written else None

    def _file(self, name: str, mark: Mark) -> Node | None:
        """Read the file of a mix."""
        if re.match(NAME, name):
            for folder in self.folders:
                path = folder / f"{name}.yaml"
                if path.is_file():
                    try:
                        return read(path)
                    except ConfigError as error:
                        self.mistakes.take(error)
                        return None
        if name == STATUS_QUO:
            return of_python({}, mark)
        if name == NO_POLICY:
            return of_python(NO_POLICY, mark)
        known = sorted(
            {STATUS_QUO, NO_POLICY, *(path.stem for folder in self.folders for path in folder.glob("*.yaml"))}
        )
        self.mistakes.add(mark, f"{self.key}: no mix {shown(name)}; {suggestion(name, known)}")
        return None

    def _keys(self, text: Node, path: str) -> bool:
        """Note keys of a mix that are unknown or of a wrong kind."""
        try:
            MixKeys.model_validate(text.plain())
        except ValidationError as error:
            for item in error.errors():
                at = text.mark_of(item["loc"])
                key = ".".join([path, *(shown(str(step)) for step in item["loc"])])
                if item["type"] == "extra_forbidden":
                    self.mistakes.unknown(at, key, str(item["loc"][-1]), MixKeys.model_fields)
                else:
                    self.mistakes.add(at, f"{key}: {complaint(item)}")
        return text.is_mapping


def _all_off(instruments: Mapping[str, Instrument]) -> Layer:
    """Return the layer in which every lever does nothing."""
    return {
        name: {lever: ((ALWAYS, value),) for lever, value in instrument.off().items()}
        for name, instrument in instruments.items()
    }
