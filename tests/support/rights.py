"""The command line as a user has it who may not write everywhere; root runs tests, too."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.desk import Answer

_ROOT = Path(__file__).parents[2]
_WITHOUT_RIGHTS = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # even root then asks for permission to write
os.execv(sys.executable, [sys.executable, "-m", "voxlogica_core", *sys.argv[1:]])
"""


def without_rights(folder: Path, *arguments: str) -> Answer:
    """Call the command line in a folder, without a right to write what is read-only."""
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_RIGHTS, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{_ROOT}{os.pathsep}{_ROOT / 'server'}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)
