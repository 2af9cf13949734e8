"""Keys and draws for whole arrays of people."""

from __future__ import annotations

import numpy as np

from caresim.kernel.compiled import compiled
from caresim.kernel.draws import ODD_A, U64, Draws, mixed, purpose, uniform

KEY = purpose("synthesis.key")


def keys(draws: Draws, first: int, n: int) -> np.ndarray:
    """Return the lasting keys of `n` people by running number; no two numbers share a key."""
    return _keys(draws.word(KEY, 0), first, n)


def drawn(draws: Draws, what: int, key: np.ndarray) -> np.ndarray:
    """Return one draw in (0, 1) a person for a purpose."""
    return _drawn(draws.word(what, 0), key)


def poisson(draws: Draws, what: int, key: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Return one Poisson number a person (at most 12) for a purpose."""
    return _poisson(drawn(draws, what, key), mean)


@compiled
def _keys(word, first, n):  # type: ignore[no-untyped-def]
    out = np.empty(n, dtype=np.uint64)
    for i in range(n):
        out[i] = mixed(word + U64(first + i) * ODD_A)
    return out


@compiled
def _drawn(word, key):  # type: ignore[no-untyped-def]
    out = np.empty(len(key))
    for i in range(len(key)):
        out[i] = uniform(word, key[i])
    return out


@compiled
def _poisson(draw, mean):  # type: ignore[no-untyped-def]
    out = np.zeros(len(draw), dtype=np.int64)
    for i in range(len(draw)):
        part = np.exp(-mean[i])
        total = part
        while draw[i] > total and out[i] < 12:
            out[i] += 1
            part *= mean[i] / out[i]
            total += part
    return out
