"""Every benchmark can be called by its name, says what it measures and gives figures back."""

import re
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.__main__ import benchmarks
from tests.support.processes import PATIENCE

_ROOT = Path(__file__).parents[2]


def test_every_benchmark_says_what_it_measures_and_gives_figures_back() -> None:
    for name, title in benchmarks().items():
        source = (_ROOT / "tests" / "benchmarks" / f"{name}.py").read_text("utf-8")
        assert title, name
        assert re.search(r"^def main\(.*\) -> (dict|Mapping|Figures)", source, re.MULTILINE), name


def test_what_is_no_benchmark_is_a_campaign_that_says_how_it_is_called() -> None:
    folder = _ROOT / "tests" / "benchmarks"
    others = {p.stem for p in folder.glob("[a-z]*.py")} - benchmarks().keys()
    for name in others:
        text = (folder / f"{name}.py").read_text("utf-8")
        assert f"tests.benchmarks.{name}" in text + (_ROOT / "Makefile").read_text("utf-8"), name
        assert '__name__ == "__main__"' in text, name


def test_a_benchmark_that_is_not_there_is_refused_and_those_that_are_named() -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "nothing"]
    done = subprocess.run(
        command, cwd=_ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 1
    assert "no benchmark nothing; these are: command_line" in done.stderr
