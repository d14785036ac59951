"""From plan to outcomes: demand, schedule, run; reads no text."""
