"""The draws are uniform, independent and reproducible.

A statistical test fails a perfect generator once in a million runs: `ERROR` is split over its comparisons. Seeds
are fixed, so a test that passes goes on passing until the generator changes.
"""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from scipy import special, stats

from caresim.kernel import draws
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import (
    Draws,
    child_key,
    mixed,
    normal_quantile,
    purpose,
    streams,
    uniform,
    uniform_k,
)

ERROR = 1e-6
N = 200_000
DEATH, BIRTH = purpose("mortality.death"), purpose("fertility.birth")
MONTH = 1440


@compiled
def drawn(stream, keys):
    u = np.empty(len(keys))
    for i in range(len(keys)):
        u[i] = uniform(stream, keys[i])
    return u


@compiled
def drawn_k(stream, keys, k):
    u = np.empty(len(keys))
    for i in range(len(keys)):
        u[i] = uniform_k(stream, keys[i], k)
    return u


@compiled
def scrambled(words):
    out = np.empty_like(words)
    for i in range(len(words)):
        out[i] = mixed(words[i])
    return out


@compiled
def children(mothers, n_children):
    out = np.empty((len(mothers), n_children), dtype=np.uint64)
    for i in range(len(mothers)):
        for parity in range(n_children):
            out[i, parity] = child_key(mothers[i], parity + 1)
    return out


def stream(seed=20201101, replication=0, what=DEATH, month=MONTH):
    return Draws(seed, replication).word(what, month)


def sequential(n=N):
    return np.arange(n, dtype=np.uint64)


def scattered(n=N):
    return scrambled(sequential(n) + np.uint64(1))  # nought is scrambled to nought


def one_bit_keys():
    """Return keys that differ from zero, or from one another, in one or two bits."""
    bits = [1 << b for b in range(64)]
    pairs = [a | b for a, b in combinations(bits, 2)]
    triples = [a | b | c for a, b, c in combinations(bits, 3)]
    return np.array([0, *bits, *pairs, *triples], dtype=np.uint64)


KEYS = {"sequential": sequential, "scattered": scattered, "few bits": one_bit_keys,
        "high": lambda: np.arange(N, dtype=np.uint64) << np.uint64(44)}  # fmt: skip


# --- uniformity ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", KEYS)
@pytest.mark.parametrize("draw", [drawn, lambda s, k: drawn_k(s, k, 0), lambda s, k: drawn_k(s, k, 7)],
                         ids=["uniform", "k=0", "k=7"])  # fmt: skip
def test_draws_are_uniform(keys, draw):
    u = draw(stream(), KEYS[keys]())
    assert ((u > 0.0) & (u < 1.0)).all()
    counts = np.bincount((u * 1024).astype(np.int64), minlength=1024)
    assert stats.chisquare(counts).pvalue > ERROR / 3
    assert stats.kstest(u, "uniform").pvalue > ERROR / 3
    low_bits = (u * 2**40 % 1 * 1024).astype(np.int64)  # bits 41 to 50 behind the point
    assert stats.chisquare(np.bincount(low_bits, minlength=1024)).pvalue > ERROR / 3


def test_small_probabilities_come_up_as_often_as_they_should():
    hits = sum(int((drawn(stream(month=m), sequential(1_000_000)) < 1e-4).sum()) for m in range(20))
    assert stats.binomtest(hits, 20_000_000, 1e-4).pvalue > ERROR


def test_the_lowest_and_the_highest_draw_lie_inside_the_interval():
    lowest, highest = (
        0 * draws.UNIT + draws.HALF,
        float(2**64 - 1 >> int(draws.S12)) * draws.UNIT + draws.HALF,
    )
    assert 0.0 < lowest < highest < 1.0
    assert 1.0 - highest == lowest
    assert np.isfinite([normal_quantile(lowest), normal_quantile(highest)]).all()


# --- independence -------------------------------------------------------------------------------------------


def assert_independent(u, v, comparisons):
    """Refuse pairs of draws whose joint frequencies or correlation betray one another."""
    cells = (u * 32).astype(np.int64) * 32 + (v * 32).astype(np.int64)
    assert stats.chisquare(np.bincount(cells, minlength=1024)).pvalue > ERROR / comparisons / 2
    z = np.corrcoef(u, v)[0, 1] * np.sqrt(len(u))
    assert 2 * stats.norm.sf(abs(z)) > ERROR / comparisons / 2


def test_neighbouring_keys_draw_independently():
    u = drawn(stream(), sequential())
    lags = (1, 2, 3, 4, 8, 64, 1024)
    for lag in lags:
        assert_independent(u[:-lag], u[lag:], len(lags))


def test_keys_that_differ_in_one_bit_draw_independently():
    keys = sequential(50_000)
    u = drawn(stream(), keys)
    for bit in range(64):
        assert_independent(u, drawn(stream(), keys ^ np.uint64(1 << bit)), 64)


OTHERS = {
    "next month": {"month": MONTH + 1},
    "next year": {"month": MONTH + 12},
    "lasting": {"month": 0},
    "before 1900": {"month": -1},
    "another purpose": {"what": BIRTH},
    "a purpose of one bit's difference": {"what": DEATH ^ 1},
    "next replication": {"replication": 1},
    "tenth replication": {"replication": 10},
    "next seed": {"seed": 20201102},
    "a seed of one bit's difference": {"seed": 20201101 ^ (1 << 62)},
    "next seed, replication before": {"seed": 20201102, "replication": -1},
}


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("keys", KEYS)
def test_streams_are_independent(other, keys):
    drawn_from = KEYS[keys]()
    assert_independent(drawn(stream(), drawn_from), drawn(stream(**OTHERS[other]), drawn_from), 1)


def test_the_months_of_a_person_are_independent():
    months = range(3000)
    u = np.array([uniform(stream(month=month), np.uint64(42)) for month in months])
    assert stats.kstest(u, "uniform").pvalue > ERROR / 2
    z = np.corrcoef(u[:-1], u[1:])[0, 1] * np.sqrt(len(u))
    assert 2 * stats.norm.sf(abs(z)) > ERROR / 2


def test_further_draws_are_independent_of_the_first_and_of_one_another():
    keys = sequential()
    streams = [drawn(stream(), keys), *(drawn_k(stream(), keys, k) for k in (0, 1, 2, 3, 17, 1000))]
    pairs = list(combinations(streams, 2))
    for u, v in pairs:
        assert_independent(u, v, len(pairs))


def test_the_sum_over_a_run_of_months_varies_as_independent_draws_do():
    keys = sequential(20_000)
    total = sum(drawn(stream(month=month), keys) for month in range(240))
    spread = (total - 120.0) / np.sqrt(240 / 12)
    assert stats.kstest(spread, "norm").pvalue > ERROR / 2
    chance_of_more = stats.chi2.sf((spread**2).sum(), len(keys))
    assert ERROR / 4 < chance_of_more < 1 - ERROR / 4


# --- bits ---------------------------------------------------------------------------------------------------


def test_every_input_bit_moves_every_output_bit_half_the_time():
    words = scattered(20_000)
    shifts = np.arange(64, dtype=np.uint64)
    # below a fixed number of standard deviations for all 64 times 64 pairs of bits
    bound = stats.norm.isf(ERROR / (64 * 64) / 2) * np.sqrt(len(words)) / 2
    for words_of in (words, sequential(20_000)):
        for bit in range(64):
            moved = scrambled(words_of) ^ scrambled(words_of ^ np.uint64(1 << bit))
            flips = ((moved[:, None] >> shifts) & np.uint64(1)).sum(axis=0, dtype=np.int64)
            assert np.abs(flips - len(words) / 2).max() < bound * np.sqrt(1 + 1 / 64), bit


def test_scrambling_a_python_integer_is_the_same():
    words = [0, 1, 2**63, 2**64 - 1, *map(int, scattered(1000))]
    expected = scrambled(np.array(words, dtype=np.uint64))
    assert [draws._mixed(word) for word in words] == expected.tolist()


def test_children_and_grandchildren_have_keys_of_their_own():
    mothers = np.concatenate([sequential(40_000), scattered(10_000)])
    born = children(mothers, 15).ravel()
    grandchildren = children(born[:50_000], 10).ravel()
    brides = children(mothers[:1000], 6000)[:, 4096:].ravel()  # numbers that other kin of a person start at
    keys = np.concatenate([mothers, born, grandchildren])
    assert len(keys) > 1_000_000
    assert len(np.unique(keys)) == len(keys)
    together = np.concatenate([born, brides])
    assert len(np.unique(together)) == len(together)


def test_keys_of_children_draw_uniformly_and_independently_of_their_mothers():
    mothers = sequential(100_000)
    born = children(mothers, 2)
    own = [drawn(stream(), keys) for keys in (mothers, born[:, 0].copy(), born[:, 1].copy())]
    for u, v in combinations(own, 2):
        assert_independent(u, v, 3)


# --- normal quantile ----------------------------------------------------------------------------------------


def test_normal_quantile_is_that_of_scipy():
    half = np.concatenate([10.0 ** np.linspace(-300, -2, 2000), np.linspace(0.01, 0.5, 2001)])
    found = np.array([normal_quantile(u) for u in half])
    np.testing.assert_allclose(found, special.ndtri(half), rtol=2e-15, atol=2e-15)
    upper = 1.0 - half[half > 1e-15]
    found = np.array([normal_quantile(u) for u in upper])
    np.testing.assert_allclose(found, special.ndtri(upper), rtol=2e-15, atol=2e-15)


def test_normal_quantile_of_draws_is_normal():
    z = np.array([normal_quantile(u) for u in drawn(stream(), sequential(50_000))])
    assert stats.kstest(z, "norm").pvalue > ERROR


# --- streams ------------------------------------------------------------------------------------------------


def test_a_purpose_is_drawn_once_a_month():
    luck = Draws(1, 0)
    first = luck.stream(DEATH, MONTH)
    luck.stream(BIRTH, MONTH)
    with pytest.raises(RuntimeError, match="drawn twice"):
        luck.stream(DEATH, MONTH)
    assert luck.stream(DEATH, MONTH + 1) != first
    assert luck.word(DEATH, MONTH) == luck.word(DEATH, MONTH) == first


def test_streams_of_seeds_replications_purposes_and_months_do_not_collide():
    words = {
        int(Draws(seed, replication).word(what, month))
        for seed in (0, 1, 2, 20201101, 2**63 - 1)
        for replication in range(20)
        for what in (DEATH, BIRTH, purpose("migration.move"), 0, 1)
        for month in range(1300, 1500)
    }
    assert len(words) == 5 * 20 * 5 * 200


SAMPLE = """
import numpy as np
from caresim.kernel.draws import Draws, child_key, normal_quantile, purpose, uniform, uniform_k
luck = Draws(20201101, 3)
for month in (0, 1320, 1440):
    stream = luck.stream(purpose("mortality.death"), month)
    for key in (np.uint64(0), np.uint64(12345), np.uint64(2**64 - 1)):
        u = uniform(stream, key)
        print(int(stream), u.hex(), uniform_k(stream, key, 1).hex(), int(child_key(key, 2)), normal_quantile(u).hex())
"""


def test_another_process_draws_the_same(capsys, tmp_path):
    exec(SAMPLE, {})
    here = capsys.readouterr().out
    for hash_seed in ("1", "2"):
        environment = {**__import__("os").environ, "PYTHONHASHSEED": hash_seed}
        other = subprocess.run(
            [sys.executable, "-c", SAMPLE], capture_output=True, text=True, check=True, env=environment
        )
        assert other.stdout == here
    assert here.count("\n") == 9


def test_streams_made_of_origins_are_those_of_their_purposes():
    luck, a, b = Draws(3, 1), purpose("test.a"), purpose("test.b")
    origins = luck.origins((a,), (b,), 1440)
    assert streams(origins[:1], 0).tolist() == [luck.word(a, 0)]
    assert streams(origins[1:], 1440).tolist() == [luck.word(b, 1440)]
    with pytest.raises(RuntimeError, match="twice"):
        luck.origins((a,), (b,), 1440)
    with pytest.raises(RuntimeError, match="twice"):
        luck.stream(b, 1440)
    assert luck.origins((a,), (b,), 1441) is origins
