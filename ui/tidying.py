"""Memory: garbage is looked for seldom, and that of a generation that was left goes back to the system."""

import ctypes
import gc
import threading

_ARENAS = -8  # M_ARENA_MAX of glibc's mallopt
_SELDOM = 50_000, 20, 100  # new objects to a look; looks to one at the younger ones, and at all
_LATER = 5.0  # seconds: whoever still reads the old generation has ended by then


def few_arenas() -> None:
    """Have all threads share two heaps: with one each, what a thread let go of is kept from the others."""
    _libc("mallopt", _ARENAS, 2)


def seldom() -> None:
    """Look for garbage seldom: what questions leave holds no circles, and their documents make many objects.

    A large store is half a million objects. Looked through every few dozen questions, each time for a fifth
    of a second, they were most of what the slowest questions waited for.
    """
    gc.set_threshold(*_SELDOM)


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
