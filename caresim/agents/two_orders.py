"""Two orders of the sources of care in one month: one in some townships, the usual one in the others.

A source that both orders name in the same place is asked once, for everybody. Any other is asked twice, each time for
the cases of some townships only. What lies between two sources is for all townships: care workers, who have one queue,
and the time bank, which has one ledger. Spouses, neighbours and volunteers care within a township, so that nobody is
asked twice. Children may have parents in several: what they give to the first is no longer theirs to give.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

import numpy as np

from caresim.agents.care_order import BANK
from caresim.agents.world import Process, World

Turns = list[Process]
OFFERED_TO_ALL = "volunteers"
"""Who of these turns out is noted before anybody asks."""


def in_two_orders(month: tuple[Process, ...], asked: Turns, where: np.ndarray) -> tuple[Process, ...]:
    """Return a month whose sources are asked in another order in certain villages, as often as that takes."""
    found: Turns = []
    here: Turns = []
    there: Turns = []
    turns = iter(asked)
    for process in month:
        if process.source is None:
            found += [*_turns(here, there, where), process]
            here, there = [], []
        else:
            here, there = [*here, next(turns)], [*there, process]
    return (*found, *_turns(here, there, where))


def _turns(here: Turns, there: Turns, where: np.ndarray) -> Turns:
    """Return the turns of sources between which there is nothing else: the bank has one, after all that come before."""
    bank = [process for process in here if process.source == BANK]
    (before, after), (before_there, after_there) = _around_bank(here), _around_bank(there)
    return [*_side_by_side(before, before_there, where), *bank, *_side_by_side(after, after_there, where)]


def _around_bank(turns: Turns) -> tuple[Turns, Turns]:
    """Return the sources before the bank and those after it."""
    at = next((k for k, process in enumerate(turns) if process.source == BANK), len(turns))
    return turns[:at], turns[at + 1 :]


def _side_by_side(here: Turns, there: Turns, where: np.ndarray) -> Turns:
    """Return the turns of two orders, place by place."""
    found: Turns = []
    for one, other in zip_longest(here, there):
        if one is other:
            found.append(one)
        else:
            found += [
                _within(process, reached) for process, reached in ((one, where), (other, ~where)) if process
            ]
    return found


def _within(process: Process, where: np.ndarray) -> Process:
    """Return a source that only the cases of certain villages ask."""
    return replace(process, run=lambda world: ask(world, process, where))


def ask(world: World, process: Process, where: np.ndarray) -> None:
    """Let a source care for the cases of certain villages; the others need nothing for as long."""
    people, care = world.people, world.care
    outside = ~where[people["village"][care.rows]]
    left, known = care.left[outside], care.n_limits
    care.left[outside] = 0
    with world.draws.for_some():
        process.run(world)
    care.left[outside] = left
    if process.source == OFFERED_TO_ALL:
        noted = care.limits[known : care.n_limits]
        here = noted[where[people["village"][noted["giver"]]]]
        care.limits[known : known + len(here)], care.n_limits = here, known + len(here)
