"""Expected people become whole people: none too many, no age group forgotten, and not always the same ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caresim.agents.place import OLDEST
from caresim.kernel.draws import Draws
from caresim.synthesis.ages import age_counts, rounded
from caresim.synthesis.places import read_place
from tests.synthesis.worlds import Census, world_of

PLACE = read_place("rural_heilongjiang", 2010)
AWAY = np.where((np.arange(OLDEST) >= 15) & (np.arange(OLDEST) < 60), [[0.5], [0.3]], 0.02)
SIZES = (50, 300, 6000, 30_000)
GROUPS = [(low, low + 5) for low in range(0, 85, 5)] + [(85, OLDEST), (0, 15), (60, OLDEST), (0, OLDEST)]


def counts(n, replication):
    return age_counts(PLACE.residents, n, AWAY, Draws(1, replication))


def expectations(n):
    present = n * PLACE.residents / PLACE.residents.sum()
    return present, present * AWAY


@pytest.mark.parametrize("n", SIZES)
def test_totals_are_exact_and_every_group_is_within_one_person(n):
    for replication in range(40):
        found = counts(n, replication)
        assert found[0].sum() == n
        for people, expected in zip(found, expectations(n), strict=True):
            assert (people >= 0).all()
            assert abs(people.sum() - expected.sum()) < 1
            for low, end in GROUPS:
                gap = people[:, low:end].sum(axis=1) - expected[:, low:end].sum(axis=1)
                assert np.abs(gap).max() < 1 + 1e-9, (replication, low)
            for low in range(OLDEST):
                assert abs(people[:, low:].sum() - expected[:, low:].sum()) < 1 + 1e-9


@pytest.mark.parametrize("n", SIZES)
def test_every_age_has_its_expectation_over_replications(n):
    replications = 400
    residents, absent = (
        np.mean(kind, axis=0) for kind in zip(*(counts(n, r) for r in range(replications)), strict=True)
    )
    for mean, expected in zip((residents, absent), expectations(n), strict=True):
        part = expected % 1.0  # a cell has one of two neighbouring numbers, the higher one this often
        error = np.sqrt(part * (1.0 - part) / replications)
        assert (
            np.abs(mean - expected) <= 4.5 * error + 2.0 / replications
        ).all()  # of rare cells one or two hits


@pytest.mark.parametrize("n", [50, 300])
def test_replications_differ_and_a_replication_repeats(n):
    found = {tuple(counts(n, replication)[0].ravel()) for replication in range(10)}
    assert len(found) == 10
    assert np.array_equal(counts(n, 3)[0], counts(n, 3)[0])


def test_residents_and_absent_are_rounded_by_draws_of_their_own():
    same = [
        np.array_equal(*age_counts(PLACE.residents, 300, np.ones_like(AWAY), Draws(1, r))) for r in range(10)
    ]
    assert not any(same)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1 << 30), st.integers(1, 100_000), st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_whole_number_of_people_is_kept(lot, n, luck):
    weights = np.random.default_rng(lot).random((2, OLDEST)) ** 8
    expected = n * weights / weights.sum()
    people = rounded(expected, luck)
    assert people.sum() == n
    assert (people >= 0).all()
    assert np.abs(people - expected).max() < 1 + 1e-6


def test_small_villages_have_children_and_the_oldest():
    hamlet = Census(world_of(residents=50, villages=1, townships=1))
    assert (hamlet.age[hamlet.present] < 15).any()
    oldest = []
    for replication in range(6):
        village = Census(world_of(residents=300, villages=2, townships=1, replication=replication))
        oldest.append((village.age[village.present] >= 85).sum())
    expected = 300 * PLACE.residents[:, 85:].sum() / PLACE.residents.sum()
    assert sum(oldest) > 0
    assert all(abs(count - expected) < 1 for count in oldest)
