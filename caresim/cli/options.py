"""Options that all verbs share that run the model: declared once, added to each verb beside its own."""

from __future__ import annotations

import functools
import inspect
import shlex
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from caresim.cli.base import FAILED, INTERRUPTED, complain, given
from caresim.kernel.mistakes import ConfigError

if TYPE_CHECKING:
    from caresim.scenario import Scenario

Set = Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="Deviate from the config.")]
Results = Annotated[Path, typer.Argument(metavar="RESULTS", help="Run folder.")]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What every verb is asked that runs the model: which config, with which deviations, where and how."""

    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="Scenario, a YAML file.")]
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; by default one a core.")] = None
    seed: Annotated[str | None, typer.Option(help="Seed instead of the config's.")] = None
    replications: Annotated[str | None, typer.Option(help="Replications instead of the config's.")] = None
    mix: Annotated[
        list[str] | None, typer.Option(metavar="MIX", help="Run this mix only; may be repeated.")
    ] = None
    set: Set = None
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with what was interrupted; of a run, try again what failed."),
    ] = False
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Run on the workers of this Dask scheduler.")
    ] = None

    @property
    def deviations(self) -> list[tuple[str, str]]:
        """Return the options that deviate from the config, each with its `key=value`."""
        named = {"seed": self.seed, "replications": self.replications}
        options = [(f"--{key}", f"{key}={value}") for key, value in named.items() if value is not None]
        return [*(("--set", text) for text in self.set or ()), *options]

    @property
    def how(self) -> dict[str, Any]:
        """Return how runs are done."""
        return {"jobs": self.jobs, "resume": self.resume, "scheduler": self.scheduler}

    def scenario(self, more: Iterable[tuple[str, str]] = ()) -> Scenario:
        """Return the scenario that the options ask for; `more` are options of a verb's own and their `key=value`."""
        from caresim.scenario import load_scenario

        scenario = load_scenario(self.config, options=[*self.deviations, *more])
        return only(scenario, self.mix) if self.mix else scenario


def only(scenario: Scenario, mixes: Iterable[str]) -> Scenario:
    """Return the scenario with the mixes that `--mix` names."""
    try:
        return scenario.only(*dict.fromkeys(mixes))
    except ConfigError as error:
        raise ConfigError([f"--mix: {line}" for line in error.lines]) from None


def runs_the_model(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb that takes `asked` first the shared options after its own; one of its own replaces the shared one."""
    own = list(inspect.signature(verb).parameters.values())[1:]
    shared = [field.name for field in fields(Asked) if field.name not in {one.name for one in own}]

    @functools.wraps(verb)
    def called(**options: Any) -> None:
        verb(Asked(**{name: options.pop(name) for name in shared}), **options)

    config, *rest = (one for one in inspect.signature(Asked).parameters.values() if one.name in shared)
    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in (config, *own, *rest)]
    hints = get_type_hints(Asked, include_extras=True) | get_type_hints(verb, include_extras=True)
    called.__annotations__ = {one.name: hints[one.name] for one in parameters}
    called.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [one.replace(annotation=hints[one.name]) for one in parameters]
    )
    return called


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn an interrupt and a failure into one line and an exit code."""
    from caresim.experiment.executors import WorkersLost
    from caresim.experiment.replication import ReplicationFailed
    from caresim.results import Unwritable

    try:
        yield
    except KeyboardInterrupt as stopped:
        again = [argument for argument in given if argument != "--resume"] + ["--resume"]
        complain(f"{str(stopped) or 'stopped'}; the whole command: caresim {shlex.join(again)}")
        raise typer.Exit(INTERRUPTED) from None
    except (ReplicationFailed, Unwritable, WorkersLost) as failure:
        complain(str(failure))
        raise typer.Exit(FAILED) from None
