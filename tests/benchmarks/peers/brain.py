"""The brain example as a good user would write it by hand with SimpleITK and numpy."""

from pathlib import Path

import numpy as np
import SimpleITK as sitk

_DATA = Path(__file__).parents[3] / "examples" / "data"


def smoothen(mask: sitk.Image, radius: float) -> sitk.Image:
    """Take off what is thin, give back what remains: distances from a signed map."""
    inner = distance(sitk.Not(mask)) >= radius
    return distance(inner) <= radius


def distance(mask: sitk.Image) -> sitk.Image:
    """Distance to the mask in mm, negative inside."""
    return sitk.SignedMaurerDistanceMap(mask, squaredDistance=False, useImageSpacing=True)


def grow(seed: sitk.Image, region: sitk.Image) -> sitk.Image:
    """The seed, and the components of the region that touch it."""
    near = sitk.BinaryDilate(seed, [1, 1, 1], sitk.sitkBox)
    reached = sitk.BinaryReconstructionByDilation(sitk.And(near, region), region, 0, 1, True)
    return sitk.Or(seed, reached)


def dice(one: sitk.Image, other: sitk.Image) -> float:
    """Twice the overlap over the sum of both volumes."""
    a, b = (sitk.GetArrayViewFromImage(image) > 0 for image in (one, other))
    return float(2 * np.count_nonzero(a & b) / (np.count_nonzero(a) + np.count_nonzero(b)))


def rank_image(image: sitk.Image) -> sitk.Image:
    """Share of brain voxels darker than each, half of the equal ones counted."""
    voxels = sitk.GetArrayFromImage(image)
    brain = voxels > 0
    values, places, counts = np.unique(voxels[brain], return_inverse=True, return_counts=True)
    below = np.concatenate([[0], np.cumsum(counts)[:-1]])
    ranks = ((below + 0.5 * counts) / counts.sum()).astype(np.float32)
    result = np.full(voxels.shape, -1, np.float32)
    result[brain] = ranks[places]
    del values
    found = sitk.GetImageFromArray(result)
    found.CopyInformation(image)
    return found


def main() -> None:
    """Print the numbers of the example and save its mask."""
    t1, grey_map, white_map = (
        sitk.ReadImage(str(_DATA / f"mni152_{name}_1mm.nii.gz"), sitk.sitkFloat32)
        for name in ("t1", "gm", "wm")
    )
    rank = rank_image(t1)
    white = grow(smoothen(rank > 0.72, 2), rank > 0.66)
    grey = sitk.And(sitk.And(rank > 0.08, distance(white) <= 9), sitk.Not(white))
    true_grey, true_white = grey_map > 127, white_map > 127
    print("grey: dice", dice(grey, true_grey))
    print("grey: dice of a plain window", dice(sitk.And(t1 >= 120, t1 < 200), true_grey))
    print("white: dice", dice(white, true_white))
    print("white: dice of a plain window", dice(t1 >= 200, true_white))
    volume = np.count_nonzero(sitk.GetArrayViewFromImage(white))
    print("white: volume in ml", volume * float(np.prod(t1.GetSpacing())) / 1000)
    Path("output").mkdir(exist_ok=True)
    sitk.WriteImage(white, "output/white.nii.gz")


if __name__ == "__main__":
    main()
