"""Who comes first, against sorting on paper."""

import random

import numpy as np
import pytest

from caresim.agents.priority import marked_elders, neediest, places
from tests.hamlet import Hamlet


@pytest.mark.parametrize("seed", range(40))
def test_the_neediest_are_those_of_a_full_sort(seed):
    luck = random.Random(seed)
    size, places_there = luck.randrange(30), luck.randrange(12)
    points = [luck.randrange(5) for _ in range(size)]
    draws = [luck.random() for _ in range(size)]
    order = sorted((j for j in range(size) if points[j] > 0), key=lambda j: (-points[j], draws[j]))
    found = neediest(np.array(points, dtype=np.int64), np.array(draws), places_there)
    assert sorted(found.tolist()) == sorted(order[:places_there])


def test_places_follow_the_elders_of_villages_where_there_is_a_rate():
    hamlet = Hamlet()
    rows = [hamlet.add(70, "f", hamlet.household(), village=village) for village in (0, 0, 0, 1)]
    hamlet.world.elders = np.array(rows)
    assert places(hamlet.world, np.array([5000.0, 0.0]), 10_000.0) == 2  # 1.5 rounds up
    assert places(hamlet.world, np.array([5000.0, 0.0]), 10_000.0, 0.49) == 1
    assert places(hamlet.world, np.array([0.0, 10_000.0]), 10_000.0) == 1
    assert places(hamlet.world, np.array([0.0, 0.0]), 10_000.0, 0.999) == 0


def test_only_those_with_the_mark_cost_anything_and_only_where_the_measure_is_active():
    column, village = np.array([1, 3, 2, 1], dtype=np.uint8), np.array([0, 0, 0, 1])
    marked, number = marked_elders(np.array([3, 2, 1, 0]), column, village, 1, np.array([True, False]))
    assert (marked.tolist(), number) == ([0, 0, 1, 1], 2)
