"""Text formats cell by cell, as they were written: what a reading library would guess away."""
