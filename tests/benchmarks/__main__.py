"""``make bench``: every benchmark, or those named; prints tables, keeps the last figures as JSON.

Absolute figures vary between runs and machines; the ratio to the peer measured in the same run is
what counts. Nothing here is a test: no figure makes anything fail.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

_HERE = Path(__file__).parent
_FIGURES = Path("output/benchmarks.json")


def main(names: list[str]) -> None:
    """Run the benchmarks of these names, all by default."""
    found = sorted(p.stem for p in _HERE.glob("*.py") if not p.stem.startswith("_"))
    kept = json.loads(_FIGURES.read_text()) if _FIGURES.exists() else {}
    for name in names or found:
        module = import_module(f"tests.benchmarks.{name}")
        if not hasattr(module, "main"):
            continue
        print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}")
        kept[name] = module.main()
    _FIGURES.parent.mkdir(exist_ok=True)
    _FIGURES.write_text(json.dumps(kept, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
