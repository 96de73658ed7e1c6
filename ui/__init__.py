"""Meeting: people and programs; the place where everything is put together."""
