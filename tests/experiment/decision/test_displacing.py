"""Displacement between sectors: by hand, how often its intervals cover, and what insured hours do to the family's."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import caresim
from caresim.experiment.decision.displacing import SECTORS, brief, displaced, displacement, sector_hours
from caresim.experiment.decision.parts import NOBODY, single_instruments
from caresim.experiment.decision.studies import take_apart
from caresim.experiment.runner import run_experiment
from caresim.experiment.statistics import ratio_interval, t_interval
from caresim.kernel.clock import month_text
from caresim.kernel.mistakes import ConfigError
from caresim.results import Outcome, RunFolderError, read_run
from caresim.scenario import Scenario
from tests.experiment.fakes import NAMES, outcome, small
from tests.scenario.test_broken_configs import complaints

BASE = {"family": 90.0, "community": 4.0, "volunteers": 1.0, "state": 2.0, "market": 3.0}
ELDERS = 10.0


def hours(changes, luck=(0.0, 0.6, -0.6)):
    """Return hours by sector of the baseline and of mixes that add so many hours, with luck that all share or not.

    Args:
        changes: by mix, hours added by sector.
        luck: what each replication multiplies the added hours by, less 1; everybody's base hours shift by as much.
    """
    rows = {}
    for k, turn in enumerate(luck):
        start = {sector: value + turn for sector, value in BASE.items()}
        rows["base", k] = {**start, "elder_months": ELDERS}
        for mix, added in changes.items():
            more = {sector: start[sector] + (1.0 + turn) * added.get(sector, 0.0) for sector in SECTORS}
            rows[mix, k] = {**more, "elder_months": 2.0 * ELDERS}
    return pd.DataFrame(rows.values(), index=pd.MultiIndex.from_tuples(rows, names=["mix", "replication"]))


def test_ten_hours_that_cost_the_family_two_and_a_half_displace_a_quarter():
    table = displaced(
        hours({"insured": {"market": 10.0, "family": -2.5}}, (0.0, 0.1, -0.1)), "base", ["base", "insured"]
    )
    market = table.loc[("insured", "market")]
    assert market[["baseline", "mean", "delta"]].tolist() == pytest.approx([0.3, 1.3, 1.0])
    assert market[["less_family", "less_family_lower", "less_family_upper"]].tolist() == pytest.approx(
        [0.25] * 3
    )
    assert market[["less_community", "less_state", "net"]].tolist() == pytest.approx([0.0, 0.0, 0.75])
    assert math.isnan(market["less_market"])
    assert table["change"].loc["insured"].to_dict() == {
        "family": "less", "community": "", "volunteers": "", "state": "", "market": "more", "all": "more"}  # fmt: skip
    # Read the other way round: four hours more of the market for each hour less of the family.
    assert table.loc[("insured", "family"), "less_market"] == pytest.approx(4.0)
    still = table.loc[("insured", "state")]
    assert still["delta"] == 0.0
    assert still.filter(regex="less|net").isna().all()
    assert table.loc[("insured", "all"), "delta"] == pytest.approx(0.75)
    assert table.loc[("insured", "all")].filter(regex="less|net").isna().all()


def test_a_change_that_luck_could_have_made_divides_nothing():
    found = displaced(hours({"shy": {"market": 1.0, "family": -0.5}}), "base", ["base", "shy"])
    row = found.loc[("shy", "market")]
    assert row["delta"] == pytest.approx(0.1)
    assert row["delta_lower"] < 0.0  # 1, 1.6 and .4 hours
    assert row["change"] == ""
    assert row.filter(regex="less|net").isna().all()


def test_what_several_sectors_add_is_told_of_all_of_them_together():
    changes = {"community": 4.0, "market": 6.0, "family": -3.0, "state": -1.0}
    table = displaced(hours({"many": changes}, (0.0, 0.1, -0.1)), "base", ["base", "many"])
    row = table.loc[("many", "together")]
    assert row[["delta", "less_family", "less_state", "net"]].tolist() == pytest.approx([1.0, 0.3, 0.1, 0.6])
    assert row[["less_community", "less_market"]].isna().all()
    assert table.loc[("many", "community"), "less_market"] == pytest.approx(-1.5)
    assert table.loc[("many", "community"), "net"] == pytest.approx(1.5)
    short = brief(table)
    assert short["net"].dropna().index.tolist() == [("many", "together")]
    assert ("many", "volunteers") not in short.index


def test_rounding_is_no_change_and_a_missing_replication_takes_its_pair_along():
    known = hours({"same": {}, "more": {"state": 1.0}}, (0.0, 0.1, -0.1, 0.2))
    known.loc[("same", slice(None)), list(SECTORS)] *= 1.0 + 1e-15
    known = known.drop(index=[("more", 3)])
    table = displaced(known, "base", ["base", "same", "more"])
    assert (table.loc["same", "delta"] == 0.0).all()
    assert table.loc["same", "net"].isna().all()
    assert table.loc[("more", "state"), "baseline"] == pytest.approx(
        0.2
    )  # of the replications that both have
    once = displaced(known.xs(0, level="replication", drop_level=False), "base", ["base", "more"])
    assert once.loc[("more", "state"), "delta"] == pytest.approx(0.1)
    assert once.filter(regex="less|net|lower|upper").isna().all(axis=None)


def test_fiellers_interval_by_hand():
    """Its ends are the ratios r for which the paired t-test of above - r below has a p of 5 %."""
    luck = np.random.default_rng(6)
    below = luck.normal(5.0, 2.0, 12)
    above = 0.4 * below + luck.normal(0.0, 1.0, 12)
    ratio, lower, upper = ratio_interval(above, below)
    assert lower < ratio == above.mean() / below.mean() < upper
    for end in (lower, upper):
        assert stats.ttest_1samp(above - end * below, 0.0).pvalue == pytest.approx(0.05)
    assert ratio_interval(3.0 * np.ones(4), 2.0 * np.ones(4)) == (1.5, 1.5, 1.5)
    assert all(math.isnan(number) for number in ratio_interval(np.ones(4), np.zeros(4)))
    assert all(math.isnan(number) for number in ratio_interval(np.ones(1), np.ones(1)))


@pytest.mark.parametrize(("n", "spread", "least"), [(20, 0.5, 0.99), (5, 0.5, 0.9), (20, 1.6, 0.7)])
def test_the_interval_of_a_ratio_covers_it_as_often_as_it_says(n, spread, least):
    """4,000 simulated runs, of which `least` or more tell the change of the sector from zero.

    Intervals of 95 % cover in so many of these that a binomial test has a p above 1e-3.
    """
    luck = np.random.default_rng(n)
    below = luck.normal(1.0, spread, (4000, n))
    above = 0.25 * below + luck.normal(0.0, 0.3, (4000, n))
    found = np.array([ratio_interval(*pair)[1:] for pair in zip(above, below, strict=True)])
    told = ~np.isnan(found[:, 0])
    assert told.mean() >= least
    ends = np.array([t_interval(each)[1:] for each in below])
    assert (told == ((ends[:, 0] > 0.0) | (ends[:, 1] < 0.0))).all()
    covered = int(((found[told, 0] <= 0.25) & (found[told, 1] >= 0.25)).sum())
    assert stats.binomtest(covered, int(told.sum()), 0.95).pvalue > 1e-3


def test_hours_of_a_sector_are_its_share_of_all_that_is_given():
    months = pd.DataFrame({
        "mix": "a", "replication": 0, "met_hours": [80.0, 0.0], "hours_institution": [20.0, np.nan],
        "elders": [7.0, 8.0], **{f"provision_{sector}": [share / 100.0, np.nan] for sector, share in BASE.items()},
    })  # fmt: skip
    found = sector_hours(months).loc[("a", 0)]
    assert found.to_dict() == pytest.approx({**BASE, "elder_months": 15.0})


SAID = {"name": "shares", "place": "rural_heilongjiang", "start": "2020-01", "months": 6, "seed": 3, "replications": 6,
        "residents": 3000, "townships": 1, "villages": 10}  # fmt: skip
MIXES = {
    "status_quo": None,
    "insured": {"instruments": {"long_term_care_insurance": {"hours": 60.0, "from_state": 2},
                                "meal_aid": {"subsidy": 3.0, "kitchen": 2.0, "meals": 44}}},
}  # fmt: skip


@pytest.fixture(scope="module")
def insured(tmp_path_factory):
    scenario = Scenario.of(**SAID | {"mixes": MIXES})
    path = tmp_path_factory.mktemp("shares") / "run"
    tables = take_apart(
        scenario, "insured", single_instruments(scenario, "insured"), out=path, jobs=1, alone=True
    )
    return read_run(path), tables


def test_insured_hours_alone_take_the_place_of_some_of_the_family_s(insured):
    run, tables = insured
    assert list(tables) == ["displacement"]
    table = tables["displacement"]
    mixes = ["long_term_care_insurance", "meal_aid"]
    assert set(table.index.get_level_values("mix")) == {*mixes, "long_term_care_insurance.meal_aid"}
    for mix, grown in zip(mixes, ("market", "community"), strict=True):
        row = table.loc[(mix, grown)]
        assert row["change"] == "more"
        assert 0.0 < row["less_family_lower"] < row["less_family"] < row["less_family_upper"]
        assert row["less_family"] < 1.0
        assert row["net"] == pytest.approx(
            1.0 - row.loc[["less_" + name for name in SECTORS if name != grown]].sum()
        )
    pd.testing.assert_frame_equal(displacement(run.path), table)
    kept = pd.read_csv(run.path / "decision" / "displacement.csv").set_index(["mix", "sector"])
    assert kept.loc[(mixes[0], "market"), "net"] == pytest.approx(table.loc[(mixes[0], "market"), "net"])
    assert "beyond nobody" in table.attrs["caption"]
    assert "6 paired replications of 6 months" in table.attrs["caption"]


def test_sectors_add_up_to_the_sources_they_are_made_of(insured):
    run, _ = insured
    found = sector_hours(run.monthly)
    sources = {"family": ["hours_spouse", "hours_children"], "volunteers": ["hours_volunteers", "hours_time_bank"],
               "community": ["hours_community", "hours_meals", "hours_visits"]}  # fmt: skip
    sums = run.monthly.groupby(["mix", "replication"], sort=False).sum(numeric_only=True)
    for sector, names in sources.items():
        assert found[sector].to_numpy() == pytest.approx(sums[names].sum(axis=1).to_numpy(), rel=1e-9)
    paid = sums[["hours_bought", "hours_formal", "hours_purchased", "hours_institution"]].sum(axis=1)
    assert (found["state"] + found["market"]).to_numpy() == pytest.approx(paid.to_numpy(), rel=1e-9)


def test_any_mix_can_be_the_baseline_and_mistakes_are_told(insured, tmp_path):
    run, tables = insured
    turned = displacement(run, "long_term_care_insurance")
    assert turned.loc[(NOBODY, "market"), "delta"] == pytest.approx(
        -tables["displacement"].loc[("long_term_care_insurance", "market"), "delta"], rel=0.05
    )  # per elder-month of another mix
    with pytest.raises(ConfigError, match="--baseline insured: not a mix of"):
        displacement(run, "insured")
    assert caresim.displacement is displacement


def shared(scenario, mix, replication):
    """Return a month in each county, in which the first gives other hours than the second."""
    whole, family = (100.0, 0.9) if scenario.county == 0 else (300.0, 0.5)
    row = dict.fromkeys(NAMES, 0.0) | {"elders": 10.0 + 10.0 * scenario.county, "met_hours": whole}
    row |= {"provision_family": family, "provision_market": 1.0 - family}
    return Outcome([{"month": month_text(scenario.start), **row}], {2020: np.ones((2, 21, 2))})


def test_hours_of_a_province_are_those_of_its_counties(tmp_path):
    scenario = small(mixes=["status_quo", "austerity"], replications=2, months=1, counties=2)
    run = run_experiment(scenario, tmp_path / "out", jobs=1, simulate=shared)
    table = displacement(run)
    assert table.loc[("austerity", "family"), "mean"] == pytest.approx((90.0 + 150.0) / 30.0)


def test_a_sweep_is_refused(tmp_path):
    run = run_experiment(small(replications=1, months=1), tmp_path / "out", jobs=1, simulate=outcome)
    (run.path / "runs.parquet").touch()
    with pytest.raises(RunFolderError, match="holds a sweep; hours by sector are told of a run"):
        displacement(run.path)


def test_the_verb_takes_a_mix_apart_by_its_instruments(tmp_path):
    config = tmp_path / "shares.yaml"
    config.write_text(
        "name: shares\nplace: rural_heilongjiang\nstart: 2020-01\nmonths: 1\nreplications: 2\n"
        "population: {residents: 300, townships: 1, villages: 1}\nmixes:\n  status_quo:\n"
        "  insured:\n    instruments:\n      long_term_care_insurance: {hours: 20}\n      meal_aid: {meals: 20}\n"
    )
    out = tmp_path / "out"
    asked = ("take-apart", str(config), "--whole", "insured", "--jobs", "1", "--out", str(out))
    code, lines, said = complaints(*asked, "--by", "instrument")
    assert (code, lines) == (0, [])
    assert "Hours by sector beyond nobody, per elder-month" in said
    assert "long_term_care_insurance all" in said
    assert [path.name for path in (out / "decision").iterdir()] == ["displacement.csv"]
    code, lines, _ = complaints(*asked, "--by", "instruments")
    assert (code, lines) == (2, ["--by instruments: not a kind of part; did you mean instrument?"])
