"""Source files to a snapshot: typed columns, row identity, what may be shown, splits."""
