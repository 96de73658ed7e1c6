"""Knowing: clauses → facts → RDF store."""
