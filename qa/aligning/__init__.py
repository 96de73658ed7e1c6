"""Documents side by side: which clauses rule on the same measure, and what differs in them."""
