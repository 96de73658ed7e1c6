"""How much one address may ask, and how much is worked on at once: token buckets and a queue with an end."""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import IPv6Address, ip_address

_KEPT = 10_000  # addresses; the one that was quiet longest makes room
_SUBSCRIBER = 64  # bits that tell one IPv6 connection from another; the rest is the household's own


class Buckets:
    """A token bucket an address: `rate` requests in a minute, which may come all at once.

    Not for several threads: the guard asks in the event loop. `clock` counts seconds.
    """

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens left, when

    def __len__(self) -> int:
        return len(self._held)

    def take(self, address: str) -> int:
        """Count a request; return 0, or the seconds to wait where the address has sent too many."""
        if not self._rate:
            return 0
        now, key = self._clock(), _subscriber(address)
        left, since = self._held.pop(key, (float(self._rate), now))
        left = min(float(self._rate), left + (now - since) * self._rate / 60)
        wait = 0 if left >= 1 else math.ceil((1 - left) * 60 / self._rate)
        self._held[key] = (left if wait else left - 1, now)
        if len(self._held) > _KEPT:
            self._held.popitem(last=False)
        return wait


def _subscriber(address: str) -> str:
    try:
        read = ip_address(address)
    except ValueError:
        return ""  # a socket without an address: all of them share a bucket
    if not isinstance(read, IPv6Address):
        return address
    if read.ipv4_mapped:
        return str(read.ipv4_mapped)
    return f"{int(read) >> (128 - _SUBSCRIBER):x}::"


class BusyError(Exception):
    """Too many are waiting, or the wait became too long."""


class Gate:
    """Lets `at_once` in; up to `queue` wait in the order they came, each at most `seconds`."""

    def __init__(self, at_once: int, queue: int, seconds: float = 20.0) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._queue, self._seconds = queue, seconds
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How many wait to be let in."""
        return self._waiting

    @asynccontextmanager
    async def passed(self) -> AsyncIterator[Callable[[], None]]:
        """Hold a place until the block ends, or until what is given is called; raise BusyError."""
        if self._free.locked() and self._waiting >= self._queue:
            raise BusyError
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise BusyError from None
        finally:
            self._waiting -= 1
        inside = True

        def leave() -> None:
            nonlocal inside
            if inside:
                inside = False
                self._free.release()

        try:
            yield leave
        finally:
            leave()
