"""``make bench``: every benchmark, or those named; prints tables, keeps the last figures as JSON.

Absolute figures vary between runs and machines; the ratio to the peer measured in the same run is
what counts. Nothing here is a test: no figure makes anything fail. ``--list`` names them all.
"""

import ast
import json
import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

_HERE = Path(__file__).parent
_FIGURES = Path("output/benchmarks.json")
_LIBRARIES = ("voxlogica", "SimpleITK", "numpy", "numba", "scipy", "dask", "distributed", "pygls")
_VERSION = 1


def main(names: Sequence[str]) -> None:
    """Run the benchmarks of these names, all by default."""
    known = benchmarks()
    if "--list" in names:
        for name, title in known.items():
            print(f"{name:<22} {title}")
        return
    if unknown := set(names) - known.keys():
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; these are: {', '.join(known)}")
    for name in names or known:
        print(f"\n{name}: {known[name]}")
        module = import_module(f"tests.benchmarks.{name}")
        _keep(name, module.main())
    measured = {name: found for name, found in _kept().items() if name in (names or known)}
    ratios = [
        ratio for name, found in measured.items() for ratio in _ratios(found["figures"], name)
    ]
    if ratios:
        print(f"\n{'beside a peer, in one run':<60} ratio")
        print("\n".join(f"{place:<60} {ratio:5.2f}" for place, ratio in ratios))


def benchmarks() -> Mapping[str, str]:
    """Return the names of the benchmarks and their first lines: files here that have a ``main``.

    Files without one are campaigns that are run by hand: they look for faults, not for figures.
    """
    found: dict[str, str] = {}
    for path in sorted(_HERE.glob("[a-z]*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        if any(isinstance(part, ast.FunctionDef) and part.name == "main" for part in tree.body):
            found[path.stem] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return found


def _kept() -> dict[str, dict[str, object]]:
    if not _FIGURES.exists():
        return {}
    kept = json.loads(_FIGURES.read_text("utf-8"))
    return kept["benchmarks"] if kept.get("version") == _VERSION else {}


def _keep(name: str, figures: object) -> None:
    """Write figures beside those of other benchmarks, at once: a later one may be interrupted."""
    measured = {"machine": _machine(), "versions": _versions(), "figures": figures}
    _FIGURES.parent.mkdir(exist_ok=True)
    whole = {"version": _VERSION, "benchmarks": {**_kept(), name: measured}}
    _FIGURES.write_text(json.dumps(whole, indent=2) + "\n", "utf-8")


def _machine() -> dict[str, object]:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text("utf-8").splitlines() if cpuinfo.exists() else []
    models = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return {
        "processor": next(models, platform.processor()),
        "cores": os.cpu_count(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": platform.platform(),
        "load": [round(load, 2) for load in os.getloadavg()],
    }


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in _LIBRARIES}}


def _ratios(figures: object, place: str) -> Iterator[tuple[str, float]]:
    """Yield what is called a ratio, and where; a peer's ratio to itself says nothing."""
    if isinstance(figures, dict):
        for key, value in figures.items():  # pyright: ignore[reportUnknownVariableType]
            name = str(key)  # pyright: ignore[reportUnknownArgumentType]
            if isinstance(value, int | float) and name.endswith("ratio"):
                if value != 1.0:
                    yield place if name == "ratio" else f"{place}: {name}", float(value)
            else:
                yield from _ratios(value, f"{place}: {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
