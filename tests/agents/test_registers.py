"""Registers of helpers that are kept: when they are read anew, and who is active."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.agents.registers import imprint, who_is_active
from caresim.kernel.draws import uniform


@pytest.mark.parametrize("n", [8, 64, 61])
def test_an_imprint_changes_with_whoever_joins_leaves_or_takes_a_place(n):
    on = (np.arange(n) % 3 == 1).astype(np.uint8)
    seen = {int(imprint(on))}
    for i in range(n):
        on[i] ^= 1
        seen.add(int(imprint(on)))
        on[i] ^= 1
    on[[1, 2]] = on[[2, 1]]
    seen.add(int(imprint(on)))
    assert len(seen) == n + 2


def test_nobody_on_a_register_has_no_imprint():
    assert imprint(np.zeros(21, dtype=np.uint8)) == 0


def test_active_are_those_whose_draw_is_below_their_chance_as_far_as_they_have_confidence():
    stream, keys = np.uint64(5), np.arange(40, dtype=np.uint64)
    chances = np.linspace(0.0, 1.0, 40)
    places, lots = who_is_active(keys, chances, 0.5, stream)
    draws = [uniform(stream, key) for key in keys]
    assert lots.tolist() == draws
    assert places.tolist() == [at for at in range(40) if draws[at] < 0.5 * chances[at]]
