"""Where many documents are read: in processes of this machine, or on a Ray cluster.

Both are one function, `map`: the results come in the order of the jobs, and only so many jobs and so
many bytes are taken ahead that a million documents, or a hundred large ones, never stand in memory at once.
"""

import multiprocessing
import os
import re
import secrets
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from graph.storage.durable import StoreError

J = TypeVar("J")
R = TypeVar("R")

_TOGETHER = 8  # jobs that travel together
_AHEAD = 3  # such bundles a worker may have waiting
_LARGE = 2 << 20  # bytes after which a bundle is full
_HELD = 64 << 20  # bytes that may wait in all, beside one bundle
_FEW = 64  # documents; fewer are read here
_TRIALS = 2  # to start a cluster of our own, which on a busy machine fails now and then
_abandoned: list[Exception] = []  # holds what a start that failed left running; it ends with this process


class Lost:
    """Stands for the result of a job whose process died over it."""


def _light(_: object) -> int:
    return 0


class Workers(AbstractContextManager["Workers", None], Protocol):
    """Somewhere to work; entered once, left when all is done."""

    def map(
        self, work: Callable[[J], R], jobs: Iterable[J], weight: Callable[[J], int] = _light
    ) -> Iterator[R | Lost]:
        """Yield what `work` makes of each job, in their order; `weight` gives a job's bytes.

        `work` is a function of a module and raises nothing; jobs and results can be pickled.
        """


class Processes:
    """Works in `count` processes of this machine.

    A process that dies over a document (memory, a crash in a library) costs that document alone: the
    ones that were with it are given out again one by one. The processes end when this one does.
    """

    def __init__(self, count: int, module: str) -> None:
        """`module` is imported once, before the processes are made from it."""
        self._count = count
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([module])
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def map(
        self, work: Callable[[J], R], jobs: Iterable[J], weight: Callable[[J], int] = _light
    ) -> Iterator[R | Lost]:
        """Yield what `work` makes of each job, in order."""
        return _in_order(
            lambda bundle: self._submit(work, bundle),
            lambda future, bundle: self._result(work, future, bundle),
            _bundles(jobs, weight),
            self._count * _AHEAD,
        )

    def _submit(self, work: Callable[[J], R], bundle: Sequence[J]) -> "Future[list[R]]":
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._count, mp_context=self._context, initializer=_begin)
        try:
            return self._pool.submit(_each, work, bundle)
        except BrokenProcessPool:
            self._pool = None
            return self._submit(work, bundle)

    def _result(
        self, work: Callable[[J], R], future: "Future[list[R]]", bundle: Sequence[J]
    ) -> Sequence[R | Lost]:
        try:
            return future.result()
        except BrokenProcessPool:
            return [self._alone(work, job) for job in bundle]

    def _alone(self, work: Callable[[J], R], job: J) -> R | Lost:
        with ProcessPoolExecutor(1, mp_context=self._context, initializer=_begin) as pool:
            try:
                return pool.submit(work, job).result()
            except BrokenProcessPool:
                return Lost()


class Ray:
    """Works on the Ray cluster at `address` (``ray://HOST:PORT``), or on one made here of `count` workers.

    The package `ray` is an extra. All its machines need this program in the same version.
    """

    def __init__(self, address: str | None, count: int) -> None:
        self._address = address
        self._count = count

    def __enter__(self) -> Self:
        if not self._address:
            _keep_to_this_machine()
        try:
            import ray
        except ImportError:
            raise WorkersError(
                "没有安装 Ray", "ZHENGWEN_WORKERS", "请安装附加包：pip install 'zhengwen[ray]'"
            ) from None
        self._ray: Any = ray
        self._own = not ray.is_initialized()
        told: dict[str, Any] = {"log_to_driver": False, "logging_level": "error"}
        if self._address:
            told["address"] = self._address
        else:
            told |= {"num_cpus": self._count, "include_dashboard": False}
        for trial in range(_TRIALS):
            try:
                if self._own:
                    ray.init(**told)
                break
            except Exception as error:  # noqa: BLE001  Ray raises bare ones, as when its start takes too long
                _abandoned.append(error)
                if self._address or trial == _TRIALS - 1:
                    what = str(error).partition("\n")[0] or type(error).__name__
                    raise WorkersError(
                        f"连不上 Ray：{what}", "ZHENGWEN_WORKERS", "请检查地址和集群"
                    ) from None
        return self

    def __exit__(self, *_: object) -> None:
        if self._own:
            self._ray.shutdown()

    def map(
        self, work: Callable[[J], R], jobs: Iterable[J], weight: Callable[[J], int] = _light
    ) -> Iterator[R | Lost]:
        """Yield what `work` makes of each job, in order; Ray gives out again what a lost machine had."""
        remote = self._ray.remote(_each)
        here = sum(int(node["Resources"].get("CPU", 0)) for node in self._ray.nodes() if node["Alive"])
        return _in_order(
            lambda bundle: remote.remote(work, bundle),
            lambda reference, bundle: self._result(remote, work, reference, bundle),
            _bundles(jobs, weight),
            max(here, self._count) * _AHEAD,
        )

    def _result(
        self, remote: Any, work: Callable[[J], R], reference: Any, bundle: Sequence[J]
    ) -> Sequence[R | Lost]:
        lost = self._ray.exceptions.WorkerCrashedError
        try:
            found: list[R] = self._ray.get(reference)
            return found
        except lost:
            if len(bundle) == 1:
                return [Lost()]
            alone = [self._result(remote, work, remote.remote(work, [job]), [job]) for job in bundle]
            return [result for results in alone for result in results]


class WorkersError(StoreError):
    """A setting that names no workers, or workers that cannot be had: what, where, what to do (Chinese)."""


@contextmanager
def chosen(setting: str | None, documents: int) -> Iterator[Workers | None]:
    """Open the workers for so many documents; None where this process does the reading itself.

    `setting` is a number of processes, ``ray`` (a cluster made here) or ``ray://HOST:PORT``; None takes as
    many processes as there are cores. For a few documents starting them would take longer than the reading.
    Raises WorkersError.
    """
    hands = _named(setting)
    if hands is None or documents < _FEW:
        yield None
    else:
        with hands:
            yield hands


def _named(setting: str | None) -> Workers | None:
    count = len(os.sched_getaffinity(0))
    if setting is None or re.fullmatch("[1-9][0-9]*", setting):
        processes = int(setting or count)
        return Processes(processes, "ui.intake.preparing") if processes > 1 else None
    if re.fullmatch("ray(://.+)?", setting):
        return Ray(setting if "://" in setting else None, count)
    raise WorkersError("看不懂这个设置", "ZHENGWEN_WORKERS", "请写进程数，或 ray，或 ray://主机:端口")


def _keep_to_this_machine() -> None:
    """Let a cluster made here listen on the loopback address only, ask for a password, and report nowhere.

    Ray reads these when it is imported. It binds to all addresses otherwise, on Linux.
    """
    os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    os.environ.setdefault("RAY_AUTH_MODE", "token")
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")


def _bundles(jobs: Iterable[J], weight: Callable[[J], int]) -> Iterator[tuple[Sequence[J], int]]:
    """Yield jobs that travel together, with their bytes: a few small ones, or one large one."""
    bundle, size = list[J](), 0
    for job in jobs:
        bundle.append(job)
        size += weight(job)
        if len(bundle) >= _TOGETHER or size >= _LARGE:
            yield bundle, size
            bundle, size = [], 0
    if bundle:
        yield bundle, size


def _in_order(
    submit: Callable[[Sequence[J]], Any],
    results: Callable[[Any, Sequence[J]], Iterable[R | Lost]],
    bundles: Iterable[tuple[Sequence[J], int]],
    ahead: int,
) -> Iterator[R | Lost]:
    """Give bundles out, at most `ahead` at a time, and yield the results of their jobs in order."""
    waiting: deque[tuple[Any, Sequence[J], int]] = deque()
    held = 0
    for bundle, size in bundles:
        waiting.append((submit(bundle), bundle, size))
        held += size
        while len(waiting) >= ahead or held > _HELD:
            given, jobs, done = waiting.popleft()
            held -= done
            yield from results(given, jobs)
    for given, jobs, _ in waiting:
        yield from results(given, jobs)


def _each(work: Callable[[J], R], jobs: Sequence[J]) -> list[R]:
    return [work(job) for job in jobs]


def _begin() -> None:
    """Make a process ready: it ends with its parent and not by Ctrl-C, and looks for garbage seldom."""
    import gc

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(parent: int) -> None:
    """End this process when the one that made it has ended, however that ended."""
    wait([parent])
    os._exit(1)
