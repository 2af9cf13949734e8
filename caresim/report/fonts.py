"""Which characters figures can show: those of the usual font, and Chinese where a font for it is installed."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

CHINESE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Noto Sans CJK JP", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC",
    "PingFang HK", "Hiragino Sans GB", "Heiti SC", "Heiti TC", "STHeiti", "Microsoft YaHei", "SimHei", "SimSun",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "Noto Serif CJK SC", "Arial Unicode MS",
)  # fmt: skip
"""Fonts with Chinese characters, the better first."""


@contextmanager
def all_characters() -> Iterator[None]:
    """Let text that is made meanwhile fall back on a Chinese font for what the usual one lacks."""
    with mpl.rc_context({"font.family": families()}):
        yield


def families() -> list[str]:
    """Return the usual font families and the first installed Chinese one, if there is any."""
    installed = set(font_manager.fontManager.get_font_names())
    usual = list(mpl.rcParams["font.family"])
    return usual + [name for name in CHINESE_FONTS if name in installed and name not in usual][:1]


def printable(*texts: str) -> str:
    """Return the first text whose characters all have a picture, as one line without mathematics."""
    known = _characters(tuple(families()))
    for text in texts:
        line = " ".join(text.split())
        if line and all(ord(character) in known for character in line):
            return line.replace("$", r"\$")
    return texts[-1]


@functools.cache
def _characters(names: tuple[str, ...]) -> frozenset[int]:
    """Return the characters of some font families."""
    return frozenset(
        code
        for name in names
        for code in FT2Font(font_manager.findfont(font_manager.FontProperties(family=[name]))).get_charmap()
    )


def shows(text: str) -> bool:
    """Tell whether the installed fonts have a picture of every character of a text."""
    known = _characters(tuple(families()))
    return all(ord(character) in known for character in text)
