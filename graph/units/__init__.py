"""Public bodies: how their names are built and said, who does what, and which one a question means."""
