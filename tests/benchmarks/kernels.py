"""Kernels on 240×240×155 voxels beside SimpleITK: one and two threads, and memory at the peak.

Wall-clock times are the best of several; the ratio is of processor times on one thread, which other
programs on the machine disturb least. On two threads ours runs two kernels at once, as the engine
does, and the time is that of each; SimpleITK divides one image among its own two threads.
"""

# pyright: reportUnknownLambdaType=false
# SimpleITK's types are partial.

import ctypes
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import SimpleITK as sitk

from tests.support.heads import Head, head
from voxlogica_core.primitives import (
    arithmetic,
    comparison,
    components,
    distance,
    logic,
    neighbours,
    percentiles,
    totals,
)
from voxlogica_core.primitives.image_files import read_image, write_image
from voxlogica_core.primitives.similarity import cross_correlation
from voxlogica_core.primitives.sitk_images import to_sitk
from voxlogica_core.values.image import Image

_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Rival:
    """One operation: ours, and SimpleITK's where it has one."""

    name: str
    ours: Callable[[], object]
    theirs: Callable[[], object] | None = None


def main() -> dict[str, dict[str, float | None]]:
    """Print and return the figures, in milliseconds and MB."""
    figures: dict[str, dict[str, float | None]] = {}
    titles = ("sitk", "sitk, 2", "ours", "ours, 2", "ratio", "sitk MB", "ours MB")
    print(f"  {'':26}" + "".join(f"{title:>9}" for title in titles))
    before = sitk.ProcessObject.GetGlobalDefaultNumberOfThreads()
    with TemporaryDirectory() as temporary:
        for rival in rivals(head(), Path(temporary)):
            figures[rival.name] = _figures(rival)
            cells = (
                f"{n:9.2f}" if n is not None else f"{'':>9}" for n in figures[rival.name].values()
            )
            print(f"  {rival.name:26}" + "".join(cells))
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(before)
    return figures


def rivals(given: Head, folder: Path) -> list[Rival]:
    """Return what is measured."""
    image, bright, brain = given.image, given.bright, given.brain
    their_image, theirs, their_brain = to_sitk(image), to_sitk(bright), to_sitk(brain)

    def distances() -> sitk.Image:
        return sitk.SignedMaurerDistanceMap(theirs, False, False, True)

    def largest() -> sitk.Image:
        return sitk.RelabelComponent(sitk.ConnectedComponent(theirs, True)) == 1

    def opened(r: float) -> sitk.Image:
        worn = sitk.SignedMaurerDistanceMap(sitk.Not(theirs), False, False, True) >= r
        return sitk.SignedMaurerDistanceMap(worn, False, False, True) <= r

    def reached() -> sitk.Image:
        return sitk.BinaryReconstructionByDilation(theirs, their_brain, 1, 0, True)

    box, three = sitk.sitkBox, (1, 1, 1)
    return [
        Rival(
            "img > 500", lambda: comparison.image_greater(image, 500.0), lambda: their_image > 500
        ),
        Rival("a & b", lambda: logic.and_masks(bright, brain), lambda: theirs & their_brain),
        Rival("!a", lambda: logic.not_mask(bright), lambda: sitk.Not(theirs)),
        Rival(
            "img + img",
            lambda: arithmetic.add_to_image(image, image),
            lambda: their_image + their_image,
        ),
        Rival(
            "min, max",
            lambda: (totals.smallest_voxel(image), totals.largest_voxel(image)),
            lambda: sitk.MinimumMaximum(their_image),
        ),
        Rival("volume", lambda: totals.voxel_count(bright), lambda: _sum(theirs)),
        Rival(
            "avg", lambda: totals.mean_inside(image, brain), lambda: _mean(their_image, their_brain)
        ),
        Rival(
            "near",
            lambda: neighbours.near(bright),
            lambda: sitk.BinaryDilate(theirs, three, box, 0, 1),
        ),
        Rival(
            "interior",
            lambda: neighbours.interior(bright),
            lambda: sitk.BinaryErode(theirs, three, box, 0, 1),
        ),
        Rival(
            "lcc",
            lambda: components.components(bright),
            lambda: sitk.ConnectedComponent(theirs, True),
        ),
        Rival("through", lambda: components.through(bright, brain), reached),
        Rival("maxvol", lambda: components.largest_components(bright), largest),
        Rival("dt", lambda: distance.signed_distance(bright), distances),
        *[
            Rival(
                f"distleq {r:g}",
                lambda r=r: distance.within(r, bright),
                lambda r=r: distances() <= r,
            )
            for r in (2.0, 5.0, 25.0)
        ],
        Rival("smoothen 5", lambda: distance.smoothen(bright, 5.0), lambda: opened(5.0)),
        Rival("percentiles", lambda: percentiles.percentile_ranks(image, brain, 0.5)),
        Rival("percentiles, whole", lambda: percentiles.percentile_ranks(given.whole, brain, 0.5)),
        Rival("percentile", lambda: percentiles.percentile(image, brain, 0.5)),
        *[
            Rival(
                f"crossCorrelation {r:g}, {k:g}",
                lambda r=r, k=k: cross_correlation(r, image, image, bright, 0.0, 1000.0, k),
            )
            for r, k in ((5.0, 100.0), (3.0, 20.0), (15.0, 100.0))
        ],
        *_files(given, folder),
    ]


def _files(given: Head, folder: Path) -> list[Rival]:
    """Return reading and writing of a compressed image of int16, of float32, and of a mask."""
    whole = to_sitk(given.whole)
    sitk.WriteImage(sitk.Cast(whole, sitk.sitkInt16), str(folder / "int16.nii.gz"), True)
    sitk.WriteImage(to_sitk(given.image), str(folder / "float32.nii.gz"), True)
    written = (("float32", given.image), ("mask", given.bright))
    reading = [
        Rival(
            f"read {name}.nii.gz",
            lambda path=str(folder / f"{name}.nii.gz"): read_image(path),
            lambda path=str(folder / f"{name}.nii.gz"): sitk.ReadImage(path),
        )
        for name in ("int16", "float32")
    ]
    return [*reading, *(_writing(name, image, folder) for name, image in written)]


def _writing(name: str, image: Image, folder: Path) -> Rival:
    theirs = to_sitk(image)
    return Rival(
        f"write {name}.nii.gz",
        lambda: write_image(image, str(folder / "ours.nii.gz")),
        lambda: sitk.WriteImage(theirs, str(folder / "theirs.nii.gz"), True),
    )


def _figures(rival: Rival) -> dict[str, float | None]:
    ours = _Measured.of(rival.ours)
    found: dict[str, float | None] = {"sitk": None, "sitk 2": None}
    theirs = None
    if rival.theirs is not None:
        sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
        theirs = _Measured.of(rival.theirs)
        sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(2)
        found = {"sitk": theirs.wall, "sitk 2": _Measured.of(rival.theirs).wall}
    return {
        **found,
        "ours": ours.wall,
        "ours 2": _two_at_once(rival.ours),
        "ratio": ours.processor / theirs.processor if theirs else None,
        "sitk mb": theirs.peak if theirs else None,
        "ours mb": ours.peak,
    }


@dataclass(frozen=True, slots=True)
class _Measured:
    """Milliseconds on the clock and of the processor, and MB of memory above what was there."""

    wall: float
    processor: float
    peak: float

    @classmethod
    def of(cls, call: Callable[[], object]) -> "_Measured":
        call()  # compiled, and its pages in memory
        rounds = [_timed(call) for _ in range(_ROUNDS)]
        return cls(min(w for w, _ in rounds), min(p for _, p in rounds), _peak(call))


def _timed(call: Callable[[], object]) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    call()
    return (time.perf_counter() - wall) * 1e3, (time.process_time() - processor) * 1e3


def _two_at_once(call: Callable[[], object]) -> float:
    def both() -> None:
        for running in [threads.submit(call) for _ in range(2)]:
            running.result()

    with ThreadPoolExecutor(2) as threads:
        return min(_timed(both)[0] for _ in range(_ROUNDS)) / 2


def _peak(call: Callable[[], object]) -> float:
    """Return by how much memory grew during a call at most; 0 where the system does not tell."""
    clear, status = Path("/proc/self/clear_refs"), Path("/proc/self/status")
    if not clear.exists():
        return 0.0
    ctypes.CDLL(None).malloc_trim(0)  # what was freed and kept would hide what is taken
    clear.write_text("5")  # forget the highest size so far
    before = _kilobytes(status, "VmRSS")
    result = call()
    after = _kilobytes(status, "VmHWM")
    del result
    return max(after - before, 0) / 1024


def _kilobytes(status: Path, field: str) -> int:
    line = next(line for line in status.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1])


def _sum(image: sitk.Image) -> float:
    statistics = sitk.StatisticsImageFilter()
    statistics.Execute(image)
    return statistics.GetSum()


def _mean(image: sitk.Image, mask: sitk.Image) -> float:
    statistics = sitk.LabelIntensityStatisticsImageFilter()
    statistics.Execute(mask, image)
    return statistics.GetMean(1)


if __name__ == "__main__":
    main()
