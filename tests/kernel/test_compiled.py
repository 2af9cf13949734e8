"""Where machine code is kept: in the user's cache, else among temporary files, else nowhere; never beside the rules."""

import os
import subprocess
import sys
from pathlib import Path
from types import FunctionType

import numpy as np
import pytest

from caresim.agents import checks, people, rows_look
from caresim.kernel import compiled
from caresim.kernel.compiled import PACKAGE, fingerprint, package_hash
from caresim.kernel.compiled import compiled as kept

ROOT = PACKAGE.parent
PROGRAM = """
from caresim.agents.place import AGE_GROUPS
from caresim.kernel import compiled
from caresim.agents.people_census import _by_age
import numpy as np

table = _by_age(np.zeros(2, np.uint32), np.zeros(2, np.int32), 2, 12)
print(table.shape == (2, len(AGE_GROUPS), 2), compiled._cache_folder())
"""


def count(tmp_path, **environment):
    """Run a rule in a fresh process and return what it says and the caches that it left beside the rules."""
    known = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    known |= {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"}
    before = caches()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=known | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert caches() <= before
    right, folder = done.stdout.split()
    assert right == "True"
    return None if folder == "None" else Path(folder)


def caches():
    return set(PACKAGE.rglob("*.nbi")) | set(PACKAGE.rglob("*.nbc"))


@pytest.fixture
def tmp(tmp_path):
    (tmp_path / "tmp").mkdir()
    return tmp_path


def test_machine_code_is_kept_in_the_users_cache(tmp):
    folder = count(tmp, HOME=str(tmp / "home"))
    assert folder == tmp / "home" / ".cache" / "caresim"
    assert list(folder.rglob("*.nbi"))


@pytest.mark.parametrize("environment", [{"HOME": "/dev/null/x"}, {"XDG_CACHE_HOME": "/dev/null/x"},
                                         {"CARESIM_CACHE": "/dev/null/x"}])  # fmt: skip
def test_an_unwritable_cache_gives_way_to_a_temporary_one(tmp, environment):
    folder = count(tmp, **{"HOME": str(tmp / "home"), **environment})
    assert folder == tmp / "tmp" / f"caresim-{os.getuid()}"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert list(folder.rglob("*.nbi"))


def test_without_any_folder_rules_are_compiled_and_not_kept(tmp):
    (tmp / "tmp" / f"caresim-{os.getuid()}").write_text("in the way")
    assert count(tmp, HOME="/dev/null/x") is None


def test_a_folder_that_others_can_write_is_not_trusted(tmp):
    folder = tmp / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    assert not compiled._make_private(folder)
    folder.chmod(0o700)
    assert compiled._make_private(folder)
    (tmp / "link").symlink_to(folder)
    assert not compiled._make_private(tmp / "link")


def test_the_hash_covers_the_files_with_the_endings(tmp, monkeypatch):
    monkeypatch.setattr(compiled, "PACKAGE", tmp)
    hashes = package_hash.__wrapped__
    (tmp / "a.py").write_text("1")
    code, everything = hashes(".py"), hashes(".py", ".csv")
    (tmp / "b.csv").write_text("2")
    assert hashes(".py") == code
    assert hashes(".py", ".csv") != everything
    (tmp / "a.py").write_text("3")
    assert hashes(".py") != code


LIMIT = 3


@kept
def doubled(number):
    """Double a number."""
    return number * 2


@kept
def limited(number):
    """Double a number, up to a limit."""
    return min(doubled(number), LIMIT)


@kept
def doubled_all(n):
    """Double the numbers below n."""
    return [doubled(number) for number in range(n)]


DOUBLED, LIMITED, DOUBLED_ALL = doubled.rule, limited.rule, doubled_all.rule
"""The plain rules: once compiled, the names above stand for machine code."""


def test_rules_in_comprehensions_are_compiled_and_part_of_the_fingerprint():
    assert list(doubled_all(3)) == [0, 2, 4]
    tripled = kept(lambda number: number * 3)
    assert print_of(DOUBLED_ALL, doubled=tripled) != fingerprint(DOUBLED_ALL)


def print_of(rule, **names):
    """Return the fingerprint of a rule whose file says something else."""
    scope = dict(rule.__globals__, **names)
    return fingerprint(FunctionType(rule.__code__, scope))


def test_a_fingerprint_covers_the_rule_the_rules_that_it_names_and_its_constants():
    rule = LIMITED
    assert print_of(rule) == fingerprint(rule)
    assert print_of(rule, LIMIT=4) != fingerprint(rule)
    assert print_of(rule, LIMIT=3.0) != fingerprint(rule)
    assert print_of(rule, doubled=kept(lambda number: number * 3)) != fingerprint(rule)
    assert print_of(rule, another=5) == fingerprint(rule)
    assert fingerprint(DOUBLED) != fingerprint(rule)


def test_a_fingerprint_stays_when_the_rule_is_compiled():
    before = fingerprint(LIMITED)
    assert limited(1) == 2
    assert limited(5) == LIMIT
    assert print_of(LIMITED) == before


def test_a_rule_of_its_own_kind_of_thing_hangs_on_the_whole_package(monkeypatch):
    def named():
        return package_hash

    before = print_of(named, package_hash=package_hash)
    monkeypatch.setattr(compiled, "source_hash", lambda: "edited")
    assert print_of(named, package_hash=package_hash) != before


def test_modules_name_the_machine_code_once_there_is_some(monkeypatch):
    def plain(state, n):
        return state[:n].sum()

    rule = kept(plain)
    monkeypatch.setattr(rows_look, "plain", rule, raising=False)
    monkeypatch.setattr(checks, "plain", rule, raising=False)
    monkeypatch.setattr(people, "plain", plain, raising=False)
    assert rule(np.ones(3), 2) == 2.0
    assert rows_look.plain is checks.plain is rule.dispatcher
    assert people.plain is plain
    assert rule(np.ones(3), 3) == 3.0


SORTS = """
import itertools
import sys
import numpy as np
from numba.core.bytecode import FunctionIdentity
from caresim.kernel.compiled import compiled

FunctionIdentity._unique_ids = itertools.count(int(sys.argv[1]))

@compiled
def ordered(values):
    values = values.copy()
    values.sort()
    return values

@compiled
def order(values):
    return values.argsort()

for name in sys.argv[2:]:
    print(globals()[name](np.array([3.0, 1.0, 2.0])).astype(int).tolist())
"""


def test_what_two_processes_kept_is_not_mixed_up_in_a_third(tmp_path):
    """Each process compiles one rule; as Numba numbers, inner functions of its sort and argsort get the same names.

    The number at which each process begins makes them meet (in Numba 0.68): the sort then did nothing.
    """
    (tmp_path / "sorts.py").write_text(SORTS)
    environment = {**os.environ, "CARESIM_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}

    def run(first, *names):
        command = [sys.executable, tmp_path / "sorts.py", str(first), *names]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.split("\n")[:-1]

    assert run(100, "order") == ["[1, 2, 0]"]
    assert run(98, "ordered") == ["[1, 2, 3]"]
    assert run(1, "order", "ordered") == ["[1, 2, 0]", "[1, 2, 3]"]
    assert run(1, "ordered", "order") == ["[1, 2, 3]", "[1, 2, 0]"]


def test_a_child_numbers_its_functions_elsewhere():
    """Numbers that a forked process gives do not go on from its parent's."""
    script = (
        "import os; from caresim.kernel import compiled; from numba.core.bytecode import FunctionIdentity as f\n"
        "compiled._name_code_apart(); read, write = os.pipe()\n"
        "if os.fork() == 0: os.write(write, str(next(f._unique_ids)).encode()); os._exit(0)\n"
        "print(next(f._unique_ids), os.read(read, 99).decode())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    mine, childs = map(int, done.stdout.split())
    assert abs(mine - childs) > 1_000_000
