"""Both languages say everything that is declared, and say it of the same things."""

import ast
import re
import string
from pathlib import Path
from typing import get_args

import pytest

import caresim.report
from caresim import catalogue
from caresim.agents.bank_rules import Task
from caresim.kernel.mistakes import ConfigError
from caresim.kernel.yaml_nodes import read
from caresim.report.inputs import NAMED_IN
from caresim.report.words import LANGUAGES, Words, decimals_of, read_catalogue

REPORT = Path(caresim.report.__file__).parent
MIXES = Path(__file__).parents[2] / "configs" / "mixes"


@pytest.fixture(params=LANGUAGES)
def words(request):
    return Words(request.param)


def fields(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def said_in_code():
    """Return the messages that templates and code ask for by name, and the patterns of those made up on the way."""
    whole, made = set(), set()
    for path in (REPORT / "templates").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        whole |= set(re.findall(r't\("(\w+)"\s*[,)]', text))
        made |= {f"{start}.*" for start in re.findall(r't\("(\w+)" ~', text)}
    for path in REPORT.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else ".+" for part in node.values]
                made.add("".join(parts))
    return whole, {pattern for pattern in made if re.fullmatch(r"[\w.+*]+", pattern) and pattern.strip(".+*")}


def test_every_parameter_and_lever_has_a_label(words):
    names, every = words.catalogue, words.catalogue["every_lever"]
    for rows, section, heads in ((catalogue.declared_parameters(), "parameters", "groups"),
                                 (catalogue.declared_levers(), "levers", "instruments")):  # fmt: skip
        missing = []
        for row in rows:
            group, _, name = row["name"].partition(".")
            label = names[section].get(group, {}).get(name) or every.get(name)
            missing += [row["name"]] if not label or not names[heads].get(group) else []
        assert missing == [], f"add to caresim/report/catalogue/{words.language}.yaml, {section}"


def test_the_catalogues_label_nothing_that_is_gone(words):
    declared = {row["name"] for row in catalogue.declared_parameters()}
    turned = {row["name"] for row in catalogue.declared_levers()}
    for section, known in (("parameters", declared), ("levers", turned)):
        named = {f"{group}.{name}" for group, names in words.catalogue[section].items() for name in names}
        assert named <= known


def test_every_indicator_unit_and_mark_has_a_label(words):
    indicators = catalogue.indicators()
    assert all(i.label.strip() and i.label_zh.strip() for i in indicators)
    rows = catalogue.declared_parameters() + catalogue.declared_levers()
    units = {row["unit"] for row in rows} | {i.unit for i in indicators}
    assert units <= set(words.catalogue["units"])
    assert {row["evidence"] for row in rows} <= set(words.catalogue["evidence"])


def test_every_word_of_a_value_has_a_label(words):
    rows = catalogue.declared_parameters() + catalogue.declared_levers()
    said = {(row["unit"], word) for row in rows for word in listed(row["value"]) if isinstance(word, str)}
    assert said >= {("tasks", name) for name in get_args(Task)}
    assert {unit for unit, _ in said} == set(NAMED_IN)
    assert [each for each in said if each[1] not in words.catalogue[NAMED_IN[each[0]]]] == []


def listed(value):
    return value if isinstance(value, list | tuple) else [value]


def test_every_mix_that_ships_has_a_title(words):
    shipped = {path.stem: read(path).plain()["title"] for path in MIXES.glob("*.yaml")}
    assert len(shipped) >= 12
    assert set(shipped) <= set(words.catalogue["mixes"])
    assert {name: read_catalogue("en")["mixes"][name] for name in shipped} == shipped


def test_chinese_labels_are_chinese():
    def strings(node):
        return [
            text for each in node.values() for text in (strings(each) if isinstance(each, dict) else [each])
        ]

    chinese = read_catalogue("zh")
    sections = ("parameters", "levers", "groups", "instruments", "mixes", "parts", "social_groups", "evidence",
                "status", "sources", "tasks")  # fmt: skip
    texts = [text for section in sections for text in strings(chinese[section])]
    assert [text for text in texts if not re.search(r"[\u4e00-\u9fff]", text)] == []
    assert [text for text in texts if re.search(r"[,;:!?()]", text)] == []  # full-width ones belong there


def test_both_languages_have_the_same_keys_and_placeholders():
    english, chinese = (read_catalogue(language) for language in LANGUAGES)
    assert set(english) == set(chinese)
    for section in english:
        assert set(english[section]) == set(chinese[section]), section
    for key, text in english["messages"].items():
        assert fields(text) == fields(chinese["messages"][key]), key


def test_every_message_asked_for_is_there_and_every_message_there_is_asked_for():
    whole, made = said_in_code()
    known = set(read_catalogue("en")["messages"])
    asked = {key for path in (REPORT / "templates").glob("*.html")
             for key in re.findall(r't\("(\w+)"\s*[,)]', path.read_text(encoding="utf-8"))}  # fmt: skip
    for path in REPORT.glob("*.py"):
        asked |= set(re.findall(r'\bsay\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    assert len(asked) > 80
    assert asked <= known
    unused = {key for key in known - whole if not any(re.fullmatch(pattern, key) for pattern in made)}
    assert unused == set()


def test_a_language_that_is_not_there_is_told_in_one_line():
    with pytest.raises(ConfigError, match="--lang fr: no such language; ") as caught:
        Words("fr")
    assert len(caught.value.lines) == 1


def test_numbers_are_written_as_people_write_them():
    english, chinese = Words("en"), Words("zh")
    assert english.number(0.3733, "share") == "37.3 %"
    assert chinese.number(0.3733, "share") == "37.3%"
    assert english.number(0.0178, "share") == "1.78 %"
    assert english.number(86794.3, "QALY") == "86,794"
    assert english.number(float("nan"), "yuan") == "–"
    assert english.change(-0.0123, "share") == "\N{MINUS SIGN}1.23"
    assert english.change(5.4, "yuan") == "+5"
    assert english.change(-0.2, "yuan") == "0"
    assert english.interval(-0.06951, -0.0708, -0.0682, "share") == ("−7.0", "[−7.1, −6.8]")
    assert english.interval(1.5, float("nan"), float("nan")) == ("+1.50", "")
    assert english.interval(float("nan"), 0.0, 1.0) == ("", "")


def test_an_end_that_is_not_zero_is_not_written_as_zero():
    assert decimals_of(0.004, 0.11, "", figures=1) == 3
    assert decimals_of(0.0, 0.11, "", figures=1) == 2
    assert decimals_of(-3.0, 5.0, "yuan") == 0


def test_lists_read_as_sentences():
    assert Words("en").listed(["a", "b", "c"]) == "a, b and c"
    assert Words("zh").listed(["甲", "乙", "丙"]) == "甲、乙和丙"
    assert Words("en").listed(["a"]) == "a"
    assert Words("en").listed([]) == ""


def test_what_the_catalogue_does_not_know_is_called_by_its_meaning():
    assert Words("zh").parameter("no_such.thing", "What it is.") == "What it is."
    assert Words("en").lever("time_bank.rollout").startswith("Time bank: ")
    assert Words("zh").mix("time_bank", "My own bank") == "My own bank"
    assert Words("zh").mix("time_bank", "Time bank") == "时间银行"
