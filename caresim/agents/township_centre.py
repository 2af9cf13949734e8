"""Townships' centres of care as ordinary Mesa agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from mesa import Agent

from caresim.agents.care import BOUGHT, FORMAL, LAST_FAMILY, PURCHASED
from caresim.agents.instrument import active
from caresim.agents.lifetimes import MODERATE, SEVERE
from caresim.agents.social_work import WORKER_MINUTES
from caresim.agents.workforce import HOUR, PER, WITHOUT_LIMIT, teams_of

if TYPE_CHECKING:
    from caresim.model import CareModel

MEASURE = "township_centres"
FUNCTIONS = ("life_care", "rehabilitation", "nursing", "family_support", "counselling", "devices")
"""What a centre does: life care, rehabilitation, nursing, support of families, social work and counselling, devices."""


class TownshipCentre(Agent):
    """The centre of a township, open or not yet.

    Args:
        model: the model that it belongs to.
        township: number of its township.
    """

    model: CareModel

    def __init__(self, model: CareModel, township: int) -> None:
        super().__init__(model)
        self.township = township

    def __repr__(self) -> str:
        return f"<TownshipCentre {self.township}>"

    @classmethod
    def of(cls, model: CareModel) -> list[TownshipCentre]:
        """Make the centres of a model, one for each township."""
        return [cls(model, int(township)) for township in np.unique(model.territory.township)]

    @property
    def is_open(self) -> bool:
        """Tell whether the township has its centre today."""
        levers = self._levers
        if levers is None:
            return False
        territory = self.model.territory
        return bool(
            active(levers, territory, self.model.world.draws)[territory.township == self.township].any()
        )

    @property
    def functions(self) -> dict[str, float]:
        """Return what each of its functions does today, in the units of the measure; nothing while it is closed."""
        return {name: getattr(self._levers, name) for name in FUNCTIONS} if self.is_open else {}

    @property
    def carers(self) -> float:
        """Return the care workers of the centre, in proportion to the township's elders."""
        return self.functions.get("life_care", 0.0) * len(self._elders) / PER

    @property
    def social_workers(self) -> float:
        """Return the social workers of the centre, in proportion to the township's elders."""
        return self._levers.social_workers * len(self._elders) / PER if self.is_open else 0.0

    @property
    def social_worker_hours(self) -> float:
        """Return the hours that its social workers have for clients and villages in a month."""
        return self.social_workers * WORKER_MINUTES / HOUR

    @property
    def medical_link(self) -> float:
        """Return the share of contacts otherwise lost for which its doctor comes home; 0 while it is closed."""
        return float(self._levers.medical_link) if self.is_open else 0.0

    @property
    def did(self) -> dict[str, float]:
        """Return what each function did this month; nothing while the centre is closed.

        Hours that its care workers can give, elders in state 2 whom it trains, elders whose care workers it guides,
        families in reach of its respite, elders who take up what is due, hours that devices save workers.
        """
        if not self.is_open:
            return {}
        state = self._of_elders("disability")
        family = np.isin(self._of_elders("main_relation"), range(1, LAST_FAMILY + 2))
        found = (
            self.carers * self._hours_of_a_worker,
            (state == MODERATE).sum(),
            self._cared_for(),
            (family & (state == SEVERE)).sum(),
            (self._of_elders("takes_up") != 0).sum(),
            self._hours_saved(),
        )
        return dict(zip(FUNCTIONS, map(float, found), strict=True))

    @property
    def _levers(self) -> Any:
        return self.model.world.policy.levers.get(MEASURE)

    @property
    def _elders(self) -> np.ndarray:
        """Return the rows of the township's resident elders."""
        world = self.model.world
        found: np.ndarray = world.elders[
            world.territory.township[world.people["village"][world.elders]] == self.township
        ]
        return found

    def _of_elders(self, column: str) -> np.ndarray:
        values: np.ndarray = self.model.people[column][self._elders]
        return values

    @property
    def _hours_of_a_worker(self) -> float:
        world = self.model.world
        return float(world.by_village("workforce.hours")[world.territory.township == self.township][0])

    def _cared_for(self) -> int:
        """Count the township's elders to whom care workers gave anything this month."""
        care = self.model.world.care
        served = care.received[: len(care.rows), [BOUGHT, FORMAL, PURCHASED]].any(axis=1)
        return int(np.isin(care.rows[served], self._elders).sum())

    def _hours_saved(self) -> float:
        """Return by how much devices raise the hours that the township's teams can give."""
        world = self.model.world
        teams = np.unique(teams_of(world)[world.territory.township == self.township])
        capacity = world.workforce.capacity[teams[teams < len(world.workforce.capacity)]]
        if (capacity >= WITHOUT_LIMIT).any():
            return 0.0
        return float(capacity.sum()) / HOUR * (1.0 - 1.0 / self._levers.devices)
