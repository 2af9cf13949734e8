"""What all verbs share: the program, its exit codes, one line for a mistake."""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

import caresim
from caresim.kernel.mistakes import ConfigError, reason, shown

USAGE_ERROR: Any = typer.BadParameter.__mro__[2]
"""The command library's base of its own errors, which it does not name in public."""
FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130

given: list[str] = []
"""The arguments of this call, to tell how to go on."""

app = typer.Typer(
    name="caresim",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Simulate who cares for rural older people, month by month, person by person.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"caresim {caresim.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Simulate who cares for rural older people, month by month, person by person."""


def _bad_input() -> tuple[type[BaseException], ...]:
    """Return what the user's own input can raise, as far as it is loaded: nothing else hides a bug."""
    kinds: list[type[BaseException]] = [ConfigError, OSError]
    for module, name in (("caresim.kernel.tables", "TableError"), ("caresim.results", "RunFolderError")):
        if module in sys.modules:
            kinds.append(getattr(sys.modules[module], name))
    return tuple(kinds)


def _told(error: BaseException) -> str:
    """Return an error of the system as one line that names the file."""
    if isinstance(error, OSError):
        name = f"{shown(os.fspath(error.filename))}: " if isinstance(error.filename, str | Path) else ""
        return f"{name}{reason(error)}; check the path and its permissions"
    return str(error)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    # Runs are spread over processes; threads of the linear algebra library would only delay the start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Looking for plugins of the validation library means reading every installed package's description.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    given[:] = sys.argv[1:] if arguments is None else arguments
    gc.disable()  # a short command leaves nothing worth looking for; long ones switch it on
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _warned  # type: ignore[assignment]
            code = _exit_code(given)
    except KeyboardInterrupt:  # a second one, while the first was being told of
        code = INTERRUPTED
    finally:
        gc.enable()
    sys.exit(code)


def _exit_code(arguments: list[str]) -> int:
    command: Callable[..., Any] = typer.main.get_command(app)
    try:
        code = command(args=arguments, prog_name="caresim", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except USAGE_ERROR as error:
        complain(_usage(error))
        return BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if not isinstance(error, _bad_input()):
            raise
        complain(_told(error))
        return BAD_INPUT


def _usage(error: Any) -> str:
    """Return a mistake in the command line as one line that names the help of the verb it was made in."""
    message: str = error.format_message()
    if message.startswith("Usage:"):  # what a bare `caresim` prints
        return message
    verb = error.ctx.command_path if error.ctx else "caresim"
    return f"caresim: {' '.join(message.split()).rstrip('.')}; see {verb} --help"


def _warned(message: Warning | str, *where: Any) -> None:
    """Print a warning as a line for people, without the place in the program that gave it."""
    complain(" ".join(str(message).split()))


def complain(text: str) -> None:
    """Print a line for people beside the results."""
    if text:
        typer.echo(text, err=True)
