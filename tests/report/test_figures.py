import hashlib
import io
import warnings

import numpy as np
import pytest
from matplotlib.image import imread
from matplotlib.text import Text

from caresim.report import fonts
from caresim.report.fans import PANELS, draw_fans, paths
from caresim.report.figures import DRAWN, draw_figures
from caresim.report.pyramid import draw_pyramid, residents
from caresim.report.style import place_of
from caresim.results import RunFolder, RunFolderError, claim, verify
from tests.experiment.fakes import NAMES, small
from tests.report.runs import finished


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return finished(tmp_path_factory.mktemp("report") / "run", months=36, replications=4)


def test_figures_are_drawn_and_sealed(run):
    drawn = draw_figures(run.path)
    assert [path.name for path in drawn] == [
        "pyramid.png",
        "indicators.png",
        "care_mix.png",
        "unmet_need.png",
    ]
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
    assert [path.name for path in draw_figures(run)] == ["indicators.png", "care_mix.png", "unmet_need.png"]


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
    for figure in (draw(run, "status_quo") for _, draw in DRAWN):
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


def named(run, **keys):
    """Return the same run under other names."""
    manifest = {**run.manifest, "scenario": {**run.manifest["scenario"], "place": "/home/me/我的村"}, **keys}
    return RunFolder(run.path, manifest)


def drawn(run):
    """Return all texts of all figures, and the fonts that they ask for; a missing glyph is an error."""
    figures = [draw(run, "status_quo") for _, draw in DRAWN]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for figure in figures:
            figure.savefig(io.BytesIO())
    texts = [text for figure in figures for text in figure.findobj(Text)]
    return " ".join(" ".join(text.get_text() for text in texts).split()), {
        name for text in texts for name in text.get_family()
    }


def test_a_place_is_called_by_its_title(run):
    assert place_of(run) == "Rural Heilongjiang"
    assert place_of(named(run, place_title="Bean Hamlet")) == "Bean Hamlet"
    assert place_of(named(run, place_title="Bean\n  $1 or $2")) == r"Bean \$1 or \$2"
    drawn(named(run, place_title="Bean $1_ or $2^"))


def test_without_a_chinese_font_names_are_replaced(run, monkeypatch):
    monkeypatch.setattr(fonts, "CHINESE_FONTS", ())
    said, _ = drawn(named(run, place_title="豆村", place_title_zh="豆村", name="现状"))
    assert said.isprintable()
    assert said.replace("\N{MINUS SIGN}", "-").isascii()
    assert "The place: the share of residents" in said
    assert "scenario of that digest (" in said
    assert (
        place_of(named(run, place_title="豆村", scenario={"place": "/home/me/bean_hamlet"})) == "Bean Hamlet"
    )


def test_with_a_chinese_font_names_are_shown(run, monkeypatch):
    # A font that comes with the plotting library and has every character, though all of a script look the same.
    monkeypatch.setattr(
        fonts, "CHINESE_FONTS", ("No Such Font", "Last Resort High-Efficiency", "DejaVu Serif")
    )
    said, families = drawn(named(run, place_title=None, place_title_zh="豆村", name="现状"))
    assert "豆村: the share of residents" in said
    assert "scenario 现状 (" in said
    assert families == {"sans-serif", "Last Resort High-Efficiency"}
