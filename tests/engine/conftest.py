from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.engines import PRIMITIVES
from tests.support.gates import GATES
from voxlogica_core.engine.engine import Engine
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.store.store import MemoryStore

_GATED = Path(__file__).parents[1] / "support" / "gated_primitives.py"


@pytest.fixture(scope="package")
def gated() -> Catalogue:
    """Give primitives that wait at gates, beside those of other tests."""
    return read_catalogue([PRIMITIVES, _GATED])


@pytest.fixture
def gates() -> Iterator[None]:
    """Have all gates open, before a test and after it."""
    GATES.begin()
    yield
    GATES.begin()


@pytest.fixture
def engine(gated: Catalogue) -> Iterator[Engine]:
    """Give an engine of three threads that knows the gates."""
    with Engine(MemoryStore(), gated, threads=3) as found:
        yield found
