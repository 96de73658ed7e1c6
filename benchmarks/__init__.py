"""Measurements: each module prints the figures that the documentation quotes."""
