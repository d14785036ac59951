"""A runner with the primitives for tests: ``python -m tests.support.runner_of_tests``."""

from functools import cache
from pathlib import Path

from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_server.runner.process import main


@cache
def catalogue() -> Catalogue:
    """Return the shipped primitives and those of the namespace `test`."""
    return read_catalogue([Path(__file__).parent / "running_primitives.py"])


if __name__ == "__main__":
    main(catalogue())
