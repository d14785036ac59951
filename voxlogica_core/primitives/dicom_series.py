"""DICOM series: the slices of a folder as one volume, or an error that says why they are none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import SimpleITK

from voxlogica_core.errors import FileError
from voxlogica_core.primitives.sitk_images import reason
from voxlogica_core.values.image import Voxels

UNEVEN = 0.01
"""Share of the distance of slices by which one may be off its place."""


def read_series(folder: str) -> SimpleITK.Image:
    """Read the only DICOM series of a folder, its slices in the order of their places.

    Parameters
    ----------
    folder
        Subfolders and files that are not DICOM do not matter.

    Raises
    ------
    FileError
        There are several series, or the slices are no regular stack: one is missing or twice
        there, sizes or directions differ, or the stack leans.
    """
    series = SimpleITK.ImageSeriesReader.GetGDCMSeriesIDs(folder)
    if len(series) != 1:
        raise FileError(
            f"{folder} holds {len(series)} DICOM series, one is wanted: "
            "put each into a folder of its own"
        )
    names = SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(folder, series[0])
    try:
        _check_stack(folder, [_slice(name) for name in names])
        reader = SimpleITK.ImageSeriesReader()
        reader.SetImageIO("GDCMImageIO")
        reader.SetFileNames(names)
        return reader.Execute()
    except RuntimeError as error:
        raise FileError(f"{folder} cannot be read as a DICOM series: {reason(error)}") from None


@dataclass(frozen=True, slots=True, eq=False)
class _Slice:
    size: tuple[int, ...]
    spacing: tuple[float, ...]
    place: Voxels
    direction: Voxels


def _slice(name: str) -> _Slice:
    reader = SimpleITK.ImageFileReader()
    reader.SetImageIO("GDCMImageIO")
    reader.SetFileName(name)
    reader.ReadImageInformation()
    return _Slice(
        tuple(reader.GetSize()),
        tuple(reader.GetSpacing()[:2]),
        np.array(reader.GetOrigin()),
        np.reshape(reader.GetDirection(), (3, 3)),
    )


def _check_stack(folder: str, slices: Sequence[_Slice]) -> None:
    first = slices[0]
    for other in slices[1:]:
        same = other.size == first.size and np.allclose(other.spacing, first.spacing, rtol=1e-4)
        if not same or not np.allclose(other.direction, first.direction, atol=1e-4):
            raise FileError(
                f"the slices in {folder} differ in size, spacing or direction: "
                "put those of one volume into a folder of their own"
            )
    if len(slices) < 2:
        return
    steps = np.diff([each.place for each in slices], axis=0)
    along = np.abs(steps @ first.direction[:, 2])
    usual = float(np.median(along))
    off = np.flatnonzero(np.abs(along - usual) > UNEVEN * usual)
    if usual == 0 or off.size:
        _refuse_gap(folder, along, usual, int(off[0]) if off.size else 0)
    lean = np.linalg.norm(steps - np.outer(steps @ first.direction[:, 2], first.direction[:, 2]))
    if lean > UNEVEN * usual * len(steps):
        raise FileError(
            f"the stack of slices in {folder} leans: its slices do not lie straight above each "
            "other; convert it with a tool that corrects the tilt of the gantry"
        )


def _refuse_gap(folder: str, along: Voxels, usual: float, position: int) -> None:
    raise FileError(
        f"slices {position + 1} and {position + 2} in {folder} are {along[position]:g} mm apart, "
        f"others {usual:g} mm: a slice is missing, or there are several volumes in the folder"
    )
