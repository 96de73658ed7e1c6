"""What is costly to make, kept by key for as long as the generation is the same one."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from graph.storage.generations import Generation

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class Kept(Generic[Key, Made]):
    """The last `most` things made; safe to share between threads, which may make the same thing twice."""

    def __init__(self, make: Callable[[Generation, Key], Made], most: int = 64) -> None:
        self._make, self._most, self._lock = make, most, Lock()
        self._name = ""
        self._held: OrderedDict[Key, Made] = OrderedDict()

    def of(self, generation: Generation, key: Key) -> Made:
        """Return what was made for this key, or make it."""
        with self._lock:
            if self._name != generation.name:
                self._held.clear()
                self._name = generation.name
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = self._make(generation, key)
        with self._lock:
            if self._name == generation.name:
                self._held[key] = made
                if len(self._held) > self._most:
                    self._held.popitem(last=False)
        return made


class KeptOne(Generic[Made]):
    """The one thing of its kind that a generation has."""

    def __init__(self, make: Callable[[Generation], Made]) -> None:
        self._kept: Kept[None, Made] = Kept(lambda generation, _: make(generation), most=1)

    def of(self, generation: Generation) -> Made:
        """Return it, or make it."""
        return self._kept.of(generation, None)
