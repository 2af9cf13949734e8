"""The keys of a config: declared once, for validation, for the JSON schema and for the documentation."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

NAME = r"^\w[\w.-]{0,79}$(?!\n)"
"""Names of scenarios and mixes: they become names of folders and files; a last line end is no part of one."""


class Keys(BaseModel):
    """A mapping of a config."""

    # Building the other engine for a pattern takes longer than the rest of a check.
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, regex_engine="python-re", defer_build=True
    )


class Population(Keys):
    """People and settlements at the start."""

    residents: int = Field(
        30_000, ge=50, le=20_000_000, description="People present at the start, of each county."
    )
    townships: int = Field(10, ge=1, le=30_000, description="Townships; at most as many as villages.")
    villages: int = Field(100, ge=1, le=30_000, description="Villages, of 10 residents or more on average.")
    counties: int = Field(
        1,
        ge=1,
        le=3000,
        description="Counties of a province, each with people and luck of its own, run one by one.",
    )


class Config(Keys):
    """A scenario; every key but `place` may be left out, or stand in a parent."""

    name: str = Field(
        "scenario", pattern=NAME, description="Name of the run folder; by default the file's name."
    )
    extends: str | None = Field(
        None, description="Config file that this one deviates from, relative to this one."
    )
    place: str = Field(description="A place that ships, or a folder of tables relative to this file.")
    start: Literal["2010-01", "2020-01"] = Field("2020-01", description="First month; it chooses the census.")
    months: int = Field(180, ge=1, le=600, description="Months to simulate.")
    seed: int = Field(1, ge=0, le=2**63 - 1, description="All luck follows from it.")
    replications: int = Field(1, ge=1, le=1000, description="Runs of each mix, each with luck of its own.")
    baseline: str | None = Field(
        None, description="Mix that the others are compared with; by default the first."
    )
    mixes: Any = Field(("status_quo",), description="Policy mixes to run.")
    past: Any = Field(
        None, description="Mix under which everybody lived before the first month; by default the baseline."
    )
    population: Population = Field(Population(), description="People and settlements at the start.")
    parameters: Any = Field(None, description="Deviations from declared parameters, by process.")
    design: Any = Field(
        None, description="Points at which `caresim sweep` runs the scenario: what varies, and how."
    )


class MixKeys(Keys):
    """A policy mix: the measures that government takes."""

    name: str | None = Field(None, pattern=NAME, description="Name of the mix, needed in a list.")
    title: str | None = Field(None, description="Name of the mix in reports.")
    extends: str | None = Field(None, description="Mix that this one deviates from.")
    instruments: Any = Field(None, description="Settings of the instruments that are switched on.")
