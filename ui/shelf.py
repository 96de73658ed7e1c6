"""Keeps what a running service has opened, and follows the store as it changes."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from graph.storage.durable import StoreError

_LOOK_EVERY = 1.0  # seconds between looks at the store's pointer
Opened = TypeVar("Opened")


class Shelf(Generic[Opened]):
    """Opens something once, in whichever thread asks first, and refreshes it as the store moves on.

    Calling the shelf gives what was opened, no more than a second behind the store. It raises
    StoreError when nothing can be opened; a store that goes bad later leaves what was opened before.
    """

    def __init__(self, opener: Callable[[], Opened], refresh: Callable[[Opened], object]) -> None:
        self._opener = opener
        self._refresh = refresh
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._looked = 0.0

    def __call__(self) -> Opened:
        """Return what was opened, refreshed when it is time to look again."""
        with self._lock:
            try:
                if self._opened is None:
                    self._opened = self._opener()
                    self._looked = time.monotonic()
                elif time.monotonic() - self._looked > _LOOK_EVERY:
                    self._looked = time.monotonic()
                    self._refresh(self._opened)
            except StoreError:
                if self._opened is None:
                    raise
            return self._opened
