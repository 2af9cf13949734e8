"""Let go of machine code that nobody has used for long: of each version of a rule some is kept.

The time of a folder of machine code is when it was last used, to a day. Once a day some process that uses one looks
for those that were not used in the 90 days before the last such look: after a long pause all that is in use is noted
first. A folder is moved away before it is emptied, so that nobody meets half of one; whoever needs it then compiles
anew. Nothing here fails: what cannot be removed stays.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import time
from contextlib import suppress
from pathlib import Path

DAY = 86_400.0
KEPT = 90 * DAY
"""Seconds that machine code is kept without use."""
LOOKED = "looked"
"""File whose time is that of the last look."""
GONE = ".gone"
CODE = re.compile(r"[0-9a-f]{16}")
"""Names of folders of machine code."""


def used(folder: Path) -> Path:
    """Note that a folder of machine code is used, if it is there, and return it."""
    with suppress(OSError):
        if time.time() - folder.stat().st_mtime > DAY:
            os.utime(folder)
    _let_go(folder.parent)
    return folder


@functools.cache
def _let_go(cache: Path) -> None:
    """Remove what was not used in the 90 days before the last look, if that is a day ago; look once in a process."""
    look = cache / LOOKED
    with suppress(OSError):
        if not look.exists():
            look.touch()
        before = look.stat().st_mtime
        if time.time() - before < DAY:
            return
        look.touch()  # other processes find it done
        for one in cache.iterdir():
            with suppress(OSError):
                if CODE.fullmatch(one.name) and one.stat().st_mtime < before - KEPT:
                    one = one.rename(one.with_suffix(GONE))
                if one.suffix == GONE:
                    shutil.rmtree(one, ignore_errors=True)
