"""A progress bar for long work at a terminal: how far, how fast, how long yet."""

import shutil
import time
from collections.abc import Callable
from typing import TextIO

from ui.commands.terminal import width

_CELLS = 20


class Bar:
    """Shows (done, total, name) on one line of a stream, written over again and again."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._began = clock()

    def __call__(self, done: int, total: int, name: str) -> None:
        """Show how far the work is; the last step ends the line."""
        line = told(done, total, name, self._clock() - self._began)
        columns = shutil.get_terminal_size().columns
        end = "\r" if done < total else "\n"
        print(f"\x1b[2K{_cut(line, columns - 1)}", end=end, file=self._stream, flush=True)


def told(done: int, total: int, name: str, seconds: float) -> str:
    """Return the bar in words: filled cells, count, rate, time left (of `seconds` spent so far), name."""
    full = _CELLS * done // total if total else _CELLS
    parts = ["█" * full + "░" * (_CELLS - full), f"{done}/{total} 份"]
    if done and seconds > 0:
        rate = done / seconds
        parts.append(f"每秒 {rate:.1f} 份" if rate >= 1 else f"每份 {_span(1 / rate)}")
        parts.append(f"还要 {_span((total - done) / rate)}" if done < total else f"用时 {_span(seconds)}")
    return "  ".join([*parts, name]).rstrip()


def _span(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} 秒"
    if whole < 3600:
        return f"{whole // 60} 分 {whole % 60:02} 秒"
    return f"{whole // 3600} 小时 {whole % 3600 // 60:02} 分"


def _cut(line: str, columns: int) -> str:
    while line and width(line) > columns:
        line = line[:-1]
    return line
