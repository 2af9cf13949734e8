"""Set who cares for whom in the model beside what surveys tell.

    python experiments/care_patterns.py [--place NAME] [--start YYYY-MM] [--residents N] [--months N] [--seed N]

Prints a table: what is measured, what is known, what comes out. The months of a run are added up; the time bank, closed
by default, is measured in two further runs of the same world, in its last month. One run a figure: its chance error
is that of so many elders.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from caresim import CareModel, Scenario
from caresim.agents.care import (
    ALONE,
    CARE_WORKER,
    CHILDREN,
    COMPANY,
    ENTITLED,
    HAS_CHILD,
    HUSBAND,
    LAST_FAMILY,
    PURCHASED_CARE,
    SOURCES,
    WITH_CHILD,
    WITH_SPOUSE,
)

WEEKS = 365.25 / 12 / 7
"""Weeks in a month."""
MINUTES = 60
REGISTRATION = (0.03, 0.15)
"""Shares of the healthy registered with the time bank."""
Row = tuple[str, str, str]
"""What is measured, what is known, what comes out."""
PAID = tuple(1 + relation for relation in (CARE_WORKER, ENTITLED, PURCHASED_CARE))
"""Codes in `main_relation` of care that government or elders buy."""


@dataclass
class Months:
    """What every elder-month with a need was, one entry each, and what a whole month shows.

    Attributes:
        records: the run's indicators.
        columns: by name, one value for each elder and month with a need of care.
        well: minutes by children of elders without an ADL limitation, and how many there were, month by month.
        weary: burden in points of the family's main carers of the ADL-disabled.
    """

    records: list[dict] = field(default_factory=list)
    columns: dict[str, list[np.ndarray]] = field(default_factory=dict)
    well: list[tuple[float, int]] = field(default_factory=list)
    weary: list[np.ndarray] = field(default_factory=list)

    def __getitem__(self, name: str) -> np.ndarray:
        """Return a column over all months."""
        return np.concatenate(self.columns[name])

    def mean(self, indicator: str) -> float:
        """Return the mean of an indicator over the months in which it is measured."""
        return float(np.nanmean([record[indicator] for record in self.records]))


def live(scenario: Scenario) -> Months:
    """Let a scenario's months pass, and note all care."""
    months, model = Months(), CareModel(scenario, collect=False)
    while model.running:
        model.step()
        note(months, model)
    months.records = model.records
    return months


def note(months: Months, model: CareModel) -> None:
    """Note the cases of the month that passed."""
    people, book = model.people, model.world.care
    rows = book.rows
    found = {
        name: people[name][rows] for name in ("disability", "main_carer", "main_relation", "arrangement")
    }
    found |= {"age": (model.month - people["born"][rows].astype(int)) // 12}
    found |= {"need": book.need.sum(axis=1), "left": book.left.sum(axis=1)}
    found |= {"bodily": book.need[:, :COMPANY].sum(axis=1) - book.left[:, :COMPANY].sum(axis=1)}
    found |= {"received": book.received.copy()}
    for name, values in found.items():
        months.columns.setdefault(name, []).append(values)
    able = found["disability"] < 2
    disabled = int(np.count_nonzero(people["disability"][model.world.elders] >= 2))
    months.well.append((float(book.received[able, CHILDREN].sum()), len(model.world.elders) - disabled))
    by_family = (
        (found["disability"] >= 2)
        & (found["main_relation"] > 0)
        & (found["main_relation"] <= LAST_FAMILY + 1)
    )
    carers = np.unique(found["main_carer"][by_family])
    months.weary.append(people["burden"][carers[carers < people.n]] / 100)


def main_carers(months: Months) -> list[Row]:
    """Return who cares most for the disabled."""
    state, age, relation = months["disability"], months["age"], months["main_relation"]
    cared_for, marks = (relation > 0) & (state >= 1), months["arrangement"]
    spouse = (relation > 0) & (relation <= HUSBAND + 1)
    child = (relation > HUSBAND + 1) & (relation <= LAST_FAMILY + 1)
    couple = cared_for & (marks & WITH_SPOUSE != 0)
    house = cared_for & (marks & (WITH_SPOUSE | WITH_CHILD) == WITH_CHILD)
    return [
        ("60-79, states 1-2: spouse is main carer", "45-65 %", part(spouse, cared_for & (age < 80) & (state <= 2))),
        ("80+, states 1-3: spouse is main carer", "10-15 %", part(spouse, cared_for & (age >= 80))),
        ("80+, states 1-3: child or child-in-law is main carer", "75-88 %", part(child, cared_for & (age >= 80))),
        ("states 1-3: main carer is paid", "1-5 %", part(np.isin(relation, PAID), cared_for)),
        ("couples, states 1-3: spouse is main carer", "most", part(spouse, couple)),
        ("no spouse, a child in the house, states 1-3: child is main carer", "most", part(child, house)),
        ("states 2-3, mean age 94.8: family is main carer", "95 %",
         percent(months.mean("family_main_carer_share_oldest"))),
        ("states 2-3, mean age 94.8: with a child in the house", "88.7 %",
         percent(months.mean("with_child_share_oldest"))),
    ]  # fmt: skip


def hours(months: Months) -> list[Row]:
    """Return where the hours come from, and how many the disabled receive."""
    state, received = months["disability"], months["received"]
    minutes = received.sum(axis=0)
    disabled = state >= 2
    others = sum(given for given, _ in months.well) / sum(elders for _, elders in months.well)
    more = (received[disabled, CHILDREN].sum() / disabled.sum() - others) / MINUTES / WEEKS
    known = {1: "8 (4-14)", 2: "20 (14-30)", 3: "45 (35-60)"}
    return [
        ("hours of care by the family", "above 95 %", percent(minutes[: CHILDREN + 1].sum() / minutes.sum())),
        *((f"hours of care by {source}", "", percent(given / minutes.sum()))
          for source, given in zip(SOURCES[:4], minutes[:4], strict=True)),
        ("states 1-3: some personal care or help in the house received", "86 %",
         part(months["bodily"] > 0, state >= 1)),
        *((f"state {s}: hours received a week", known[s],
           f"{received[state == s].sum() / (state == s).sum() / MINUTES / WEEKS:.1f}") for s in known),
        ("children's hours a week, states 2-3 above others", "45.6", f"{more:.1f}"),
        ("main carers in states 2-3: mean burden, points", "30.4", f"{np.concatenate(months.weary).mean():.1f}"),
    ]  # fmt: skip


def gradient(months: Months) -> list[Row]:
    """Return the unmet share of the hours that groups with a limitation need."""
    state, marks = months["disability"], months["arrangement"]
    disabled, couple = state >= 1, marks & WITH_SPOUSE != 0
    groups = [(f"state {s}", "rises", state == s) for s in (1, 2, 3)] + [
        ("with a spouse", "low", disabled & couple),
        ("no spouse, with a child", "low", disabled & ~couple & (marks & WITH_CHILD != 0)),
        ("alone", "high", disabled & (marks & ALONE != 0)),
        ("no child living", "high", disabled & (marks & HAS_CHILD == 0)),
    ]
    rows = [(f"unmet share of hours: {who}", known, percent(months["left"][of].sum() / months["need"][of].sum()))
            for who, known, of in groups]  # fmt: skip
    return [*rows, ("state 3: living alone", "", part(marks & ALONE != 0, state == 3))]


def part(which: np.ndarray, of: np.ndarray) -> str:
    """Write which share of some elder-months something is true of."""
    return percent((which & of).sum() / of.sum())


def percent(number: float) -> str:
    """Write a share in per cent, small ones more exactly."""
    return f"{100 * number:.1f} %" if number >= 0.01 else f"{100 * number:.2f} %"


def table(place: str, start: str, residents: int, months: int, seed: int) -> list[Row]:
    """Return what is measured, what is known, what comes out."""

    def scenario(**bank: float) -> Scenario:
        return Scenario.of(place=place, start=start, residents=residents, months=months, seed=seed,
                           parameters={"time_bank": {"open": bool(bank), **bank}})  # fmt: skip

    known = ("0.1-1 %", "about 3 %")
    last = [live(scenario(registration=share)).records[-1]["share_time_bank"] for share in REGISTRATION]
    lived = live(scenario())
    return (
        hours(lived)
        + main_carers(lived)
        + gradient(lived)
        + [
            (f"hours of care by time bank, {100 * share:.0f} % registered", figure, percent(given))
            for share, figure, given in zip(REGISTRATION, known, last, strict=True)
        ]
    )


def written(rows: Sequence[Row]) -> str:
    """Write the table in Markdown."""
    head = [("", "known", "model"), ("---",) * 3]
    return "".join("| " + " | ".join(row) + " |\n" for row in [*head, *rows])


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, run and print."""
    parser = argparse.ArgumentParser(description="Who cares for whom, beside what surveys tell.")
    parser.add_argument("--place", default="rural_heilongjiang")
    parser.add_argument("--start", default="2020-01")
    parser.add_argument("--residents", type=int, default=30_000)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    print(written(table(**vars(parser.parse_args(arguments)))), end="")


if __name__ == "__main__":
    main()
