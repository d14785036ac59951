"""Pages of Markdown about nodes, primitives and stored results."""
