"""The golden ids, and how to rewrite them: only for a change of identity that is meant.

``python -m tests.plan.golden`` rewrites the file; a change of ids needs a new encoding name.
"""

import json
import sys
from pathlib import Path

from tests.support.programs import analysed

GOLDEN_IDS = Path(__file__).with_name("golden_ids.json")
PROGRAM = Path(__file__).with_name("golden.imgql").read_text("utf-8")


def ids() -> dict[str, str]:
    """Return the id of each declaration of the golden program."""
    return dict(analysed(PROGRAM).plan.declarations)


def show() -> None:
    """Write the ids to standard output, for a look from another process."""
    json.dump(ids(), sys.stdout)


if __name__ == "__main__":
    GOLDEN_IDS.write_text(json.dumps(ids(), indent=2) + "\n")
