"""Randomness that belongs to a seed, a purpose, a month and a person, never to the order of calls.

A draw is a hash: the same person meets the same luck under every policy mix, in any order and with any
number of workers. The hash is three rounds of xor-shift and multiply (the constants are those of David
Stafford's and Pelle Evensen's searches for 64-bit finalisers) over the key and a well mixed stream word.
"""

from __future__ import annotations

import hashlib

import numpy as np

from caresim.kernel.compiled import compiled

U64 = np.uint64
_MASK = (1 << 64) - 1
ODD_A = U64(0xBF58476D1CE4E5B9)
ODD_B = U64(0x94D049BB133111EB)
ODD_C = U64(0x9E3779B97F4A7C15)
S30, S27, S31, S32, S11 = U64(30), U64(27), U64(31), U64(32), U64(11)
UNIT = 2.0**-53
HALF = 2.0**-54


@compiled
def mixed(word: np.uint64) -> np.uint64:
    """Scramble a 64-bit word so that every input bit moves every output bit with probability one half."""
    word = (word ^ (word >> S30)) * ODD_A
    word = (word ^ (word >> S27)) * ODD_B
    word = (word ^ (word >> S32)) * ODD_C
    return word ^ (word >> S31)


@compiled
def uniform(stream: np.uint64, key: np.uint64) -> float:
    """Return the draw of a person (`key`) in a stream, in the open interval (0, 1)."""
    return float(mixed(key ^ stream) >> S11) * UNIT + HALF


@compiled
def uniform_k(stream: np.uint64, key: np.uint64, k: int) -> float:
    """Return the k-th draw of a person in a stream; k = 0 is not the same draw as `uniform`."""
    return float(mixed(mixed(key ^ stream) + U64(k + 1) * ODD_C) >> S11) * UNIT + HALF


@compiled
def child_key(mother: np.uint64, parity: int) -> np.uint64:
    """Return the key of a mother's child of a given birth order; a row's children of any kind get keys so."""
    return mixed(mixed(mother + ODD_C) + U64(parity) * ODD_B)


def _mixed(word: int) -> int:
    """Scramble one Python integer as `mixed` does, without loading Numba."""
    word = (word ^ (word >> 30)) * int(ODD_A) & _MASK
    word = (word ^ (word >> 27)) * int(ODD_B) & _MASK
    word = (word ^ (word >> 32)) * int(ODD_C) & _MASK
    return word ^ (word >> 31)


def purpose(name: str) -> int:
    """Return the word of a purpose: a name such as ``mortality.death``, kept beside the rule that uses it."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


class Draws:
    """The luck of one replication: streams by purpose and month.

    Args:
        seed: the experiment's seed.
        replication: the replication's number; the policy mix never enters.
    """

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication
        self._base = _mixed(_mixed(seed & _MASK) + (replication + 1) * int(ODD_C) & _MASK)
        self._month: int | None = None
        self._used: set[int] = set()

    def stream(self, purpose: int, month: int) -> np.uint64:
        """Return the stream of a purpose in a month.

        Raises:
            RuntimeError: the purpose was drawn before in this month; a second use would repeat its luck.
        """
        if month != self._month:
            self._month = month
            self._used.clear()
        if purpose in self._used:
            raise RuntimeError(f"purpose {purpose:#x} drawn twice in month {month}")
        self._used.add(purpose)
        return self.word(purpose, month)

    def word(self, purpose: int, month: int) -> np.uint64:
        """Return a stream without noting its use: for lasting traits, which are read again and again."""
        return U64(_mixed(_mixed(self._base ^ purpose) + (month + (1 << 20)) * int(ODD_B) & _MASK))
