"""Townships' centres of care as ordinary Mesa agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from mesa import Agent

from caresim.agents.instrument import active
from caresim.agents.workforce import PER

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
        world = self.model.world
        here = world.territory.township[world.people["village"][world.elders]] == self.township
        return self.functions.get("life_care", 0.0) * float(here.sum()) / PER

    @property
    def _levers(self) -> Any:
        return self.model.world.policy.levers.get(MEASURE)
