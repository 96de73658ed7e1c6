"""Keeps what a running service has opened, and follows the store as it changes."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from graph.durable import StoreError
from ui.problems import ProblemError

_LOOK_EVERY = 1.0  # seconds between looks at the store's pointer
Opened = TypeVar("Opened")


class Shelf(Generic[Opened]):
    """Opens something once, in whichever thread asks first, and refreshes it as the store moves on.

    Calling the shelf gives what was opened, no more than a second behind the store; it raises
    ProblemError (503) when the store cannot be read.
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
            except StoreError as error:
                if self._opened is None:
                    raise ProblemError(503, f"知识库打不开：{error.what}", error.remedy) from error
            assert self._opened is not None  # noqa: S101  opened above, or raised
            return self._opened
