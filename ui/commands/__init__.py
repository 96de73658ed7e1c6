"""The commands behind `zhengwen`: one module a kind of work, and what they print."""
