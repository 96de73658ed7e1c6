"""The search index on a Milvus server: words and meaning of every clause in one collection."""
