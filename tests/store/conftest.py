from collections.abc import Iterator
from pathlib import Path

import pytest

from voxlogica_core.store.sqlite import SqliteStore, open_store
from voxlogica_core.store.store import Store


@pytest.fixture(params=["memory", "folder"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Give each kind of store in turn."""
    opened = open_store(None if request.param == "memory" else tmp_path / "store")
    yield opened
    opened.close()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[SqliteStore]:
    """Give a store in a folder."""
    opened = SqliteStore(tmp_path / "store")
    yield opened
    opened.close()
