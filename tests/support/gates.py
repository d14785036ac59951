"""Gates: kernels of tests wait at them until a test lets them through; what starts is counted."""

import threading
from collections import Counter

from tests.support.processes import PATIENCE


class Gates:
    """Gates by key; open unless closed."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._closed: set[float] = set()
        self._starts: Counter[float] = Counter()

    def begin(self) -> None:
        """Open all gates and count from 0."""
        with self._change:
            self._closed.clear()
            self._starts.clear()
            self._change.notify_all()

    def close(self, *keys: float) -> None:
        """Make who comes to these gates wait."""
        with self._change:
            self._closed.update(keys)

    def open(self, *keys: float) -> None:
        """Let who waits at these gates go on."""
        with self._change:
            self._closed.difference_update(keys)
            self._change.notify_all()

    def go_through(self, key: float) -> None:
        """Count a start; wait until the gate is open."""
        with self._change:
            self._starts[key] += 1
            self._change.notify_all()
            if not self._change.wait_for(lambda: key not in self._closed, PATIENCE):
                raise TimeoutError(f"nobody opened the gate {key}")

    def wait_for(self, *keys: float) -> None:
        """Wait until somebody has come to each of these gates."""
        with self._change:
            came = self._change.wait_for(lambda: all(self._starts[k] for k in keys), PATIENCE)
            assert came, f"nobody came to the gates {keys}"

    @property
    def starts(self) -> Counter[float]:
        """How many came to each gate."""
        with self._change:
            return Counter(self._starts)


GATES = Gates()
