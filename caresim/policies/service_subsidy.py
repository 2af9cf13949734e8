"""Service subsidy: a sum a month for poor elders who have begun to need help, or are 80 and over.

Those above the local minimum are entitled as far as `benefits.universal` says: each has a lasting draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.agents.people import age_in_years
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform

if TYPE_CHECKING:
    from caresim.agents.world import World

UNIVERSAL = purpose("service_subsidy.universal")
LIMITED, OLDEST_OLD_FROM = 1, 80


class ServiceSubsidy(Levers):
    """Sum of the service subsidy."""

    amount: float = lever(
        50.0, unit="yuan per month", limits=(0.0, 20000.0), high=300.0,
        meaning="Subsidy of poor elders who are assessed as limited (state 1 and above) or are 80 and over.",
        source="three_supplements", evidence="judgement",
    )  # fmt: skip


def claim(world: World, levers: ServiceSubsidy, instrument: Instrument) -> None:
    """Claim the subsidy for everybody entitled who takes it up, at home or in a home."""
    people, fen = world.people, int(FEN * levers.amount)
    if fen:
        columns = (people[name] for name in ("born", "assessed", "means", "takes_up", "village", "key"))
        world.claims.cash(
            instrument,
            subsidies(
                world.elders, world.claims.applicants(world), *columns, world.month, fen,
                active(levers, world.territory, world.draws), world.by_village("benefits.universal"),
                world.draws.word(UNIVERSAL, 0),
            ),
        )  # fmt: skip


@compiled
def subsidies(
    elders, applicants, born, assessed, means, takes_up, village, key, month, sum_each, where, universal, word
):
    """Return the fen that each resident elder claims."""
    fen = np.zeros(len(elders), dtype=np.int64)
    for j in applicants:
        i = elders[j]
        in_need = assessed[i] >= LIMITED or age_in_years(month, born[i]) >= OLDEST_OLD_FROM
        if in_need and takes_up[i] and where[village[i]]:
            entitled = means[i] != 0 or uniform(word, key[i]) < universal[village[i]]
            fen[j] = sum_each if entitled else 0
    return fen


INSTRUMENT = Instrument(
    name="service_subsidy",
    meaning="Poor elders who are limited, or 80 and over, are paid a subsidy for services each month.",
    parameters=ServiceSubsidy,
    slot="benefit",
    act=claim,
    funder="local",
    moves=Move("subsidised_share", +1, {"amount": 300.0}),
)
