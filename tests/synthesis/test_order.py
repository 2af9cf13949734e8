"""Sorting by values that carry their place gives the order of a stable sort."""

import numpy as np
import pytest

from caresim.synthesis.order import in_order


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-40, 3), (-(2**31), 2**31)])
@pytest.mark.parametrize("n", [0, 1, 2, 1000])
@pytest.mark.parametrize("dtype", [np.int64, np.int32])
def test_equal_numbers_stay_as_they_stand(n, low, high, dtype):
    number = np.random.default_rng(n).integers(low, min(high, np.iinfo(dtype).max), n).astype(dtype)
    assert in_order(number).tolist() == np.argsort(number, kind="stable").tolist()
