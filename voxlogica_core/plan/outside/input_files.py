"""The files an image consists of, and their digest: what identity knows of the outside.

Some formats keep header and voxels apart; then the digest is that of all names and digests.
"""

import hashlib
import os
from pathlib import Path

from voxlogica_core.errors import FileError

HEAD = 4096
"""Bytes of a file within which every header we look at ends."""


def extension(path: str) -> str:
    """Return the extension of an image file, ``.nii.gz`` as one, in small letters."""
    name = Path(path).name.lower()
    double = next((e for e in (".nii.gz", ".img.gz") if name.endswith(e)), None)
    return double or Path(name).suffix


def files_of(path: str) -> list[str]:
    """Return the files an image consists of, `path` first: a header may name a second one.

    Of a folder these are its DICOM files, which are slices of a volume, in order of name.
    """
    if os.path.isdir(path):
        return [file for file in _files_in(path) if head_of(file, 132).endswith(b"DICM")]
    suffix = extension(path)
    if suffix == ".hdr":
        return [path, *_present(path, (".img", ".img.gz"))]
    if suffix in (".img", ".img.gz"):
        return [path, *_present(path, (".hdr",))]
    if suffix in (".mhd", ".nhdr"):
        return [path, *_named_in_header(path)]
    return [path]


def digest_of(path: str) -> str:
    """Return the SHA-256 of a file; of several, that of their names and digests in order.

    Raises
    ------
    FileError
        A file is missing, a folder, or cannot be read.
    """
    files = files_of(path)
    if not files:
        raise FileError(f"{path} is a folder without DICOM files; dir(...) lists a folder")
    if len(files) == 1:
        return _file_digest(files[0])
    pairs = sorted((os.path.basename(file), _file_digest(file)) for file in files)
    return hashlib.sha256("\n".join(f"{n}\0{d}" for n, d in pairs).encode()).hexdigest()


def head_of(path: str, count: int = HEAD) -> bytes:
    """Return the first bytes of a file, at most `count` of them.

    Raises
    ------
    FileError
        It is missing, a folder, or cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return file.read(count)
    except OSError as error:
        raise FileError(unreadable(path, error)) from None


def unreadable(path: str, error: OSError) -> str:
    """Return in words why a file cannot be read."""
    match error:
        case FileNotFoundError():
            return f"there is no file {path}"
        case IsADirectoryError():
            return f"{path} is a folder, an image file is wanted; dir(...) lists a folder"
        case _:
            return f"{path} cannot be read: {error.strerror}"


def header_fields(head: bytes, separator: bytes) -> dict[str, str]:
    """Return the fields of a header in lines of text."""
    pairs = (line.partition(separator) for line in head.split(b"\n"))
    return {
        name.strip().decode("latin-1"): value.strip().decode("latin-1")
        for name, found, value in pairs
        if found
    }


def _file_digest(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileError(unreadable(path, error)) from None


def _files_in(folder: str) -> list[str]:
    try:
        return sorted(entry.path for entry in os.scandir(folder) if entry.is_file())
    except OSError as error:
        raise FileError(unreadable(folder, error)) from None


def _present(path: str, suffixes: tuple[str, ...]) -> list[str]:
    stem = path[: -len(extension(path))]
    return [stem + suffix for suffix in suffixes if os.path.exists(stem + suffix)][:1]


def _named_in_header(path: str) -> list[str]:
    head = head_of(path)
    fields = header_fields(head, b"=") | header_fields(head, b":")
    name = fields.get("ElementDataFile") or fields.get("data file") or fields.get("datafile")
    beside = os.path.join(os.path.dirname(path), name or "")
    return [beside] if name and os.path.isfile(beside) else []
