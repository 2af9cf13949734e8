"""What measures that live on their claims still do when a ceiling refused part of these, on paper."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents.instrument import Effect
from caresim.agents.people import ELDER
from caresim.agents.policy import Policy
from caresim.kernel.clock import month_number
from caresim.processes.admission import admit
from caresim.processes.benefits import Benefits, pay_benefits
from tests.hamlet import Hamlet
from tests.processes.test_admission import SURE

CAMPAIGNS = {"volunteer_awareness": {"level": 1.0, "gain": 0.03, "cost": 0.5},
             "filial_campaign": {"level": 1.0, "gain": 0.02, "cost": 0.5}}  # fmt: skip
GAINS = "volunteering.registration_gain", "children_care.norm_gain"
BOTH = [0.03, 0.02]
SUBSIDY = {"institution_subsidy": {"amount": 1000.0}}
NURSED = {"nursing_subsidy": {"severe": 100.0}}


class Governed:
    """A hamlet under a law, month by month."""

    def __init__(self, levers, month="2021-01", **parameters):
        self.hamlet = Hamlet(catalogue.columns(), month_number(month))
        self.world = self.hamlet.world
        measures = catalogue.instruments()
        self.policy = Policy(
            {name: measures[name].parameters(**said) for name, said in levers.items()}, measures
        )
        self.groups = {name: group() for name, group in catalogue.parameter_groups().items()}
        for name, values in parameters.items():
            self.groups[name] = self.groups[name].model_copy(update=values)
        self.world.month -= 1

    def elder(self, age=70, **columns):
        row = self.hamlet.add(age, "f", self.hamlet.household())
        for name, value in columns.items():
            self.world.people[name][row] = value
        self.world.people["state"][row] |= ELDER
        self.world.elders = np.append(self.world.elders, row).astype(np.int64)
        return row

    def under(self, ceiling):
        """Set the ceiling: a new law."""
        self.groups = self.groups | {"benefits": Benefits(ceiling=ceiling, allow_deficit=True)}
        return self

    def month(self):
        """Let a month's benefits pass under the law; return the world."""
        self.world.open_month(self.world.month + 1, self.groups, self.policy)
        pay_benefits(self.world)
        return self.world

    def found(self, *quantities):
        return [self.world.by_village(name)[0].item() for name in quantities]


def two_elders(levers, **where):
    place = Governed(levers, **where)
    place.elder()
    place.elder()
    return place


def test_campaigns_do_what_they_were_paid_for_the_month_before():
    """Two elders: each campaign claims 1 yuan; of a ceiling of 1 yuan each gets half."""
    place = two_elders(CAMPAIGNS).under(0.5)
    place.month()
    assert place.found(*GAINS) == BOTH, "nothing has been refused yet"
    assert place.month().money.paid("filial_campaign") == 50
    assert place.found(*GAINS) == pytest.approx([0.015, 0.01], rel=1e-12)


def test_effects_come_into_force_anew_only_when_the_part_changes():
    place = two_elders(CAMPAIGNS).under(0.5)
    enacted = []
    for _ in range(4):
        enacted.append(place.month().enacted)
    assert enacted == [1, 2, 2, 2]


@pytest.mark.parametrize("ceiling", [0.0, 1.0])
def test_nothing_is_enacted_anew_where_nothing_is_refused(ceiling):
    place = two_elders(CAMPAIGNS).under(ceiling)
    for _ in range(3):
        place.month()
    assert place.world.enacted == 1
    assert place.found(*GAINS) == BOTH


def test_without_the_ceiling_they_do_everything_again_a_month_later():
    place = two_elders(CAMPAIGNS).under(0.5)
    place.month()
    place.under(0.0).month()
    assert place.found(*GAINS) == pytest.approx([0.015, 0.01], rel=1e-12)
    place.month()
    assert place.found(*GAINS) == BOTH


def test_a_measure_that_does_not_live_on_its_claims_is_as_it_was():
    """What is due of a cash subsidy is decided each month anew; it has no effects, and nothing is enacted."""
    place = Governed(NURSED).under(1.0)
    place.elder(assessed=3, takes_up=1)
    for _ in range(3):
        place.month()
    assert place.world.money.refused > 0
    assert place.world.enacted == 1


def test_founders_count_on_the_part_of_a_grant_that_was_paid_when_it_was_claimed_last():
    """Twenty new beds claim 100,000 yuan once; 1 elder and a ceiling of 25,000 yuan leave a quarter of it."""
    place = Governed({"construction_grant": {"per_bed": 5000.0}}).under(25_000.0)
    place.elder()
    place.month()
    place.world.homes.add(np.full(4, 1500.0), key=1, beds=20, opened=place.world.month)
    place.month()
    assert place.found("homes.grant") == [5000.0]
    assert place.world.money.paid("construction_grant") == 2_500_000
    for _ in range(12):
        place.month()
        assert place.found("homes.grant") == [1250.0]


def resident_and_applicant(ceiling):
    """A resident who is due 1,000 yuan, and one who could pay 1,000 yuan for a bed of 1,500."""
    rules = {"spendable": 1.0, **SURE}
    place = Governed(SUBSIDY, admission=rules, income={"growth_year": 0.0}, homes={"price_level": 1.0}).under(
        ceiling
    )
    place.world.homes.add(np.full(4, 1500.0), key=1, beds=5, nursing=5, ownership=2, opened=0, reputation=0.9)
    place.elder(means=1, takes_up=1, home=0, place=4, income=1_000_000, disability=3, assessed=3)
    who = place.elder(means=1, takes_up=1, income=100_000, disability=3, assessed=3)
    return place, who


@pytest.mark.parametrize(
    ("ceiling", "aid", "home"), [(0.0, 1000.0, 0), (500.0, 1000.0, 0), (350.0, 700.0, 0), (125.0, 250.0, -1)]
)
def test_elders_count_on_the_part_of_the_subsidy_that_residents_were_paid(ceiling, aid, home):
    """The ceiling times two elders is paid of 1,000 yuan; who is left with more than 1,000 of 1,500 does not come."""
    place, who = resident_and_applicant(ceiling)
    place.month()
    place.month()
    assert place.found("admission.aid_poor") == pytest.approx([aid], rel=1e-4)
    admit(place.world)
    assert place.world.people["home"][who] == home


def test_what_does_part_of_its_work_must_add():
    known = catalogue.instruments()["filial_campaign"]
    scales = (Effect("children_care.norm_gain", "scales", lambda levers: levers.gain),)
    with pytest.raises(ValueError, match="filial_campaign: needs money for effects that add nothing"):
        dataclasses.replace(known, effects=scales)
