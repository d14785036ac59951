"""Sizes in bytes as people write them: 800M, 4G. Measures nothing."""

_FACTORS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


def size_from(text: str) -> int:
    """Return the number of bytes that a text such as ``4G``, ``800 MB`` or ``1.5GiB`` means.

    Raises
    ------
    ValueError
        The text is no size.
    """
    plain = text.strip().upper().removesuffix("IB").removesuffix("B").rstrip()
    factor = _FACTORS.get(plain[-1:], 1)
    try:
        size = int(float(plain[:-1] if factor > 1 else plain) * factor)
    except (ValueError, OverflowError):
        size = -1
    if size < 0:
        raise ValueError(f"{text!r} is no size: write it as 800M or 4G")
    return size


def size_text(size: float) -> str:
    """Return a number of bytes for people: three digits at most, in steps of 1024."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1024
    return f"{size:.0f} {unit}" if unit == "B" or size >= 100 else f"{size:.1f} {unit}"
