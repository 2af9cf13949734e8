"""What a report says in one language: labels, sentences, and numbers as people write them."""

from __future__ import annotations

import functools
import math
from importlib import resources
from typing import Any

import yaml

from caresim.kernel.mistakes import ConfigError, shown, suggestion

LANGUAGES = ("en", "zh")
DECLARED_IN = "en"
"""The language in which parameters and levers say what they mean."""
NOTHING = "–"
MINUS = "\N{MINUS SIGN}"
DECIMALS = 4
"""Most decimals of a number."""
COUNTED = ("persons", "hours", "yuan", "QALY", "beds", "homes", "visits", "meals", "groups")
"""Units of which a fraction says nothing, but in a difference that is known to less than one."""
EVERY = "rollout"
"""The lever that most instruments have."""


class Words:
    """The catalogue of one language.

    Args:
        language: `en` or `zh`.

    Raises:
        ConfigError: there is no catalogue of that language.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ConfigError(
                [f"--lang {shown(str(language))}: no such language; {suggestion(str(language), LANGUAGES)}"]
            )
        self.language = language
        self.catalogue = read_catalogue(language)

    def say(self, key: str, **given: Any) -> str:
        """Return a sentence with what is given put in."""
        text: str = self.catalogue["messages"][key]
        return text.format(**given) if given else text

    def listed(self, names: list[str]) -> str:
        """Return names as a list in a sentence."""
        if len(names) < 2:
            return "".join(names)
        return self.say("and", first=self.say("comma").join(names[:-1]), last=names[-1])

    def label(self, section: str, name: str, default: str | None = None) -> str:
        """Return the label of a thing that is not a parameter, or the default, or its name."""
        found = self.catalogue[section].get(name, default if default is not None else name)
        return str(found)

    def parameter(self, name: str, meaning: str = "") -> str:
        """Return the label of `group.name`, with its group; its meaning where the catalogue does not know it."""
        return self._of_group("groups", "parameters", name, meaning)

    def lever(self, name: str, meaning: str = "") -> str:
        """Return the label of `instrument.name`, with its instrument."""
        return self._of_group("instruments", "levers", name, meaning)

    def _of_group(self, heads: str, names: str, full: str, meaning: str) -> str:
        group, _, name = full.partition(".")
        known = self.catalogue[names].get(group, {})
        label = known.get(name) or (self.catalogue["every_lever"][EVERY] if name == EVERY else None)
        head = self.catalogue[heads].get(group)
        if label is None or head is None:
            return meaning or full
        return self.say("of_group", group=head, name=label)

    def indicator(self, described: dict[str, Any]) -> str:
        """Return the label of an indicator as the manifest describes it."""
        own = described.get("label_zh") if self.language == "zh" else None
        return str(own or described["label"])

    def mix(self, name: str, title: str | None) -> str:
        """Return what a mix is called: its own title, translated where it is that of a mix that ships."""
        if title and title == read_catalogue("en")["mixes"].get(name):
            return str(self.catalogue["mixes"][name])
        return title or name

    def unit(self, unit: str) -> str:
        """Return a unit."""
        return self.label("units", unit)

    # --- numbers --------------------------------------------------------------------------------------------

    def number(self, value: float, unit: str = "", decimals: int | None = None) -> str:
        """Return a number; shares in percent."""
        if not math.isfinite(value):
            return NOTHING
        scaled = 100.0 * value if unit == "share" else value
        text = _written(scaled, _decimals(scaled, unit) if decimals is None else decimals)
        return self.say("percent", number=text) if unit == "share" else text

    def tick(self, value: float, unit: str) -> str:
        """Return a number at an axis."""
        return self.say("percent", number=tick(100.0 * value)) if unit == "share" else tick(value)

    def change(self, value: float, unit: str = "", decimals: int | None = None) -> str:
        """Return a difference with its sign; differences of shares in percentage points, without their name."""
        if not math.isfinite(value):
            return NOTHING
        value = 100.0 * value if unit == "share" else value
        text = _written(value, _decimals(value, unit) if decimals is None else decimals)
        return text if text.startswith(MINUS) or not text.strip("0.,") else f"+{text}"

    def interval(self, value: float, lower: float, upper: float, unit: str = "") -> tuple[str, str]:
        """Return a difference, and its interval, with as many decimals as the interval is wide; empty if unknown."""
        if not math.isfinite(value):
            return "", ""
        if not math.isfinite(lower):
            return self.change(value, unit), ""
        decimals = decimals_of(lower, upper, unit, figures=1)
        ends = (self.change(end, unit, decimals) for end in (lower, upper))
        return self.change(value, unit, decimals), f"[{', '.join(ends)}]"


def decimals_of(lower: float, upper: float, unit: str, figures: int = 2) -> int:
    """Return how many decimals tell the ends of an interval apart: some figures of its half width.

    An end that is not zero is not written as zero, as far as `DECIMALS` go.
    """
    lower, upper = (100.0 * lower, 100.0 * upper) if unit == "share" else (lower, upper)
    half = (upper - lower) / 2.0
    if half <= 1e-9 * max(abs(lower), abs(upper), 1e-9):  # no width, or that of rounding
        return 0 if unit in COUNTED else 2
    if unit in COUNTED and half >= 1.0:
        return 0
    decimals = min(DECIMALS, max(0, figures - 1 - math.floor(math.log10(half))))
    while decimals < DECIMALS and any(end != 0.0 and round(end, decimals) == 0.0 for end in (lower, upper)):
        decimals += 1
    return decimals


def _decimals(value: float, unit: str) -> int:
    if unit in COUNTED:
        return 0
    if unit == "share":
        return 1 if abs(value) >= 9.95 or value == 0.0 else 2
    if value == 0.0 or value == round(value):
        return 0
    return min(3, max(0, 2 - math.floor(math.log10(abs(value)))))


def tick(value: float) -> str:
    """Return a number at an axis."""
    text = f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.4g}"
    return text.replace("-", MINUS)


def _written(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    if text.startswith("-"):
        text = text[1:] if not text.strip("-0.,") else MINUS + text[1:]
    return text


@functools.cache
def read_catalogue(language: str) -> dict[str, Any]:
    """Return the catalogue of a language as it is written."""
    text = (resources.files("caresim.report") / "catalogue" / f"{language}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return found
