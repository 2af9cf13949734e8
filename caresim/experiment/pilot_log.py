"""What pilots spent, line by line on disk, so that an interrupted search does not run them again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.kernel.mistakes import ConfigError
from caresim.results.errors import unwritable
from caresim.results.manifest import program_hash

if TYPE_CHECKING:
    from caresim.scenario import Scenario

Pilot = tuple[str, float, int]
"""Mix, factor, replication."""


class PilotLog:
    """A file of pilots: its first line names the scenario and the program, each other one a pilot.

    Attributes:
        path: the file.
        known: yuan that each pilot spent, by mix, factor and replication.
    """

    def __init__(self, path: Path, scenario: Scenario, resume: bool) -> None:
        """Open a new log, or go on with one.

        Raises:
            ConfigError: there is one and nobody said to go on with it, or it is of another scenario or program.
            Unwritable: the file cannot be written.
        """
        self.path = path
        head = json.dumps(
            {"pilots_of": hashlib.sha256(f"{scenario.digest()} {program_hash()}".encode()).hexdigest()}
        )
        lines = path.read_text().splitlines(keepends=True) if path.exists() else []
        if lines and not resume:
            raise ConfigError([f"{path}: pilots of an interrupted search; go on with --resume, or remove it"])
        if lines and lines[0].strip() != head:
            raise ConfigError(
                [f"{path}: pilots of another scenario or version; remove it, or undo the change"]
            )
        self._head = f"{head}\n"
        self.known: dict[Pilot, float] = {}
        whole = [line for line in lines[1:] if line.endswith("\n")]
        for line in whole:
            mix, factor, replication, spent = json.loads(line)
            self.known[mix, factor, replication] = spent
        if lines:
            self._put("w", self._head + "".join(whole))

    def note(self, pilot: Pilot, spent: float) -> None:
        """Write down what a pilot spent."""
        begins = "" if self.known else self._head
        self.known[pilot] = spent
        self._put("a" if not begins else "w", begins + json.dumps([*pilot, spent]) + "\n")

    def close(self) -> None:
        """Remove the file: what it told stands in the new configs."""
        self.path.unlink(missing_ok=True)

    def _put(self, how: str, text: str) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open(how, encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise unwritable(self.path, error) from None
