"""Stop as Ctrl-C does, whoever asks for it, and let no interrupt get lost."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SEND_AGAIN_AFTER = 0.05
"""Seconds after which a lost interrupt is sent again."""


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM stop the experiment as Ctrl-C does, and let neither get lost.

    An interrupt that arrives inside a callback of the compiler is only reported there; it is sent again.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    def send_again(lost: Any) -> None:
        if isinstance(lost.exc_value, KeyboardInterrupt):
            sent.append(threading.Timer(SEND_AGAIN_AFTER, _thread.interrupt_main))
            sent[-1].start()
        else:
            reported(lost)

    sent: list[threading.Timer] = []
    before, reported = signal.signal(signal.SIGTERM, stop), sys.unraisablehook
    sys.unraisablehook = send_again
    try:
        yield
    finally:
        for again in sent:  # an interrupt that was heard all the same must not strike once more
            again.cancel()
        sys.unraisablehook = reported
        signal.signal(signal.SIGTERM, before)
