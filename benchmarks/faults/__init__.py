"""Faults tried on a store and on a running service; ``python -m benchmarks.faults``."""
