"""Commands by which people accept something: a waiver, a baseline, an approval."""
