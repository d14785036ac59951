"""Ctrl-C and SIGTERM in real processes: once ends soon, twice now; what is finished is kept."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.processes import PATIENCE, until
from voxlogica_core.store.reader import StoreReader

_NAPS = "".join(f'print "{n}" timewaste({n % 2 * 20 + 130}, {6000 + n})\n' for n in range(60))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def begin(desk: Desk) -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    begun: list[subprocess.Popen[str]] = []

    def start(program: str) -> "subprocess.Popen[str]":
        (desk.folder / "program.imgql").write_text(program)
        process = subprocess.Popen(
            [sys.executable, "-m", "voxlogica_core", "run", "--threads", "2", "program.imgql"],
            cwd=desk.folder,
            env={**os.environ, "VOXLOGICA_STORE": str(desk.folder / "store")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def _recorded(desk: Desk) -> int:
    """Return how many nodes the store knows; soon, for the run goes on meanwhile."""
    with closing(StoreReader(desk.folder / "store")) as reader:
        return len(reader.rows("SELECT number FROM node"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_soon_and_the_next_goes_on(
    desk: Desk, begin: Callable[[str], "subprocess.Popen[str]"], number: int
) -> None:
    process = begin(f'import "test"\n{_NAPS}')
    assert until(lambda: _recorded(desk) > 2)
    os.kill(process.pid, number)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, said
    assert "what is quick is finished" in said
    kept = re.search(r"(\d+) nodes are kept", said)
    assert kept
    assert 2 < int(kept[1]) < 60
    answer = desk.voxlogica("run", "--json", "program.imgql")
    assert answer.code == 0
    nodes = answer.object["nodes"]
    assert isinstance(nodes, dict)
    assert nodes["reused"] >= int(kept[1])


def test_a_second_interrupt_ends_at_once_what_would_go_on_for_ever(
    desk: Desk, begin: Callable[[str], "subprocess.Popen[str]"]
) -> None:
    process = begin(f'import "test"\n{_NAPS}print "b" forever(1)')
    assert until(lambda: _recorded(desk) > 0)
    os.kill(process.pid, signal.SIGINT)
    assert process.stderr is not None
    assert any("again to stop now" in line for line in process.stderr)  # two may else be one
    os.kill(process.pid, signal.SIGINT)
    said = process.stderr.read()
    assert process.wait(PATIENCE) == 130, said
    assert re.search(r"stopped; \d+ nodes are kept", said)


def test_what_goes_on_for_ever_is_left_two_seconds_after_an_interrupt(
    desk: Desk, begin: Callable[[str], "subprocess.Popen[str]"]
) -> None:
    process = begin(f'import "test"\n{_NAPS}print "b" forever(1)')
    assert until(lambda: _recorded(desk) > 0)
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, said
    assert "nodes are kept" in said
