"""Tiny images written to files."""

from pathlib import Path

import numpy as np
import SimpleITK as sitk


def write_ball(path: Path, length: int = 24, spacing: float = 2) -> None:
    """Write a cube of noise with a bright ball in it; its voxels are 1 × 1 × 2 mm by default."""
    z, y, x = np.mgrid[:length, :length, :length] - length / 2
    noise = np.random.default_rng(3).normal(0, 2, (length,) * 3)
    ball = 100.0 * (x**2 + y**2 + z**2 < (length / 3) ** 2)
    image = sitk.GetImageFromArray((ball + noise).astype(np.float32))
    image.SetSpacing((1, 1, spacing))
    sitk.WriteImage(image, str(path))
