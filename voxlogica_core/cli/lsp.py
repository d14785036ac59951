"""``voxlogica lsp``: hands this process over to the language server."""

import os
import sys

import click

from voxlogica_core.cli import options


@click.command(
    "lsp",
    epilog=options.examples(
        "voxlogica lsp",
    ),
)
def command() -> None:
    """Start the language server on standard input and output, for any editor."""
    os.execv(sys.executable, [sys.executable, "-m", "voxlogica_server"])
