"""The table of nodes and all that makes one. Knows no text."""
