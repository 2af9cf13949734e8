"""Broken configs: each is refused at its line and column, through the command line, without a traceback."""

# ruff: noqa: E501 (a case a line)

from __future__ import annotations

import contextlib
import io

import pytest

from caresim.cli import main
from caresim.kernel.mistakes import ConfigError
from caresim.scenario import load_scenario

SOUND = """\
name: village
place: rural_heilongjiang
start: 2020-01
months: 24
seed: 7
replications: 2
population: {residents: 3000, townships: 2, villages: 10}
baseline: status_quo
mixes: [status_quo]
parameters:
  mortality: {rural_multiplier: 1.0}
"""

BANK_SECOND = "[children, time_bank, spouse, neighbours, volunteers]"
TOGETHER = """\
place: rural_heilongjiang
start: 2020-01
months: 24
parameters: {needs: {%s}}
mixes:
  - status_quo
  - {name: a, instruments: {source_order: {%s}}}
"""

# Each case: the line of SOUND to replace (0 for the whole text), what stands there, and what is reported.
BROKEN: dict[str, tuple[int, str | bytes, tuple[str, ...]]] = {
    # syntax
    "open bracket": (9, "mixes: [status_quo", ("10:11: did not find expected ',' or ']'",)),
    "two colons": (2, "place: rural: heilongjiang", ("2:13: mapping values are not allowed",)),
    "tab": (5, "\tseed: 7", ("5:1: found a tab character",)),
    "quote left open": (1, "name: 'village", ("1:7: found unexpected end of stream",)),
    "empty": (0, "", ("1:1: empty",)),
    "only a comment": (0, "# nothing\n", ("1:1: empty",)),
    "a list": (0, "- a\n- b\n", ("1:1: no keys",)),
    "a number": (0, "42\n", ("1:1: no keys",)),
    "two documents": (0, SOUND + "---\nseed: 1\n", ("12:1: a second document",)),
    "latin letters": (1, b"name: caf\xe9", ("1:10: not UTF-8 text",)),
    "binary": (0, bytes(range(256)), ("3:115: not UTF-8 text",)),
    "utf-16": (0, SOUND.encode("utf-16"), ("1:1: not UTF-8 text",)),
    "bell": (3, "start: \x07", ("3:8: unprintable character '\\x07'",)),
    "directive": (0, "%TAG ! tag:x,2000:\n---\nseed: 1\n", ("1:1: tag directives",)),
    "too large": (0, "# " + "x" * (1 << 20), ("1:1: larger than 1048576 bytes",)),
    # traps
    "alias bomb": (
        0,
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        ("1:4: anchor &a", "2:4: anchor &b", "2:8: alias *a", "2:12: alias *a", "3:5: alias *b", "3:9: alias *b"),
    ),
    "merge key": (1, "<<: {name: x}", ("1:1: <<: unknown",)),
    "python object": (5, "seed: !!python/object/apply:os.system [ls]", ("5:7: tag tag:yaml.org,2002:python",)),
    "tag": (5, "seed: !!int 7", ("5:7: tag tag:yaml.org,2002:int",)),
    "deep brackets": (9, "mixes: " + "[" * 5000, ("9:27: nested deeper than 20",)),
    "deep lines": (0, "".join(" " * i + "a:\n" for i in range(40)), ("20:20: nested deeper than 20",)),
    "list as key": (5, "? [seed]\n: 7", ("5:3: a key must be a word",)),
    "duplicate key": (6, "seed: 8", ("6:1: seed: written twice, first in line 5",)),
    "duplicate inside": (11, "  mortality: {rural_multiplier: 1, rural_multiplier: 2}", ("11:36: rural_multiplier",)),
    # unknown keys
    "unknown key": (4, "month: 24", ("4:1: month: unknown; did you mean months?",)),
    "misplaced key": (4, "residents: 30", ("4:1: residents: unknown; did you mean population.residents?",)),
    "unknown inside": (7, "population: {people: 5}", ("7:14: population.people: unknown; one of",)),
    "unknown process": (11, "  mortalty: {}", ("11:3: parameters.mortalty: unknown; did you mean mortality?",)),
    "unknown parameter": (
        11,
        "  mortality: {rural_multiplyer: 1}",
        ("11:15: parameters.mortality.rural_multiplyer: unknown; did you mean rural_multiplier?",),
    ),
    "parameter without process": (
        11,
        "  rural_multiplier: 1",
        ("11:3: parameters.rural_multiplier: unknown; it belongs below mortality",),
    ),
    "unknown place": (2, "place: rural_heilong", ("2:8: place: no place rural_heilong ships and no such folder is here; did you mean rural_heilongjiang?",)),
    "unknown mix": (9, "mixes: [status_quo, statusquo]", ("9:21: mixes: no mix statusquo; did you mean status_quo?",)),
    "mix outside": (9, "mixes: [status_quo, ../mixes/status_quo]", ("9:21: mixes: no mix ../mixes/status_quo",)),
    "mix twice": (9, "mixes: [status_quo, status_quo]", ("9:21: mixes: status_quo is listed twice",)),
    "no mixes": (9, "mixes: []", ("9:8: mixes: [] lists no mix",)),
    "mix without name": (9, "mixes: [{instruments: {}}]", ("9:9: mixes: a mix without a name",)),
    "unknown key of a mix": (9, "mixes: {status_quo: {instrument: {}}}", ("9:22: mixes.status_quo.instrument: unk",)),
    "unknown instrument": (
        9,
        "mixes: {status_quo: , a: {extends: status_quo, instruments: {rain_making: {}}}}",
        ("9:62: mixes.a.instruments.rain_making: no instrument of that name",),
    ),
    "mix of itself": (9, "mixes: {status_quo: , a: {extends: a}}", ("9:36: extends: a comes back to itself",)),
    "mixes in a circle": (
        9,
        "mixes: {status_quo: , a: {extends: b}, b: {extends: a}}",
        ("9:36: extends: b comes back", "9:53: extends: a comes back"),
    ),
    "baseline elsewhere": (8, "baseline: other", ("8:11: baseline: other: not in mixes; one of status_quo",)),
    # types and ranges
    "text for a number": (4, "months: many", ("4:9: months: many is not a whole number",)),
    "octal": (5, "seed: 010", ("5:7: seed: 010 is not a whole number",)),
    "fraction": (6, "replications: 2.5", ("6:15: replications: 2.5 is not a whole number",)),
    "true": (6, "replications: true", ("6:15: replications: true is not a whole number",)),
    "nothing": (4, "months:", ("4:8: months: null is not a whole number",)),
    "huge seed": (5, f"seed: {2**63}", (f"5:7: seed: {2**63} is too large",)),
    "endless seed": (5, "seed: " + "9" * 6000, ("5:7: number too long",)),
    "infinite": (11, "  mortality: {rural_multiplier: 1e999}", ("11:33: number too large",)),
    "nan": (11, "  mortality: {rural_multiplier: .nan}", ("11:33: parameters.mortality.rural_multiplier: .nan is not a",)),
    "negative": (11, "  mortality: {rural_multiplier: -1}", ("11:33: parameters.mortality.rural_multiplier: -1 is too",)),
    "yes": (11, "  mortality: {rural_multiplier: yes}", ("11:33: parameters.mortality.rural_multiplier: yes is not",)),
    "process is a number": (11, "  mortality: 3", ("11:14: parameters.mortality: 3 has no keys",)),
    "parameters are a list": (11, "  - mortality", ("11:3: parameters: [mortality] has no keys",)),
    "number for a name": (1, "name: 3", ("1:7: name: 3 is not a text",)),
    "line end in a name": (1, 'name: "village\\n"', ("1:7: name: 'village\\n' is not a name",)),
    "path for a name": (1, "name: ../../etc", ("1:7: name: ../../etc is not a name",)),
    "no such start": (3, "start: 2015-01", ("3:8: start: 2015-01 is not possible; write '2010-01' or '2020-01'",)),
    "no census": (2, "place: baiquan", ("2:8: place: baiquan has no census of 2020; write start: 2010-01",)),
    "place is a number": (2, "place: 2020", ("2:8: place: 2020 is not a text",)),
    "no place": (2, "", ("1:1: place: missing",)),
    "too long": (4, "months: 601", ("4:9: months: 601 is too large; write at most 600",)),
    "no months": (4, "months: 0", ("4:9: months: 0 is too small; write at least 1",)),
    "population is a number": (7, "population: 3000", ("7:13: population: 3000 has no keys",)),
    "few people": (7, "population: {residents: 49}", ("7:25: population.residents: 49 is too small",)),
    "many townships": (
        7,
        "population: {residents: 3000, townships: 11, villages: 10}",
        ("7:31: population.townships: 11 townships for 10 villages",),
    ),
    "empty villages": (
        7,
        "population: {residents: 3000, villages: 1000}",
        ("7:31: population.villages: 1000 villages for 3000 residents",),
    ),
    "list with a negative": (11, "  mortality: {relative_risks: [-1, 1, 1, 1]}", ("11:31: parameters.mortality.relative_risks: [-1, 1, 1, 1] is too small",)),
    "list with a text": (11, "  mortality: {relative_risks: [1, x, 1, 1]}", ("11:35: parameters.mortality.relative_risks: x is not a number",)),
    "text for a switch": (11, "  time_bank: {open: 'yes'}", ("11:21: parameters.time_bank.open: yes is neither true nor false",)),
    "switch for a number": (11, "  time_bank: {digital: true}", ("11:24: parameters.time_bank.digital: true is not a number",)),
    "switch in a list": (11, "  time_bank: {open: [true]}", ("11:21: parameters.time_bank.open: [true] is neither true nor false",)),
    "source left out": (11, "  needs: {order: [spouse, children]}", ("11:18: parameters.needs.order: too few values; write 5",)),
    "short list": (11, "  mortality: {relative_risks: [1]}", ("11:31: parameters.mortality.relative_risks: too few values; write 4",)),
    "long list": (11, "  mortality: {relative_risks: [1, 1, 1, 1, 1]}", ("11:31: parameters.mortality.relative_risks: [1, 1, 1, 1, 1] has too many",)),
    "no risk": (11, "  mortality: {relative_risks: [0, 0, 0, 0]}", ("11:31: parameters.mortality.relative_risks: [0, 0, 0, 0] is too small; write at least 0.1",)),
    "women above both sexes": (11, "  migration: {women_ratio: 2.5}", ("11:28: parameters.migration.women_ratio: 2.5 is too large; write at most 2.0",)),
    "improves by all": (11, "  functional_decline: {improvement_year: 1}", ("11:42: parameters.functional_decline.improvement_year: 1 is too large",)),
    "ages of stone": (11, "  newcomers: {ages: [3000, 4000]}", ("11:21: parameters.newcomers.ages: [3000, 4000] is too large; write at most 100",)),
    "ages fall": (11, "  newcomers: {ages: [38, 18]}", ("11:21: parameters.newcomers.ages: [38, 18] falls; write [18, 38]",)),
    "brides fall": (11, "  marriage: {bride_younger: [60, -12]}", ("11:29: parameters.marriage.bride_younger: [60, -12] falls; write [-12, 60]",)),
    "brides of long ago": (11, "  marriage: {bride_younger: [-1000000, 0]}", ("11:29: parameters.marriage.bride_younger: [-1000000, 0] is too small; write at least -240",)),
    "shares of a list": (11, "  marriage: {bride_place_shares: [0.9, 0.2]}", ("11:34: parameters.marriage.bride_place_shares: bride_place_shares make 1.1; write values that make at most 1",)),
    "shares of two": (
        11,
        "  urbanisation: {town_share: 0.8, rate_year: 0.1}",
        ("11:30: parameters.urbanisation.town_share: town_share and province_share make 1.1; write values that make at most 1",),
    ),
    "a certain move": (11, "  migration: {out: [0.1, 0.1, 0.1, 0.1], out_scale: 20}", ("11:53: parameters.migration.out_scale: out and out_scale and women_ratio make 2.4",)),
    # dates
    "month 13": (
        11,
        "  mortality: {rural_multiplier: {2020-13: 1}}",
        ("11:34: parameters.mortality.rural_multiplier: 2020-13 is not a month",),
    ),
    "a year": (11, "  mortality: {rural_multiplier: {2020: 1}}", ("11:34: parameters.mortality.rural_multiplier: 2020",)),
    "dates in the wrong order": (
        11,
        "  mortality: {rural_multiplier: {2021-06: 1, 2020-06: 1.1}}",
        ("11:46: parameters.mortality.rural_multiplier.2020-06: written after 2021-06; write dates in the order of time",),
    ),
    "dates in the wrong order, in a mix": (
        9,
        "mixes: {status_quo: , a: {instruments: {age_allowance: {from_80: {2020-01: 1, 2021-06: 3, 2021-01: 2}}}}}",
        ("9:91: mixes.a.instruments.age_allowance.from_80.2021-01: written after 2021-06; write dates in the order of time",),
    ),
    "no dates": (11, "  mortality: {rural_multiplier: {}}", ("11:33: parameters.mortality.rural_multiplier: no dates",)),
    "wrong later value": (
        11,
        "  mortality: {rural_multiplier: {2020-01: 1, 2021-01: x}}",
        ("11:55: parameters.mortality.rural_multiplier.2021-01: x is not a number",),
    ),
    "after the end": (
        11,
        "  mortality: {rural_multiplier: {2021-12: 1, 2022-01: 1.1}}",
        ("11:46: parameters.mortality.rural_multiplier.2022-01: after the last month 2021-12; write an earlier date",),
    ),
    "after the end, in a mix": (
        9,
        "mixes: {status_quo: , a: {instruments: {age_allowance: {from_80: {2021-12: 1, 2022-01: 2}}}}}",
        ("9:79: mixes.a.instruments.age_allowance.from_80.2022-01: after the last month 2021-12; write an earlier date",),
    ),
    "a source twice": (
        9,
        "mixes: {status_quo: , a: {instruments: {source_order: {order: [spouse, spouse, children, neighbours, time_bank]}}}}",
        ("9:41: mixes.a.instruments.source_order: spouse, spouse, children, neighbours, time_bank names a source twice",),
    ),
    "after the start": (
        11,
        "  kinship: {age_gap: {2010-01: 2, 2020-01: 3, 2020-02: 2}}",
        ("11:47: parameters.kinship.age_gap.2020-02: after the start 2020-01; kinship shapes the starting population",),
    ),
    "after the start, of one value": (
        11,
        "  mutual_aid: {trust_low: {2010-01: 0.2, 2020-02: 0.1}}",
        (
            "11:42: parameters.mutual_aid.trust_low.2020-02: after the start 2020-01; mutual_aid.trust_low shapes the "
            "starting population",
        ),
    ),
    "lowest above highest": (
        11,
        "  children_care: {norm_low: 0.8, norm_high: 0.7}",
        ("11:45: parameters.children_care.norm_high: norm_low and norm_high: [0.8, 0.7] falls; write [0.7, 0.8]",),
    ),
    "an order that its process holds in some townships only": (
        0,
        TOGETHER % ("order_rollout: 0.5", f"order: {BANK_SECOND}"),
        ("7:51: mixes.a.instruments.source_order.order: with parameters.needs, children, time_bank, spouse,",),
    ),
    "a roll-out of an order that its process forbids": (
        0,
        TOGETHER % (f"order: {BANK_SECOND}", "rollout: {2020-01: 1.0, 2020-09: 0.5}"),
        ("7:53: mixes.a.instruments.source_order.rollout: with parameters.needs, children, time_bank, spouse,",),
    ),
    "a past that its process forbids": (
        0,
        TOGETHER.replace("mixes", "past: {name: a, instruments: {source_order: {rollout: 0.5}}}\nmixes", 1)
        % (f"order: {BANK_SECOND}", "rollout: 1.0"),
        ("5:55: past.a.instruments.source_order.rollout: with parameters.needs, children, time_bank, spouse,",),
    ),
    "same month twice": (11, "  mortality: {rural_multiplier: {2020-01: 1, 2020-01: 2}}", ("11:46: 2020-01: written twice",)),
    # parents
    "extends itself": (1, "extends: broken.yaml", ("1:10: extends: broken.yaml comes back to itself",)),
    "extends nothing there": (1, "extends: absent.yaml", ("1:10: extends: absent.yaml is not there",)),
    "extends a file outside": (1, "extends: ../outside.yaml", ("1:10: extends: ../outside.yaml lies outside",)),
    "extends the system": (1, "extends: /etc/passwd", ("1:10: extends: /etc/passwd lies outside",)),
    "extends a list": (1, "extends: [a, b]", ("1:10: extends: [a, b] is not a file",)),
    "extends a folder": (1, "extends: .", ("1:10: extends: . is not there",)),
    "extends a null byte": (1, 'extends: "a\\0b"', ("1:10: extends: 'a\\x00b' is not a path",)),
    # several at once
    "all mistakes": (
        0,
        "nam: x\nmonths: 0\nplace: rural_chin\nseed: -1\nparameters: {mortality: {rural_multiplier: x}}\n",
        ("1:1: nam: unknown", "2:9: months", "3:8: place", "4:7: seed", "5:44: parameters.mortality"),
    ),
}  # fmt: skip


def broken_text(line: int, replacement: str | bytes) -> bytes:
    content = replacement if isinstance(replacement, bytes) else replacement.encode()
    if line == 0:
        return content
    lines = SOUND.encode().splitlines()
    lines[line - 1] = content
    return b"\n".join(lines) + b"\n"


def complaints(*arguments: str) -> tuple[int, list[str], str]:
    """Return exit code, lines of the error stream and text of the output stream of the command line."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as left:
        main(list(arguments))
    return int(left.value.code or 0), err.getvalue().splitlines(), out.getvalue()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "outside.yaml").write_text(SOUND)
    inside = tmp_path / "configs"
    inside.mkdir()
    return inside


def test_the_sound_config_is_sound(folder):
    path = folder / "sound.yaml"
    path.write_text(SOUND)
    code, lines, out = complaints("validate", str(path))
    assert (code, lines) == (0, [])
    assert "valid" in out


@pytest.mark.parametrize("case", BROKEN)
def test_broken_config_is_located(folder, case):
    line, replacement, expected = BROKEN[case]
    path = folder / "broken.yaml"
    path.write_bytes(broken_text(line, replacement))
    code, lines, out = complaints("validate", str(path))
    assert code == 2
    assert out == ""
    assert len(lines) == len(expected), lines
    for found, wanted in zip(lines, expected, strict=True):
        assert found.startswith(f"{path}:{wanted}")
    assert all("; " in found for found in lines), lines


def test_circle_of_parents_names_the_file_that_closes_it(folder):
    (folder / "a.yaml").write_text("extends: b.yaml\nplace: rural_china\n")
    (folder / "b.yaml").write_text("extends: c.yaml\n")
    (folder / "c.yaml").write_text("# the third\nextends: a.yaml\n")
    code, lines, _ = complaints("validate", str(folder / "a.yaml"))
    assert code == 2
    assert lines == [
        f"{folder / 'c.yaml'}:2:10: extends: a.yaml comes back to itself; let the eldest parent extend nothing"
    ]


def test_mistake_of_a_parent_names_the_parent(folder):
    (folder / "child.yaml").write_text("extends: sub/parent.yaml\nseed: 1\n")
    (folder / "sub").mkdir()
    (folder / "sub" / "parent.yaml").write_text("place: rural_china\nparameters:\n  mortality: {x: 1}\n")
    code, lines, _ = complaints("validate", str(folder / "child.yaml"))
    assert code == 2
    assert [line.split(" ")[0] for line in lines] == [f"{folder / 'sub' / 'parent.yaml'}:3:15:"]


def test_a_link_does_not_lead_outside(folder):
    (folder / "link.yaml").symlink_to(folder.parent / "outside.yaml")
    (folder / "child.yaml").write_text("extends: link.yaml\n")
    code, lines, _ = complaints("validate", str(folder / "child.yaml"))
    assert code == 2
    assert lines[0].startswith(f"{folder / 'child.yaml'}:1:10: extends: link.yaml lies outside")


def test_mistake_in_the_file_of_a_mix_names_that_file(folder):
    (folder / "mixes").mkdir()
    (folder / "mixes" / "rich.yaml").write_text("title: Rich\ninstruments:\n  gold: {a: 1}\n")
    (folder / "x.yaml").write_text("place: rural_china\nmixes: [rich]\n")
    code, lines, _ = complaints("validate", str(folder / "x.yaml"))
    assert code == 2
    assert lines[0].startswith(
        f"{folder / 'mixes' / 'rich.yaml'}:3:3: mixes.rich.instruments.gold: no instrument"
    )


SETTINGS = {
    "no value": (["months"], "--set months: no value"),
    "empty value": (["months="], "--set months: no value"),
    "empty part": (["population..residents=3"], "--set population..residents: no value"),
    "unknown": (["population.resident=3"], "--set population.resident: unknown; did you mean"),
    "type": (["population.residents=many"], "--set population.residents: many is not a whole"),
    "range": (["months=0"], "--set months: 0 is too small"),
    "syntax": (["mixes=[a"], "--set mixes: did not find expected"),
    "alias": (["seed=*a"], "--set seed: alias *a"),
    "tag": (["seed=!!int 3"], "--set seed: tag"),
    "control": (["name=a\x07"], "--set name: unprintable"),
    "flow": (["parameters={mortality: {rural_multiplier: x}}"], "--set parameters: parameters.mortality.rural_multiplier: x"),
    "extends": (["extends=other.yaml"], "--set extends: cannot be set here"),
    "date": (["parameters.mortality.rural_multiplier={2020-1: 1}"], "--set parameters.mortality.rural_multiplier: "),
    "deep": ([".".join("a" * 3000) + "=1"], "--set a.a.a.a"),
    "only equals": (["=3"], "--set '': no value"),
}  # fmt: skip


@pytest.mark.parametrize("case", SETTINGS)
def test_wrong_set_is_located(folder, case):
    texts, expected = SETTINGS[case]
    path = folder / "sound.yaml"
    path.write_text(SOUND)
    options = [part for text in texts for part in ("--set", text)]
    code, lines, _ = complaints("validate", str(path), *options)
    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith(expected)


def test_absent_and_odd_files(folder, tmp_path):
    for path in (folder / "absent.yaml", folder, tmp_path / "a\x00b", tmp_path / ("x" * 5000)):
        code, lines, _ = complaints("validate", str(path))
        assert code == 2
        assert len(lines) == 1
        assert "; " in lines[0]


def test_many_mistakes_are_counted_not_listed(folder):
    path = folder / "x.yaml"
    path.write_text("".join(f"k{i}: 1\n" for i in range(30_000)) + "place: rural_china\n")
    with pytest.raises(ConfigError) as caught:
        load_scenario(path)
    assert len(caught.value.lines) == 101
    assert caught.value.lines[-1] == "and 29900 more mistakes; mend these first"
