"""Who is granted what within a ceiling; random claims never exceed it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caresim import catalogue
from caresim.agents.entitlements import PRIORITIES, Claims

MEASURES = catalogue.instruments()
ALLOWANCE, NURSING, SERVICE, OFFICES = (
    MEASURES[name] for name in ("age_allowance", "nursing_subsidy", "service_subsidy", "integration")
)


def claims_of(n, entitled, nursing, service, offices):
    claims = Claims()
    claims.open(n)
    claims.cash(ALLOWANCE, np.array(entitled), entitlement=True)
    claims.cash(NURSING, np.array(nursing))
    claims.service(SERVICE, np.array(service))
    claims.programme(OFFICES, offices)
    return claims


def test_entitlements_then_programmes_then_priority():
    claims = claims_of(2, [100, 0], [300, 300], [0, 100], 50)
    assert claims.settle(500, np.array([1, 4])) == (0, 351)
    assert claims.granted("age_allowance").tolist() == [100, 0]
    assert claims.granted_programme("integration") == 50
    assert claims.granted("nursing_subsidy").tolist() == [0, 262]
    assert claims.granted("service_subsidy").tolist() == [0, 87]


def test_a_deficit_leaves_nothing_for_the_rest():
    claims = claims_of(1, [100], [300], [0], 50)
    assert claims.settle(70, np.array([9])) == (30, 350)
    assert claims.granted("age_allowance").tolist() == [100]
    assert claims.granted("nursing_subsidy").tolist() == [0]
    assert claims.granted_programme("integration") == 0


def test_without_a_ceiling_all_is_granted():
    claims = claims_of(1, [100], [300], [20], 50)
    assert claims.settle(None, np.array([0])) == (0, 0)
    assert [int(claim.granted.sum()) for claim in claims.made.values()] == [100, 300, 20, 50]


def test_what_an_elder_claims_counts_services_and_not_the_family():
    claims = claims_of(2, [100, 0], [300, 300], [0, 100], 50)
    claims.cash(MEASURES["carer_allowance"], np.array([500, 500]), payee="families")
    assert claims.claimed().tolist() == [400, 400]


def test_a_measure_may_pay_cash_and_promise_a_service():
    claims = Claims()
    claims.open(1)
    claims.cash(NURSING, np.array([10]))
    claims.service(NURSING, np.array([20]))
    claims.settle(None, np.array([0]))
    assert claims.granted("nursing_subsidy").tolist() == [20]
    with pytest.raises(ValueError, match="claims cash twice"):
        claims.cash(NURSING, np.array([10]))


def test_claims_are_one_an_elder():
    claims = Claims()
    claims.open(3)
    with pytest.raises(ValueError, match="2 claims of 3 elders"):
        claims.cash(NURSING, np.array([1, 2]))


MONTHS = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        *(st.lists(st.integers(0, 10**7), min_size=n, max_size=n) for _ in range(3)),
        st.lists(st.integers(0, PRIORITIES - 1), min_size=n, max_size=n),
    )
)


@given(MONTHS, st.integers(0, 10**6), st.integers(0, 10**8))
def test_the_ceiling_holds_and_priority_is_kept(month, offices, ceiling):
    entitled, nursing, service, priority = month
    claims = claims_of(len(priority), entitled, nursing, service, offices)
    deficit, refused = claims.settle(ceiling, np.array(priority))
    free = [claim for claim in claims.made.values() if not claim.entitlement]
    spent = sum(int(claim.granted.sum()) for claim in free)
    assert deficit == max(0, sum(entitled) - ceiling)
    assert spent <= max(0, ceiling - sum(entitled))
    assert spent + refused == sum(int(claim.fen.sum()) for claim in free)
    assert all((claim.granted >= 0).all() and (claim.granted <= claim.fen).all() for claim in free)
    cash, services = claims.granted("nursing_subsidy"), claims.granted("service_subsidy")
    wanted, got = np.array([nursing, service]), np.array([cash, services])
    short = np.array(priority)[(got < wanted).any(axis=0)].tolist()
    if short:
        below = np.array(priority) < max(short)
        assert not got[:, below].any()


@pytest.mark.parametrize(("ceiling", "granted"), [(None, [600, 0, 200]), (400, [300, 0, 100])])
def test_what_some_of_the_elders_are_granted_is_told_without_the_others(ceiling, granted):
    claims = Claims()
    claims.open(4)
    claims.units(SERVICE, np.array([2, 6, 0, 0], dtype=np.uint8)[[1, 3, 2, 0]], 100, 8)
    claims.settle(ceiling, np.array([1, 1, 1, 1]))
    claim = claims.made["service_subsidy", "service"]
    assert claim.granted_to(np.array([0, 2, 3])).tolist() == granted
    assert claim.granted.tolist() == [granted[0], 0, granted[1], granted[2]]
