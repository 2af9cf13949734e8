"""Institutions as columns: one row a care home, which keeps its number for ever, open or closed.

Who lives in a home stands in people's columns `home` and `place` alone; the table counts its residents anew each month,
so that a death or a move never loses a bed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.agents.lifetimes import STATES
from caresim.agents.people import INSTITUTION, NEVER
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.world import World

PUBLIC, PUBLIC_BUILT, PRIVATE = range(3)
"""Codes of ownership: public, built by the public and run privately, private."""
OWNERSHIPS = ("public", "public-built, privately run", "private")
DEPENDENT = 2
"""Disability state from which a resident takes a nursing bed."""
NO_HOME = -1
FIRST_WAITING = -2
"""Column `home`: who waits for home h has FIRST_WAITING - h."""
OPEN = -32768
"""Month of closing of a home that is open."""
MOST_64 = 2**63 - 1
NO_ELDERS = np.zeros(0, dtype=np.int64)

WRITER = "admission"
COLUMNS = (
    Column("home", np.int16, NO_HOME, "home", "Care home that an elder lives in; -2 - h who waits for home h.",
           WRITER, elder=True, event=True),
    Column("home_since", np.int16, NEVER, "month number", "Since when an elder lives in the home, or waits for it.",
           WRITER, elder=True, event=True),
)  # fmt: skip
HOME_COLUMNS: tuple[tuple[str, Any, float, str], ...] = (
    ("key", np.uint64, 0, "lasting name, to which draws belong"),
    ("ownership", np.uint8, PRIVATE, "0 public, 1 public-built and privately run, 2 private"),
    ("village", np.int32, 0, "village of the site, or nearest to it"),
    ("x", np.float32, 0, "kilometres east of the county seat"),
    ("y", np.float32, 0, "kilometres north of the county seat"),
    ("opened", np.int16, 0, "month of opening"),
    ("closed", np.int16, OPEN, "month of closing"),
    ("closing", np.bool_, False, "its residents leave next month, and it closes"),
    ("beds", np.int32, 0, "beds"),
    ("nursing", np.int32, 0, "nursing beds among them"),
    ("medical", np.bool_, False, "linked to a hospital or health centre"),
    ("chain", np.bool_, False, "run by the county's chain brand"),
    ("idle", np.bool_, False, "in a building that was out of use and has been handed over"),
    ("experience", np.float64, 1.0, "experience of its management, 0-1"),
    ("residents", np.int32, 0, "residents at the month's end"),
    ("required", np.int64, 0, "minutes of staff that the standard asks for this month"),
    ("staffed", np.int64, 0, "minutes that staff worked this month"),
    ("need", np.int64, 0, "minutes of care that residents needed this month"),
    ("met", np.int64, 0, "minutes of care that residents received this month"),
    ("quality", np.float64, 0.5, "quality, 0-1"),
    ("reputation", np.float64, 0.5, "quality as it is known, 0-1"),
    ("star", np.uint8, 0, "star rating, 1-5; 0 is not rated yet"),
    ("inspected", np.int16, NEVER, "month of the last inspection"),
    ("incident", np.int16, NEVER, "month of the last incident"),
    (
        "cash",
        np.int64,
        0,
        "fen earned less fen spent since opening, owners' deposits and withdrawals included",
    ),
    ("cost", np.int64, 0, "fen that this month cost"),
    ("subsidy", np.int64, 0, "fen of operating subsidy this month"),
)
"""State of a home: name, dtype, value of a new row, meaning."""
HOME = np.dtype([(name, dtype) for name, dtype, _, _ in HOME_COLUMNS], align=True)
"""One home as a record: rules take the table whole, and read `table[h].beds`."""
ROUND = 5
"""What is noted of each who is admitted, or refused, in a month's round."""
NOBODY = np.zeros((0, ROUND), dtype=np.int64)
NO_WAITS = np.zeros(0, dtype=np.int64)


class Homes:
    """The table of care homes. `homes["beds"]` is a column over all homes, open and closed.

    Attributes:
        table: one record a home, of `HOME`.
        price: yuan a month in 2020 by home and disability state, shape (homes, 4).
        claimed: fen that a measure claims for each home this month, by measure; paid out by the process `homes`.
        claimed_for_beds: fen of these that are for new beds, in all homes, by measure; nothing where none are.
        bed_grants: fen that homes were paid this month for new beds.
        admitted: who moved into a home this month, in order: row, home, priority, month of application, months waited;
            -1 months for those who came from another home.
        refused: who waits for a home after this month's round: row, home, priority, month of application, whether in
            states 2-3.
        waits: months that those of the admitted waited who came from elsewhere than another home.
        fees: fen that residents paid this month.
        support: fen of their fees that government paid this month.
        entries: homes that opened this month.
        exits: homes that closed this month.
        incidents: incidents that were reported this month.
        left: residents who left alive this month: recovered, for want of money, by choice, because the home closed.
    """

    def __init__(self) -> None:
        self._keep(np.zeros(0, dtype=HOME))
        self.price = np.zeros((0, STATES), dtype=np.float64)
        self.claimed: dict[str, np.ndarray] = {}
        self.claimed_for_beds: dict[str, int] = {}
        self.incidents = self.fees = self.support = 0
        self.open_month()

    def open_month(self) -> None:
        """Turn to a new month, in which nobody has moved yet."""
        self.admitted = self.refused = NOBODY
        self.waits = NO_WAITS
        self.entries = self.exits = self.bed_grants = 0
        self.left = 0, 0, 0, 0

    def note_round(self, noted: np.ndarray, admitted: int) -> None:
        """Keep who was admitted, the first so many, and who waits after them."""
        self.admitted, self.refused = noted[:admitted], noted[admitted:]
        if admitted > 0:
            waited = self.admitted[:, 4]
            self.waits = waited[waited >= 0]

    def __len__(self) -> int:
        return len(self.price)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    @property
    def open(self) -> np.ndarray:
        """Return which homes are open."""
        return self["closed"] == OPEN

    @property
    def beds(self) -> int:
        """Return the beds of all open homes."""
        return int(self["beds"][self.open].sum())

    def add(self, price: np.ndarray, **values: Any) -> int:
        """Open one home and return its number.

        Args:
            price: yuan a month in 2020 by disability state, shape (4,).
            values: its columns; those not named have the value of a new row.
        """
        grown = np.zeros(len(self) + 1, dtype=HOME)
        grown[:-1] = self.table
        for name, _, default, _ in HOME_COLUMNS:
            grown[name][-1] = values.get(name, default)
        self._keep(grown)
        self.price = np.concatenate([self.price, np.asarray(price, dtype=np.float64)[None, :]])
        return len(self) - 1

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "columns"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over what was pickled or copied; columns are views of the table again."""
        self.__dict__.update(state)
        self._keep(self.table)

    def _keep(self, table: np.ndarray) -> None:
        """Take a table over, and each of its columns as a view."""
        self.table = table
        self.columns = {name: table[name] for name, _, _, _ in HOME_COLUMNS}


def residents(world: World) -> np.ndarray:
    """Return the rows of the resident elders who live in a home, ascending."""
    homes = world.homes
    if len(homes) == 0:
        return NO_ELDERS
    return residents_among_elders(world)[0]


def residents_among_elders(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of the resident elders who live in a home, and where they stand in `world.elders`, ascending."""
    people = world.people
    return world.of_elders(
        "institutions.residents", lambda: in_homes(world.elders, people["home"], people["place"])
    )


@compiled
def in_homes(elders, home, place):
    """Return those of some rows who live in a home, and where they stand among these rows."""
    rows, places = np.empty(len(elders), dtype=np.int64), np.empty(len(elders), dtype=np.int64)
    found = 0
    for j in range(len(elders)):
        i = elders[j]
        if home[i] >= 0 and place[i] == INSTITUTION:
            rows[found], places[found] = i, j
            found += 1
    return rows[:found].copy(), places[:found].copy()


@compiled
def split(fen, weights):
    """Split a sum in proportion to whole weights, in whole fen, the rest of the division to the greatest."""
    whole, rest = weights.sum(), fen
    given = np.zeros(len(weights), dtype=np.int64)
    for h in range(len(weights)):
        if weights[h] > 0:
            given[h] = weights[h] if fen == whole else part_of(fen, weights[h], whole)
            rest -= given[h]
    if rest > 0:
        for h in np.argsort(-weights, kind="mergesort")[:rest]:
            given[h] += 1
    return given


@compiled
def part_of(fen, weight, whole):
    """Return `fen * weight // whole`, bit by bit of the weight where the product does not fit 64 bits."""
    if fen == 0 or weight <= MOST_64 // fen:
        return fen * weight // whole
    part, rest, less = np.int64(0), np.int64(0), fen % whole
    for bit in range(62, -1, -1):
        part, rest = 2 * part, 2 * rest + (less if weight >> bit & 1 else 0)
        part += rest // whole
        rest %= whole
    return fen // whole * weight + part
