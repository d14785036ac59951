"""The parser that was built before parses as the one that is built."""

import subprocess
import sys
from pathlib import Path

from tests.support.processes import PATIENCE
from voxlogica_core.syntax import grammar

_PROGRAM = """
from voxlogica_core.syntax.parser import parse
from voxlogica_core.text.source_text import SourceText
text = 'let f(x) = x + 2 * 3\\nload i = "a.nii"\\nprint "n" for y in [1, f(2)] do -y\\nlet ='
found = parse(SourceText(text, None))
print(found.statements if hasattr(found, "statements") else found)
print(found.diagnostics if hasattr(found, "diagnostics") else "")
"""


def test_the_parser_that_is_kept_parses_as_the_one_that_was_built() -> None:
    folder = Path(grammar.__file__).parent / "__pycache__"
    for file in folder.glob("grammar-*"):
        file.unlink(missing_ok=True)
    built, loaded = (
        subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        ).stdout
        for _ in range(2)
    )
    assert built == loaded
    assert "Declaration(name=Identifier(text='f'" in built
