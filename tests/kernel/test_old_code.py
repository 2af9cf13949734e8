"""Machine code that was not used for long goes; what is in use stays, and nobody stumbles over what is gone."""

import os
import shutil
import time

import numba
import pytest

from caresim.kernel import compiled, old_code
from caresim.kernel.compiled import Compiled
from caresim.kernel.old_code import DAY, LOOKED, used

NEW, OLD, OTHER = (letter * 16 for letter in "abc")


def aged(path, days):
    """Make a file or folder look as if it was used so many days ago."""
    when = time.time() - days * DAY
    os.utime(path, (when, when))


def folders(cache):
    return {path.name for path in cache.iterdir() if path.is_dir()}


def look(cache, name=NEW):
    """Use some machine code in what stands for a new process."""
    old_code._let_go.cache_clear()
    used(cache / name)


@pytest.fixture
def cache(tmp_path):
    """Return a cache at which somebody looked two days ago, of code used today, long ago, and of other things."""
    for name, days in ((NEW, 0), (OLD, 93), (OTHER, 91), ("mine", 400), (f"{'d' * 16}.gone", 3)):
        (tmp_path / name / "caresim_kernel").mkdir(parents=True)
        (tmp_path / name / "caresim_kernel" / "rule.nbc").write_bytes(b"code")
        aged(tmp_path / name, days)
    (tmp_path / LOOKED).touch()
    aged(tmp_path / LOOKED, 2)
    return tmp_path


def test_what_was_not_used_in_the_ninety_days_before_the_last_look_goes_and_nothing_else(cache):
    look(cache)
    assert folders(cache) == {NEW, OTHER, "mine"}


def test_a_look_is_enough_for_a_day_and_for_a_process(cache):
    aged(cache / LOOKED, 0.5)
    look(cache)
    assert OLD in folders(cache)
    aged(cache / LOOKED, 2)
    used(cache / NEW)
    assert OLD in folders(cache)


def test_after_a_long_pause_what_is_in_use_is_noted_before_anything_goes(cache):
    for name in (NEW, OLD, LOOKED):
        aged(cache / name, 200)
    look(cache)
    assert {NEW, OLD} <= folders(cache)
    aged(cache / LOOKED, 1.5)
    look(cache)
    assert folders(cache) == {NEW, OTHER, "mine"}


def test_the_first_look_only_notes_its_day(cache):
    (cache / LOOKED).unlink()
    look(cache)
    assert OLD in folders(cache)
    assert time.time() - (cache / LOOKED).stat().st_mtime < DAY


@pytest.mark.parametrize(("days", "noted"), [(0.9, False), (1.1, True)])
def test_use_is_noted_once_a_day(cache, days, noted):
    aged(cache / NEW, days)
    look(cache)
    assert (time.time() - (cache / NEW).stat().st_mtime < DAY / 2) == noted


def test_what_cannot_be_noted_or_removed_is_no_error(cache, monkeypatch):
    look(cache, "e" * 16)
    aged(cache / LOOKED, 2)
    (cache / OLD).mkdir()

    def busy(*_):
        raise PermissionError("in use")

    monkeypatch.setattr(old_code.Path, "rename", busy)
    look(cache)
    assert OLD in folders(cache)
    look(cache / "nowhere")


def test_a_rule_whose_kept_code_goes_while_it_is_loaded_is_compiled_anew(tmp_path, monkeypatch):
    def tripled(number):
        return 3 * number

    monkeypatch.setattr(compiled, "_cache_folder", lambda: tmp_path)
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    Compiled(tripled)(2)
    (kept,) = folders(tmp_path)
    assert list((tmp_path / kept).rglob("*.nbc"))
    late = Compiled(tripled)
    late.resolve()
    shutil.rmtree(tmp_path / kept)
    assert late(2) == 6
    assert list((tmp_path / kept).rglob("*.nbc"))
