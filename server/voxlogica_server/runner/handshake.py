"""Whether server and runner mean the same by a node id. Otherwise one id could be two values."""

from hashlib import sha256
from pathlib import Path

from voxlogica_core.engine.crashes.caution import CAREFREE, Caution
from voxlogica_core.plan.digest import ENCODING
from voxlogica_core.plan.signature import Catalogue
from voxlogica_server.runner.messages import PROTOCOL, Hello


def hello(
    catalogue: Catalogue,
    store: Path,
    caution: Caution = CAREFREE,
    threads: int | None = None,
    memory: int | None = None,
) -> Hello:
    """Return what the server says of itself."""
    digest = catalogue_digest(catalogue)
    return Hello(PROTOCOL, ENCODING, digest, str(store), caution, threads, memory)


def objection(said: Hello, catalogue: Catalogue) -> str | None:
    """Say why a runner with this catalogue must not run for who said this, None if it may."""
    cure = "voxlogica has changed since the language server was started: restart the server"
    if said.protocol != PROTOCOL:
        return f"the language server speaks protocol {said.protocol}, the runner {PROTOCOL}; {cure}"
    if (said.encoding, said.catalogue) != (ENCODING, catalogue_digest(catalogue)):
        return (
            "the language server and the runner are of different versions, so that one name could "
            f"stand for two values; {cure}"
        )
    return None


def catalogue_digest(catalogue: Catalogue) -> str:
    """Return a digest of names and versions of all primitives."""
    names = sorted(f"{primitive.qualified} {primitive.version}" for primitive in catalogue)
    return sha256("\n".join(names).encode()).hexdigest()
