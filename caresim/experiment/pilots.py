"""Run pilot replications of scaled mixes, with a seed that no comparison uses, and say what they spend."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable
from dataclasses import astuple, dataclass, field, replace
from typing import TYPE_CHECKING

from caresim.agents.entitlements import BudgetTooLow
from caresim.experiment.compilation import compile_rules
from caresim.experiment.executors import Failure, WorkersLost, work_through
from caresim.experiment.pilot_log import PilotLog
from caresim.experiment.replication import ReplicationFailed
from caresim.experiment.scaling import scaled
from caresim.kernel.mistakes import ConfigError
from caresim.results import Task

if TYPE_CHECKING:
    from caresim.scenario import Scenario

PILOT_SEED = 777_000_777
"""Distance of the pilots' seed from the scenario's."""
SPENT = "public_present_value_per_elder"


def pilot_seed(scenario: Scenario) -> int:
    """Return the seed of the pilots, which no comparison uses."""
    return (scenario.seed + PILOT_SEED) % 2**63


@dataclass(frozen=True)
class _Pilot:
    """A replication of a scaled mix."""

    mix: str
    factor: float
    replication: int


@dataclass(frozen=True)
class _Piloting:
    """Runs pilots wherever it is sent; of a ceiling that is too low it returns the line that says so."""

    scenario: Scenario

    def __call__(self, pilot: _Pilot) -> float | str:
        mix = scaled(self.scenario.mix(pilot.mix), pilot.factor, pilot.mix)
        try:
            return present_value(
                replace(self.scenario, mixes=(mix,), baseline=mix.name), mix.name, pilot.replication
            )
        except BudgetTooLow as error:
            return f"mixes.{pilot.mix}: {error}"


@dataclass
class Spending:
    """Learns what mixes spend when scaled, the mean of the pilots; each factor is run once.

    Attributes:
        log: keeps on disk what each pilot spent, if given.
        known: spending by mix and factor.
    """

    scenario: Scenario
    pilots: int
    jobs: int
    scheduler: str | None
    log: PilotLog | None = None
    known: dict[tuple[str, float], float] = field(default_factory=dict)

    def learn(self, asked: Iterable[tuple[str, float]]) -> None:
        """Run what is not known yet.

        Raises:
            ConfigError: a ceiling lies below what people are entitled to.
            ReplicationFailed: a pilot stopped, or there was nobody to run it.
        """
        new = [key for key in dict.fromkeys(asked) if key not in self.known]
        wanted = [_Pilot(*key, replication) for key in new for replication in range(self.pilots)]
        before = self.log.known if self.log is not None else {}
        spent = {pilot: before[astuple(pilot)] for pilot in wanted if astuple(pilot) in before}
        tasks = [pilot for pilot in wanted if pilot not in spent]
        if not self.known and tasks and self.jobs > 1 and self.scheduler is None:
            compile_rules(self.scenario, (pilot.mix for pilot in tasks), self.jobs)
        for pilot, yuan in self._run(tasks):
            spent[pilot] = yuan
            if self.log is not None:
                self.log.note(astuple(pilot), yuan)
        for key in new:
            self.known[key] = math.fsum(spent[_Pilot(*key, k)] for k in range(self.pilots)) / self.pilots

    def _run(self, tasks: list[_Pilot]) -> Generator[tuple[_Pilot, float], None, None]:
        do = _Piloting(replace(self.scenario, seed=pilot_seed(self.scenario), design=None))
        try:
            for pilot, result in work_through(do, tasks, self.jobs, self.scheduler):
                if isinstance(result, str):
                    raise ConfigError([result])
                if isinstance(result, Failure):
                    raise ReplicationFailed(f"{Task(pilot.mix, pilot.replication)}: {result.message}")
                yield pilot, result
        except WorkersLost as error:
            raise ReplicationFailed(str(error)) from None


def present_value(scenario: Scenario, mix: str, replication: int) -> float:
    """Run a replication and return what government spends, in present value per elder and month."""
    from caresim.model import CareModel

    records = CareModel(scenario, mix, replication, collect=False).run()
    return math.fsum(month[SPENT] for month in records) / len(records)
