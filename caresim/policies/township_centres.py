"""Township centres: care, rehabilitation, nursing, help for families, counselling and devices on loan in one house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Move, lever
from caresim.agents.money import FEN
from caresim.agents.priority import elders_reached
from caresim.agents.workforce import PER, wage_growth
from caresim.kernel.parameters import Parameters, parameter

if TYPE_CHECKING:
    from caresim.agents.world import World


class TownshipCentres(Parameters):
    """How many townships have a centre, what each of its six functions does there, and whom it employs for them."""

    share: float = lever(
        0.2, unit="share", high=1.0,
        meaning="Share of townships with a centre; Zhejiang has one in every township.",
        source="zhejiang_centres", evidence="judgement",
    )  # fmt: skip
    life_care: float = parameter(
        5.0, unit="workers per 10,000 elders", limits=(0.0, 1000.0), low=2.0, high=10.0,
        meaning="Life care: uncertified workers of the centre, whom whoever orders their hours pays.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    rehabilitation: float = parameter(
        0.98, unit="ratio", limits=(0.0, 1.0), low=0.95, high=1.0,
        meaning="Rehabilitation: factor on the hazard of going from state 2 to 3.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    nursing: float = parameter(
        0.1, unit="share", low=0.0, high=0.2,
        meaning="Nursing: what is added to the part of personal care that uncertified workers may do under its eyes.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    family_support: float = parameter(
        1.0, unit="hours per month", limits=(0.0, 50.0), low=0.0, high=4.0,
        meaning="Family support: hours of respite for the family of an elder in state 3.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    counselling: float = parameter(
        0.03, unit="share", low=0.0, high=0.1,
        meaning="Social work and counselling: gain in the share of those entitled who take up what is due.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    devices: float = parameter(
        1.02, unit="ratio", limits=(1.0, 2.0), low=1.0, high=1.05,
        meaning="Devices on loan: factor on the hours that a worker spends with elders, as lifting takes less time.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    social_workers: float = lever(
        0.0, unit="workers per 10,000 elders", limits=(0.0, 10_000.0), high=10.0,
        meaning="Social workers of the centre for the elders of its township, besides those of the county.",
        source="zhejiang_centres", evidence="judgement",
    )  # fmt: skip
    medical_link: float = lever(
        0.0, unit="share", limits=(0.0, 1.0), high=0.5,
        meaning="Share of the contacts lost by distance or for want of company that the centre's doctor makes up.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    cost_social_worker: float = parameter(
        6000.0, unit="yuan per month", limits=(0.0, 1e6), low=4000.0, high=9000.0,
        meaning="Cost of a social worker of a centre in 2020, as of one of the county; it grows like rural incomes.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    cost_medical_link: float = parameter(
        8.0, unit="yuan per elder-month", limits=(0.0, 1000.0), low=4.0, high=24.0,
        meaning="Cost of a link that makes up all contacts lost: joined medical care makes up half of them for 4 yuan.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        2.5, unit="yuan per elder-month", limits=(0.0, 1000.0), low=1.0, high=6.0,
        meaning="Running cost of a centre for each elder of its township: 10,000 yuan a month for 4,000 elders.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    @property
    def rollout(self) -> float:
        """Return the share of townships in which the measure is active: those with a centre."""
        return self.share


def spend(world: World, levers: TownshipCentres, instrument: Instrument) -> None:
    """Pay whoever runs the centres, with their doctors and social workers."""
    heads = elders_reached(world, levers)
    fen = int(FEN * levers.cost) * heads + int(FEN * levers.cost_medical_link * levers.medical_link) * heads
    fen += int(FEN * levers.cost_social_worker * wage_growth(world) * (levers.social_workers * heads / PER))
    if fen:
        world.claims.programme(instrument, fen, entitlement=True, payee="providers")


INSTRUMENT = Instrument(
    name="township_centres",
    meaning="A centre in the township cares, rehabilitates, nurses, supports families, counsels and lends devices.",
    parameters=TownshipCentres,
    effects=(
        Effect("workforce.centre_workers", "adds", lambda levers: levers.life_care),
        Effect("functional_decline.severe_scale", "scales", lambda levers: levers.rehabilitation),
        Effect("workforce.uncertified_personal", "adds", lambda levers: levers.nursing),
        Effect("respite.hours", "adds", lambda levers: levers.family_support),
        Effect("respite.of_centres", "adds", lambda levers: levers.family_support),
        Effect("assessment.take_up", "adds", lambda levers: levers.counselling),
        Effect("workforce.hours", "scales", lambda levers: levers.devices),
        Effect("social_work.workers", "adds", lambda levers: levers.social_workers),
        Effect("social_work.of_centres", "adds", lambda levers: levers.social_workers),
        Effect("medical_contact.on_site", "adds", lambda levers: levers.medical_link),
    ),
    slot="entitlement",
    act=spend,
    funder="local",
    moves=Move("worker_hours", +1, {"share": 1.0}),
)
