"""Steps and tasks, how they are cut, what they are expected to cost. Runs nothing."""
