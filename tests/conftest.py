"""In CI, a failing test that talks with other processes is run a second time, and named.

Servers, runners, editors and a browser share two cores there with all else: what fails once in
thousands of runs tells of the machine, what fails twice of us. Tests of values, plans and stores
get no second chance: one wrong number among thousands is a wrong number.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_OF_PROCESSES = (_HERE / "server", _HERE / "cli", _HERE / "engine" / "test_cluster.py")


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    if os.environ.get("E2E_REQUIRED") != "1":
        return
    for item in items:
        if any(item.path.is_relative_to(place) for place in _OF_PROCESSES):
            item.add_marker(pytest.mark.flaky(reruns=1))
