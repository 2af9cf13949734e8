"""YAML as a config needs it: JSON's scalars, everything else as typed, each value with its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caresim.kernel.mistakes import ConfigError, Mark, Mistakes, suggestion
from caresim.kernel.yaml_nodes import compose, scalar

TEXTS = (
    *("no", "yes", "on", "010", "0x10", "1:30", "2020-01", "2020-01-01", "~", "Null", "True"),
    *(".nan", ".inf", "+1", "1_000", "1.", ".5", "NaN", "-", "1e", "٣"),
)
VALUES = {
    "true": True,
    "false": False,
    "null": None,
    "0": 0,
    "-7": -7,
    "1.5": 1.5,
    "1e-3": 0.001,
    "2E+2": 200.0,
}


@pytest.mark.parametrize("text", TEXTS)
def test_stays_what_was_typed(text):
    assert scalar(text) == text


@pytest.mark.parametrize("text", VALUES)
def test_scalars_of_json(text):
    value = compose(f"a: {text}", "x.yaml").plain()["a"]
    assert (value, type(value)) == (VALUES[text], type(VALUES[text]))


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_of_json_is_read(number):
    assert scalar(json.dumps(number)) == number


def test_quotes_make_a_text():
    assert compose("a: '5'\nb: \"true\"\nc: |\n  7\n", "x").plain() == {"a": "5", "b": "true", "c": "7\n"}


def test_keys_are_texts():
    assert compose("2020-01: 1\n2020: 2\ntrue: 3\n", "x").plain() == {"2020-01": 1, "2020": 2, "true": 3}


def test_every_key_and_value_has_its_place():
    node = compose("é: {b: [1, 二, 3],\n  c: x}\n", "f.yaml")
    inner = node.get("é")
    assert str(node.keys["é"]) == "f.yaml:1:1"
    assert str(inner.mark) == "f.yaml:1:4"
    assert str(inner.keys["c"]) == "f.yaml:2:3"
    assert [str(item.mark) for item in inner.get("b").value] == ["f.yaml:1:9", "f.yaml:1:12", "f.yaml:1:15"]
    assert str(node.mark_of(("é", "c"))) == "f.yaml:2:3"
    assert str(node.mark_of(("é", "b", 2))) == "f.yaml:1:15"
    assert str(node.mark_of(("é", "absent"))) == "f.yaml:1:4"


def test_a_byte_order_mark_is_no_mistake():
    assert compose(b"\xef\xbb\xbfa: 1\n", "x").plain() == {"a": 1}


def test_all_mistakes_of_a_text_are_told_in_order():
    with pytest.raises(ConfigError) as caught:
        compose("a: &x 1\nb: *x\na: 2\nc: !t 3\n", "f")
    assert [line.split(" ")[0] for line in caught.value.lines] == ["f:1:4:", "f:2:4:", "f:3:1:", "f:4:4:"]


def test_mistakes_of_several_files_keep_together():
    mistakes = Mistakes()
    for file, line in (("b", 9), ("a", 2), ("b", 1)):
        mistakes.add(Mark(file, line, 1), "x")
    with pytest.raises(ConfigError) as caught:
        mistakes.check()
    assert caught.value.lines == ["b:1:1: x", "b:9:1: x", "a:2:1: x"]


def test_suggestion_names_the_nearest_or_all():
    assert suggestion("mortalty", ["mortality", "fertility"]) == "did you mean mortality?"
    assert suggestion("qqq", ["b", "a"]) == "one of a, b"
    assert suggestion("qqq", map(str, range(1000, 2000))).endswith("1022, 1023 and 976 more")
    assert suggestion("qqq", []) == "there is none yet"
