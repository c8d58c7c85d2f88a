"""check: facts -> findings."""
