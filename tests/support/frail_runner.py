"""A runner that greets and ends at the first order: ``python -m tests.support.frail_runner``."""

import os
import socket
import sys

from voxlogica_server.runner.messages import Ready
from voxlogica_server.runner.process import Line


def main() -> None:
    """Greet; take one order; end."""
    line = Line(socket.socket(fileno=int(sys.argv[1])))
    line.hear()
    line.say(Ready())
    line.hear()
    os._exit(7)


if __name__ == "__main__":
    main()
