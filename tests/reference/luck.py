"""The draws that reference and model share, and a count of them for the speed benchmark."""

from __future__ import annotations

import time

import numpy as np

from caresim.kernel import draws
from caresim.kernel.draws import Draws, purpose


class Luck:
    """The draws of one run, asked for by the name of their purpose.

    Args:
        seed: the experiment's seed.
        replication: the replication's number.
    """

    def __init__(self, seed, replication):
        self._draws = Draws(seed, replication)
        self._lasting = {}

    def stream(self, name, month):
        return self._draws.word(purpose(name), month)

    def lasting(self, name):
        if name not in self._lasting:
            self._lasting[name] = self._draws.word(purpose(name), 0)
        return self._lasting[name]

    def uniform(self, stream, key):
        return draws.uniform(stream, key)

    def uniform_k(self, stream, key, k):
        return draws.uniform_k(stream, key, k)

    def child_key(self, key, number):
        return np.uint64(draws.child_key(key, number))

    def normal_quantile(self, u):
        return draws.normal_quantile(u)


class CountedLuck(Luck):
    """Draws that are counted, so that their time can be told apart from that of the rules."""

    def __init__(self, seed, replication):
        super().__init__(seed, replication)
        self.calls = {"uniform": 0, "uniform_k": 0, "child_key": 0, "normal_quantile": 0}

    def uniform(self, stream, key):
        self.calls["uniform"] += 1
        return draws.uniform(stream, key)

    def uniform_k(self, stream, key, k):
        self.calls["uniform_k"] += 1
        return draws.uniform_k(stream, key, k)

    def child_key(self, key, number):
        self.calls["child_key"] += 1
        return super().child_key(key, number)

    def normal_quantile(self, u):
        self.calls["normal_quantile"] += 1
        return draws.normal_quantile(u)

    def seconds(self, sample=20_000):
        """Return the time that all draws so far took, counting included: calls times the time of one.

        A clock around every single draw would cost more than the draw; so the time of one is measured over a
        sample of calls of the same kind.
        """
        word, key = np.uint64(12345), np.uint64(67890)
        arguments = {"uniform": (word, key), "uniform_k": (word, key, 1), "child_key": (key, 1),
                     "normal_quantile": (0.3,)}  # fmt: skip
        probe = CountedLuck(0, 0)
        total = 0.0
        for name, calls in self.calls.items():
            draw, given = getattr(probe, name), arguments[name]
            draw(*given)
            began = time.perf_counter()
            for _ in range(sample):
                draw(*given)
            total += calls * (time.perf_counter() - began) / sample
        return total
