"""The reader of tables: what it reads, and the one line that each mistake gets."""

import pickle

import numpy as np
import pytest

from caresim.kernel import tables
from caresim.kernel.mistakes import ConfigError
from caresim.kernel.tables import Field, TableError, read_table

FIELDS = (
    Field("sex", choices=("male", "female")),
    Field("age_group", choices=("0-64", "65+")),
    Field("persons", "int", "persons", low=0, high=1000),
    Field("rate", "float", "deaths per person-year", low=0),
)
RIGHT = "sex,age_group,persons,rate\nmale,0-64,5,0.5\nmale,65+,6,1e-3\nfemale,0-64,7,.25\nfemale,65+,8,2\n"


def read(path):
    return read_table(path, FIELDS, key=("sex", "age_group"), complete=("sex", "age_group"))


def message(tmp_path, content):
    path = tmp_path / "t.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TableError) as caught:
        read(path)
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(f"{path}:")
    return text[len(str(path)) + 1 :]


def test_reads_columns_as_declared(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(RIGHT)
    table = read(path)
    assert table["sex"] == ["male", "male", "female", "female"]
    assert table["persons"].dtype == np.int64
    assert table["rate"].tolist() == [0.5, 0.001, 0.25, 2.0]
    assert table["row"].tolist() == [2, 3, 4, 5]


def test_passes_over_notes_blank_lines_and_a_byte_order_mark(tmp_path):
    path = tmp_path / "t.csv"
    lines = [f'{line},"a note, with ""quotes"" and\nanother line"' for line in RIGHT.splitlines()[1:]]
    path.write_text("﻿sex , age_group,persons,rate,note\r\n\r\n" + "\r\n".join(lines), encoding="utf-8")
    table = read(path)
    assert table["persons"].tolist() == [5, 6, 7, 8]
    assert table["row"].tolist() == [3, 5, 7, 9]


def test_order_of_columns_is_free(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("rate,persons,sex\n1,2,male\n")
    table = read_table(path, (FIELDS[0], FIELDS[2], FIELDS[3]))
    assert table["sex"] == ["male"]
    assert table["persons"].tolist() == [2]


WRONG = {
    "missing column": (
        RIGHT.replace("persons", "person", 1),
        "1:persons: the column is missing; did you mean it by person?",
    ),
    "unlike column": (
        RIGHT.replace("persons", "n", 1),
        "1:persons: the column is missing; the header must name persons",
    ),
    "column twice": (RIGHT.replace("rate", "sex", 1), "1:sex: the column occurs twice; keep one of them"),
    "text for a number": (
        RIGHT.replace(",6,", ",six,"),
        "3:persons: six is not a whole number; write a whole number from 0 to 1000 (persons)",
    ),
    "fraction": (
        RIGHT.replace(",6,", ",6.5,"),
        "3:persons: 6.5 is not a whole number; write a whole number from 0 to 1000 (persons)",
    ),
    "underscore": (
        RIGHT.replace(",6,", ",1_0,"),
        "3:persons: 1_0 is not a whole number; write a whole number from 0 to 1000 (persons)",
    ),
    "foreign digits": (
        RIGHT.replace(",6,", ",٦,"),
        "3:persons: ٦ is not a whole number; write a whole number from 0 to 1000 (persons)",
    ),
    "not a number": (
        RIGHT.replace(".25", "a quarter"),
        "4:rate: a quarter is not a number; write a number of at least 0 (deaths per person-year)",
    ),
    "nan": (
        RIGHT.replace(".25", "NaN"),
        "4:rate: NaN is not a finite number; write a number of at least 0 (deaths per person-year)",
    ),
    "infinity": (
        RIGHT.replace(".25", "-inf"),
        "4:rate: -inf is not a finite number; write a number of at least 0 (deaths per person-year)",
    ),
    "overflow": (
        RIGHT.replace(".25", "1e999"),
        "4:rate: 1e999 is not a finite number; write a number of at least 0 (deaths per person-year)",
    ),
    "too low": (
        RIGHT.replace(".25", "-.25"),
        "4:rate: -.25 is out of range; write a number of at least 0 (deaths per person-year)",
    ),
    "too high": (
        RIGHT.replace(",8,", ",8000,"),
        "5:persons: 8000 is out of range; write a whole number from 0 to 1000 (persons)",
    ),
    "empty cell": (
        RIGHT.replace(",8,", ",,"),
        "5:persons: the cell is empty; write a whole number from 0 to 1000 (persons)",
    ),
    "empty text": (RIGHT.replace("female,65+", ",65+"), "5:sex: the cell is empty; write a text"),
    "unknown category": (
        RIGHT.replace("female,65+", "femal,65+"),
        "5:sex: femal is not known; did you mean female?",
    ),
    "unlike category": (
        RIGHT.replace("female,65+", "女,65+"),
        "5:sex: 女 is not known; one of female, male",
    ),
    "duplicate key": (
        RIGHT + "male,65+,6,1\n",
        "6:age_group: male, 65+ stands in row 3 already; keep one row a case",
    ),
    "missing combination": (
        RIGHT.replace("female,65+,8,2\n", ""),
        "4:age_group: no row for sex female, age_group 65+; write one row for every combination",
    ),
    "truncated": (RIGHT[: RIGHT.rindex(",8")], "5:persons: the row ends after 2 cells; write 4"),
    "too many cells": (
        RIGHT.replace("0.5", "0,5"),
        "2:5: the row has 5 cells; write 4, with quotation marks around a cell that holds a comma",
    ),
    "empty file": ("", "1:1: the file is empty; write a header and one row a case"),
    "blank file": (" \n\n", "1:1: the file is empty; write a header and one row a case"),
    "header only": ("sex,age_group,persons,rate\n", "2:1: no rows below the header; write one row a case"),
    "latin 1": (
        RIGHT.encode() + "männlich,65+,1,1".encode("latin-1"),
        "6:1: not UTF-8 text; save the table as CSV in UTF-8",
    ),
    "binary": (b"PK\x03\x04\x00\x00", "1:1: binary, not text; save the table as CSV in UTF-8"),
}


@pytest.mark.parametrize("case", WRONG)
def test_says_what_is_wrong_in_one_line(tmp_path, case):
    content, expected = WRONG[case]
    assert message(tmp_path, content) == expected


def test_open_quotation_mark(tmp_path):
    text = message(tmp_path, RIGHT.replace("male,65+", '"male,65+', 1))
    assert text.startswith("3:1: not CSV (")


def test_strange_cells_stay_on_one_short_line(tmp_path):
    assert len(message(tmp_path, RIGHT.replace("female,65+", '"fe\nmale\x07' + "x" * 5000 + '",65+'))) < 500


def test_missing_file_folder_and_size(tmp_path, monkeypatch):
    with pytest.raises(TableError, match=r"none\.csv:1:1: no such file; "):
        read(tmp_path / "none.csv")
    with pytest.raises(TableError, match=":1:1: not a file; "):
        read(tmp_path)
    monkeypatch.setattr(tables, "LARGEST", 20)
    assert message(tmp_path, RIGHT).startswith("1:1: the file is too large; ")


def test_error_is_a_config_error_and_survives_pickling():
    error = TableError("a.csv", 3, "sex", "femal is not known", "did you mean female?")
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, ConfigError)
    assert again.lines == ["a.csv:3:sex: femal is not known; did you mean female?"]
    assert (again.row, again.column, again.what) == (3, "sex", "femal is not known")
