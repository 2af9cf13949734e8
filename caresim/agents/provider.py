"""Home-care providers as ordinary Mesa agents, each over a team of care workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from mesa import Agent

from caresim.agents.money import FEN
from caresim.agents.operators import MARKET, NGO, asked, run_by_ngo
from caresim.agents.workforce import CERTIFIED, HOUR, UNCERTIFIED, hour_price, teams

if TYPE_CHECKING:
    from caresim.model import CareModel


class HomeCareProvider(Agent):
    """Who sends the care workers of a township's near villages, or of its remote ones.

    Args:
        model: the model that it belongs to.
        team: number of its team.
    """

    model: CareModel

    def __init__(self, model: CareModel, team: int) -> None:
        super().__init__(model)
        self.team = team

    def __repr__(self) -> str:
        return f"<HomeCareProvider {self.team}>"

    @classmethod
    def of(cls, model: CareModel) -> list[HomeCareProvider]:
        """Make the providers of a model, one for each team that has villages."""
        return [cls(model, int(team)) for team in np.unique(teams(model.territory))]

    @property
    def township(self) -> int:
        """Return the number of the township that it serves."""
        return self.team // 2

    @property
    def remote(self) -> bool:
        """Tell whether it serves remote villages."""
        return self.team % 2 == 1

    @property
    def villages(self) -> list[int]:
        """Return the numbers of the villages that it serves."""
        found: list[int] = np.flatnonzero(teams(self.model.territory) == self.team).tolist()
        return found

    @property
    def operator(self) -> str:
        """Return who runs it, ``market`` or ``ngo``."""
        return NGO if run_by_ngo(self.model.world)[self.team] else MARKET

    @property
    def price(self) -> float:
        """Return what it asks of elders for an hour, in yuan."""
        world = self.model.world
        relative = world.parameters["workforce"].ngo_price if self.operator == NGO else 1.0
        return float(asked(hour_price(world), relative)) / FEN

    @property
    def certified_hours(self) -> float:
        """Return the hours that its certified workers can give this month; NaN before the first."""
        return self._hours(self.model.world.workforce.capacity, CERTIFIED)

    @property
    def uncertified_hours(self) -> float:
        """Return the hours that its uncertified workers can give this month; NaN before the first."""
        return self._hours(self.model.world.workforce.capacity, UNCERTIFIED)

    @property
    def free_hours(self) -> float:
        """Return the hours of this month that nobody has asked for; NaN before the first month."""
        pool = self.model.world.workforce.pool
        return self._hours(pool, CERTIFIED) + self._hours(pool, UNCERTIFIED)

    def _hours(self, minutes: np.ndarray, kind: int) -> float:
        return float(minutes[self.team, kind]) / HOUR if self.team < len(minutes) else float("nan")
