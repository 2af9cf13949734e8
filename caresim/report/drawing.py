"""What the figures of the report share: how mixes look, keys under figures, and SVG with real text."""

from __future__ import annotations

import io
import re
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from caresim.report.fonts import all_characters

WIDTH = 10.4
"""Inches; at this width the text of a figure is as large as the text around it."""
TEXT, SMALL = 9.5, 8.5
GREY, LIGHT = "#555555", "#dddddd"
BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7",
)  # fmt: skip
"""Okabe and Ito's palette."""
COLOURS = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY)
LINES: tuple[Any, ...] = ("-", (0, (5, 1.6)), (0, (1.2, 1.4)))
MARKERS = "osD^vPX<>hp*"


@dataclass(frozen=True)
class Look:
    """How a mix is drawn in every figure: no two of thirteen share line style and colour, or marker.

    Attributes:
        colour: colour of line and marker.
        line: line style.
        marker: marker.
    """

    colour: str
    line: Any
    marker: str


def look(place: int) -> Look:
    """Return the look of the mix at a place, the baseline at 0."""
    if place == 0:
        return Look(BLACK, "-", "o")
    k = place - 1
    return Look(COLOURS[k % 6], LINES[(k // 6) % 3], MARKERS[(k + 1) % len(MARKERS)])


@dataclass(frozen=True)
class Drawing:
    """A finished figure.

    Attributes:
        name: name of its files.
        figure: the picture.
        numbers: what it shows.
        title: its title.
        caption: what is to be seen, and what the numbers rest on.
        alt: what it shows, for those who cannot see it.
    """

    name: str
    figure: Figure
    numbers: pd.DataFrame
    title: str
    caption: str
    alt: str


@contextmanager
def characters() -> Iterator[None]:
    """Draw text of any script; what no installed font has is still text in an SVG, which the reader's fonts show."""
    rules: Any = {"svg.fonttype": "none", "font.size": TEXT, "axes.titlesize": 10.5, "text.parse_math": False}
    with all_characters(), mpl.rc_context(rules), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        yield


def width_of(text: str, size: float = TEXT) -> float:
    """Return about how wide a text is, in inches, whatever font shows it in the end."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.56 for character in text) * size / 72.0


def tidy(axes: Axes, grid: str = "y") -> None:
    """Leave an axes its left and lower line and a light grid."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=grid, color=LIGHT, linewidth=0.6)  # type: ignore[arg-type]
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=SMALL)


def key(figure: Figure, entries: Sequence[tuple[dict[str, Any], str]], top: float) -> None:
    """Write a key under a figure, in columns that hold its longest name.

    Args:
        figure: the figure.
        entries: for each the properties of a line or marker, and its name.
        top: height of the first line, in inches from the lower edge.
    """
    wide, high = figure.get_size_inches()
    left, step = 0.12, 0.62 + max(width_of(name) for _, name in entries)
    columns = max(1, int((wide - left) // step))
    for k, (style, name) in enumerate(entries):
        x, y = left + (k % columns) * step, top - (k // columns) * 0.21
        line = Line2D([x / wide, (x + 0.3) / wide], [y / high] * 2, transform=figure.transFigure, **style)
        if style.get("linestyle") == "none":
            line.set_data([(x + 0.2) / wide], [y / high])
        figure.add_artist(line)
        beyond = style.get("markersize", 0.0) / 2 / 72.0  # of the marker at the line's end
        figure.text((x + 0.34 + beyond) / wide, y / high, name, va="center", fontsize=TEXT)


def key_height(names: Sequence[str]) -> float:
    """Return how many inches the key of some names takes."""
    columns = max(1, int((WIDTH - 0.12) // (0.62 + max(width_of(name) for name in names))))
    return 0.21 * -(-len(names) // columns) + 0.1


def svg(drawing: Drawing) -> str:
    """Return a figure as an element of a page: real text in the page's font, names of its own, nothing from outside."""
    buffer = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": drawing.name}):
        drawing.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r'<svg\b[^>]*?viewBox="([^"]*)"[^>]*>', _opening(drawing), text, count=1)
    text = re.sub(r"<style type=\"text/css\">.*?</style>", "", text, flags=re.S)
    text = re.sub(r"\bfont: ((?:\w+ )*)([\d.]+px)[^;\"]*", _font, text)  # as the library wrote until 3.10
    text = re.sub(r"\bfont-family: [^;\"]*;? ?", "", text)
    text = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{drawing.name}-", text)
    text = re.sub(r' d="([^"]*)"', _rounded, text)
    return text.replace("xlink:href", "href").strip()


def _opening(drawing: Drawing) -> Any:
    def opening(found: re.Match[str]) -> str:
        name = quoteattr(f"{drawing.name}-says")
        return (
            (
                f'<svg viewBox="{found[1]}" role="img" aria-labelledby={name} preserveAspectRatio="xMidYMid">'
                f"<title id={name}>{escape(drawing.alt)}</title>"
            )
            .replace(f"id={name}", 'id="says"')
            .replace("\\", "\\\\")
        )

    return opening


def _rounded(found: re.Match[str]) -> str:
    """Write the points of a line to a hundredth of a point: smaller than can be seen, and half as long."""
    short = re.sub(r"(\.\d\d)\d+", r"\1", found[1])
    return f' d="{" ".join(short.split())}"'


def _font(found: re.Match[str]) -> str:
    weight = "; font-weight: bold" if re.search(r"bold|[67]00", found[1]) else ""
    return f"font-size: {found[2]}{weight}"


def png(drawing: Drawing) -> bytes:
    """Return a figure as a PNG; the same picture gives the same bytes."""
    buffer = io.BytesIO()
    drawing.figure.savefig(buffer, format="png", dpi=130, metadata={"Software": None})
    return buffer.getvalue()


def percentiles(values: np.ndarray, *levels: float) -> np.ndarray:
    """Return percentiles over the last axis, NaN where nothing is known."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        found: np.ndarray = np.nanpercentile(values, levels, axis=-1)
    return found


def means(values: np.ndarray) -> np.ndarray:
    """Return means over the last axis, NaN where nothing is known."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        found: np.ndarray = np.nanmean(values, axis=-1)
    return found


def wrapped(text: str, inches: float, size: float = TEXT) -> str:
    """Return a text on as many lines as its width asks for."""
    if width_of(text, size) <= inches:
        return text
    wide = max(map(width_of, text)) > 0.6 * TEXT / 72.0
    room = int(inches * 72.0 / size / (1.0 if wide else 0.56))
    if wide:
        each = -(-len(text) // -(-len(text) // room))  # lines of one length
        return "\n".join(text[k : k + each] for k in range(0, len(text), each))
    return "\n".join(textwrap.wrap(text, room))
