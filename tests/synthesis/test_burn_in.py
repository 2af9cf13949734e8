import numpy as np
import pytest

from caresim.experiment.runner import run_experiment
from caresim.kernel.mistakes import ConfigError
from caresim.kernel.tables import TableError
from caresim.processes.migration import monthly_hazards
from caresim.scenario import Scenario
from caresim.synthesis.burn_in import MOST_BEHIND, absent_ratio, check_absent
from caresim.synthesis.places import places, read_place

NOBODY_RETURNS = {"out_scale": 20.0, "back_scale": 0.0}


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


def test_more_absent_people_than_a_register_can_hold_are_refused():
    residents = np.ones((2, 110))
    check_absent(residents, np.full((2, 110), MOST_BEHIND))
    for behind in (MOST_BEHIND * 1.01, np.inf, np.nan):
        with pytest.raises(
            ConfigError, match=r"absent people would stand behind each resident .* more than 100"
        ):
            check_absent(residents, np.full((2, 110), behind))


def test_a_run_whose_migrants_never_return_says_so_in_one_line_and_leaves_nothing(tmp_path):
    scenario = Scenario.of(place="rural_heilongjiang", start="2020-01", months=1, replications=2, residents=200,
                           townships=1, villages=1, parameters={"migration": NOBODY_RETURNS})  # fmt: skip
    with pytest.raises(
        ConfigError, match=r"^parameters.migration: 9.94e\+12 absent people would stand behind each"
    ):
        run_experiment(scenario, tmp_path / "out", jobs=1)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", places())
def test_places_that_ship_are_far_from_that(name):
    for year in (2010, 2020):
        try:
            place = read_place(name, year)
        except TableError:  # no census of that year
            continue
        scenario = Scenario.of(place=name, start=f"{year}-01")
        now = scenario.parameters_at(scenario.start)
        migration, began = now["migration"], now["kinship"].migration_began
        ratio = absent_ratio(*monthly_hazards(migration), migration.family_share, year, began,
                             now["urbanisation"].absent_kept())  # fmt: skip
        assert 0.0 < (place.residents * ratio).sum() / place.residents.sum() < MOST_BEHIND / 100
