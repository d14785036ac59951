"""VoxLogicA as a Python package: its names, its weight, and the page about it, run."""

import io
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import cast

import pytest

import voxlogica_core as vox

_ROOT = Path(__file__).parents[2]
_PAGE = _ROOT / "docs" / "python.md"
_BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_package_offers_these_names() -> None:
    assert dir(vox) == ["Analysis", "Engine", "Image", "Run", "VoxLogicaError", "analyse"]
    for name in dir(vox):
        assert getattr(vox, name).__name__ == name


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'analyze'"):
        _ = vox.analyze  # type: ignore[attr-defined]


def test_importing_the_package_imports_nothing_else_of_it() -> None:
    code = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "import voxlogica_core\n"
        "print(sorted({m.split('.')[0] for m in set(sys.modules) - before}))\n"
        "print([m for m in sys.modules if m.startswith('voxlogica_core.')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    modules, parts = done.stdout.splitlines()
    assert parts == "[]"
    assert not set(modules.strip("[]").replace("'", "").split(", ")) & {"numpy", "dask", "lark"}


def test_the_page_about_python_says_what_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(_ROOT)
    names: dict[str, object] = {"folder": tmp_path / "store"}
    printed = ""
    blocks = cast("list[tuple[str, str]]", _BLOCK.findall(_PAGE.read_text("utf-8")))
    assert len(blocks) >= 10
    for kind, block in blocks:
        if kind == "text":
            assert printed == block
            continue
        output = io.StringIO()
        with redirect_stdout(output):
            exec(compile(block, _PAGE.name, "exec"), names)
        printed = output.getvalue()


def test_an_engine_makes_its_store_and_finds_it_again(tmp_path: Path) -> None:
    plan = vox.analyse('print "x" length(for i in range(0, 3) do i) + 1').plan
    for _ in range(2):
        with vox.Engine(store=tmp_path / "new" / "store") as engine:
            assert engine.run(plan).value("x") == 4.0
            assert engine.notes == ()
    assert (tmp_path / "new" / "store" / "store.db").exists()


def test_an_engine_in_memory_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with vox.Engine(store=":memory:") as engine:
        assert engine.run(vox.analyse('print "x" 1 + 1').plan).value("x") == 2.0
    assert list(tmp_path.iterdir()) == []


def test_the_user_s_own_store_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOXLOGICA_STORE", str(tmp_path / "own"))
    with vox.Engine():
        assert (tmp_path / "own" / "store.db").exists()


def test_a_store_that_cannot_be_made_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(vox.VoxLogicaError, match="cannot be made"):
        vox.Engine(store=tmp_path / "file" / "store")


def test_a_scheduler_that_does_not_answer_is_told_and_the_store_let_go(tmp_path: Path) -> None:
    plan = vox.analyse('print "x" 1').plan
    engine = vox.Engine(store=tmp_path, scheduler="tcp://127.0.0.1:1")
    with engine, pytest.raises(vox.VoxLogicaError, match=r"tcp://127\.0\.0\.1:1"):
        engine.run(plan).wait()
    with vox.Engine(store=tmp_path) as engine:
        assert engine.problem is None


def test_settings_change_constants_and_wrong_ones_are_told() -> None:
    text = 'let t = 1\nprint "t" t'
    with vox.Engine(store=":memory:") as engine:
        assert engine.run(vox.analyse(text, settings={"t": 5.0}).plan).value("t") == 5.0
    with pytest.raises(vox.VoxLogicaError, match="`u`"):
        vox.analyse(text, settings={"u": 5.0})


def test_relative_paths_begin_where_the_program_stands(tmp_path: Path) -> None:
    (tmp_path / "library.imgql").write_text("let seven = 7\n")
    analysis = vox.analyse('import "library.imgql"\nprint "x" seven', path=tmp_path / "p.imgql")
    assert analysis.errors == ()


def test_a_value_nobody_asked_for_is_told_how_to_ask_for() -> None:
    plan = vox.analyse('let x = 1\nprint "y" 2').plan
    with vox.Engine(store=":memory:") as engine:
        run = engine.run(plan)
        with pytest.raises(vox.VoxLogicaError, match="target"):
            run.value("z")
