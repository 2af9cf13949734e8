"""The quick look at everybody's draw finds exactly those whom a slow look finds."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.agents.candidates import BLOCK, drawn_below
from caresim.kernel.draws import uniform

STREAM = np.uint64(0x1234_5678_9ABC_DEF0)


@pytest.mark.parametrize(
    ("older", "younger"), [(0.0, 0.0), (0.01, 0.01), (0.3, 0.001), (0.001, 0.9), (1.0, 1.0)]
)
@pytest.mark.parametrize("n", [0, 1, 7, BLOCK, 3 * BLOCK + 5])
@pytest.mark.parametrize("first", [0, 3])
def test_same_rows_as_one_by_one(first, n, older, younger):
    luck = np.random.default_rng(n)
    key = luck.integers(0, 2**63, first + n + 9, dtype=np.uint64)
    born = luck.integers(0, 1440, len(key)).astype(np.int16)
    latest = int(born[len(born) // 2])
    found = drawn_below(STREAM, key, born, first, first + n, latest, older, younger)
    slow = [row for row in range(first, first + n)
            if uniform(STREAM, key[row]) < (older if born[row] <= latest else younger)]  # fmt: skip
    assert found.dtype == np.int64
    assert found.tolist() == slow
