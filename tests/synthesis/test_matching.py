import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from caresim.synthesis.couples import marital_quotas
from caresim.synthesis.matching import EARLIEST, LATEST, match

months = st.lists(st.integers(300, 900), max_size=40)


@settings(max_examples=60, deadline=None)
@given(months, months, st.integers(0, 1 << 30))
def test_a_match_is_near_one_to_one_and_of_the_group(slots, persons, lot):
    mix = np.random.default_rng(lot)
    slot_born, born = np.array(slots, dtype=np.int64), np.array(persons, dtype=np.int64)
    slot_group, group = mix.integers(0, 2, len(slots)), mix.integers(0, 2, len(persons))
    mother, not_mother = mix.integers(0, 5, len(slots)), mix.integers(0, 5, len(persons))
    mother_born = slot_born - mix.integers(200, 590, len(slots))
    found = match(slot_born, slot_group, mother, mother_born, born, group, not_mother)
    who = np.flatnonzero(found >= 0)
    slot = found[who]
    assert len(np.unique(slot)) == len(slot)
    assert (np.abs(slot_born[slot] - born[who]) <= 36).all()
    assert (slot_group[slot] == group[who]).all()
    assert (mother[slot] != not_mother[who]).all()
    assert ((born[who] - mother_born[slot] >= EARLIEST) & (born[who] - mother_born[slot] <= LATEST)).all()
    for one in np.flatnonzero(found < 0):
        left = np.setdiff1d(np.arange(len(slots)), slot)
        gap = born[one] - mother_born[left]
        fits = (np.abs(slot_born[left] - born[one]) <= 36) & (slot_group[left] == group[one])
        fits &= (mother[left] != not_mother[one]) & (gap >= EARLIEST) & (gap <= LATEST)
        assert not fits.any()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=3, max_size=3), st.integers(0, 1 << 30))
def test_marital_quotas_add_up_within_each_age_and_along_the_ages(sizes, lot):
    mix = np.random.default_rng(lot)
    counts = np.array([sizes, sizes[::-1]])
    shares = mix.dirichlet(np.ones(4), size=(2, 3))
    quotas = marital_quotas(counts, shares)
    assert (quotas >= 0).all()
    assert np.array_equal(quotas.sum(axis=2), counts)
    owed = (counts[:, :, None] * shares).sum(axis=1)
    assert np.abs(quotas.sum(axis=1) - owed).max() < 4
