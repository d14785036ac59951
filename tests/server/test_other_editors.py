"""Editors other than Visual Studio Code, set up as the pages say, without a screen.

Each opens a program, sees what is wrong, mends it, looks at a hover, goes to a definition, renames
and runs. An editor that is not installed is skipped with the reason, and fails when
E2E_REQUIRED=1.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.processes import PATIENCE
from tests.support.wire import environment

HERE = Path(__file__).parent
PAGES = ("README.md", "docs/other-editors.md")
PROGRAM = """\
let edge = 4
let area = edge * edge
print "area" area
print "edge" eddge
"""
RENAMED = ["let side = 4", "let area = side * side", 'print "area" area']


def snippet(page: str, language: str) -> str:
    """What a page tells a user to write into the editor's configuration."""
    text = (HERE.parents[1] / page).read_text("utf-8")
    found = re.search(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)
    assert found is not None
    return found[1]


def editor(name: str) -> str:
    """Where an editor is."""
    found = shutil.which(name)
    if found is None:
        reason = f"{name} is not installed: apt-get install neovim emacs-nox elpa-eglot"
        if os.environ.get("E2E_REQUIRED") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def seen(command: Sequence[str], folder: Path) -> dict[str, list[str]]:
    """Do everything; return what was seen, by step."""
    (folder / "program.imgql").write_text(PROGRAM)
    done = subprocess.run(
        command,
        cwd=folder,
        env={
            **environment(folder),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_DATA_HOME": str(folder / "data"),
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    steps: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        step, _, text = line.partition(": ")
        steps.setdefault(step, []).append(text)
    assert "problem" not in steps, steps["problem"]
    assert done.returncode == 0, done.stderr
    assert steps, done.stdout + done.stderr
    return steps


def check(steps: dict[str, list[str]]) -> None:
    """What a user expects to see in any editor."""
    assert len(steps["diagnostic"]) == 1
    assert "`eddge` is not defined; did you mean `edge`" in steps["diagnostic"][0]
    assert steps["after a fix"] == ["0"]
    assert "area : number = 16" in steps["hover"][0]
    assert steps["definition"] == ["line 1"]
    assert steps["renamed"] == RENAMED
    assert steps["run"] == ["area=16"]


@pytest.mark.parametrize("page", PAGES)
def test_neovim_edits_and_runs_a_program(tmp_path: Path, page: str) -> None:
    neovim = editor("nvim")
    (tmp_path / "init.lua").write_text(snippet(page, "lua"))
    drive = f"luafile {HERE / 'drive_neovim.lua'}"
    steps = seen(
        [neovim, "--headless", "-n", "-i", "NONE", "-u", "init.lua", "-c", drive], tmp_path
    )
    check(steps)
    if page != "README.md":
        assert steps["command"] == ["area=16"]


@pytest.mark.parametrize("page", PAGES)
def test_emacs_edits_and_runs_a_program(tmp_path: Path, page: str) -> None:
    emacs = editor("emacs")
    (tmp_path / "init.el").write_text(snippet(page, "elisp"))
    drive = ["-l", "init.el", "-l", str(HERE / "drive_emacs.el")]
    check(seen([emacs, "--batch", *drive], tmp_path))
