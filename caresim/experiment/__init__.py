"""Experiments: replications of mixes in parallel, and their statistics."""

from __future__ import annotations

from typing import Any

__all__ = ["Interrupted", "ReplicationFailed", "run_experiment"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from caresim.experiment import runner

        return getattr(runner, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
