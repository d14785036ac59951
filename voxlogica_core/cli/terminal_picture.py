"""A picture in a terminal: two pixels a character, one above the other. Finds no picture itself."""

import os
import shutil
from collections.abc import Mapping
from io import BytesIO

from PIL import Image

_WIDEST = 96  # characters; three slices side by side are still told apart
_RESET = "\x1b[0m"
_MODERN = frozenset({"truecolor", "24bit"})


def can_show(variables: Mapping[str, str] = os.environ, *, is_terminal: bool) -> bool:
    """Return whether a terminal says that it shows colours of 24 bits, and nobody forbids them."""
    if not is_terminal or "NO_COLOR" in variables:
        return False
    return variables.get("COLORTERM", "").lower() in _MODERN


def drawn(png: bytes, columns: int | None = None) -> str:
    """Return a picture as lines of upper half blocks, coloured above and below.

    Parameters
    ----------
    columns
        Its width in characters; by default what the terminal has room for.
    """
    with Image.open(BytesIO(png)) as picture:
        room = columns or min(_WIDEST, shutil.get_terminal_size().columns - 1)
        width = max(1, min(room, picture.width))
        height = max(2, round(picture.height * width / picture.width / 2) * 2)
        small = picture.convert("RGB").resize((width, height), Image.Resampling.BOX)
    pixels = small.tobytes()
    return "\n".join(_line(pixels, width, row) for row in range(0, height, 2))


def _line(pixels: bytes, width: int, row: int) -> str:
    parts: list[str] = []
    for column in range(width):
        above, below = (3 * ((row + down) * width + column) for down in (0, 1))
        front, back = (";".join(map(str, pixels[at : at + 3])) for at in (above, below))
        parts.append(f"\x1b[38;2;{front};48;2;{back}m\u2580")
    return "".join(parts) + _RESET
