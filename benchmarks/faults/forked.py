"""Processes to be killed, forked from one that has imported the program: importing is harmless and slow."""

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.process import BaseProcess

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["ui.intake", "graph.storage.store"])


def started(work: Callable[..., object], *words: object) -> BaseProcess:
    """Start a function in a process of its own, which says nothing."""
    process = _CONTEXT.Process(target=_quiet, args=(work, words))
    process.start()
    return process


def _quiet(work: Callable[..., object], words: tuple[object, ...]) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    work(*words)
