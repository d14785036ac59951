"""The shape of the house: sizes, homes of broad handlers, no hidden state, documented files."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

_ROOT = Path(__file__).parents[2]
_SOURCES = sorted(
    path
    for folder in ("voxlogica_core", "server/voxlogica_server")
    for path in (_ROOT / folder).rglob("*.py")
)
_LONGEST_FILE = 400
_LONGEST_FUNCTION = 50
_MEDIAN_FILE = 130
_BROAD_HANDLERS = {
    "voxlogica_core/engine/workers/worker.py",
    "server/voxlogica_server/guard.py",
}
"""The kernel worker and the request guard: the two places where anything may go wrong."""


def _name(path: Path) -> str:
    return str(path.relative_to(_ROOT))


@pytest.fixture(params=_SOURCES, ids=_name)
def source(request: pytest.FixtureRequest) -> tuple[Path, ast.Module]:
    path: Path = request.param
    return path, ast.parse(path.read_text("utf-8"))


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_is_too_long(source: tuple[Path, ast.Module]) -> None:
    path, _ = source
    assert len(path.read_text("utf-8").splitlines()) <= _LONGEST_FILE


def test_no_function_is_too_long(source: tuple[Path, ast.Module]) -> None:
    _, tree = source
    lengths = {f.name: (f.end_lineno or f.lineno) - f.lineno + 1 for f in _functions(tree)}
    assert {name: n for name, n in lengths.items() if n > _LONGEST_FUNCTION} == {}


def test_every_file_says_what_it_is_for(source: tuple[Path, ast.Module]) -> None:
    _, tree = source
    assert (ast.get_docstring(tree) or "").strip()


def test_there_is_no_global_state(source: tuple[Path, ast.Module]) -> None:
    _, tree = source
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)]


def test_inner_packages_hold_a_docstring_only() -> None:
    door = _ROOT / "voxlogica_core" / "__init__.py"  # offers the names of the Python interface
    inits = [path for path in _SOURCES if path.name == "__init__.py" and path != door]
    assert inits
    for path in inits:
        assert len(ast.parse(path.read_text("utf-8")).body) == 1, _name(path)


def test_broad_handlers_stand_in_two_files_only() -> None:
    broad: set[str] = set()
    for path in _SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.ExceptHandler):
                continue
            names = {
                n.id
                for n in ast.walk(node.type or ast.Name("BaseException"))
                if isinstance(n, ast.Name)
            }
            if names & {"Exception", "BaseException"} and not _raises_again(node):
                broad.add(_name(path))
    assert broad <= _BROAD_HANDLERS


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_files_are_small_on_the_whole() -> None:
    assert median(len(path.read_text("utf-8").splitlines()) for path in _SOURCES) <= _MEDIAN_FILE
