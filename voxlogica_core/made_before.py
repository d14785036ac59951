"""Made before: what takes long to make, kept for the next process beside the source it is made of.

What is kept is as trustworthy as the source, or as the user's own cache folder where nothing can be
written beside the source. Whoever keeps something puts all that it depends on into its name.
"""

import os
import secrets
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_dir

_DIGEST = 32


def kept(source: Path, name: str) -> bytes | None:
    """Return what is kept of a source under a name; None if there is nothing, or not all of it."""
    for folder in _folders(source):
        try:
            content = (folder / name).read_bytes()
        except OSError:
            continue
        if sha256(content[_DIGEST:]).digest() == content[:_DIGEST]:
            return content[_DIGEST:]
    return None


def keep(source: Path, name: str, content: bytes) -> None:
    """Keep what was made of a source, if that can be written anywhere.

    Where it cannot, every process makes it anew.
    """
    for folder in _folders(source):
        part = folder / f".{secrets.token_hex(8)}"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                part.write_bytes(sha256(content).digest() + content)
                os.replace(part, folder / name)
            finally:
                with suppress(OSError):
                    part.unlink(missing_ok=True)
        except OSError:
            continue
        return


def _folders(source: Path) -> tuple[Path, Path]:
    return source.parent / "__pycache__", Path(user_cache_dir("voxlogica")) / "made before"
