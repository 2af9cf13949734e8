import hashlib

import numpy as np
import pytest
from matplotlib.image import imread

from caresim.report.fans import PANELS, draw_fans, paths
from caresim.report.figures import draw_figures
from caresim.report.pyramid import draw_pyramid, residents
from caresim.results import RunFolderError, claim, verify
from tests.experiment.fakes import NAMES, small
from tests.report.runs import finished


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return finished(tmp_path_factory.mktemp("report") / "run", months=36, replications=4)


def test_figures_are_drawn_and_sealed(run):
    drawn = draw_figures(run.path)
    assert [path.name for path in drawn] == ["pyramid.png", "indicators.png"]
    verify(run.path)
    for path in drawn:
        picture = imread(path)
        assert min(picture.shape[:2]) > 800
        assert picture.std() > 0.05


def test_the_same_run_gives_the_same_pictures(run):
    first, second = ([hashlib.sha256(p.read_bytes()).digest() for p in draw_figures(run)] for _ in range(2))
    assert first == second


def test_the_pyramid_says_what_the_tables_say(run):
    figure = draw_pyramid(run, "status_quo")
    rows = run.population[run.population.replication == 0]
    shares = []
    for year in (2020, 2023):
        of_year = rows[rows.year == year]
        old = of_year[of_year.age_group.isin(["60-64", "65-69", "70-74", "75-79", "80-84", "85-89", "90-94",
                                              "95-99", "100+"])]  # fmt: skip
        shares.append(f"{100 * old.resident.sum() / of_year.resident.sum():.0f} %")
    said = figure.get_suptitle()
    assert said == (
        "Rural Heilongjiang: the share of residents aged 60 and over rises "
        f"from {shares[0]} in 2020 to {shares[1]} in 2023"
    )
    men = figure.axes[0]
    now = residents(run.population, 2023)
    assert [bar.get_width() for bar in men.patches[:21]] == pytest.approx(list(100 * now[0] / now.sum()))


def test_a_run_of_less_than_a_year_has_no_pyramid(tmp_path):
    run = finished(tmp_path / "run", months=5)
    assert [path.name for path in draw_figures(run)] == ["indicators.png"]


def test_one_replication_is_drawn_without_bands(tmp_path):
    run = finished(tmp_path / "run", months=14, replications=1)
    figure = draw_fans(run, "status_quo")
    assert not any(axes.collections for axes in figure.axes)
    assert "bands" not in figure.texts[-1].get_text()


def test_bands_are_percentiles_over_replications(run):
    figure = draw_fans(run, "status_quo")
    numbers = paths(run.monthly, "residents")
    wide = figure.axes[0].collections[0].get_paths()[0].vertices[:, 1]
    assert wide.min() == pytest.approx(np.percentile(numbers, 5, axis=1).min())
    assert wide.max() == pytest.approx(np.percentile(numbers, 95, axis=1).max())
    assert figure.axes[0].lines[0].get_ydata() == pytest.approx(numbers.mean(axis=1))


def test_yearly_sums_need_a_year(run):
    sums = paths(run.monthly, "births", yearly=True)
    assert np.isnan(sums[:11]).all()
    assert sums[11] == pytest.approx(paths(run.monthly, "births")[:12].sum(axis=0))


def test_every_axis_has_a_unit_and_every_figure_a_source(run):
    for figure in (draw_fans(run, "status_quo"), draw_pyramid(run, "status_quo")):
        assert any(text.get_text().startswith("Source: caresim ") for text in figure.texts)
    assert all(axes.get_ylabel() for axes in draw_fans(run, "status_quo").axes)
    assert all(axes.get_xlabel() for axes in draw_pyramid(run, "status_quo").axes)


def test_what_is_not_measured_is_said(run):
    disabled = draw_fans(run, "status_quo").axes[-1]
    assert [text.get_text() for text in disabled.texts] == ["not measured in this run"]


def test_panels_show_indicators_that_exist():
    assert {name for panel in PANELS for name in panel.indicators} <= set(NAMES)


def test_an_unfinished_run_is_not_drawn(tmp_path):
    run = claim(tmp_path / "out", small(), ())
    with pytest.raises(RunFolderError, match="add --resume"):
        draw_figures(run.path)
