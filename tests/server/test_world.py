import threading
from pathlib import Path

import pytest

from tests.support.processes import PATIENCE
from voxlogica_core.errors import FileError
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_server.world import EditorWorld, FileMemory


def test_a_small_file_is_digested_at_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"small")
    world = EditorWorld(FileSystem(str(tmp_path)), FileMemory(bool))
    assert world.digest(str(tmp_path / "a")) is not None


def test_a_large_file_is_being_read_and_then_known(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"large")
    done = threading.Event()
    world = EditorWorld(FileSystem(str(tmp_path)), FileMemory(done.set), large=1)
    assert world.digest(str(tmp_path / "a")) is None
    assert done.wait(PATIENCE)
    assert world.digest(str(tmp_path / "a")) == FileSystem("/").digest(str(tmp_path / "a"))


def test_a_large_file_that_changed_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"large")
    done = threading.Semaphore(0)
    world = EditorWorld(FileSystem(str(tmp_path)), FileMemory(done.release), large=1)
    world.digest(str(file))
    assert done.acquire(timeout=PATIENCE)
    first = world.digest(str(file))
    file.write_bytes(b"larger")
    assert world.digest(str(file)) is None
    assert done.acquire(timeout=PATIENCE)
    assert world.digest(str(file)) not in (None, first)


def test_of_many_large_files_only_a_few_are_read_at_a_time(tmp_path: Path) -> None:
    done, reading = threading.Semaphore(0), set[int]()

    class Slow(FileSystem):
        def digest(self, path: str) -> str | None:
            reading.add(threading.get_ident())
            return super().digest(path)

    world = EditorWorld(Slow(str(tmp_path)), FileMemory(done.release), large=1)
    paths = [tmp_path / f"{number}" for number in range(30)]
    for path in paths:
        path.write_bytes(b"large")
        assert world.digest(str(path)) is None
    for _ in paths:
        assert done.acquire(timeout=PATIENCE)
    assert len(reading) <= 2
    assert None not in [world.digest(str(path)) for path in paths]


def test_a_file_that_is_gone_is_an_error_at_once(tmp_path: Path) -> None:
    world = EditorWorld(FileSystem(str(tmp_path)), FileMemory(bool), large=1)
    with pytest.raises(FileError):
        world.digest(str(tmp_path / "none"))


def test_a_clock_that_jumps_makes_no_digest_wrong(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"first")
    seconds = 10**9
    for jump in (0, -100 * 365 * 86400 * seconds, 100 * 365 * 86400 * seconds):

        def clock(jump: int = jump) -> int:
            return file.stat().st_mtime_ns + 3 * seconds + jump

        world = EditorWorld(FileSystem(str(tmp_path), clock=clock), FileMemory(bool))
        file.write_bytes(b"first")
        first = world.digest(str(file))
        file.write_bytes(b"longer than the first")
        assert world.digest(str(file)) not in (None, first)
        assert world.digest(str(file)) == FileSystem("/").digest(str(file))
