"""Budget: what may be spent a month or a year; entitlements come first, the rest goes by priority."""

from __future__ import annotations

from caresim.agents.budget_rules import Budget
from caresim.agents.instrument import Instrument, Move

INSTRUMENT = Instrument(
    name="budget",
    meaning="Entitlements are paid in full, everything else by priority until the ceiling of month or year is reached.",
    parameters=Budget,
    sets="benefits",
    moves=Move("claims_refused", +1, {"ceiling": 0.5, "allow_deficit": True}, months=1),
)
