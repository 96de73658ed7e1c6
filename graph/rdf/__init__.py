"""Records as RDF: names, terms and literals, the graph all policies share, and the check by shapes."""
