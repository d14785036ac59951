"""From tree to plan: names vanish, equal work becomes one node; runs nothing."""
