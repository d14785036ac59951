"""What is shipped: one version, licences of all that is in it, a wheel that works alone."""

import json
import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

import voxlogica_core
from tests.support.lower_bounds import constraints
from tests.support.ports import HERE, ports_of_run

_ROOT = Path(__file__).parents[2]
_FILE = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))
_PROJECT = _FILE["project"]
_HATCH = _FILE["tool"]["hatch"]["build"]["targets"]["wheel"]
_LICENCES = (_ROOT / "docs" / "licences.md").read_text("utf-8")
_DASHBOARD = "--dask-dashboard"
_EXTENSION = json.loads((_ROOT / "vscode-extension" / "package.json").read_text("utf-8"))


def _named(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9_-]+", requirement)
    assert found, requirement
    return found.group()


def test_package_extension_and_changelog_are_of_one_version() -> None:
    version = _PROJECT["version"]
    assert voxlogica_core.__version__ == version
    assert _EXTENSION["version"] == version
    assert f"## {version}" in (_ROOT / "CHANGELOG.md").read_text("utf-8")


def test_both_packages_say_that_they_are_typed() -> None:
    for package in _HATCH["packages"]:
        assert (_ROOT / package / "py.typed").is_file()


def test_every_dependency_has_a_range_and_a_reason() -> None:
    reasons = (_ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for requirement in _PROJECT["dependencies"]:
        assert re.search(r">=[\d.]+,<\d[\d.]*$", requirement), requirement
        assert _named(requirement) in reasons


def test_the_lowest_versions_are_the_lower_bounds() -> None:
    assert constraints(["click>=8.4,<9", "lark>=1.2.1,<2"]) == ["click==8.4", "lark==1.2.1"]
    assert len(constraints(_PROJECT["dependencies"])) == len(_PROJECT["dependencies"])
    with pytest.raises(ValueError, match="numpy: a range such as"):
        constraints(["numpy"])


def test_every_dependency_and_what_the_extension_carries_has_its_licence_listed() -> None:
    extras = [r for found in _PROJECT["optional-dependencies"].values() for r in found]
    for requirement in (*_PROJECT["dependencies"], *extras):
        assert f"| {_named(requirement)} |" in _LICENCES
    bundle = (_ROOT / "vscode-extension" / "scripts" / "bundle.py").read_text("utf-8")
    carried = re.search(r"^LIBRARIES = \(([^)]*)\)", bundle, re.MULTILINE)
    assert carried
    for name in re.findall(r'"([^"]+)"', carried.group(1)):
        assert f"| {name} |" in _LICENCES
    for name in ("@niivue/niivue", "vscode-languageclient"):
        assert name in _EXTENSION["devDependencies"]
        assert f"| {name} |" in _LICENCES


def test_every_shipped_image_has_its_licence_listed() -> None:
    notice = (_ROOT / "examples" / "data" / "NOTICE.md").read_text("utf-8")
    for image in (_ROOT / "examples" / "data").iterdir():
        if image.suffix in (".gz", ".png"):
            assert image.name in notice
            assert image.name in _LICENCES


@pytest.mark.wheel
def test_the_demo_runs_from_the_installed_wheel_alone(tmp_path: Path) -> None:
    _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], _ROOT)
    (wheel,) = tmp_path.glob("voxlogica-*.whl")
    home = tmp_path / "home"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    _run([str(python), "-m", "pip", "install", "--quiet", str(wheel)], tmp_path)
    shown = _run([str(home / "bin" / "voxlogica"), "demo"], tmp_path)
    assert "The second run computed nothing" in shown
    assert str(home) in shown  # the program of the wheel, not of this checkout
    assert (tmp_path / "output" / "demo").is_dir()
    version = _run([str(home / "bin" / "voxlogica"), "version"], tmp_path)
    assert _PROJECT["version"] in version
    _run([str(python), "-m", "pip", "install", "--quiet", f"{wheel}[dashboard]"], tmp_path)
    addresses = {address for address, _ in ports_of_run(tmp_path, _DASHBOARD, installed=python)}
    assert addresses <= set(HERE), "nobody on the network reaches the dashboard"


def _run(command: list[str], folder: Path) -> str:
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VOXLOGICA_STORE")}
    done = subprocess.run(
        command, cwd=folder, env=kept, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
