"""Whatever bytes a config holds, the answer is a scenario or a list of mistakes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from caresim.kernel.mistakes import ConfigError
from caresim.kernel.yaml_nodes import compose
from caresim.scenario import Scenario, load_scenario
from caresim.scenario.keys import Config
from tests.scenario.test_broken_configs import SOUND

YAML_BITS = st.text(
    alphabet=st.sampled_from("ab019 \n\t:-,[]{}&*!|>'\"#%@`?.~<=\\é\ud7ff\u2028\x85\ufeff"), max_size=60
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
KEYS = st.sampled_from([*Config.model_fields, "residents"]) | st.text(max_size=8)


def answer(ask, *arguments) -> None:
    """Accept a result or mistakes of one line each; anything else fails."""
    lines = ["fine"]
    try:
        ask(*arguments)
    except ConfigError as error:
        lines = error.lines
    assert lines
    assert all(line and "\n" not in line and "\r" not in line for line in lines)


def load(content: bytes, *deviations: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.yaml"
        path.write_bytes(content)
        load_scenario(path, set=deviations)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | YAML_BITS.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes(content):
    answer(compose, content, "x.yaml")
    answer(load, content)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_sound_config_with_something_inserted(data):
    at = data.draw(st.integers(0, len(SOUND)))
    skip = data.draw(st.integers(0, 10))
    text = SOUND[:at] + data.draw(YAML_BITS) + SOUND[at + skip :]
    answer(load, text.encode("utf-8", "surrogatepass"))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40) | YAML_BITS.map(lambda text: "parameters.mortality=" + text))
def test_any_deviation(text):
    answer(load, SOUND.encode(), text)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_any_python_keys(keys):
    answer(lambda: Scenario.of(**{"place": "rural_china", **keys}))
