"""``voxlogica lsp``: hands this process over to the language server."""

import os
import sys

import click


@click.command("lsp")
def command() -> None:
    """Start the language server on standard input and output, for any editor."""
    os.execv(sys.executable, [sys.executable, "-m", "voxlogica_server"])
