"""Versions of installed packages, for provenance. Imports none of them."""

from importlib.metadata import PackageNotFoundError, version


def installed_version(package: str) -> str | None:
    """Return the version of a package, None where it runs without being installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
