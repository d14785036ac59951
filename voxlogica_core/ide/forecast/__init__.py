"""What a run would do: how much, how long, and why again. Runs nothing."""
