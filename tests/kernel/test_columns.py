"""Columns lie side by side in one block, aligned, each with its own rows and default."""

from __future__ import annotations

import numpy as np

from caresim.kernel.columns import ALIGNED, Column, allocate_together


def test_columns_of_one_block_do_not_overlap():
    kinds = ((np.uint8, 3, 5), (np.int32, -1, 7), (np.int16, -9, 0), (np.float32, 0.5, 33), (np.uint64, 2, 1))
    columns = [(Column(f"c{j}", kind, value, "", "", "test"), n) for j, (kind, value, n) in enumerate(kinds)]
    arrays = allocate_together(columns)
    for number, (name, array) in enumerate(arrays.items()):
        column, n = columns[number]
        assert (column.name, array.dtype, len(array)) == (name, column.dtype, n)
        assert len(array) == 0 or array.ctypes.data % ALIGNED == 0
        assert (array == column.default).all()
        array[:] = 100 + number
    assert all((array == 100 + number).all() for number, array in enumerate(arrays.values()))
