"""Trains or opens models, and aligns what they predict."""
