"""The house has storeys: no import goes upward, between siblings that stay apart, or in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import caresim

LAYERS = (
    {"kernel"},
    {"agents"},
    {"processes", "recorder", "records"},
    {"synthesis"},
    {"indicators"},
    {"policies"},
    {"schedule"},
    {"catalogue"},
    {"scenario"},
    {"model"},
    {"results"},
    {"experiment"},
    {"report"},
    {"dashboard"},
    {"cli"},
)
HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}
APART = {"processes", "indicators", "policies"}
"""Folders whose files do not import one another."""
PACKAGE = Path(caresim.__file__).parent


def modules(package: Path) -> dict[str, Path]:
    """Return the path of each module of a package called caresim."""
    found = {}
    for path in package.rglob("*.py"):
        parts = ["caresim", *path.relative_to(package).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run: what stands below `if TYPE_CHECKING:` does not."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield from (other, *statements(other))
            continue
        yield child
        yield from statements(child)


def imports(name: str, path: Path, known: dict[str, Path]) -> set[str]:
    """Return the modules of the package that a module imports, also inside its functions."""
    found = set()
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in statements(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")
                above = above[: len(above) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            inner = {f"{base}.{alias.name}" for alias in node.names}
            found |= inner & set(known) or {base}
    return {module for module in found if module.split(".")[0] == "caresim"} - {"caresim", name}


def layer(module: str) -> str:
    return module.split(".")[1]


def violations(package: Path) -> list[str]:
    """Return every import that the house forbids."""
    known = modules(package)
    graph = {name: imports(name, path, known) for name, path in known.items() if name != "caresim"}
    found = [f"{name}: belongs to no layer" for name in graph if layer(name) not in HEIGHT]
    for name, targets in graph.items():
        for target in targets:
            if {layer(name), layer(target)} <= set(HEIGHT) and (why := forbidden(name, target)):
                found.append(f"{name} imports {target}: {why}")
    return sorted(found) + circles(graph)


def forbidden(name: str, target: str) -> str:
    """Say why a module may not import another, if it may not."""
    above, below = layer(name), layer(target)
    if HEIGHT[below] > HEIGHT[above] or (HEIGHT[below] == HEIGHT[above] and below != above):
        return "upward or sideways"
    if above == below and above in APART and name.count(".") > 1 and target.count(".") > 1:
        return "siblings"
    return ""


def circles(graph: dict[str, set[str]]) -> list[str]:
    """Return the modules that can reach themselves."""
    found = []
    for start in graph:
        todo, seen = list(graph[start]), set()
        while todo:
            module = todo.pop()
            if module not in seen:
                seen.add(module)
                todo += graph.get(module, ())
        if start in seen:
            found.append(f"{start}: imports itself in a circle")
    return found


def test_house_has_no_forbidden_import():
    assert violations(PACKAGE) == []


PLANTED = {
    "upward": ({"kernel/low.py": "import caresim.cli", "cli.py": ""}, "upward"),
    "upward from": ({"agents/a.py": "from caresim import scenario", "scenario.py": ""}, "upward"),
    "upward relative": ({"agents/a.py": "from ..synthesis import b", "synthesis/b.py": ""}, "upward"),
    "inside a function": (
        {"processes/a.py": "def f():\n    from caresim.model import m", "model.py": ""},
        "upward",
    ),
    "sideways": ({"recorder.py": "import caresim.processes.a", "processes/a.py": ""}, "sideways"),
    "siblings": ({"processes/a.py": "from caresim.processes.b import x", "processes/b.py": ""}, "siblings"),
    "circle": (
        {"synthesis/a.py": "import caresim.synthesis.b", "synthesis/b.py": "from . import a"},
        "caresim.synthesis.a: imports itself in a circle",
    ),
    "stranger": ({"odds_and_ends.py": ""}, "belongs to no layer"),
    "else of type checking": (
        {
            "kernel/a.py": "if TYPE_CHECKING:\n    pass\nelse:\n    import caresim.cli",
            "cli.py": "",
        },
        "upward",
    ),
}
SOUND = {
    "downward": {"cli.py": "import caresim.kernel.a", "kernel/a.py": ""},
    "type checking": {"kernel/a.py": "if TYPE_CHECKING:\n    import caresim.cli", "cli.py": ""},
    "public face": {"cli.py": "import caresim", "__init__.py": ""},
    "same layer": {"kernel/a.py": "from caresim.kernel.b import c", "kernel/b.py": ""},
}


def plant(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("case", PLANTED)
def test_planted_violation_is_found(tmp_path, case):
    files, expected = PLANTED[case]
    found = violations(plant(tmp_path, files))
    assert found
    assert any(expected in line for line in found)


@pytest.mark.parametrize("case", SOUND)
def test_sound_house_passes(tmp_path, case):
    assert violations(plant(tmp_path, SOUND[case])) == []
