"""The parameters in force in a place: its own deviations over the declared defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caresim import catalogue
from caresim.scenario.scenario import Scenario
from caresim.synthesis.place_sheet import read_sheet
from caresim.synthesis.places import place_folder, places

DIFFERS = "*"


def parameters_in(place: str, start: str | None = None) -> list[dict[str, Any]]:
    """Return every parameter as a row, with the value in force in a place at the start.

    Where the place says otherwise than the default, `place` is a star, and evidence and source are those of the
    place's own value.

    Args:
        place: a place that ships, or a folder of tables.
        start: first month, as `2020-01`; by default that of a config.

    Raises:
        ConfigError: there is no such place, or it has no census of that start.
    """
    scenario = Scenario.of(place=place, **({} if start is None else {"start": start}))
    folder = place_folder(scenario.place) if scenario.place in places() else Path(scenario.place)
    marks = read_sheet(folder / "place.yaml").marks
    in_force = scenario.parameters_at(scenario.start)
    rows = []
    for row in catalogue.declared_parameters():
        value = getattr(in_force[row["group"]], row["name"].partition(".")[2])
        differs = value != row["value"]
        own = marks.get(row["name"], {"evidence": "place", "source": ""}) if differs else {}
        head = {
            "group": row["group"],
            "name": row["name"],
            "place": DIFFERS if differs else "",
            "value": value,
        }
        rows.append({**head, **{key: said for key, said in row.items() if key not in head}, **own})
    return rows
