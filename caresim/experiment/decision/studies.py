"""Take a mix apart, and halve one sector after another: the runs that it takes, and the tables that come of them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from caresim.experiment.decision import readings as of
from caresim.experiment.decision.displacing import displacement
from caresim.experiment.decision.parts import PARTS, carried, together, with_coalitions
from caresim.experiment.decision.shocks import SECTORS, YEAR, halved, met_hours, resilience
from caresim.experiment.decision.variance import STOCHASTIC
from caresim.experiment.decision.writing import write_decision
from caresim.experiment.equal_budget import INTEGRATED
from caresim.experiment.replication import Simulate
from caresim.experiment.runner import RESULTS, run_experiment
from caresim.kernel.clock import month_text
from caresim.kernel.mistakes import ConfigError, shown, suggestion
from caresim.results.tables import safely

if TYPE_CHECKING:
    from caresim.scenario import Scenario

UNDISTURBED, RESILIENCE = "undisturbed", "resilience.csv"


def take_apart(
    scenario: Scenario,
    whole: str = INTEGRATED,
    parts: Mapping[str, tuple[str, ...]] = PARTS,
    most: int | None = None,
    perspective: of.Perspective = "public",
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    resume: bool = False,
    scheduler: str | None = None,
    simulate: Simulate | None = None,
    alone: bool = False,
) -> dict[str, pd.DataFrame]:
    """Run every subset of a mix's parts, tell what each part carries and what two do together, and leave a run folder.

    Args:
        scenario: holds the mix; the rest is as in its baseline.
        whole: the mix to take apart.
        parts: instruments by part; parts in which mix and baseline do not differ are left out.
        most: run about so many of the subsets, drawn with the scenario's seed; by default all of them.
        perspective: as in `decide`.
        out: the folder to leave; by default the scenario's name, `_parts_` and the mix in `results/`.
        jobs: worker processes.
        resume: go on with what was interrupted.
        scheduler: address of a Dask scheduler.
        simulate: runs one replication; by default the model.
        alone: run each part alone and all of them only, which tells nothing but displacement.

    Returns:
        `shapley`, index (measure, part), and `synergy`, index (measure, first, second), of hours of care, QALYs and
        cost per elder of the start, with 95 % t-intervals over replications; and `displacement` of the subsets.

    Raises:
        ConfigError: there is no such mix, it is as the baseline, or too few subsets are asked for.
        ReplicationFailed: replications failed.
    """
    if perspective not in of.COSTS:
        raise ConfigError([f"perspective {shown(perspective)}: unknown; {suggestion(perspective, of.COSTS)}"])
    try:
        asked = with_coalitions(scenario, whole, parts=parts, most=most, alone=alone)
    except ValueError as error:
        raise ConfigError([f"--whole {whole}: {error}"]) from None
    if len(asked.mixes) < 2:
        what = f"is as the baseline {scenario.baseline}; name a mix that differs from it"
        raise ConfigError([f"--whole {whole}: {what}"])
    path = Path(out) if out is not None else RESULTS / f"{scenario.name}_parts_{whole}"
    run = run_experiment(asked, path, jobs=jobs, resume=resume, simulate=simulate, scheduler=scheduler)
    tables = {} if alone else _shared_out(of.read(run), whole, perspective)
    tables["displacement"] = displacement(run)
    write_decision(run.path, tables)
    return tables


def _shared_out(found: of.Readings, whole: str, perspective: of.Perspective) -> dict[str, pd.DataFrame]:
    """Return what each part of a mix carries and what two do together, of hours, QALYs and cost."""
    measures = {
        "hours": found.effects(of.HOURS),
        "qalys": found.effects(of.QALYS),
        "cost": found.costs(perspective),
    }
    said = {
        "shapley": (carried, f"What each part of {whole} carries (Shapley value)"),
        "synergy": (together, f"What two parts of {whole} do together beyond what each does"),
    }
    manifest, tables = found.run.manifest, {}
    basis = f"{perspective} perspective, per elder of the start, discounted; {found.rows} paired replications of " \
            f"{manifest['scenario']['months']} months, {len(manifest['mixes'])} subsets; " \
            f"uncertainty shown: {STOCHASTIC}"  # fmt: skip
    for name, (told, what) in said.items():
        tables[name] = pd.concat({key: told(values) for key, values in measures.items()}, names=["measure"])
        tables[name].attrs.update(caption=f"{what}; {basis}", uncertainty=STOCHASTIC, perspective=perspective)
    return tables


def disturb(
    scenario: Scenario,
    first: int | None = None,
    months: int = YEAR,
    sectors: Sequence[str] = SECTORS,
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    resume: bool = False,
    scheduler: str | None = None,
    simulate: Simulate | None = None,
) -> pd.DataFrame:
    """Halve one sector after another for a year, tell what stays of the hours of care, and leave a run folder of each.

    Args:
        scenario: the undisturbed one; all its mixes are run.
        first: first month of the disturbance, a month number; by default so that it ends with the run.
        months: how long it lasts.
        sectors: which are halved, one at a time.
        out: the folder that holds the runs; by default the scenario's name and `_halved` in `results/`.
        jobs: worker processes.
        resume: go on with what was interrupted.
        scheduler: address of a Dask scheduler.
        simulate: runs one replication; by default the model.

    Returns:
        Index (mix, halved): kept (of the hours received in the same months of the same luck), lower, upper (95 %
        t-interval), worst (the sector whose loss leaves least).

    Raises:
        ConfigError: there is no such sector, or the months do not lie within the run.
        ReplicationFailed: replications failed.
    """
    wrong = [name for name in sectors if name not in SECTORS]
    if wrong:
        raise ConfigError([f"--sector {shown(name)}: unknown; {suggestion(name, SECTORS)}" for name in wrong])
    start = scenario.start + max(scenario.months - months, 0) if first is None else first
    if not (months > 0 and scenario.start <= start < scenario.start + scenario.months):
        last = month_text(scenario.start + scenario.months - 1)
        raise ConfigError([f"--first {month_text(start)}: not a month of the run; "
                           f"write one from {month_text(scenario.start)} to {last}"])  # fmt: skip
    path = Path(out) if out is not None else RESULTS / f"{scenario.name}_halved"
    asked = {UNDISTURBED: scenario, **{name: halved(scenario, name, start, months) for name in sectors}}
    hours = {
        name: met_hours(
            run_experiment(
                one, path / name, jobs=jobs, resume=resume, simulate=simulate, scheduler=scheduler
            ).monthly,
            start,
            months,
        )
        for name, one in asked.items()
    }
    table = resilience(hours.pop(UNDISTURBED), hours)
    span = f"{month_text(start)} to {month_text(min(start + months, scenario.start + scenario.months) - 1)}"
    caption = (f"Part of the hours of care that stays while one sector's capacity is halved, {span}; "
               f"{scenario.replications} paired replications; uncertainty shown: {STOCHASTIC}")  # fmt: skip
    table.attrs.update(caption=caption, uncertainty=STOCHASTIC)
    with safely(path / RESILIENCE) as file:
        file.write(
            table.reset_index()
            .assign(uncertainty=STOCHASTIC)
            .to_csv(index=False, lineterminator="\n")
            .encode()
        )
    return table
