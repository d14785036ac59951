"""Weights: how many bytes Dask is to count for what tasks give. Called where Dask is at work.

Without this an image weighs 56 bytes for it: its figures of memory, and whatever limits somebody
sets on a cluster, would be blind.
"""

from dask.sizeof import sizeof

from voxlogica_core.engine.workers.worker import TaskResult
from voxlogica_core.store.store import bytes_of
from voxlogica_core.values.image import Image

_BYTES_A_REPORT = 200


def weigh_truly() -> None:
    """Tell Dask the sizes of images and results in this process; to do so again does nothing."""
    sizeof.register(Image, _bytes_of_image)
    sizeof.register(TaskResult, _bytes_of_result)


def _bytes_of_image(image: Image) -> int:
    return image.nbytes


def _bytes_of_result(result: TaskResult) -> int:
    values = sum(bytes_of(value) for value in list(result.values.values()))
    return values + _BYTES_A_REPORT * len(result.reports)
