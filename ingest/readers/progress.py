"""How a reader tells how far it is with a long document."""

from collections.abc import Callable

Told = Callable[[int, int], None]  # scanned pages done, and in all


def silent(done: int, total: int) -> None:
    """Tell nobody."""
