"""Whole processes, measured from the shell's exec to the exit: seconds, CPU seconds, memory."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Trial:
    """What one process took.

    Parameters
    ----------
    seconds, cpu
        From exec to exit, and of processor time, its threads included.
    megabytes
        Largest resident size.
    output
        What it printed.
    """

    seconds: float
    cpu: float
    megabytes: float
    output: str

    @property
    def nodes(self) -> Mapping[str, int]:
        """How many nodes ended how, of a run that printed one JSON object."""
        found: object = json.loads(self.output)["nodes"] if '"nodes"' in self.output else {}
        assert isinstance(found, dict)
        return {str(word): int(number) for word, number in found.items() if number}


@dataclass(frozen=True)
class Summary:
    """Several trials of one thing: medians, and the largest memory."""

    seconds: float
    cpu: float
    megabytes: float
    nodes: Mapping[str, int] = field(default_factory=dict[str, int])

    @classmethod
    def of(cls, trials: Sequence[Trial]) -> "Summary":
        """Sum trials up."""
        return cls(
            median(trial.seconds for trial in trials),
            median(trial.cpu for trial in trials),
            max(trial.megabytes for trial in trials),
            trials[-1].nodes,
        )


def measured(command: Sequence[str], folder: Path) -> Trial:
    """Run a command to its end in a folder; it must end well."""
    environment = os.environ | {"PYTHONPATH": str(_ROOT)}
    begin = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begin
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}: {output}")
    return Trial(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def voxlogica_run(program: Path, folder: Path, store: str, *settings: str) -> Trial:
    """Run a program on the store of that name in a folder."""
    options = ["--json", "--store", str(folder / store), "--output-dir", str(folder)]
    command = [sys.executable, "-m", "voxlogica_core", "run", str(program), *options, *settings]
    return measured(command, folder)


def size_of(folder: Path) -> float:
    """Return the megabytes of the files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
