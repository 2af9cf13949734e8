"""The order in which the sources of care are asked, and what stands in the way of one that holds in some townships."""

from __future__ import annotations

from typing import Literal

from pydantic_core import PydanticCustomError

Source = Literal["spouse", "children", "neighbours", "volunteers", "time_bank"]
Order = tuple[Source, Source, Source, Source, Source]
USUAL: Order = ("spouse", "children", "neighbours", "volunteers", "time_bank")
BANK: Source = "time_bank"
BEFORE_WORKERS = 2
"""After so many sources care workers give the hours that elders are entitled to."""


def check_order(order: Order, rollout: float) -> None:
    """Refuse an order that names a source twice, or one that cannot hold in some townships only.

    The bank keeps one ledger and care workers one queue, so that either acts once a month, for all townships. Elsewhere
    the bank comes after the workers, and so it must where the order is another.

    Raises:
        PydanticCustomError: the order is not possible.
    """
    what = ""
    if len(set(order)) < len(order):
        what = f"{', '.join(order)} names a source twice; name each of the five once"
    elif 0.0 < rollout < 1.0 and BANK in order[:BEFORE_WORKERS]:
        what = (
            f"{', '.join(order)} asks the time bank before care workers, which cannot hold in some townships only; "
            "name it third or later, or roll it out everywhere"
        )
    if what:
        raise PydanticCustomError("together", "{what}", {"what": what, "names": ("order",)})
