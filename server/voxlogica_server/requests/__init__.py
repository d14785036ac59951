"""One file per LSP family: thin translation."""
