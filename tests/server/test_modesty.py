"""Who computes steps back behind who edits, whatever session the latter is in."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.processes import PATIENCE

_CHILD = """\
import os
from pathlib import Path
from voxlogica_core.system import step_back

step_back(7)
group = Path("/proc/self/autogroup")
print(os.nice(0), group.read_text().split()[-1] if group.exists() else 7)
"""


def test_a_session_steps_back_as_a_whole() -> None:
    command = [sys.executable, "-c", _CHILD]
    done = subprocess.run(
        command, start_new_session=True, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.stderr == ""
    assert done.stdout.split() == [str(min(19, os.nice(0) + 7)), "7"]


def test_only_the_runner_steps_back() -> None:
    server = Path(__file__).parents[2] / "server" / "voxlogica_server"
    callers = [file.name for file in server.rglob("*.py") if "step_back(" in file.read_text()]
    assert callers == ["process.py"]
