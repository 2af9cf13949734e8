"""A run of which something failed says so at the top of its page; a province says of how many counties it is."""

import re

import numpy as np
import pytest

from caresim.agents.checks import LawBroken
from caresim.experiment.replication import ReplicationFailed
from caresim.experiment.runner import run_experiment
from caresim.experiment.statistics import t_interval
from caresim.report.answer import answer
from caresim.report.comparison import CARE_MET, Comparison
from caresim.report.page import write_report
from caresim.report.words import Words
from caresim.results import IncompleteRun, read_run
from tests.experiment.fakes import small
from tests.report.runs import known
from tests.report.test_report import Page, quietly

QUO, STATE, BANK = "status_quo", "state_led", "time_bank"
pytestmark = pytest.mark.filterwarnings(f"ignore::{IncompleteRun.__module__}.{IncompleteRun.__qualname__}")


def left_by(folder, failing, gains, **keys):
    """Leave a run of four replications in which some fail, given by mix."""
    simulate = known(gains, dict.fromkeys(gains, 40.0), **keys)

    def breaks(scenario, mix, replication):
        if replication in failing.get(mix, ()):
            raise LawBroken("2020-01", "people balance", {"now": 7})
        return simulate(scenario, mix, replication)

    scenario = small(mixes=list(gains), replications=4, months=2, baseline=QUO)
    with pytest.raises(ReplicationFailed):
        run_experiment(scenario, folder, jobs=1, simulate=breaks)
    return read_run(folder)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_failed_stands_at_the_top(tmp_path, language):
    run = left_by(tmp_path / "run", {BANK: (1, 3)}, {QUO: 0.0, STATE: 700.0, BANK: 100.0})
    text = quietly(run, tmp_path, language)
    page = Page(text)
    assert page.wrong == []
    said = {"en": "2 of 4 of “Time bank” (number 1 and 3)", "zh": "“时间银行”4次中有2次（第1和3号）"}[
        language
    ]
    assert said in page.text
    assert text.index('class="lacking"') < text.index('id="asked"')
    assert text.count(said) > 5  # in the captions too
    undecided = {"en": "An incomplete run is not decided upon", "zh": "模拟不完整时不作决策分析"}[language]
    assert undecided in page.text
    assert not re.search(r"\bnan\b", page.text)


def test_a_whole_run_lacks_nothing(tmp_path):
    run = run_experiment(small(mixes=[QUO], replications=4, months=2), tmp_path / "run", jobs=1,
                         simulate=known({QUO: 0.0}, {QUO: 40.0}))  # fmt: skip
    assert 'class="lacking"' not in quietly(run, tmp_path)


def test_mixes_are_compared_by_the_replications_that_both_have(tmp_path):
    # The replications that are left of the time bank are the lucky ones; its mean alone would say that it is best.
    luck = (0.0, -3000.0, 0.0, -3000.0)
    gains = {QUO: 0.0, STATE: 700.0, BANK: (100.0, 0.0, 120.0, 0.0)}
    run = left_by(tmp_path / "run", {BANK: (1, 3)}, gains, luck=luck)
    comparison = Comparison(run, Words("en"))
    means = {mix: comparison.row(mix, CARE_MET)["mean"] for mix in gains}
    assert means[BANK] > means[STATE] > means[QUO]
    row = comparison.row(BANK, CARE_MET)
    assert [row[end] for end in ("delta", "delta_lower", "delta_upper")] == pytest.approx(
        t_interval(np.array([0.01, 0.012]))
    )
    said = answer(comparison)
    assert said.best == STATE
    assert "in 2 of 2 replications, by 5.9" in said.sentences[2]


def test_a_baseline_without_a_replication_is_replaced(tmp_path):
    run = left_by(tmp_path / "run", {QUO: range(4)}, {QUO: 0.0, STATE: 700.0, BANK: 100.0})
    comparison = Comparison(run, Words("en"))
    assert comparison.mixes == [STATE, BANK]
    assert comparison.row(BANK, CARE_MET)["delta"] == pytest.approx(-0.06)
    assert comparison.row(BANK, "unmet_share")["delta"] == pytest.approx(0.06)
    assert "4 of 4 of “Status quo”" in Page(quietly(run, tmp_path)).text


def test_one_pair_is_not_certain_of_anything(tmp_path):
    run = left_by(tmp_path / "run", {BANK: (0, 1, 2)}, {QUO: 0.0, BANK: 100.0})
    comparison = Comparison(run, Words("en"))
    assert comparison.single
    said = answer(comparison)
    assert said.best == BANK
    assert "which may be policy or luck" in said.sentences[0]
    assert "no interval" in said.sentences[1]
    assert Page(quietly(run, tmp_path)).wrong == []


def test_a_province_says_of_how_many_counties_it_is(tmp_path):
    gains = {QUO: 0.0, BANK: 100.0}
    scenario = small(mixes=list(gains), replications=2, months=2, baseline=QUO, counties=3)
    run = run_experiment(
        scenario, tmp_path / "run", jobs=1, simulate=known(gains, dict.fromkeys(gains, 40.0))
    )
    assert "3 counties of 600 residents of all ages each, 1,800 in all" in Page(quietly(run, tmp_path)).text
    row = Comparison(run, Words("en")).row(BANK, CARE_MET)
    assert row["mean"] == pytest.approx(0.6105)  # luck of the two replications: 0 and 10 hours of 10,000
    assert write_report(run, "zh", tmp_path / "zh.html").read_text(encoding="utf-8").count("合计1,800人") == 1
