"""Memory of a generation that was left goes back to the system, not only to the process."""

import ctypes
import gc
import threading

_ARENAS = -8  # M_ARENA_MAX of glibc's mallopt
_LATER = 5.0  # seconds: whoever still reads the old generation has ended by then


def few_arenas() -> None:
    """Have all threads share two heaps: with one each, what a thread let go of is kept from the others."""
    _libc("mallopt", _ARENAS, 2)


def later() -> None:
    """Give back in a moment what is not used any more."""
    timer = threading.Timer(_LATER, give_back)
    timer.daemon = True
    timer.start()


def give_back() -> None:
    """Let go of what holds itself alive, and return free memory to the system."""
    gc.collect()
    _libc("malloc_trim", 0)


def _libc(name: str, *words: int) -> None:
    call = getattr(ctypes.CDLL(None), name, None)  # glibc alone has them
    if call is not None:
        call(*words)
