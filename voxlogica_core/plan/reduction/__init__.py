"""From expressions to nodes: names, calls, loops, what is read. Runs nothing."""
