"""Brings in a user's own data and repository: `govern init`, `add`, `draft` and `scan`."""
