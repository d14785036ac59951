"""Where processes listen: of one that runs, and of a run that has work for Dask."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from tests.support.processes import PATIENCE

_ROOT = Path(__file__).parents[2]
HERE = ("127.0.0.1", "::1")
_NAPS = "\n".join(f'print "{n}" timewaste(500, {n + 1000})' for n in range(2500))
"""More seconds of work than it takes until Dask comes."""


def listening(process: psutil.Process) -> set[tuple[str, int]]:
    """Return addresses and ports where a process and its children listen."""
    found: set[tuple[str, int]] = set()
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):  # a child that has ended meanwhile listens nowhere
            for connection in each.net_connections("inet"):
                if connection.status == psutil.CONN_LISTEN:
                    found.add((connection.laddr.ip, connection.laddr.port))
    return found


def ports_of_run(
    tmp_path: Path, *options: str, installed: Path | None = None
) -> set[tuple[str, int]]:
    """Return where a run on Dask listens once Dask is there.

    Parameters
    ----------
    installed
        A Python that has VoxLogicA; by default this one, with the checkout.
    """
    program = tmp_path / "naps.imgql"
    program.write_text(f'import "test"\n{_NAPS}')
    python = str(installed or sys.executable)
    command = [python, "-m", "voxlogica_core", "run", "--no-cache", str(program), *options]
    path = "" if installed else os.pathsep.join([str(_ROOT), *sys.path])
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            end = time.monotonic() + PATIENCE
            while not (found := listening(psutil.Process(process.pid))):
                assert process.poll() is None, "the run ended before Dask came"
                assert time.monotonic() < end, "Dask did not come"
                time.sleep(0.02)
            return found
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
