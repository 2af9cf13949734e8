"""The page on health says of each parameter's evidence what the declaration says."""

import re
from pathlib import Path

import pytest

from caresim import catalogue

PAGE = Path(__file__).resolve().parent.parent / "docs" / "health.md"


def rows():
    table = PAGE.read_text(encoding="utf-8").split("| parameter | evidence | why |\n")[1].split("\n\n")[0]
    for line in table.splitlines()[1:]:
        names, evidence, _ = (cell.strip() for cell in line.strip("|").split("|"))
        yield from ((name, evidence) for name in re.findall(r"`([\w.]+)`", names))


def test_the_table_has_rows():
    assert len(list(rows())) >= 8


@pytest.mark.parametrize(("name", "evidence"), list(rows()))
def test_evidence_is_the_declared_one(name, evidence):
    group, parameter = name.split(".")
    declared = catalogue.parameter_groups()[group].model_fields[parameter].json_schema_extra
    assert declared["evidence"] == evidence
