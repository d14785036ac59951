"""The lowest supported versions: prints pip's constraints, each dependency at its lower bound.

Installs nothing; ``make lowest`` does. Tools of development stay at their newest.
"""

import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

_PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def constraints(requirements: Iterable[str]) -> list[str]:
    """Return a line ``name==bound`` for each requirement ``name>=bound,<other``."""
    return [f"{name}=={bound}" for name, bound in map(_parts, requirements)]


def _parts(requirement: str) -> tuple[str, str]:
    found = re.fullmatch(r"([A-Za-z0-9_-]+)>=([\d.]+),<[\d.]+", requirement)
    if found is None:
        raise ValueError(f"{requirement}: a range such as name>=1.2,<2 is wanted")
    return found.group(1), found.group(2)


def main() -> None:
    """Print the constraints of the project."""
    project = tomllib.loads(_PROJECT.read_text("utf-8"))["project"]
    extras = [each for extra in project["optional-dependencies"].values() for each in extra]
    wanted = [*project["dependencies"], *extras]
    sys.stdout.write("".join(f"{line}\n" for line in constraints(wanted)))


if __name__ == "__main__":
    main()
