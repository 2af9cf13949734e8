"""The month, in order: the page to read first.

A model's step opens the month, lets each process of `MONTH` act once, records the indicators and checks the
laws. The order is data: `caresim schedule` prints it with what each process reads and writes.
"""

from __future__ import annotations

from caresim.agents.world import Process
from caresim.processes import (
    ageing,
    coresidence,
    dementia,
    fertility,
    functional_decline,
    marriage,
    migration,
    mortality,
    newcomers,
    reclassification,
    transfers,
    urbanisation,
    widowhood,
)

MONTH: tuple[Process, ...] = (
    # Births and ageing
    fertility.PROCESS,
    ageing.PROCESS,
    # Health and death
    functional_decline.PROCESS,
    dementia.PROCESS,
    mortality.PROCESS,
    # Widowhood and marriage
    widowhood.PROCESS,
    marriage.PROCESS,
    # Migration and return, the flow to the towns
    migration.PROCESS,
    urbanisation.PROCESS,
    reclassification.PROCESS,
    newcomers.PROCESS,
    # Who lives with whom
    coresidence.PROCESS,
    # Money from children
    transfers.PROCESS,
)
