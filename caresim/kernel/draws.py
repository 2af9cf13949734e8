"""Randomness that belongs to a seed, a purpose, a month and a person, never to the order of calls.

A draw is a hash: the same person meets the same luck under every policy mix, in any order and with any
number of workers. The hash is three rounds of xor-shift and multiply (the constants are those of David
Stafford's and Pelle Evensen's searches for 64-bit finalisers) over the key and a well mixed stream word.
"""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from caresim.kernel.compiled import compiled

U64 = np.uint64
_MASK = (1 << 64) - 1
ODD_A = U64(0xBF58476D1CE4E5B9)
ODD_B = U64(0x94D049BB133111EB)
ODD_C = U64(0x9E3779B97F4A7C15)
_A, _B, _C = int(ODD_A), int(ODD_B), int(ODD_C)
S30, S27, S31, S32, S12 = U64(30), U64(27), U64(31), U64(32), U64(12)
ERA = 1 << 20
"""Added to months, so that none is negative."""
# Coefficients of AS 241 (Wichura 1988, Applied Statistics 37:477), highest power first.
CENTRE_NUMERATOR = (
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
)  # fmt: skip
CENTRE_DENOMINATOR = (
    5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
    5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0,
)  # fmt: skip
MIDDLE_NUMERATOR = (
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
)  # fmt: skip
MIDDLE_DENOMINATOR = (
    1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
    0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0,
)  # fmt: skip
TAIL_NUMERATOR = (
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
    0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
)  # fmt: skip
TAIL_DENOMINATOR = (
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0,
)  # fmt: skip
CENTRE = 0.425
"""Distance from one half of the draws whose quantiles are found without a logarithm."""
UNIT = 2.0**-52
HALF = 2.0**-53  # with 52 bits every draw is exact; a 53rd would round the highest one to 1


@compiled
def mixed(word: np.uint64) -> np.uint64:
    """Scramble a 64-bit word so that every input bit moves every output bit with probability one half."""
    word = (word ^ (word >> S30)) * ODD_A
    word = (word ^ (word >> S27)) * ODD_B
    word = (word ^ (word >> S32)) * ODD_C
    return word ^ (word >> S31)


@compiled
def stream_of(origin: np.uint64, month: int) -> np.uint64:
    """Return the stream of a purpose in a month from the purpose's origin; that of lasting traits in month 0."""
    return mixed(origin + U64(month + ERA) * ODD_B)


@compiled
def streams(origins, month):
    """Return the streams of some purposes in a month from their origins; those of lasting traits in month 0."""
    found = np.empty(len(origins), dtype=np.uint64)
    for j in range(len(origins)):
        found[j] = stream_of(origins[j], month)
    return found


@compiled
def uniform(stream: np.uint64, key: np.uint64) -> float:
    """Return the draw of a person (`key`) in a stream, in the open interval (0, 1)."""
    return float(mixed(key ^ stream) >> S12) * UNIT + HALF


@compiled
def uniform_k(stream: np.uint64, key: np.uint64, k: int) -> float:
    """Return the k-th draw of a person in a stream; k = 0 is not the same draw as `uniform`."""
    return float(mixed(mixed(key ^ stream) + U64(k + 1) * ODD_C) >> S12) * UNIT + HALF


@compiled
def keys_of(rows, key):
    """Return the keys of some rows side by side, so that no draw waits for one."""
    keys = np.empty(len(rows), dtype=np.uint64)
    for j in range(len(rows)):
        keys[j] = key[rows[j]]
    return keys


@compiled
def child_key(mother: np.uint64, parity: int) -> np.uint64:
    """Return the key of a mother's child of a given birth order; a row's children of any kind get keys so."""
    return mixed(mixed(mother + ODD_C) + U64(parity) * ODD_B)


@compiled
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of a draw (Wichura 1988, algorithm AS 241, PPND16)."""
    q = u - 0.5
    if abs(q) <= CENTRE:
        r = 0.180625 - q * q
        return q * _ratio(r, CENTRE_NUMERATOR, CENTRE_DENOMINATOR)
    r = math.sqrt(-math.log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        tail = _ratio(r - 1.6, MIDDLE_NUMERATOR, MIDDLE_DENOMINATOR)
    else:
        tail = _ratio(r - 5.0, TAIL_NUMERATOR, TAIL_DENOMINATOR)
    return -tail if q < 0.0 else tail


@compiled
def normal_draws(stream: np.uint64, keys: np.ndarray) -> np.ndarray:
    """Return the standard normal draws of several persons in a stream: `normal_quantile` of each `uniform` draw."""
    draws, tails, found = np.empty(len(keys)), np.empty(len(keys) + 1, dtype=np.uint32), 0
    for j in range(len(keys)):  # without a branch, several at once
        q = uniform(stream, keys[j]) - 0.5
        draws[j] = q * _ratio(0.180625 - q * q, CENTRE_NUMERATOR, CENTRE_DENOMINATOR)
    for j in range(len(keys)):
        tails[found] = j
        found += abs(uniform(stream, keys[j]) - 0.5) > CENTRE
    for t in range(found):
        draws[tails[t]] = normal_quantile(uniform(stream, keys[tails[t]]))
    return draws


@compiled
def _ratio(r: float, numerator: tuple[float, ...], denominator: tuple[float, ...]) -> float:
    """Evaluate a ratio of two polynomials by Horner's rule, highest power first."""
    above, below = 0.0, 0.0
    for j in range(8):
        above = above * r + numerator[j]
        below = below * r + denominator[j]
    return above / below


@functools.cache
def normal_steps(steps: int) -> np.ndarray:
    """Return the standard normal quantiles of the middles of so many equal steps of a draw."""
    found: np.ndarray = _normal_steps(steps)
    found.flags.writeable = False
    return found


@compiled
def _normal_steps(steps: int) -> np.ndarray:
    quantiles = np.empty(steps)
    for step in range(steps):
        quantiles[step] = normal_quantile((step + 0.5) / steps)
    return quantiles


def _mixed(word: int) -> int:
    """Scramble one Python integer as `mixed` does, without loading Numba."""
    word = (word ^ (word >> 30)) * _A & _MASK
    word = (word ^ (word >> 27)) * _B & _MASK
    word = (word ^ (word >> 32)) * _C & _MASK
    return word ^ (word >> 31)


def purpose(name: str) -> int:
    """Return the word of a purpose: a name such as ``mortality.death``, kept beside the rule that uses it."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


NOT_DRAWN = 0
"""The turn of a purpose that has not been drawn."""


class Draws:
    """The luck of one replication: streams by purpose and month.

    Args:
        seed: the experiment's seed.
        replication: the replication's number; the policy mix never enters.
        county: the county's number in a province.
    """

    def __init__(self, seed: int, replication: int, county: int = 0) -> None:
        self.seed = seed
        self.replication = replication
        self._base = _mixed(_mixed(seed & _MASK) + (replication + 1) * _C & _MASK)
        if county:
            self._base = _mixed(self._base + county * _A & _MASK)
        self._origins: dict[int, int] = {}
        self._lasting: dict[int, np.uint64] = {}
        self._month: int | None = None
        self._turns = 0
        self._places: dict[int, int] = {}
        self._drawn: list[int] = []
        self._row = self._words = np.zeros(0, dtype=U64)
        self._together: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[np.ndarray, list[int]]] = {}

    def stream(self, purpose: int, month: int) -> np.uint64:
        """Return the stream of a purpose in a month.

        Raises:
            RuntimeError: the purpose was drawn before in this month; a second use would repeat its luck.
        """
        if month != self._month:
            self._turn(month)
        place = self._places.get(purpose)
        if place is None:
            place = self._place(purpose, month)
        drawn, turn = self._drawn, self._turns
        if drawn[place] == turn:
            raise RuntimeError(f"purpose {purpose:#x} drawn twice in month {month}")
        drawn[place] = turn
        word: np.uint64 = self._words[place]
        return word

    def word(self, purpose: int, month: int) -> np.uint64:
        """Return a stream without noting its use: for lasting traits (month 0), which are read again and again."""
        word = self._lasting.get(purpose) if month == 0 else None
        if word is None:
            word = U64(_mixed(self._origin(purpose) + (month + ERA) * _B & _MASK))
            if month == 0:
                self._lasting[purpose] = word
        return word

    @contextmanager
    def for_some(self) -> Iterator[None]:
        """Let others draw for the same purposes later in the month: what is drawn meanwhile is for some people only."""
        before = list(self._drawn)
        yield
        for place, turn in enumerate(self._drawn):
            if turn == self._turns and (place >= len(before) or before[place] != turn):
                self._drawn[place] = NOT_DRAWN

    def _turn(self, month: int) -> None:
        """Make the month's streams of all purposes that have ever been drawn; each is handed out once."""
        self._month = month
        self._turns += 1
        if len(self._row) < len(self._places):
            self._row = np.array([self._origin(purpose) for purpose in self._places], dtype=U64)
        if self._places:
            self._words = streams(self._row, month)

    def _place(self, purpose: int, month: int) -> int:
        """Return the place of a purpose among those that have ever been drawn."""
        if purpose not in self._places:
            self._places[purpose] = len(self._places)
            self._drawn.append(NOT_DRAWN)
            self._words = np.append(self._words, self.word(purpose, month))
        return self._places[purpose]

    def _origin(self, purpose: int) -> int:
        origin = self._origins.get(purpose)
        if origin is None:
            origin = self._origins[purpose] = _mixed(self._base ^ purpose)
        return origin

    def origins(self, lasting: tuple[int, ...], monthly: tuple[int, ...], month: int) -> np.ndarray:
        """Return the origins of several purposes' streams, for a rule that makes `streams` of them.

        Args:
            lasting: purposes of traits, which are read again and again.
            monthly: purposes that are drawn once in this month.
            month: the month.

        Raises:
            RuntimeError: one of these was drawn before in this month.
        """
        if month != self._month:
            self._turn(month)
        known = self._together.get((lasting, monthly))
        if known is None:
            origins = [self._origin(purpose) for purpose in lasting + monthly]
            places = [self._place(purpose, month) for purpose in monthly]
            known = self._together[lasting, monthly] = np.array(origins, dtype=U64), places
        drawn, turn = self._drawn, self._turns
        for place in known[1]:
            if drawn[place] == turn:
                twice = monthly[known[1].index(place)]
                raise RuntimeError(f"purpose {twice:#x} drawn twice in month {month}")
            drawn[place] = turn
        return known[0]
