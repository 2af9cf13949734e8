"""Make a probability likelier or less likely by a factor on its hazard."""

from __future__ import annotations

import math

from caresim.kernel.compiled import compiled


@compiled
def scaled(chance, factor):
    """Return the probability that belongs to the hazard of `chance` times `factor`; the same chance at 1."""
    return chance if factor == 1.0 else 1.0 - math.exp(factor * math.log(1.0 - chance))
