"""Nobody on the network reaches a run: what listens, listens on this machine only."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from tests.support.engines import catalogue, plan_of
from voxlogica_core.engine.crews.window import LocalWindow
from voxlogica_core.engine.engine import Engine
from voxlogica_core.store.store import MemoryStore

_ROOT = Path(__file__).parents[2]
_HERE = ("127.0.0.1", "::1")
_PATIENCE = 60.0
_NAPS = "\n".join(f'print "{n}" timewaste(500, {n + 1000})' for n in range(2500))
"""More seconds of work than it takes until Dask comes."""


def _listening(process: psutil.Process) -> set[tuple[str, int]]:
    """Return addresses and ports where a process and its children listen."""
    found: set[tuple[str, int]] = set()
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):  # a child that has ended meanwhile listens nowhere
            for connection in each.net_connections("inet"):
                if connection.status == psutil.CONN_LISTEN:
                    found.add((connection.laddr.ip, connection.laddr.port))
    return found


def _ports_of_run(tmp_path: Path, *options: str) -> set[tuple[str, int]]:
    """Return where a run on Dask listens once Dask is there."""
    program = tmp_path / "naps.imgql"
    program.write_text(f'import "test"\n{_NAPS}')
    command = [sys.executable, "-m", "voxlogica_core", "run", "--no-cache", str(program), *options]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(_ROOT), *sys.path])},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            end = time.monotonic() + _PATIENCE
            while not (found := _listening(psutil.Process(process.pid))):
                assert process.poll() is None, "the run ended before Dask came"
                assert time.monotonic() < end, "Dask did not come"
                time.sleep(0.02)
            return found
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def test_a_run_on_dask_listens_on_this_machine_only(tmp_path: Path) -> None:
    assert {address for address, _ in _ports_of_run(tmp_path)} <= set(_HERE)


def test_the_dashboard_is_told_where_it_listens() -> None:
    cluster = LocalWindow(1, dashboard=False)
    try:
        address, port = urlsplit(cluster.url).netloc.split(":")
        assert (address, int(port)) in _listening(psutil.Process(os.getpid()))
    finally:
        cluster.close()


@pytest.mark.skipif(find_spec("bokeh") is None, reason="the dashboard is an extra")
def test_the_dashboard_listens_on_this_machine_only(tmp_path: Path) -> None:
    assert {address for address, _ in _ports_of_run(tmp_path, "--dask-dashboard")} <= set(_HERE)


def test_an_engine_listens_nowhere_until_there_is_work_for_dask() -> None:
    own = psutil.Process(os.getpid())
    before = _listening(own)
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        assert engine.run(plan_of('print "x" next(1)')).value("x") == 2.0
        assert _listening(own) == before
        engine.run(plan_of('print "x" total(for i in range(0, 80) do rest(25, i))')).wait()
        assert {address for address, _ in _listening(own) - before} <= set(_HERE)
