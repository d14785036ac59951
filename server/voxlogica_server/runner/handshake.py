"""Whether server and runner mean the same by a node id. Otherwise one id could be two values."""

from hashlib import sha256
from pathlib import Path

from voxlogica_core.plan.digest import ENCODING
from voxlogica_core.plan.signature import Catalogue
from voxlogica_server.runner.messages import PROTOCOL, Hello


def hello(catalogue: Catalogue, store: Path) -> Hello:
    """Return what the server says of itself."""
    return Hello(PROTOCOL, ENCODING, catalogue_digest(catalogue), str(store))


def objection(said: Hello, catalogue: Catalogue) -> str | None:
    """Say why a runner with this catalogue must not run for who said this, None if it may."""
    own = hello(catalogue, Path(said.store))
    if said == own:
        return None
    return (
        "the language server and the runner are of different versions, so the same name could "
        "stand for two values; restart the language server"
    )


def catalogue_digest(catalogue: Catalogue) -> str:
    """Return a digest of names and versions of all primitives."""
    names = sorted(f"{primitive.qualified} {primitive.version}" for primitive in catalogue)
    return sha256("\n".join(names).encode()).hexdigest()
