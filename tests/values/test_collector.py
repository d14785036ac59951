"""Holding off the garbage collector ends where it should."""

import gc
import weakref

import pytest

from voxlogica_core.collector import all_stays


class Leaf:
    """Something that leads back to itself."""

    def __init__(self) -> None:
        self.own = self


def test_what_is_there_is_not_looked_at_again_and_what_comes_is() -> None:
    with all_stays():
        assert not gc.isenabled()
        stays = weakref.ref(Leaf())
    try:
        assert gc.isenabled()
        goes = weakref.ref(Leaf())
        gc.collect()
        assert stays() is not None
        assert goes() is None
    finally:
        gc.unfreeze()
        gc.collect()
    assert stays() is None


def test_an_import_that_fails_freezes_nothing() -> None:
    before = gc.get_freeze_count()
    with pytest.raises(ImportError), all_stays():
        raise ImportError
    assert gc.isenabled()
    assert gc.get_freeze_count() == before
