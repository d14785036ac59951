"""Every primitive at its edges, each call told if it ends its process, takes 20 s, or is a fault.

By hand, as it takes minutes: ``python -m tests.benchmarks.edges [PREFIX]``. What ends SimpleITK or
takes for ever in it is named here; in a run the runner names it.
"""

import subprocess
import sys

from voxlogica_core.primitives.catalogue import read_catalogue

_PERILS = "voxlogica_core.primitives.perils"


def campaign(prefix: str = "") -> dict[str, list[str]]:
    """Call everything whose name begins so; return the calls by how they ended."""
    left = [
        primitive.qualified
        for primitive in read_catalogue()
        if primitive.qualified.startswith(prefix)
        and primitive.qualified != "test.timewaste"
        and not any(overload.module == _PERILS for overload in primitive.overloads)
    ]
    found: dict[str, list[str]] = {}
    while left:
        command = [sys.executable, "-m", "tests.support.edges", *left]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        lines = done.stdout.splitlines()
        calls = [line for line in lines if not line.startswith("  ")]
        endings = [line.split()[0] for line in lines if line.startswith("  ")]
        for call, ending in zip(calls, endings, strict=False):
            found.setdefault(ending, []).append(call)
        if not done.returncode:
            break
        found.setdefault(f"signal {-done.returncode}", []).append(calls[-1])
        left = left[left.index(calls[-1].split()[0]) + 1 :]
    return found


if __name__ == "__main__":
    for ending, calls in campaign(*sys.argv[1:2]).items():
        print(f"{ending}: {len(calls)} calls")
        if ending not in ("value", "refused"):
            print("\n".join(f"  {call}" for call in calls))
