"""The command line: thin, quick to start, one line for a mistake; one file a group of verbs."""

from caresim.cli import running  # noqa: F401, I001 - the verbs register themselves, in the order of the help
from caresim.cli import comparing  # noqa: F401
from caresim.cli import deciding  # noqa: F401
from caresim.cli import taking_apart  # noqa: F401
from caresim.cli import reporting  # noqa: F401
from caresim.cli import folders  # noqa: F401
from caresim.cli import sweeping  # noqa: F401
from caresim.cli import calibrating  # noqa: F401
from caresim.cli import optimising  # noqa: F401
from caresim.cli import sensing  # noqa: F401
from caresim.cli import listing  # noqa: F401
from caresim.cli.base import app, main

__all__ = ["app", "main"]
