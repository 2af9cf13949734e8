"""Tasks that workers can do without loading much."""

import contextlib
import os
import signal
import subprocess
import time

LONG = 300_000


def squared(number):
    """Return a square; some numbers kill the worker, some fail, some give a result too long for a pipe."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 5:
        raise ValueError("no\nsquare")
    return number * number if number != 7 else b"x" * LONG


def dies_while_it_answers(number):
    """Be killed at some moment of a long answer."""
    if number == 2:
        subprocess.Popen(["sh", "-c", f"sleep 0.05; kill -9 {os.getpid()}"])
    return b"x" * 20_000_000


def slowly(number):
    time.sleep(0.15)
    return number


class DiesOnce:
    """Says what runs here; the first other process that is asked dies of it."""

    def __init__(self, mark):
        self.mark, self.asks = mark, os.getpid()

    def __call__(self):
        if os.getpid() != self.asks:
            with contextlib.suppress(FileExistsError):
                self.mark.touch(exist_ok=False)
                os.kill(os.getpid(), signal.SIGKILL)
        return {}
