"""What a run must compute, and what is known of it already. Runs nothing."""
