"""The three sentences say what a run with a known answer says, and admit what it does not say."""

import numpy as np
import pytest

from caresim.experiment.statistics import t_interval
from caresim.report.answer import answer
from caresim.report.comparison import CARE_MET, Comparison, care_met
from caresim.report.words import Words
from tests.report.runs import answered

QUO, STATE, BANK = "status_quo", "state_led", "time_bank"


def said(run, language="en"):
    return answer(Comparison(run, Words(language)))


def test_the_best_mix_its_cost_and_its_certainty(tmp_path):
    run = answered(tmp_path / "run", {QUO: 0.0, STATE: (700.0, 720.0, 680.0, 700.0), BANK: 100.0},
                   {QUO: 40.0, STATE: 150.0, BANK: 45.0})  # fmt: skip
    best, sentences = said(run).best, said(run).sentences
    # 6000 + 700 of 10000 hours; paired differences 7.0, 7.2, 6.8, 7.0 points.
    _, lower, upper = t_interval(np.array([7.0, 7.2, 6.8, 7.0]))
    assert best == STATE
    assert sentences[0] == (
        "“State led” meets the largest share of the hours of care needed at home and in care homes, "
        "in the mean of the months 67.0 %: "
        f"7.00 points (95 % interval {lower:.2f} to {upper:.2f}) more than “Status quo”."
    )
    assert sentences[1] == (
        "“State led” costs the public purse 1,320 yuan more per elder and year than “Status quo” "
        "(95 % interval 1,320 to 1,320), 1,800 yuan in all."
    )
    assert sentences[2] == (
        "It does better than the next best, “Time bank”, in 4 of 4 replications, by 6.00 points (95 % interval "
        f"{lower - 1:.2f} to {upper - 1:.2f}); of the 2 differences from the baseline in hours met, none has an "
        "interval that contains zero."
    )


def test_the_same_in_chinese(tmp_path):
    run = answered(tmp_path / "run", {QUO: 0.0, STATE: 700.0}, {QUO: 40.0, STATE: 30.0})
    sentences = said(run, "zh").sentences
    assert "“政府主导”满足的照护需求时数（居家和机构合计）比例最高，各月平均为67.0%" in sentences[0]
    assert "“政府主导”使公共支出每位老人每年减少120元" in sentences[1]
    assert "在4次模拟中，它有4次优于次优的“现状”" in sentences[2]
    assert "与基准相比的唯一一项差异，其区间不包含零" in sentences[2]


def test_it_says_so_where_nothing_differs(tmp_path):
    noise = (30.0, -30.0, 25.0, -20.0)
    run = answered(tmp_path / "run", {QUO: 0.0, STATE: noise, BANK: tuple(-each for each in noise)},
                   {QUO: 40.0, STATE: 40.0, BANK: 40.0})  # fmt: skip
    sentences = said(run).sentences
    assert sentences[0].startswith(
        "No mix is shown to meet more of the hours of care needed than “Status quo”"
    )
    assert sentences[0].endswith("and that interval contains zero.")
    assert "may be nothing: 0 yuan" in sentences[1]
    assert "cannot be told apart from the next best" in sentences[2]
    assert sentences[2].endswith(
        "all of the 2 differences from the baseline in hours met have an interval that contains zero: "
        "nothing is shown to differ."
    )


def test_it_names_the_differences_that_may_be_nothing(tmp_path):
    run = answered(tmp_path / "run", {QUO: 0.0, STATE: 700.0, BANK: (30.0, -30.0, 25.0, -20.0)},
                   {QUO: 40.0, STATE: 150.0, BANK: 40.0})  # fmt: skip
    assert (
        said(run)
        .sentences[2]
        .endswith(
            "the interval of 1 of the 2 differences from the baseline in hours met contains zero (Time bank)."
        )
    )


def test_a_leader_that_luck_may_have_made_does_not_hide_a_mix_that_is_sure(tmp_path):
    luck = (900.0, -500.0, 800.0, -400.0)
    run = answered(tmp_path / "run", {QUO: 0.0, STATE: luck, BANK: (150.0, 160.0, 155.0, 145.0)},
                   {QUO: 40.0, STATE: 150.0, BANK: 40.0})  # fmt: skip
    first, _, last = said(run).sentences
    assert first.startswith("Shown to meet more of the hours of care needed than “Status quo”: Time bank; ")
    assert "62.0 % under “State led”" in first
    assert first.endswith("but that interval contains zero.")
    assert last.endswith(
        "the interval of 1 of the 2 differences from the baseline in hours met contains zero (State led)."
    )
    assert "可以确认" in said(run, "zh").sentences[0]


def test_the_baseline_can_be_the_best(tmp_path):
    run = answered(tmp_path / "run", {QUO: 0.0, BANK: -300.0}, {QUO: 40.0, BANK: 45.0})
    best, sentences = said(run).best, said(run).sentences
    assert best == QUO
    assert sentences[0].startswith(
        "No mix meets a larger share of the hours of care needed than “Status quo”"
    )
    assert "60.0 %" in sentences[0]
    assert sentences[1] == "Under it the public purse spends 480 yuan per elder and year."
    assert "next best, “Time bank”, in 4 of 4 replications" in sentences[2]


def test_of_mixes_that_do_the_same_the_baseline_stays(tmp_path):
    run = answered(tmp_path / "run", {QUO: 0.0, BANK: 0.0}, {QUO: 40.0, BANK: 45.0})
    assert said(run).best == QUO
    assert (
        said(run)
        .sentences[2]
        .endswith(
            "the interval of the only difference from the baseline contains zero: nothing is shown to differ."
        )
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_one_replication_is_not_certain_of_anything(tmp_path, language):
    run = answered(tmp_path / "run", {QUO: 0.0, STATE: 700.0}, {QUO: 40.0, STATE: 150.0}, replications=1)
    sentences = said(run, language).sentences
    doubt = {
        "en": ("may be policy or luck", "run more replications"),
        "zh": ("也可能是偶然", "请增加模拟次数"),
    }
    assert doubt[language][0] in sentences[0]
    assert doubt[language][1] in sentences[2]
    assert "nan" not in "".join(sentences)


def test_one_mix_is_compared_with_nothing(tmp_path):
    run = answered(tmp_path / "run", {QUO: 0.0}, {QUO: 40.0})
    sentences = said(run).sentences
    assert sentences[0].startswith(
        "Only the mix “Status quo” was run, so nothing is compared; in the mean of the months it meets 60.0 %"
    )
    assert "480 yuan" in sentences[1]
    assert "without a second mix" in sentences[2]


def test_care_in_homes_counts_in_what_is_met(tmp_path):
    run = answered(tmp_path / "run", {QUO: 0.0, BANK: -100.0}, {QUO: 40.0, BANK: 45.0})
    months = run.monthly.assign(need_hours_institution=10000.0, hours_institution=9000.0)
    assert care_met(months).iloc[0] == pytest.approx((6000.0 + 9000.0) / 20000.0)
    without = run.monthly.drop(columns=["need_hours_institution", "hours_institution"])
    assert care_met(without).iloc[0] == pytest.approx(0.6)
    assert care_met(without.assign(need_hours=0.0)).isna().all()


def test_the_comparison_is_paired_by_replication(tmp_path):
    run = answered(
        tmp_path / "run", {QUO: 0.0, STATE: (700.0, 720.0, 680.0, 700.0)}, {QUO: 40.0, STATE: 150.0}
    )
    row = Comparison(run, Words("en")).row(STATE, CARE_MET)
    mean, lower, upper = t_interval(np.array([0.07, 0.072, 0.068, 0.07]))
    assert (row["delta"], row["delta_lower"], row["delta_upper"]) == pytest.approx((mean, lower, upper))
    assert row["probability_better"] > 0.9999
