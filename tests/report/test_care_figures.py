"""The care mix and unmet need: the pictures say what the tables say."""

import warnings

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from caresim.report.care_mix import SOURCES, draw_care_mix, per_elder
from caresim.report.fans import paths
from caresim.report.style import percent
from caresim.report.unmet import GROUPS, by_group, draw_unmet
from caresim.results import RunFolder
from tests.experiment.fakes import NAMES
from tests.report.runs import finished


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return finished(tmp_path_factory.mktemp("care") / "run", months=36, replications=4)


def texts(axes):
    return [text.get_text() for text in axes.texts]


def overlaps(figure):
    """Return the pairs of texts of a figure that lie on one another."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    shown = [text for axes in figure.axes for text in (*axes.texts, axes.title, axes.xaxis.label, axes.yaxis.label,
                                                       axes._left_title, *axes.get_xticklabels(),
                                                       *axes.get_yticklabels())
             if text.get_visible() and text.get_text()]  # fmt: skip
    boxes = [(text.get_text(), text.get_window_extent(renderer).shrunk(0.9, 0.8)) for text in shown]
    return [(a, b) for k, (a, box) in enumerate(boxes) for b, other in boxes[k + 1 :] if box.overlaps(other)]


def test_areas_are_hours_per_elder_from_the_bottom_up(run):
    axes = draw_care_mix(run, "status_quo").axes[0]
    drawn = [name for name, _, _ in SOURCES if name != "hours_time_bank"]
    assert len(axes.collections) == len(drawn)
    elders = paths(run.monthly, "elders")
    bottom = 0.0
    for area, name in zip(axes.collections, drawn, strict=True):
        top = bottom + (paths(run.monthly, name) / elders).mean(axis=1)[-1]
        at_end = area.get_paths()[0].vertices
        at_end = at_end[at_end[:, 0] == at_end[:, 0].max(), 1]
        assert (at_end.min(), at_end.max()) == pytest.approx((bottom, top))
        bottom = top


def test_areas_are_named_with_their_share_of_the_last_year(run):
    axes = draw_care_mix(run, "status_quo").axes[0]
    lately = {name: per_elder(run.monthly, name)[-12:].mean() for name, _, _ in SOURCES}
    share = lately["hours_spouse"] / sum(lately.values())
    assert f"spouse  {100 * share:.0f} %" in texts(axes)
    assert not any("time bank" in text for text in texts(axes))


def test_the_headline_of_the_mix_says_what_the_table_says(run):
    said = draw_care_mix(run, "status_quo").get_suptitle()
    family, met = run.monthly["hours_family"].sum(), run.monthly["met_hours"].sum()
    unmet, needed = (per_elder(run.monthly, name) for name in ("unmet_hours", "need_hours"))
    first, last = (unmet[year].sum() / needed[year].sum() for year in (slice(12), slice(-12, None)))
    assert f"the family gives {100 * family / met:.0f} % of the care that elders receive at home" in said
    assert f"from {100 * first:.0f} % of the hours needed in the first year" in said
    assert said.endswith(f"to {100 * last:.0f} % in the last")


def test_groups_have_a_dot_and_an_interval_of_the_last_year(run):
    axes = draw_unmet(run, "status_quo").axes[1]
    shares = paths(run.monthly, "unmet_share_men")[-12:].mean(axis=0)
    bar, dot = axes.lines[:2]
    assert dot.get_xdata() == pytest.approx([shares.mean()])
    assert list(bar.get_xdata()) == pytest.approx(list(np.percentile(shares, (5, 95))))
    assert "nobody" in texts(axes)
    assert len(by_group(run.monthly, "remote")) == 0
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        label for _, groups in GROUPS for _, label in groups
    ]


def test_one_replication_of_a_short_run_is_drawn(tmp_path):
    run = finished(tmp_path / "run", months=5, replications=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mix, unmet = draw_care_mix(run, "status_quo"), draw_unmet(run, "status_quo")
    assert "stay unmet" in mix.get_suptitle()
    assert "Bands" not in unmet.texts[-1].get_text()


def with_columns(run, **columns):
    other = RunFolder(run.path, run.manifest)
    object.__setattr__(other, "monthly", run.monthly.assign(**columns))
    return other


def test_a_share_that_stays_is_not_said_to_rise(run):
    said = draw_care_mix(with_columns(run, unmet_hours=30.0, need_hours=100.0), "status_quo").get_suptitle()
    assert said.endswith("30 % of the hours needed stay unmet, in the last year as in the first")


def test_where_nobody_needs_care_the_headline_says_so(run):
    said = draw_care_mix(with_columns(run, unmet_hours=0.0, need_hours=0.0), "status_quo").get_suptitle()
    assert said.endswith("2020-01 to 2022-12: no elder needs care at home")


def test_one_month_is_a_dot_and_is_not_called_a_year(tmp_path):
    run = finished(tmp_path / "run", months=1, replications=1)
    mix, unmet = draw_care_mix(run, "status_quo"), draw_unmet(run, "status_quo")
    assert all(line.get_marker() == "o" for line in unmet.axes[0].lines)
    assert "2020-01:" in unmet.get_suptitle()
    assert "2020-01:" in mix.get_suptitle()
    assert "the only month:" in texts(mix.axes[0])


def test_the_headline_of_unmet_need_names_the_months_that_it_sums_up(run):
    share = paths(run.monthly, "unmet_prevalence")[-12:].mean()
    said = draw_unmet(run, "status_quo").get_suptitle()
    assert f", 2022-01 to 2022-12: {100 * share:.0f} % of ADL-disabled elders" in said


def test_a_share_that_is_not_nothing_is_not_written_as_nothing():
    assert [percent(share) for share in (0.0, 0.0003, 0.004, 0.3)] == [
        "0.0 %",
        "under 0.1 %",
        "0.4 %",
        "30 %",
    ]


def test_texts_do_not_lie_on_one_another(run):
    for draw in (draw_care_mix, draw_unmet):
        assert overlaps(draw(run, "status_quo")) == []


def test_a_run_without_care_has_no_such_figures(run):
    without = RunFolder(run.path, run.manifest)
    object.__setattr__(without, "monthly", run.monthly.assign(need_hours=np.nan, unmet_share=np.nan))
    assert draw_care_mix(without, "status_quo") is None
    assert draw_unmet(without, "status_quo") is None


def test_the_figures_show_indicators_that_exist():
    groups = {f"unmet_share_{name}" for _, groups in GROUPS for name, _ in groups}
    assert {name for name, _, _ in SOURCES} | groups <= set(NAMES)
