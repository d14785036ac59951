"""No file needs one that needs it: circles of imports, those that only types ask for included."""

import ast
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_FOLDERS = {"voxlogica_core": _ROOT, "voxlogica_server": _ROOT / "server", "tests": _ROOT}
_KNOWN: Mapping[frozenset[str], str] = {
    frozenset({"voxlogica_core.engine.crews.remote", "voxlogica_core.engine.crews.remote_crew"}): (
        "a cluster makes crews, and a crew works by its cluster"
    ),
}
"""Circles that stay, and why."""

Graph = Mapping[str, Set[str]]
"""Modules by name, with those that they import."""


def _modules() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for package, folder in _FOLDERS.items():
        for path in sorted((folder / package).rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _imported(tree: ast.Module, modules: Set[str]) -> Iterator[str]:
    """Yield the modules of the project that a file imports anywhere, under conditions too."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                yield from (name.name for name in names if name.name in modules)
            case ast.ImportFrom(module=str(module), names=names):
                inner = {f"{module}.{name.name}" for name in names}
                yield from (inner & modules) or ({module} & modules)
            case _:
                pass


def _graph() -> Graph:
    modules = _modules()
    return {
        name: {*_imported(ast.parse(path.read_text("utf-8")), modules.keys())}
        for name, path in modules.items()
    }


def circles(graph: Graph) -> set[frozenset[str]]:
    """Return the sets of modules that each lead to all others of their set."""
    rest = dict(graph)
    while ends := [name for name, imported in rest.items() if not imported & rest.keys()]:
        for name in ends:  # whoever leads nowhere is in no circle
            del rest[name]
    reached = {name: _reached(name, graph) for name in rest}
    return {
        frozenset({name, *(other for other in rest if _is_circle(name, other, reached))})
        for name in rest
        if name in reached[name]
    }


def _is_circle(one: str, other: str, reached: Graph) -> bool:
    return other in reached[one] and one in reached[other]


def _reached(start: str, graph: Graph) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = graph[waiting.pop()] - found
        found |= fresh
        waiting += fresh
    return found


def test_circles_are_found_with_all_that_is_in_them() -> None:
    graph = {"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": {"e"}, "e": set[str](), "f": {"f"}}
    assert circles(graph) == {frozenset({"a", "b", "c"}), frozenset({"f"})}


def test_imports_for_types_count() -> None:
    tree = ast.parse("if TYPE_CHECKING:\n    from a.b import c\n\ndef f():\n    import a.d\n")
    assert {*_imported(tree, {"a", "a.b", "a.d"})} == {"a.b", "a.d"}


def test_no_imports_go_round_in_a_circle() -> None:
    graph = _graph()
    assert len(graph) > 500
    assert circles(graph) == _KNOWN.keys()
