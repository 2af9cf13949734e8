"""What lasts of a person's need of care, in the village and in a care home alike: nobody's need jumps at the door."""

from __future__ import annotations

from caresim.kernel.draws import purpose

FACTOR = purpose("needs.factor")
SUPERVISION = purpose("needs.supervision")
"""The lasting draws of how much more or less somebody needs than others, and of whose dementia needs supervision."""
LEAST, SPREAD = 0.8, 0.4
"""A person's lasting factor on all needs lies between LEAST and LEAST + SPREAD."""
