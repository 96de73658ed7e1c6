"""Reading: bytes → lines → policy, annexes and clauses, each with its place in the text."""
