import numpy as np
import pytest

from caresim.synthesis.burn_in import absent_ratio


def hazards(out, back):
    leave, come = np.zeros((2, 110)), np.full((2, 110), back)
    leave[:, 15:50] = out
    return leave, come


def test_without_hazards_nobody_is_away():
    assert not absent_ratio(*hazards(0.0, 0.01), 0.5, 2010, 1990).any()


def test_constant_hazards_end_in_the_balance_of_the_two_states():
    ratio = absent_ratio(*hazards(0.01, 0.02), 0.0, 2400, 1950)
    assert ratio[:, 49] == pytest.approx(0.5, rel=1e-3)


def test_a_person_alone_walks_the_same_chain():
    leave, come = hazards(0.01, 0.004)
    away = 0.0
    for _ in range(5 * 12 + 6):
        away += (1 - away) * 0.01 - away * 0.004
    ratio = absent_ratio(leave, come, 0.0, 2400, 1950)
    assert ratio[0, 20] == pytest.approx(away / (1 - away), rel=1e-9)


def test_migration_that_began_later_has_taken_fewer():
    totals = [absent_ratio(*hazards(0.01, 0.004), 0.3, 2010, began).sum() for began in (1970, 1990, 2005)]
    assert totals[0] > totals[1] > totals[2] > 0


def test_children_are_away_with_the_share_of_mothers():
    ratio = absent_ratio(*hazards(0.01, 0.004), 0.25, 2010, 1980)
    assert ratio[:, 3] == pytest.approx(0.25 * ratio[1, 31])
