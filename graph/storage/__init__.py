"""The store on disk: immutable generations of records and triples, and one pointer."""
