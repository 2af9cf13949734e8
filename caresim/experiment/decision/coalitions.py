"""What each part of a mix carries, and what parts do only together: from runs of subsets of the parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pandas as pd

Coalition = frozenset[str]
"""The parts that are there."""
Values = Mapping[Coalition, float] | pd.Series
"""What is reached with each coalition; as a series, its index holds coalitions (or tuples of names)."""


def subsets(players: Iterable[str]) -> list[Coalition]:
    """Return all coalitions, the smallest first."""
    names = tuple(players)
    return [frozenset(some) for size in range(len(names) + 1) for some in combinations(names, size)]


def sampled(players: Iterable[str], number: int, luck: np.random.Generator) -> list[Coalition]:
    """Choose some of the subsets: nobody, everybody, each part alone and each left out, then others by lot.

    Subsets are drawn with their complements, first of the sizes that are rarest chosen so far, every subset of a size
    as likely as another.

    Args:
        players: the parts.
        number: how many subsets; all of them if there are no more.
        luck: draws them.

    Raises:
        ValueError: fewer than the parts need.
    """
    names = sorted(players)
    everybody, everything = frozenset(names), subsets(names)
    chosen = [some for some in everything if len(some) in {0, 1, len(names) - 1, len(names)}]
    if number >= len(everything):
        return everything
    if number < len(chosen):
        raise ValueError(f"{number} subsets of {len(names)} parts are too few; take {len(chosen)} or more")
    rest = [some for some in everything if some not in chosen]
    turn = {some: k for k, some in enumerate(rest[at] for at in luck.permutation(len(rest)))}
    by_size = {size: sorted((some for some in rest if len(some) == size), key=turn.__getitem__)
               for size in range(2, len(names) - 1)}  # fmt: skip
    while len(chosen) < number:
        counts = Counter(len(some) for some in chosen)
        size = min((size for size in by_size if by_size[size]), key=lambda size: (counts[size], size))
        drawn = by_size[size][0]
        for some in dict.fromkeys((drawn, everybody - drawn)):
            by_size[len(some)].remove(some)
            chosen.append(some)
    return sorted(chosen, key=lambda some: (len(some), sorted(some)))


def shapley(values: Values) -> pd.Series:
    """Share what all parts together add out among them (Shapley value).

    With all subsets it is exact: the mean of what a part adds over all orders in which the parts may join. With some of
    them it is the additive game that comes nearest to theirs in weighted least squares, as in KernelSHAP; nobody and
    everybody must be among them, and enough others to tell the parts apart.

    Returns:
        By part, in the order of its name; they add up to everybody's value less nobody's.

    Raises:
        ValueError: too few subsets.
    """
    known, players = _read(values)
    if len(known) == 2 ** len(players):
        return pd.Series({name: _exact(known, players, name) for name in players}, name="shapley")
    return _fitted(known, players)


def synergy(values: Values) -> pd.DataFrame:
    """Return what two parts do together beyond what each does alone.

    Returns:
        Index (first, second): `alone`, beyond their values without any other part; and, where all subsets are known,
        `among_all`, the mean of the same over what else may be there (Shapley interaction index). Positive is synergy,
        negative is overlap.
    """
    known, players = _read(values)
    complete = len(known) == 2 ** len(players)
    rows = {}
    for pair in combinations(players, 2):
        others = [name for name in players if name not in pair]
        among_all = _interaction(known, pair, others) if complete else np.nan
        rows[pair] = {"alone": _together(known, pair, frozenset()), "among_all": among_all}
    index = pd.MultiIndex.from_tuples(list(rows), names=["first", "second"])
    return pd.DataFrame(list(rows.values()), index=index, columns=["alone", "among_all"])


def _read(values: Values) -> tuple[dict[Coalition, float], tuple[str, ...]]:
    """Return the coalitions with their values, and the parts."""
    known = {_coalition(some): float(value) for some, value in dict(values).items()}
    everybody: Coalition = frozenset().union(*known)
    if frozenset() not in known or everybody not in known:
        raise ValueError("the values of nobody and of everybody are needed")
    return known, tuple(sorted(everybody))


def _coalition(some: Any) -> Coalition:
    return frozenset(some) if not isinstance(some, str) else frozenset({some})


def _exact(known: Mapping[Coalition, float], players: tuple[str, ...], name: str) -> float:
    n = len(players)
    return sum(
        factorial(len(some)) * factorial(n - len(some) - 1) / factorial(n) * (known[some | {name}] - known[some])
        for some in subsets(player for player in players if player != name)
    )  # fmt: skip


def _fitted(known: Mapping[Coalition, float], players: tuple[str, ...]) -> pd.Series:
    """Fit an additive game, exact for everybody, to the coalitions between nobody and everybody."""
    n, everybody = len(players), frozenset(players)
    nobody: Coalition = frozenset()
    whole = known[everybody] - known[nobody]
    between = [some for some in known if 0 < len(some) < n]
    there = np.array([[name in some for name in players] for some in between], dtype=float).reshape(-1, n)
    reached = np.array([known[some] - known[nobody] for some in between])
    # Each size has the weight of the Shapley kernel, however many of its subsets are known.
    known_of_size = Counter(len(some) for some in between)
    weight = np.sqrt([(n - 1) / (len(some) * (n - len(some)) * known_of_size[len(some)]) for some in between])
    # The last part takes what the others leave of the whole.
    design, target = there[:, :-1] - there[:, -1:], reached - there[:, -1] * whole
    if np.linalg.matrix_rank(design) < n - 1:
        raise ValueError(f"{len(known)} subsets of {n} parts do not tell the parts apart; run more of them")
    found, *_ = np.linalg.lstsq(design * weight[:, None], target * weight, rcond=None)
    return pd.Series([*found, whole - found.sum()], index=list(players), name="shapley")


def _together(known: Mapping[Coalition, float], pair: tuple[str, str], beside: Coalition) -> float:
    """Return what a pair adds to a coalition beyond what each of the two adds; NaN if it is not known."""
    first, second = ({name} for name in pair)
    needed = beside | first | second, beside | first, beside | second, beside
    both, one, other, none = (known.get(some, np.nan) for some in needed)
    return both - one - other + none


def _interaction(known: Mapping[Coalition, float], pair: tuple[str, str], others: list[str]) -> float:
    n = len(others) + 2
    return sum(
        factorial(len(some)) * factorial(n - len(some) - 2) / factorial(n - 1) * _together(known, pair, some)
        for some in subsets(others)
    )
