"""Market and NGOs on paper: who runs a team, what elders pay there, and what government pays.

An hour costs 30 yuan on the market and 24 from an NGO that asks .8 of it; of it .8^-.4 = 1.09336 times the hours are
wished.
"""

from __future__ import annotations

import numpy as np
import pytest

from caresim.agents.care import PURCHASED
from caresim.agents.operators import asked, run_by_ngo
from tests.processes.test_formal_care import Formal, insured


def village(share=1.0, price=0.8, **changes):
    """Return a hamlet in which NGOs run so many teams; people of village 1 have a team of their own."""
    made = {"purchased_care": {"hours": 4.0}, "workforce": {"ngo_share": share, "ngo_price": price}} | changes
    place = Formal(**made)
    place.world.territory.remote[1] = True
    return place


def buyer(place, income=180_000, **where):
    row = place.elder(2, **where)
    place.people["income"][row] = income
    return row


@pytest.mark.parametrize(
    ("income", "minutes", "fen"),
    [
        (180_000, 262, 10_480),  # 4 h x 1.09336, at 40 fen a minute
        (9_000, 45, 1_800),  # a fifth of 90 yuan pays for 45 minutes, for 36 on the market
    ],
)
def test_who_buys_of_an_ngo_pays_less_and_wishes_more(income, minutes, fen):
    place = village()
    row = buyer(place, income)
    place.pass_month()
    assert place.world.care.received[0, PURCHASED] == minutes
    assert place.of("out_of_pocket", row) == [fen]
    assert place.paid() == {"purchased_care elders providers": fen}
    assert place.world.workforce.month.by_ngo == minutes


def test_a_voucher_is_a_sum_that_buys_more_of_an_ngo():
    place = village(purchased_care={"hours": 0.0})
    row = place.elder(2)
    place.grant("care_vouchers", "local", **{f"r{row}": 42_000})
    place.pass_month()
    month = place.world.workforce.month
    assert (month.wished, month.bought, month.by_voucher, month.by_ngo) == (1050, 1050, 1050, 1050)
    assert place.paid() == {"care_vouchers local providers": 42_000}


def test_government_pays_the_same_for_an_hour_whoever_gives_it():
    place = village(purchased_care={"hours": 0.0})
    row = place.elder(2)
    insured(place, row)
    place.pass_month()
    assert place.paid() == {"long_term_care_insurance insurance care_workers": 60_000}
    assert place.world.workforce.month.by_ngo == 0


def draws_of_teams(place):
    """Return the draws of the first two teams: the shares from which on an NGO runs them."""
    rules, found = place.world.parameters["workforce"], []
    for team in range(2):
        low, high = 0.0, 1.0
        while high - low > 1e-6:
            middle = (low + high) / 2
            place.world.parameters["workforce"] = rules.model_copy(update={"ngo_share": middle})
            low, high = (low, middle) if run_by_ngo(place.world)[team] else (middle, high)
        found.append(high)
    place.world.parameters["workforce"] = rules
    return found


def test_a_team_is_the_markets_or_an_ngos_and_each_asks_its_price():
    place = village()
    near, far = buyer(place), buyer(place, village=1)
    place.world.workforce.teams = np.array([0, 1])
    first, second = draws_of_teams(place)
    assert first != second
    share = (first + second) / 2
    place.set("workforce", **{"uncertified_start": 0, "certified_target": 10_000, "hiring": 1.0,
                              "ngo_share": share, "ngo_price": 0.8})  # fmt: skip
    place.pass_month()
    of_ngo, of_market = (near, far) if first < second else (far, near)
    assert place.of("out_of_pocket", of_ngo, of_market) == [10_480, 12_000]
    month = place.world.workforce.month
    assert (month.bought, month.by_ngo) == (502, 262)
    assert place.paid() == {"purchased_care elders providers": 22_480}


def test_more_ngos_are_those_there_were_and_others():
    place = village()
    place.world.workforce.teams = np.arange(200)
    found = []
    for share in (0.0, 0.3, 0.6, 1.0):
        place.set("workforce", ngo_share=share)
        found.append(run_by_ngo(place.world))
    none, few, more, everywhere = found
    assert not none.any()
    assert everywhere.all()
    assert (few <= more).all()
    assert 40 < few.sum() < 80 < more.sum() < 160


def test_at_one_price_nothing_but_the_operator_differs():
    paid = []
    for share in (0.0, 1.0):
        place = village(share, price=1.0)
        row = buyer(place)
        place.pass_month()
        paid.append((place.paid(), place.of("out_of_pocket", row), place.world.workforce.month.bought))
    assert paid[0] == paid[1] == ({"purchased_care elders providers": 12_000}, [12_000], 240)


@pytest.mark.parametrize(("price", "relative", "fen"), [(3001, 1.0, 3001), (3001, 0.7, 2101), (3, 0.1, 1)])
def test_what_is_asked_is_in_whole_fen_and_never_nothing(price, relative, fen):
    assert asked(price, relative) == fen
