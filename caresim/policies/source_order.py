"""Order of care: whether family, neighbours or volunteers are asked first."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from caresim.agents.instrument import Instrument, Move, lever
from caresim.kernel.parameters import Parameters

Source = Literal["spouse", "children", "neighbours", "volunteers", "time_bank"]
USUAL: tuple[Source, ...] = ("spouse", "children", "neighbours", "volunteers", "time_bank")


class SourceOrder(Parameters):
    """The order in which the sources of care are asked."""

    order: tuple[Source, Source, Source, Source, Source] = lever(
        USUAL, unit="order", off=USUAL, low=None,
        meaning="The order in which the sources of care are asked; each is asked once a month.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    @model_validator(mode="after")
    def _each_once(self) -> SourceOrder:
        if len(set(self.order)) < len(self.order):
            what = f"{', '.join(self.order)} names a source twice; name each of the five once"
            raise PydanticCustomError("together", "{what}", {"what": what, "names": ("order",)})
        return self


INSTRUMENT = Instrument(
    name="source_order",
    meaning="Government settles whether the family or others are asked first to care.",
    parameters=SourceOrder,
    sets="needs",
    moves=Move(
        "hours_spouse", -1, {"order": ("children", "neighbours", "volunteers", "time_bank", "spouse")}
    ),
)
