"""Order of care: whether family, neighbours or volunteers are asked first."""

from __future__ import annotations

from caresim.agents.care_order import USUAL, Order, check_order
from caresim.agents.instrument import Instrument, Levers, Move, lever
from caresim.kernel.parameters import limit


class SourceOrder(Levers):
    """The order in which the sources of care are asked."""

    order: Order = lever(
        USUAL, unit="order", off=USUAL, low=None,
        meaning="The order in which the sources of care are asked; each is asked once a month.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    @limit("order", "rollout")
    def _possible(self) -> SourceOrder:
        check_order(self.order, self.rollout)
        return self


INSTRUMENT = Instrument(
    name="source_order",
    meaning="Government settles whether the family or others are asked first to care.",
    parameters=SourceOrder,
    sets="needs",
    rolls="order_rollout",
    moves=Move(
        "hours_spouse", -1, {"order": ("children", "neighbours", "volunteers", "time_bank", "spouse")}
    ),
)
