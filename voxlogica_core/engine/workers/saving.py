"""Files of a program: images read, values saved. Everything is written whole or not at all."""

import csv
import io
import json
import secrets
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from voxlogica_core.engine.files import TEXT_FORMATS, Printed
from voxlogica_core.errors import DataError, FileError
from voxlogica_core.values.image import Image
from voxlogica_core.values.written import Gap, written

if TYPE_CHECKING:
    from collections.abc import Callable

_IMAGE_FILES = "voxlogica_core.primitives.image_files"


class ProgramFiles:
    """Reads images and saves values where a program says."""

    def ready(self) -> None:
        """Import what reading needs."""
        import_module(_IMAGE_FILES)

    def read(self, path: str, digest: str) -> tuple[Image, tuple[str, ...]]:
        """Return the image in a file, and notes; `InputChanged` if it has another digest."""
        # 0.19 s to import SimpleITK, needed only where images are read
        from voxlogica_core.primitives.image_files import read_image  # noqa: PLC0415

        loaded = read_image(path, digest)
        return loaded.image, loaded.notes

    def save(self, value: Printed, path: str, side: str) -> tuple[str, ...]:
        """Write a value in the format its path says, and the side file of an image.

        Returns notes on what was lost.
        """
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            folder = Path(path).parent
            raise FileError(f"the folder {folder} cannot be made: {error.strerror}") from error
        if not isinstance(value, Image):
            write_whole(Path(path), text_of(value, path))
            return ()
        if path.endswith(TEXT_FORMATS):
            raise DataError(
                f"{path} is no place for an image; .nii.gz, .mha, .nrrd or .png is wanted"
            )
        # 0.19 s to import SimpleITK, needed only where images are saved
        from voxlogica_core.primitives.image_files import write_image  # noqa: PLC0415

        notes = write_image(value, path)
        write_whole(Path(f"{path}.json"), side)
        return notes


def text_of(value: Printed, path: str) -> str:
    """Return a value without images as the text of a file.

    Raises
    ------
    DataError
        The format is unknown, or the value does not fit it.
    """
    writers: Mapping[str, Callable[[Printed], str]] = {
        ".json": _json_text,
        ".csv": _csv_text,
        ".txt": _plain_text,
    }
    writer = writers.get(Path(path).suffix.lower())
    if writer is None:
        raise DataError(
            f"{path} wants an image, and the value is none; save numbers, texts, sequences and "
            f"records as {', '.join(TEXT_FORMATS)}"
        )
    return writer(value)


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that there is never half of it; its rights are those of any new file.

    Raises
    ------
    FileError
        The folder cannot be written.
    """
    try:
        part = path.with_name(f".{secrets.token_hex(8)}{path.suffix}")
        try:
            with part.open("x", encoding="utf-8", newline="") as file:
                file.write(text)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror}") from error


def _json_text(value: Printed) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, indent=2) + "\n"


def _plain_text(value: Printed) -> str:
    rows = value if isinstance(value, tuple) else (value,)
    return "".join(f"{_cell(row)}\n" for row in rows)


def _csv_text(value: Printed) -> str:
    rows = value if isinstance(value, tuple) else (value,)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if rows and all(isinstance(row, Mapping) for row in rows):
        records = [cast("Mapping[str, Printed]", row) for row in rows]
        names = list(dict.fromkeys(name for record in records for name in record))
        writer.writerow(names)
        writer.writerows([[_cell(record.get(name)) for name in names] for record in records])
    else:
        writer.writerows([_cells(row) for row in rows])
    return text.getvalue()


def _cells(row: Printed) -> Sequence[str]:
    return [_cell(item) for item in row] if isinstance(row, tuple) else [_cell(row)]


def _cell(value: Printed) -> str:
    match _plain(value):
        case None:
            return written(value) if isinstance(value, Gap) else ""
        case str() as text:
            return text
        case other:
            return json.dumps(other, ensure_ascii=False)


def _plain(value: Printed) -> object:
    match value:
        case Image():
            raise DataError("an image inside a sequence or record cannot be written as text")
        case Gap():
            return None
        case tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {name: _plain(item) for name, item in value.items()}
        case float() if value.is_integer() and abs(value) < 2**53:
            return int(value)
        case _:
            return value
