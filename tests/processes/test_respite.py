"""Respite on paper: bought hours for the severely disabled whom the family cares for."""

from __future__ import annotations

import pytest

from caresim.agents.care import BOUGHT, CARE_WORKER, SAME_HOME, SPOUSE, WIFE
from caresim.kernel.columns import NOBODY
from tests.families import CASCADE, Families

WITH_RESPITE = tuple(name if name != "needs" else "needs respite" for name in CASCADE)
MONTH = " ".join(WITH_RESPITE).split()


def severe(hours, state=3, married=True):
    """A man in state 3 (11700 minutes) and his wife, who does 4590 at most."""
    place = Families()
    place.set("respite", hours=hours)
    home = place.household()
    man = place.person(75, "m", home, state, {"needs.factor": 0.5})
    wife = place.person(72, "f", home, 0, {"needs.factor": 0.5, "spouse_care.capacity": 0.5})
    if married:
        place.marry(man, wife)
    return place, man, wife


def test_respite_starts_once_the_family_cares():
    """The first month nobody is known to care. Then 8 h = 480 min are bought, personal care before the house."""
    place, man, wife = severe(8.0)
    place.month(*MONTH)
    assert place.gifts(man) == {wife: (WIFE, SAME_HOME, 4590, 0, 0)}
    place.month(*MONTH)
    assert place.gifts(man)[NOBODY] == (CARE_WORKER, SAME_HOME, 480, 0, 0)
    assert place.world.care.received[0, [SPOUSE, BOUGHT]].tolist() == [4590, 480]
    assert int(place.world.care.paid_minutes().sum()) == 480
    assert place.of("main_relation", man) == [1 + WIFE]


@pytest.mark.parametrize(("hours", "state", "married"), [(0.0, 3, True), (8.0, 2, True), (8.0, 3, False)])
def test_nothing_is_bought_without_means_severe_need_or_family(hours, state, married):
    place, *_ = severe(hours, state, married)
    for _ in range(3):
        place.month(*MONTH)
    assert int(place.world.care.paid_minutes().sum()) == 0


def test_much_respite_leaves_the_family_little_to_do():
    """130 h = 7800 min of personal care and 65 h = 3900 of the house: with 190 h bought, 300 min stay."""
    place, man, wife = severe(190.0)
    place.month(*MONTH)
    place.month(*MONTH)
    assert place.gifts(man)[NOBODY][2:] == (7800, 3600, 0)
    assert place.of("given", wife) == [225]  # .75 of what is left
