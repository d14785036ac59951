"""How a run goes on: demand, cut, drive, and again. Calls no kernel."""
