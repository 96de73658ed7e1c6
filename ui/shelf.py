"""Keeps the opened library for a running service and follows the store as it changes."""

import threading
import time
from collections.abc import Callable

from ui.doors import Library
from ui.problems import ProblemError

_LOOK_EVERY = 1.0  # seconds between looks at the store's pointer


class Shelf:
    """Opens the library once, in whichever thread asks first, and refreshes it as the store moves on.

    Calling the shelf gives the library; it is the `Provider` of the API and the pages.
    """

    def __init__(self, opener: Callable[[], Library]) -> None:
        self._opener = opener
        self._lock = threading.Lock()
        self._library: Library | None = None
        self._looked = 0.0

    def __call__(self) -> Library:
        """Return the library, opened and no more than a second behind the store."""
        with self._lock:
            if self._library is None:
                try:
                    self._library = self._opener()
                except OSError as error:
                    raise ProblemError(503, "知识库打不开", "请管理员检查知识库目录后重试") from error
                self._looked = time.monotonic()
            elif time.monotonic() - self._looked > _LOOK_EVERY:
                self._library.refresh()
                self._looked = time.monotonic()
            return self._library
