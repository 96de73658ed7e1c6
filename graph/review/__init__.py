"""Review: which facts are doubtful and why, and what officials decided about them."""
