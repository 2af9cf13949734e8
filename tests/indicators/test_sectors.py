import math

import numpy as np
import pytest

from caresim.agents.care import CARE_WORKER, DAUGHTER, MEMBER, NEIGHBOUR, PEER
from caresim.indicators import sectors
from tests.indicators.books import Village

MINUTES = ((DAUGHTER, 360), (NEIGHBOUR, 90), (PEER, 30), (MEMBER, 120), (CARE_WORKER, 120))


def village(given=MINUTES):
    v = Village()
    elder = v.elder(80, disability=3)
    v.need(elder, 600, 600, 600)
    for relation, minutes in given:
        v.give(elder, relation, 0, 0, minutes)
    return v


def of(found, kind):
    return [found[f"{kind}_{sector}"] for sector in sectors.SECTORS]


def test_who_provides():
    found = village().measure(sectors.INDICATORS)
    assert of(found, "provision") == pytest.approx([6 / 12, 2 / 12, 2 / 12, 0, 2 / 12])
    entropy = math.log(2) / 2 + 3 * math.log(6) / 6
    assert found["effective_sectors"] == pytest.approx(math.exp(entropy))


def test_hours_in_homes_count_for_their_owners():
    v = village()
    v.world.homes.add(np.zeros(4), ownership=0, met=240)
    v.world.homes.add(np.zeros(4), ownership=2, met=480)
    found = v.measure(sectors.INDICATORS)
    assert of(found, "provision") == pytest.approx([6 / 24, 2 / 24, 2 / 24, 4 / 24, 10 / 24])


def test_hours_are_discounted_as_money_is():
    v = village()
    v.world.homes.add(np.zeros(4), ownership=2, met=480)
    v.world.start -= 24
    assert v.measure(sectors.INDICATORS)["hours_present_value"] == pytest.approx((12 + 8) / 1.05**2)


def test_who_finances():
    """Unpaid hours at 15 yuan: 90, 30, 30. The state pays 60 for services and 40 in cash; hospitals are left out.

    The elder has bills of 50 for care and 90 in hospital, and cash of 28; another one has as much cash and no bill.
    Cash leaves four fifths of the bills to the family: 40 yuan for care.
    """
    v = village()
    v.elder(80)
    v.world.people["out_of_pocket"][0] = 14_000
    v.world.people["benefits"][:2] = 2_800
    money = v.world.money
    money.pay("long_term_care_insurance", "insurance", "care_workers", 6000)
    money.pay("age_allowance", "local", "elders", 4000)
    money.pay("purchased_care", "elders", "care_workers", 5000)
    money.pay("happiness_homes", "collective", "suppliers", 1000)
    money.pay("hospital", "elders", "hospitals", 9000)
    money.pay("hospital", "medical_insurance", "hospitals", 7000)
    found = v.measure(sectors.INDICATORS)
    borne = [90 + 40, 30 + 10, 30, 60 + 40, 0]
    assert of(found, "finance") == pytest.approx([yuan / sum(borne) for yuan in borne])


def test_the_market_finances_what_charities_give_and_owners_lose():
    v = village(MINUTES[:1])
    v.world.people["out_of_pocket"][0], v.world.people["benefits"][0] = 5000, 4000
    money = v.world.money
    money.pay("gifts", "donors", "charity", 9000)
    money.pay("donations", "charity", "elders", 4000)
    money.pay("home_owners", "owners", "homes", 2000)
    money.pay("home_profits", "homes", "owners", 700)
    money.pay("home_fees", "elders", "homes", 5000)
    borne = [90 + 10, 0, 0, 0, 40 + 20]
    assert of(v.measure(sectors.INDICATORS), "finance") == pytest.approx(
        [yuan / sum(borne) for yuan in borne]
    )


def test_one_sector_is_one_and_none_is_unknown():
    assert village(MINUTES[:1]).measure(sectors.INDICATORS)["effective_sectors"] == pytest.approx(1)
    assert math.isnan(village(()).measure(sectors.INDICATORS)["effective_sectors"])
