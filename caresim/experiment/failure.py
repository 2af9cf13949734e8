"""What a task comes to that comes to nothing, wherever it is done."""

from __future__ import annotations

from dataclasses import dataclass

AHEAD = 2
"""Tasks handed out per process, so that none waits for the next."""


@dataclass(frozen=True)
class Failure:
    """A task that came to nothing; the message is one line."""

    message: str


class WorkersLost(RuntimeError):  # noqa: N818 - the name says what happened
    """No worker is there to go on; the message is one line. What was yielded before holds."""


def failure_of(error: BaseException) -> Failure:
    """Return what went wrong in one line."""
    told = " ".join(str(error).split())
    return Failure(f"{type(error).__name__}: {told}" if told else type(error).__name__)
