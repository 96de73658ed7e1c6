"""Keeps what a running service has opened, and follows the store as it changes."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from graph.storage.durable import StoreError

_PAUSE = 1.0  # seconds before a store that could not be read is looked at again
Opened = TypeVar("Opened")


class Shelf(Generic[Opened]):
    """Opens something once, in whichever thread asks first, and refreshes it as the store moves on.

    Calling the shelf gives what was opened, as the store is now: who has just written sees it. It
    raises StoreError when nothing can be opened; a store that goes bad later leaves what was opened
    before, and is looked at again after a pause.
    """

    def __init__(self, opener: Callable[[], Opened], refresh: Callable[[Opened], object]) -> None:
        self._opener = opener
        self._refresh = refresh
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._next_look = 0.0

    def __call__(self) -> Opened:
        """Return what was opened, refreshed where the store has moved on."""
        with self._lock:
            try:
                if self._opened is None:
                    self._opened = self._opener()
                elif time.monotonic() >= self._next_look:
                    self._refresh(self._opened)  # a glance at the pointer: microseconds
            except StoreError:
                if self._opened is None:
                    raise
                self._next_look = time.monotonic() + _PAUSE
            return self._opened
