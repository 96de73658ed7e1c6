"""Reading: bytes → lines → policy, annexes and clauses, each with its place in the text."""

from ingest.readers import discover, read
from ingest.tree import parse

__all__ = ["discover", "parse", "read"]
