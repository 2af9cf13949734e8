"""A real run: what the page says of hours and of yuan is what the indicators say, and every payer stands in it once."""

import numpy as np
import pytest

from caresim.experiment.runner import run_experiment
from caresim.report.comparison import CARE_MET, Comparison
from caresim.report.stacks import MONEY, care_money
from caresim.report.words import Words
from tests.experiment.fakes import small

GIFTS = {"donations": {"per_elder_year": 300.0}, "happiness_homes": {"home_share": 1.0}}
PUBLIC = ("paid_by_central", "paid_by_local", "paid_by_lottery", "paid_by_insurance")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    mixes = {"status_quo": None, "gifts": {"instruments": GIFTS}}
    said = small(mixes=mixes, months=5, replications=2, population={"residents": 600, "villages": 3})
    return run_experiment(said, tmp_path_factory.mktemp("whole") / "run", jobs=1)


def test_care_that_is_met_is_the_share_of_the_summary(run):
    summary = run.summary.set_index(["mix", "indicator"])
    for mix in ("status_quo", "gifts"):
        row, unmet = Comparison(run, Words("en")).row(mix, CARE_MET), summary.loc[(mix, "unmet_share_all")]
        assert row["mean"] == pytest.approx(1.0 - unmet["mean"])
        if mix == "gifts":
            ends = [row[end] for end in ("delta", "delta_lower", "delta_upper")]
            assert ends == pytest.approx([-unmet[end] for end in ("delta", "delta_upper", "delta_lower")])


def test_sectors_finance_what_the_bars_show_but_hospitals(run):
    months = run.monthly
    borne = months[[part.name for part in MONEY]]
    assert (borne >= 0.0).all(axis=None)
    for mix, part in months.groupby("mix"):
        shown = care_money(Comparison(run, Words("en"))).numbers.set_index("mix").loc[mix].sum()
        assert shown == pytest.approx(borne.loc[part.index].sum(axis=None) / part["elders"].sum())
    assert (months.loc[months["mix"] == "gifts", "paid_by_charity"] > 0.0).all()
    in_hospital = months["hospital_own_payments"] / months["out_of_pocket"]
    assert (in_hospital > 0.0).any()
    whole = borne.drop(columns="hospital_insured_payments").sum(axis=1) - in_hospital * months["own_payments"]
    state = months[[*PUBLIC]].sum(axis=1)
    market = months[["paid_by_charity", "paid_by_owners"]].sum(axis=1)
    assert months["finance_state"].to_numpy() == pytest.approx((state / whole).to_numpy())
    assert months["finance_market"].to_numpy() == pytest.approx((market / whole).to_numpy())


def test_society_bears_what_everybody_pays_but_cash_that_pays_no_bill(run):
    months = run.monthly
    paid = months[[part.name for part in MONEY if part.name != "informal_value"]].sum(axis=1)
    kept = paid - months["money_cost"]
    assert (kept >= -1e-6).all()
    assert (kept > 0.0).any()
    assert (months["societal_cost"] - months["money_cost"]).to_numpy() == pytest.approx(
        months["informal_value"].to_numpy()
    )
    assert np.isfinite(kept).all()
