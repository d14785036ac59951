"""What outlives a crash: notes of what ran, and caution after it. Starts nothing."""
