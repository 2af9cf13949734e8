"""Say in one line which extra installs a library that is missing."""

from __future__ import annotations

from importlib import import_module

from caresim.kernel.mistakes import ConfigError


def need(library: str, extra: str) -> None:
    """Refuse to go on without a library.

    Raises:
        ConfigError: it is not installed.
    """
    try:
        import_module(library)
    except ImportError:
        raise ConfigError([f"{library} is not installed; pip install 'caresim[{extra}]'"]) from None
