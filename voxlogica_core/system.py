"""The one file of operating-system specifics: locks, network file systems, processes.

Linux has open-file-description locks: byte ranges of a file, released by the system when their
owner dies, and not lost when another descriptor of the same file is closed. They belong to an open
file, not to a thread: threads that share one need a lock of their own besides.
Other systems are refused with advice until they have been tested.
"""

import ctypes
import errno
import fcntl
import os
import resource
import signal
import socket
import stat
import struct
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NewType, NoReturn

from voxlogica_core.errors import EngineError, StoreError

_NETWORK = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "gpfs", "lustre"}
    | {"nfs", "nfs4", "smb3", "smbfs"}
)

_PR_SET_PDEATHSIG = 1
_SI_KERNEL = 128

_SCHEDULING = "/proc/thread-self/schedstat"
_AUTOGROUP = Path("/proc/self/autogroup")

ExitCode = NewType("ExitCode", int)
"""Of a process: negative for the signal that ended it."""


def acquire(descriptor: int, offset: int) -> None:
    """Wait for the byte at `offset` and take it for this open file alone."""
    _set_lock(descriptor, fcntl.F_WRLCK, offset, _waiting())


def try_acquire(descriptor: int, offset: int) -> bool:
    """Take the byte at `offset` for this open file alone, if nobody has it."""
    try:
        _set_lock(descriptor, fcntl.F_WRLCK, offset, _at_once())
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES):
            return False
        raise
    return True


def share(descriptor: int, offset: int) -> None:
    """Wait until nobody has the byte at `offset` alone, then take it together with others.

    Who had it alone gives it up to sharing without a moment in which another could take it.
    """
    _set_lock(descriptor, fcntl.F_RDLCK, offset, _waiting())


def release(descriptor: int, offset: int) -> None:
    """Give the byte at `offset` back."""
    _set_lock(descriptor, fcntl.F_UNLCK, offset, _at_once())


@contextmanager
def exclusive_lock(descriptor: int, offset: int = 0) -> Generator[None]:
    """Hold the byte at `offset` of an open file alone, waiting for it first."""
    acquire(descriptor, offset)
    try:
        yield
    finally:
        release(descriptor, offset)


def step_back(niceness: int) -> None:
    """Let other processes go first, by so much niceness; for one that leads a session of its own.

    Where sessions are scheduled as groups, which most desktops do, the niceness of a process counts
    among those of its own session alone: so the session is made nice, too.
    """
    os.nice(niceness)
    with suppress(OSError):  # no such groups, or somebody has just set one: nothing hangs on it
        _AUTOGROUP.write_text(str(niceness))


def die_with_parent(parent: int) -> None:
    """Let the system kill this process when its parent ends, however it ends.

    Linux only; elsewhere the end of a connection must do. The signal comes when the *thread* that
    started this process ends, so that must be one that lasts.

    Parameters
    ----------
    parent
        The process that started this one: if it is gone already, this one ends here.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def end_group(leader: int) -> None:
    """Kill a process that leads a group of its own, with all that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def in_child(work: Callable[[], NoReturn], beside: Callable[[], None]) -> ExitCode:
    """Do something in a child process and return how that ended.

    Only for a process with a single thread: a child has no other, and what those locked stays
    locked. The child dies with this process; interrupts reach both. Where this has not been tested,
    which is anywhere but on Linux, there is no child and no return.

    Parameters
    ----------
    work
        What the child does.
    beside
        Called here once the child is there; may start threads.
    """
    if sys.platform != "linux":
        beside()
        work()
    watched = {signal.SIGINT, signal.SIGTERM, signal.SIGCHLD}
    parent = os.getpid()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, watched)
    child = os.fork()
    if not child:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        die_with_parent(parent)
        work()
    try:
        beside()
        while True:
            came = signal.sigwaitinfo(watched)
            if came.si_signo != signal.SIGCHLD and came.si_code != _SI_KERNEL:
                os.kill(child, came.si_signo)  # from the terminal, both would have got it
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return ExitCode(os.waitstatus_to_exitcode(status))
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class CoreWaits:
    """How long the thread that made this has waited for a core; 0 where the system keeps no count.

    Whoever made it closes it.
    """

    def __init__(self) -> None:
        try:
            self._file = os.open(_SCHEDULING, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._file = -1

    def seconds(self) -> float:
        """Return the seconds so far: 1 µs."""
        return 0.0 if self._file < 0 else int(os.pread(self._file, 64, 0).split()[1]) * 1e-9

    def close(self) -> None:
        """Give the file back."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def runtime_folder() -> Path:
    """Return a folder for sockets that belongs to this user alone; its name is short.

    Raises
    ------
    EngineError
        Somebody else has taken its name.
    """
    chosen = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(chosen) / "voxlogica" if chosen else Path(f"/tmp/voxlogica-{os.getuid()}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise EngineError(
            f"{folder} must be a folder that belongs to you and that nobody else can enter, and it "
            "is not; remove it, or set XDG_RUNTIME_DIR to a folder of your own"
        )
    return folder


def is_own_peer(connection: socket.socket) -> bool:
    """Whether a process of the same user is at the other end of a local socket."""
    if sys.platform != "linux":
        return True  # the folder of the socket lets nobody else in
    found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return struct.unpack("3i", found)[1] == os.getuid()


def leave_parent() -> None:
    """Go on in a process that nobody waits for; who started this one sees it end.

    Only for a process with a single thread, as with `in_child`.
    """
    if os.fork():
        os._exit(0)


def anonymous_file() -> int:
    """Return an open file without a name, in memory where the system has such."""
    if sys.platform == "linux":
        return os.memfd_create("voxlogica")
    import tempfile  # noqa: PLC0415  (27 ms, and never on Linux)

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


@contextmanager
def limited_memory(room: int) -> Generator[None]:
    """Give this process no more than `room` bytes beyond what it has, as long as this lasts.

    What asks for more gets a `MemoryError`. Linux only; elsewhere there is no limit.
    """
    if sys.platform != "linux":
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def network_filesystem(folder: Path) -> str | None:
    """Return the type of the network file system that `folder` is on; None where it is local."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return network_mount(mounts, os.path.realpath(folder))


def network_mount(mounts: str, path: str) -> str | None:
    r"""Return the type of the network mount that holds `path`, given a table of mounts.

    Parameters
    ----------
    mounts
        Lines of device, mount point, type and more, spaces in names written ``\040``.
    path
        Absolute, without symbolic links.
    """
    longest, found = -1, ""
    for line in mounts.splitlines():
        _, mount, kind, *_ = [*line.split(" "), "", "", ""]
        point = mount.replace("\\040", " ").rstrip("/")
        if len(point) >= longest and (path == point or path.startswith(point + "/")):
            longest, found = len(point), kind
    return found if found in _NETWORK else None


def _set_lock(descriptor: int, lock: int, offset: int, command: int) -> None:
    # struct flock of 64-bit Linux: type, whence, start, length, process (0 for these locks)
    fcntl.fcntl(descriptor, command, struct.pack("hhqqi0q", lock, os.SEEK_SET, offset, 1, 0))


def _waiting() -> int:
    if sys.platform == "linux":
        return fcntl.F_OFD_SETLKW
    raise _unsupported()


def _at_once() -> int:
    if sys.platform == "linux":
        return fcntl.F_OFD_SETLK
    raise _unsupported()


def _unsupported() -> StoreError:
    return StoreError(
        f"a store that is kept needs file locks that are tested on Linux only, and this is "
        f"{sys.platform}; run with --no-cache, or on Linux"
    )


def keep_freed_memory() -> None:
    """Have what large arrays leave serve the next ones, from now on, up to 256 MB.

    Memory that comes fresh from the system is cleared first: 44 kernels on images of 35 MB took
    2.3 s where bare kernels take 1.9 s, and take 2.0 s so. Elsewhere there is nothing to do.
    """
    _set_allocator((_MMAP_THRESHOLD, _LARGEST_THRESHOLD), (_TRIM_THRESHOLD, 2**28), (_MMAP_MAX, 0))


def give_memory_back() -> None:
    """Give back to the system what is free now."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def give_memory_back_always() -> None:
    """Have large arrays given back to the system as soon as they are freed, from now on.

    The GNU allocator keeps up to 32 MB of each size for the next array, in every thread: that is
    faster, but a process that holds 250 MB of images took 1.6 GB.
    """
    _set_allocator((_MMAP_THRESHOLD, _LARGE_ARRAY), (_MMAP_MAX, 2**16))
    give_memory_back()


def share_memory_among_threads() -> bool:
    """Have all threads take memory from one place; return whether the allocator does.

    The GNU allocator gives each thread an arena of its own, which keeps what was freed for that
    thread: images go from thread to thread. With one arena a pipeline of 39 images took 4 % less
    memory and 7 % less processor time. To be called before threads are started.
    """
    return _set_allocator((_ARENA_MAX, 1))


def _set_allocator(*settings: tuple[int, int]) -> bool:
    """Set parameters of the GNU allocator; return whether it has them all."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
        return 0 not in [mallopt(parameter, value) for parameter, value in settings]
    except (OSError, AttributeError, TypeError):
        return False


# Of malloc.h: M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_MMAP_MAX, M_ARENA_MAX.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _MMAP_MAX, _ARENA_MAX = -1, -3, -4, -8
_LARGE_ARRAY = 2**22
_LARGEST_THRESHOLD = 2**25
