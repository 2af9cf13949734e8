"""Village oversight: a committee of the village looks after the services in it and reports who is overlooked."""

from __future__ import annotations

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever
from caresim.kernel.parameters import parameter


class VillageOversight(Levers):
    """How far village committees look after services, how long it takes them, and what comes of it."""

    level: float = lever(
        0.0, unit="share", limits=(0.0, 1.0), high=1.0,
        meaning="How far village committees look after the services in their village.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    hours: float = parameter(
        4.0, unit="hours per 100 elders and month", limits=(0.0, 200.0), low=2.0, high=10.0,
        meaning="Hours of the committee's members at full oversight.", source="judgement", evidence="judgement",
    )  # fmt: skip
    reported: float = parameter(
        0.08, unit="share", low=0.0, high=0.2,
        meaning="Gain in the share of those entitled who take up what is due, because the committee reports who is "
        "overlooked, at full oversight.", source="judgement", evidence="judgement",
    )  # fmt: skip
    sooner: float = parameter(
        0.5, unit="months", limits=(0.0, 24.0), low=0.0, high=1.0,
        meaning="Months by which elders wait less for an assessment, because the committee reports changes, at full "
        "oversight.", source="judgement", evidence="judgement",
    )  # fmt: skip
    registered: float = parameter(
        0.15, unit="share", low=0.0, high=0.2,
        meaning="Gain in the share of left-behind elders who are on the register, at full oversight.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


INSTRUMENT = Instrument(
    name="village_oversight",
    meaning="Village committees look after services, keep the register of the left-behind and report the overlooked.",
    parameters=VillageOversight,
    effects=(
        Effect("home_upkeep.oversight", "adds", lambda levers: levers.hours * levers.level),
        Effect("assessment.take_up", "adds", lambda levers: levers.reported * levers.level),
        Effect("assessment.sooner", "adds", lambda levers: levers.sooner * levers.level),
        Effect("visits.registered", "adds", lambda levers: levers.registered * levers.level),
    ),
    funder="collective",
    moves=Move("take_up_share", +1, {"level": 1.0}),
)
