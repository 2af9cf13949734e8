"""The quick look at everybody's draw finds exactly those whom a slow look finds."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.agents.candidates import BLOCK, alike, banded, drawn_below
from caresim.kernel.draws import uniform

STREAM = np.uint64(0x1234_5678_9ABC_DEF0)
MONTH = 1512


def people(n):
    luck = np.random.default_rng(n)
    return luck.integers(0, 2**63, n, dtype=np.uint64), luck.integers(0, 1440, n).astype(np.int16)


@pytest.mark.parametrize(
    "highest",
    [(0.0, 0.0, 0.0, 0.0), (0.01, 0.01, 0.01, 0.01), (0.3, 0.01, 0.001, 0.0), (0.0, 0.001, 0.9, 0.1), (1.0,) * 4],
)  # fmt: skip
@pytest.mark.parametrize("n", [0, 1, 7, BLOCK, 3 * BLOCK + 5])
@pytest.mark.parametrize("first", [0, 3])
def test_same_rows_as_one_by_one(first, n, highest):
    key, born = people(first + n + 9)
    ages = 900, 500, 216
    found = drawn_below(STREAM, key, born, first, first + n, MONTH, (*ages, *highest))
    slow = []
    for row in range(first, first + n):
        band = sum(MONTH - int(born[row]) < age for age in ages)
        if uniform(STREAM, key[row]) < highest[band]:
            slow.append(row)
    assert found.dtype == np.int64
    assert found.tolist() == slow


def test_at_all_ages_alike():
    key, born = people(2 * BLOCK)
    found = drawn_below(STREAM, key, born, 0, len(key), MONTH, alike(0.2))
    assert found.tolist() == [row for row in range(len(key)) if uniform(STREAM, key[row]) < 0.2]


def test_no_age_exceeds_the_highest_probability_of_its_band():
    by_year = np.random.default_rng(0).uniform(0.0, 0.5, 110)
    *ages, oldest, older, younger, youngest = banded(by_year, (85, 60, 18))
    assert ages == [85 * 12, 60 * 12, 18 * 12]
    assert [oldest, older, younger, youngest] == [
        by_year[85:].max(), by_year[60:85].max(), by_year[18:60].max(), by_year[:18].max()
    ]  # fmt: skip


def test_a_band_beyond_the_table_has_no_probability():
    assert banded(np.full(50, 0.1), (60, 30, 15))[3:] == (0.0, 0.1, 0.1, 0.1)
