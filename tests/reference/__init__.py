"""A plain-Mesa version of the month, object by object, against which the model proper is checked."""

from .columns import columns_state
from .luck import CountedLuck, Luck
from .model import ReferenceModel
from .states import differences

__all__ = ["CountedLuck", "Luck", "ReferenceModel", "columns_state", "differences"]
