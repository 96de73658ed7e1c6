"""A service that takes up a newer generation gives the memory of the old one back."""

import gc
import weakref
from collections.abc import Callable

import pytest

from tests.small_library import SmallLibrary
from ui import app, tidying


class Ring:
    """What holds itself alive."""

    def __init__(self) -> None:
        self.self = self


def test_what_holds_itself_alive_is_let_go() -> None:
    gc.disable()
    try:
        left: Callable[[], object] = weakref.ref(Ring())
        assert left() is not None
        tidying.give_back()
        assert left() is None
    finally:
        gc.enable()


def test_garbage_is_looked_for_seldom() -> None:
    before = gc.get_threshold()
    try:
        tidying.seldom()
        assert all(new > old for new, old in zip(gc.get_threshold(), before, strict=True))
    finally:
        gc.set_threshold(*before)


def test_only_a_move_to_another_generation_tidies(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[int] = []
    monkeypatch.setattr(tidying, "later", lambda: called.append(1))

    class Moving(SmallLibrary):
        generation = "g-0001"  # type: ignore[assignment]
        next = "g-0001"

        def refresh(self) -> None:  # type: ignore[override]
            self.generation = self.next  # type: ignore[assignment,misc]

    library = Moving()
    app._follow(library)
    assert called == []
    library.next = "g-0002"
    app._follow(library)
    assert called == [1]
