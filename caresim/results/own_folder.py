"""A folder that one run has claimed: it writes nowhere else, and nothing into what has become somebody else's."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from caresim.results.errors import RunFolderError, unwritable
from caresim.results.failures import FAILURES
from caresim.results.manifest import COMPLETE, MANIFEST, checksum, read_manifest, write_manifest
from caresim.results.parts import PARTS
from caresim.results.tables import COUNTIES, MONTHLY, POPULATION

STATUS = "status.json"
IDENTITY = ("digest", "source", "started")
"""What tells one run's manifest from another's."""
Signature = tuple[int, int, int]


class OwnFolder:
    """The folder of a run, as long as it is this run's.

    Args:
        path: the folder.
        manifest: its manifest.
        notice: one line that the user should know of how the folder was taken up.
    """

    def __init__(self, path: Path, manifest: dict[str, Any], notice: str = "") -> None:
        self.path = path
        self.manifest = manifest
        self.notice = notice
        self._opened = time.monotonic()
        self._signature: Signature | None = None

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"RunFolder({str(self.path)!r}, {self.manifest['status']})"

    @property
    def kind(self) -> str:
        """Return what the folder holds instead of a run, such as a sweep; nothing if it is a run."""
        return str(self.manifest.get("kind", ""))

    @property
    def complete(self) -> bool:
        """Tell whether every replication is in."""
        return bool(self.manifest["status"] == COMPLETE)

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Write into this run's folder and no other: nothing is left where it has been taken away.

        Raises:
            RunFolderError: the folder is gone, or somebody else's now, or cannot be written.
        """
        try:
            self._look()
            yield
        except (FileNotFoundError, RunFolderError) as error:
            if self._is_ours():
                if isinstance(error, FileNotFoundError):
                    raise unwritable(self.path, error) from None
                raise
            raise self._changed() from None
        except OSError as error:
            raise unwritable(self.path, error) from None

    def _look(self) -> None:
        """See that the manifest is the one that we know; it is read again only if the file is another."""
        found = (self.path / MANIFEST).stat()
        signature = (found.st_ino, found.st_mtime_ns, found.st_size)
        if signature != self._signature:
            if not self._is_ours():
                raise self._changed()
            self._signature = signature

    def _is_ours(self) -> bool:
        try:
            known = read_manifest(self.path)
        except RunFolderError:
            return False
        return all(known[key] == self.manifest[key] for key in IDENTITY)

    def _changed(self) -> RunFolderError:
        """Return the error, after removing parts that would stand in the way of the next run."""
        if not (self.path / MANIFEST).exists():
            self.sweep()
            with suppress(OSError):
                self.path.rmdir()
        return RunFolderError(f"{self.path}: the folder changed while the run went on; run again")

    def sweep(self) -> None:
        """Remove the parts, and what was told while the run went on."""
        shutil.rmtree(self.path / PARTS, ignore_errors=True)
        for name in (STATUS, f"{STATUS}.tmp", f"{MONTHLY}.tmp", f"{POPULATION}.tmp", f"{COUNTIES}.tmp"):
            with suppress(OSError):
                (self.path / name).unlink(missing_ok=True)

    def withdraw(self) -> None:
        """Give up a run that has nothing yet, so that its folder can be taken again."""
        with self.unchanged():
            self.sweep()
            for name in (FAILURES, MANIFEST):
                (self.path / name).unlink(missing_ok=True)
            with suppress(OSError):  # other things are in it
                self.path.rmdir()

    def seal(self, files: Iterable[Path]) -> None:
        """Write the manifest with the checksums of these finished files; those of others stay as they are."""
        new = {file.relative_to(self.path).as_posix(): checksum(file) for file in files}
        self.manifest["files"] = dict(sorted({**self.manifest["files"], **new}.items()))
        write_manifest(self.path, self.manifest)

    def changed_files(self) -> list[tuple[str, str, str]]:
        """Return the files that are not as the run left them: name, checksum then, and now (none if missing)."""
        files = [(name, known, self.path / name) for name, known in self.manifest["files"].items()]
        sums = [(name, known, checksum(file) if file.is_file() else "") for name, known, file in files]
        return [(name, known, found) for name, known, found in sums if found != known]
