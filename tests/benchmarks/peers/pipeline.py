"""The image pipeline as a good user would write it by hand with SimpleITK and numpy."""

import json
import sys

import numpy as np
import SimpleITK as sitk


def distance(mask: sitk.Image) -> sitk.Image:
    """Distance to the mask in mm, negative inside."""
    return sitk.SignedMaurerDistanceMap(mask, squaredDistance=False, useImageSpacing=True)


def opened(mask: sitk.Image, radius: float) -> sitk.Image:
    """Take off what is thin, give back what remains: distances from a signed map."""
    inner = distance(sitk.Not(mask)) >= radius
    return distance(inner) <= radius


def near(mask: sitk.Image) -> sitk.Image:
    """The mask and its 26 neighbours."""
    return sitk.BinaryDilate(mask, [1, 1, 1], sitk.sitkBox)


def reached(seed: sitk.Image, region: sitk.Image) -> sitk.Image:
    """The components of the region that the seed lies in."""
    return sitk.BinaryReconstructionByDilation(sitk.And(seed, region), region, 0, 1, True)


def edge(image: sitk.Image) -> sitk.Image:
    """The outermost voxels."""
    voxels = np.ones(image.GetSize()[::-1], np.uint8)
    voxels[1:-1, 1:-1, 1:-1] = 0
    found = sitk.GetImageFromArray(voxels)
    found.CopyInformation(image)
    return found


def largest(mask: sitk.Image) -> sitk.Image:
    """The largest component."""
    components = sitk.ConnectedComponent(mask, True)
    return sitk.RelabelComponent(components) == 1


def ranks(voxels: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Share of voxels inside that are darker than each, half of the equal ones counted."""
    _, places, counts = np.unique(voxels[inside], return_inverse=True, return_counts=True)
    below = np.concatenate([[0], np.cumsum(counts)[:-1]])
    result = np.full(voxels.shape, -1, np.float32)
    result[inside] = ((below + 0.5 * counts) / counts.sum()).astype(np.float32)[places]
    return result


def volume(mask: sitk.Image) -> int:
    """Number of voxels."""
    return int(np.count_nonzero(sitk.GetArrayViewFromImage(mask)))


def main(path: str) -> None:
    """Print the numbers of the pipeline as one JSON object."""
    image = sitk.ReadImage(path, sitk.sitkFloat32)
    voxels = sitk.GetArrayViewFromImage(image)
    most = float(voxels.max())
    bright = image >= 0.4 * most
    vbright = opened(image >= 0.6 * most, 2)
    dark = image <= 0.05 * most
    brain = sitk.Not(reached(edge(image), dark))
    near1 = near(vbright)
    near2 = near(near1)
    near3 = near(near2)
    hit = reached(vbright, bright)
    grown = sitk.Or(vbright, reached(near1, bright))
    inside = sitk.GetArrayViewFromImage(brain) > 0
    rank = ranks(voxels, inside)
    late = (rank >= 0.8) & (sitk.GetArrayViewFromImage(grown) > 0)
    far = distance(vbright)
    print(
        json.dumps(
            {
                "bright": volume(bright),
                "vbright": volume(vbright),
                "brain": volume(brain),
                "near1": volume(near1),
                "near2": volume(near2),
                "near3": volume(near3),
                "rim": volume(near(bright)),
                "largest": volume(largest(bright)),
                "distance": float(sitk.GetArrayViewFromImage(far).max()),
                "reached": volume(hit),
                "grown": volume(grown),
                "rank": float(rank[inside].mean(dtype=np.float64)),
                "late": int(np.count_nonzero(late)),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
