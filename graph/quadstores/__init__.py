"""Where the graph lies: one door, and behind it Oxigraph in the store's folder or a server of others."""
