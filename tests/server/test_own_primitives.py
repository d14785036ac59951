"""Primitives of users in the editor: seen but not imported, wrong ones told, edits noticed."""

from pathlib import Path

import pytest

from tests.support.wire import QuickWire

_MINE = """
from pathlib import Path

from voxlogica_core.primitives.declare import Number, primitive

NAMESPACE = "mine"
(Path(__file__).parent / "imported").write_text("yes")


@primitive("twice", version=1)
def twice(a: Number) -> Number:
    \"\"\"Give two of it.\"\"\"
    return 2 * a
"""
_PROGRAM = 'import "mine"\nlet a = twice(21)\nprint "a" a\n'
_INSIDE = {"position": {"line": 1, "character": 10}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "voxlogica.toml").write_text('primitives = ["mine.py"]\n')
    (tmp_path / "mine.py").write_text(_MINE)
    return tmp_path


def test_the_editor_knows_them_and_only_a_run_imports_them(folder: Path) -> None:
    with QuickWire(folder) as wire:
        wire.initialize()
        uri = wire.open(_PROGRAM)
        errors = [found for found in wire.diagnostics() if found["severity"] == 1]
        hover = wire.ask("textDocument/hover", {"textDocument": {"uri": uri}, **_INSIDE})["result"]
        assert errors == []
        assert "Give two of it" in str(hover["contents"])
        assert not (folder / "imported").exists()
        assert wire.command_result("run", uri)["goals"][0]["value"] == 42
        assert (folder / "imported").exists()


def test_an_edit_of_the_file_is_noticed_and_a_wrong_one_told(folder: Path) -> None:
    with QuickWire(folder) as wire:
        wire.initialize()
        uri = wire.open(_PROGRAM)
        wire.diagnostics(1)
        assert wire.command_result("run", uri)["goals"][0]["value"] == 42
        (folder / "mine.py").write_text(_MINE.replace("2 * a", "3 * a"))
        wire.edit(uri, 2, {"text": _PROGRAM + "\n"})
        assert wire.command_result("run", uri)["goals"][0]["value"] == 63
        (folder / "mine.py").write_text(_MINE.replace("a: Number", "a: int"))
        wire.edit(uri, 3, {"text": _PROGRAM + "\n\n"})
        told = [found["message"] for found in wire.diagnostics(3)]
        assert any("mine.py:11" in message and "kind int" in message for message in told)
