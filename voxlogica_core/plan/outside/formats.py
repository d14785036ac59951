"""Which values a file of which name can hold; writes nothing."""

from voxlogica_core.values.kind import ANY, COLOUR, IMAGE_LIKE, Kind

VOLUMES = (".nii.gz", ".nii", ".mha", ".seg.nrrd", ".nrrd")
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff")
TEXTS = (".json", ".csv", ".txt")


def extension(path: str) -> str:
    """Return the extension that decides how a value is written, empty where none is known."""
    lower = path.lower()
    return next((e for e in (*VOLUMES, *PICTURES, *TEXTS) if lower.endswith(e)), "")


def unfit(path: str, kind: Kind) -> str | None:
    """Say why a value of a kind cannot be saved at a path, or None where it may be."""
    ending = extension(path)
    if not ending:
        known = " ".join((*VOLUMES, *PICTURES, *TEXTS))
        return f"the name {path} does not say how to save: end it with one of {known}"
    item = kind
    while item.item is not None:
        item = item.item
    if kind == ANY or item == ANY:
        return None
    if kind in IMAGE_LIKE and ending in TEXTS:
        return f"an image cannot be saved as {ending}: use .nii.gz, or .png for a 2-D image"
    if item not in IMAGE_LIKE and ending not in TEXTS:
        return f"a {kind} cannot be saved as {ending}: use .json or .csv"
    if item == COLOUR and ending == ".seg.nrrd":
        return "a colour image is no segmentation: use .png, .tif or .nii.gz"
    return None
