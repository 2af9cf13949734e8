"""Write fitted values of parameters, and what each rests on, into the places' sheets."""

from __future__ import annotations

from typing import Any

import yaml
from rural_sites import SITES

from caresim.synthesis.place_sheet import read_sheet
from caresim.synthesis.places import place_folder

HEADER = "# What a value rests on stands in `marks`; experiments/fit_places.py writes what it fits or carries over.\n"
Values = dict[str, dict[str, Any]]


def marks_of(name: str, values: Values, least_leaving: float) -> dict[str, dict[str, str]]:
    """Return what each value of a place's fit rests on."""
    judged = {"evidence": "judgement", "source": "judgement"}
    if name in SITES:
        return _site_marks(values, SITES[name].births)
    territory = read_sheet(place_folder(name) / "place.yaml").territory
    if territory == "county":
        whose = "Jiangsu" if name == "rugao" else "rural Heilongjiang and of the province"
        source = f"derived: the fit of {whose} (nbs_census2010; nbs_census2020)"
        marks = {
            f"{group}.{key}": {"evidence": "derived", "source": source}
            for group in values
            for key in values[group]
        }
    else:
        migrants = ("migration", "kinship") if territory == "rural" else ()
        marks = {
            f"{group}.{key}": {
                "evidence": "fitted",
                "source": "nbs_migrants2020"
                if group in migrants or key == "absent_rate_year"
                else "nbs_census2020",
            }
            for group in values
            for key in values[group]
        }
        if values["fertility"]["multiplier"] == 1.0:
            marks["fertility.multiplier"] = judged.copy()
    if values["migration"]["out_scale"] <= least_leaving:
        marks["migration.out_scale"] = judged.copy()
    return marks | {key: judged.copy() for key in marks if key == "urbanisation.reclassified_share"}


def _site_marks(values: Values, births: str) -> dict[str, dict[str, str]]:
    """Return what a study site's values rest on: tables that are derived, and absent who are rural China's."""
    away = {"evidence": "judgement", "source": "nbs_migrants2020"}
    fitted = {"evidence": "fitted", "source": "nbs_census2020"}
    marks = {f"{group}.{key}": away.copy() for group in values for key in values[group]}
    for key in marks.keys() & {"urbanisation.rate_year", "newcomers.rate_year"}:
        marks[key] = fitted.copy()
    source = f"derived: the fit of {births.capitalize()} (nbs_census2010; nbs_census2020)"
    return {**marks, "fertility.multiplier": {"evidence": "derived", "source": source}}


def write(name: str, values: Values, least_leaving: float) -> None:
    """Write fitted values and their marks into a place's sheet; what is not fitted stays."""
    path = place_folder(name) / "place.yaml"
    sheet = yaml.safe_load(path.read_text(encoding="utf-8"))
    for group, found in values.items():
        sheet["parameters"].setdefault(group, {}).update(found)
    sheet["marks"] = {**sheet.get("marks", {}), **marks_of(name, values, least_leaving)}
    text = yaml.safe_dump(sheet, sort_keys=False, allow_unicode=True, default_flow_style=None, width=200)
    path.write_text(HEADER + text, encoding="utf-8")


def rounded(values: Values) -> Values:
    """Return values with as many digits as a fit can tell."""

    def short(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: short(inner) for key, inner in value.items()}
        return round(float(value), 4 if value < 1000 else 1)

    return {group: short(found) for group, found in values.items()}
