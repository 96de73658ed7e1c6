"""The service: API, guard, and what puts them and the pages together."""
