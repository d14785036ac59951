"""Locks between open files, network file systems, and memory that was freed."""

import os
import platform
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import PATIENCE
from voxlogica_core.system import (
    acquire,
    exclusive_lock,
    network_filesystem,
    network_mount,
    release,
    share,
    share_memory_among_threads,
    try_acquire,
)

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/local ext4 rw 0 0
//nas/scans /mnt/my\\040scans cifs rw 0 0
broken line
"""


@pytest.fixture
def files(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """Give two descriptors of one file, opened apart as two processes would."""
    path = tmp_path / "lock"
    path.touch()
    first, second = (os.open(path, os.O_RDWR) for _ in range(2))
    yield first, second
    os.close(first)
    os.close(second)


def test_a_byte_that_is_taken_is_refused_until_it_is_given_back(files: tuple[int, int]) -> None:
    first, second = files
    assert try_acquire(first, 5)
    assert not try_acquire(second, 5)
    release(first, 5)
    assert try_acquire(second, 5)


def test_other_bytes_are_free(files: tuple[int, int]) -> None:
    first, second = files
    assert try_acquire(first, 5)
    assert try_acquire(second, 6)


def test_many_share_a_byte_and_then_none_has_it_alone(files: tuple[int, int]) -> None:
    first, second = files
    assert try_acquire(first, 1)
    share(first, 1)
    share(second, 1)
    assert not try_acquire(second, 1)
    release(first, 1)
    assert try_acquire(second, 1)


def test_who_waits_gets_the_byte_when_it_is_given_back(files: tuple[int, int]) -> None:
    first, second = files
    taken = threading.Event()

    def take() -> None:
        with exclusive_lock(second, 3):
            taken.set()

    with exclusive_lock(first, 3):
        thread = threading.Thread(target=take)
        thread.start()
        assert not taken.wait(0.05)
    assert taken.wait(PATIENCE)
    thread.join()


def test_closing_another_descriptor_loses_no_lock(files: tuple[int, int], tmp_path: Path) -> None:
    first, second = files
    acquire(first, 0)
    os.close(os.open(tmp_path / "lock", os.O_RDWR))
    assert not try_acquire(second, 0)


def test_the_end_of_its_owner_gives_a_lock_back(files: tuple[int, int], tmp_path: Path) -> None:
    owner = os.open(tmp_path / "lock", os.O_RDWR)
    acquire(owner, 0)
    os.close(owner)
    assert try_acquire(files[0], 0)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/cache", None),
        ("/home/ann/cache", "nfs4"),
        ("/home", "nfs4"),
        ("/homes/ann", None),
        ("/home/local/cache", None),
        ("/mnt/my scans/store", "cifs"),
    ],
)
def test_network_file_systems_are_recognised(path: str, kind: str | None) -> None:
    assert network_mount(MOUNTS, path) == kind


def test_a_temporary_folder_is_local(tmp_path: Path) -> None:
    assert network_filesystem(tmp_path / "not there yet") is None


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator")
def test_the_allocator_gives_all_threads_memory_from_one_place() -> None:
    assert share_memory_among_threads()


_HELD = """
import ctypes, sys
from voxlogica_core import system

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

begin = resident()
if "keep" in sys.argv:
    system.keep_freed_memory()
if "always" in sys.argv:
    system.give_memory_back_always()
for _ in range(3):
    array = bytearray(100_000_000)
    del array
held = resident() - begin
system.give_memory_back()
print(held // 1_000_000, (resident() - begin) // 1_000_000)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator")
@pytest.mark.parametrize(
    ("orders", "is_held"), [((), False), (("keep",), True), (("keep", "always"), False)]
)
def test_freed_memory_is_kept_for_the_next_array_or_given_back(
    orders: tuple[str, ...], *, is_held: bool
) -> None:
    command = [sys.executable, "-c", _HELD, *orders]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    held, after = map(int, done.stdout.split())
    assert (held > 90) == is_held
    assert after < 20
