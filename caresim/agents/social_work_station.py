"""The social workers' station as an ordinary Mesa agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from mesa import Agent

from caresim.agents.social_work import GROUP_WORK, HOUR, PURPOSES, STAGE, STAGES, WORKER_MINUTES

if TYPE_CHECKING:
    from caresim.agents.sets import PersonSet
    from caresim.agents.social_work import Done
    from caresim.model import CareModel


class SocialWorkStation(Agent):
    """Who receives clients, leads groups and organises villages.

    Args:
        model: the model that it belongs to.
    """

    model: CareModel

    def __repr__(self) -> str:
        return "<SocialWorkStation>"

    @classmethod
    def of(cls, model: CareModel) -> SocialWorkStation:
        """Make the station of a model."""
        return cls(model)

    @property
    def workers(self) -> float:
        """Return its social workers who were paid this month, in full posts."""
        return self._done.minutes / WORKER_MINUTES

    @property
    def hours(self) -> dict[str, float]:
        """Return the hours that they spent this month on case, group and community work."""
        return {name: minutes / HOUR for name, minutes in zip(PURPOSES, self._done.spent, strict=True)}

    @property
    def free_hours(self) -> float:
        """Return the hours of the month that were left."""
        return (self._done.minutes - sum(self._done.spent)) / HOUR

    @property
    def clients(self) -> PersonSet:
        """Return the elders with an open case today."""
        return self.model.elders.select(lambda elder: 0 < elder.client & STAGE <= len(STAGES))

    def clients_by_stage(self, group: bool | None = None) -> dict[str, int]:
        """Count open cases by stage, all of them, or those in group work, or in case work."""
        codes = self.model.elders["client"]
        if group is not None:
            codes = codes[(codes & GROUP_WORK != 0) == group]
        counts = np.bincount(codes & STAGE, minlength=len(STAGES) + 1)
        return {stage: int(counts[k]) for k, stage in enumerate(STAGES, start=1)}

    @property
    def waiting(self) -> int:
        """Return how many elders wait to be received."""
        return self._done.waiting

    @property
    def groups_started(self) -> list[int]:
        """Return the members of each group that began this month."""
        return list(self._done.sizes)

    @property
    def _done(self) -> Done:
        return self.model.world.station.done
