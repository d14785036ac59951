"""Real Dask schedulers and workers, as processes on this machine that end with the test."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from distributed import Client

from tests.support.processes import until

_ROOT = Path(__file__).parents[2]
_LOCAL = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "60s", "PYTHONPATH": str(_ROOT)}


@dataclass
class ClusterOfTests:
    """A scheduler and its workers.

    Parameters
    ----------
    folder
        For scratch files of Dask.
    """

    folder: Path
    address: str = ""
    workers: dict[str, "subprocess.Popen[bytes]"] = field(
        default_factory=dict[str, "subprocess.Popen[bytes]"]
    )
    _scheduler: "subprocess.Popen[bytes] | None" = None
    _client: Any = None

    def start(self, workers: int = 2, **environment: str) -> None:
        """Start the scheduler and some workers, and wait for them."""
        file = self.folder / "scheduler.json"
        self._scheduler = _process(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file),
            "--dashboard-address", "127.0.0.1:0", "--no-jupyter", folder=self.folder, **environment,
        )  # fmt: skip
        _wait_until(lambda: file.exists() and file.stat().st_size > 0)
        self._client = Client(scheduler_file=str(file), set_as_default=False)
        self.address = str(self._client.scheduler.address)
        for number in range(workers):
            self.begin(f"w{number}")
        self.wait_for(*self.workers)

    def begin(self, name: str, **environment: str) -> None:
        """Start a worker; do not wait for it."""
        self.workers[name] = _process(
            "worker", self.address, "--name", name, "--nthreads", "1", "--no-nanny",
            "--dashboard-address", "127.0.0.1:0", "--memory-limit", "0", "--host", "127.0.0.1",
            "--local-directory", str(self.folder),
            folder=self.folder, **environment,
        )  # fmt: skip

    def have(self, name: str) -> None:
        """Have a worker, started now if it is not there yet."""
        if name not in self.workers:
            self.begin(name)
        self.wait_for(name)

    def wait_for(self, *names: str) -> None:
        """Wait until workers are known to the scheduler."""
        _wait_until(lambda: set(names) <= self.names())

    def names(self) -> set[str]:
        """Return the names of the workers that the scheduler knows."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        self._client.nthreads()
        return {str(worker["name"]) for worker in workers.values()}

    @property
    def is_idle(self) -> bool:
        """Whether the scheduler knows of no task that is to be done."""
        return not any(self._client.processing().values())

    def kill(self, name: str) -> None:
        """Kill a worker, as a crash would."""
        process = self.workers.pop(name)
        process.kill()
        process.wait()

    def kill_scheduler(self) -> None:
        """Kill the scheduler."""
        assert self._scheduler is not None
        self._scheduler.kill()
        self._scheduler.wait()

    def end(self) -> None:
        """End everything."""
        if self._client is not None:
            self._client.close()
        for process in [*self.workers.values(), *([self._scheduler] if self._scheduler else [])]:
            process.send_signal(signal.SIGKILL)
            process.wait()


def _process(*words: str, folder: Path, **environment: str) -> "subprocess.Popen[bytes]":
    log = (folder / f"{words[0]}-{time.monotonic_ns()}.log").open("wb")
    with log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            cwd=folder,
            env={**os.environ, **_LOCAL, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def _wait_until(condition: Any) -> None:
    assert until(condition), "the cluster did not come"
