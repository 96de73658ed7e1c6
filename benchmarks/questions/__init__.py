"""Question sets that measure the service, written apart from the reference gold set."""
