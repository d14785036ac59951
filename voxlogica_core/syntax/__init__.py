"""From text to tree: never raises on user text, gives no names a meaning."""
