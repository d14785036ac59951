"""Source text, spans and diagnostics; knows nothing of the language."""
