"""What a change makes looser, between a revision that people trust and the files that are here now."""
