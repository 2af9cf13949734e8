"""A hamlet with a month's book of care written by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from caresim.agents import care
from caresim.agents.care import SOURCE_OF
from caresim.agents.people import COLUMNS
from caresim.indicators import life
from caresim.kernel.columns import NOBODY, Column
from caresim.processes import ageing, living_arrangement
from caresim.recorder import Recorder
from tests.hamlet import HEALTH, Hamlet

KEPT = (("unmet", np.uint8, 0), ("mood", np.uint8, 0), ("burden", np.uint16, 0), ("income", np.int32, -1),
        ("quintile", np.uint8, 0), ("benefits", np.int32, 0), ("out_of_pocket", np.int32, 0))  # fmt: skip


class Village(Hamlet):
    """A hamlet whose processes kept all that indicators of care read; prices and weights are round."""

    def __init__(self):
        columns = (Column(name, dtype, default, "", name, "test") for name, dtype, default in KEPT)
        super().__init__((*COLUMNS, *HEALTH, *care.COLUMNS, *living_arrangement.PROCESS.columns, *columns))
        self.cases = []
        self.hand_overs = []
        self.world.parameters = {
            "needs": SimpleNamespace(hour_price=30.0),
            "mutual_aid": SimpleNamespace(home_cost_year=2400.0, home_member_cost_year=120.0),
            "income": SimpleNamespace(minimum_fen=lambda year: 50_000 + 100 * (year - 2020)),
            life.GROUP: life.Outcomes(),
        }

    def elder(self, age, sex="f", village=0, household=None, **values):
        """Add an elder, alone unless a household is named; return the row."""
        row = self.add(age, sex, self.household() if household is None else household, village=village)
        for name, value in values.items():
            self.people[name][row] = value
        return row

    def need(self, row, *minutes):
        """Note what an elder needs of personal care, help in the house and company, in minutes."""
        self.cases.append((row, minutes))

    def give(self, row, relation, *minutes, giver=NOBODY):
        """Hand over minutes by task to an elder."""
        self.hand_overs.append((giver, row, relation, minutes))

    def write(self):
        """Write the book, and note how the elders live."""
        ageing.PROCESS.run(self.world)
        living_arrangement.PROCESS.run(self.world)
        rows = np.array([row for row, _ in self.cases], dtype=np.int64)
        book, case_of = self.world.care, {row: case for case, row in enumerate(rows)}
        book.open(rows, np.array([need for _, need in self.cases], dtype=np.int32).reshape(len(rows), 3))
        for giver, row, relation, minutes in self.hand_overs:
            case = case_of[row]
            care.enter(book.gifts, book.n_gifts, giver, case, relation, 0, *minutes)
            book.n_gifts += 1
            book.left[case] -= minutes
            book.received[case, SOURCE_OF[relation]] += sum(minutes)

    def measure(self, indicators):
        """Write the book, and measure."""
        self.write()
        return Recorder(indicators).measure(self.world)


def measured(found, *names):
    """Return some of what was measured, in order."""
    return [found[name] for name in names]
