"""Long work in a line: one worker, a bounded queue, and an end that leaves nothing half done.

The work itself asks `Jobs.check` now and then; when the service ends, or someone called the work off, that
raises `Stopped`, and the work lets go of what it holds as for any other error.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, TypeVar

from ui.times import now

State = Literal["waiting", "running", "done", "failed", "stopped"]
ENDED: frozenset[State] = frozenset({"done", "failed", "stopped"})
T = TypeVar("T")


class Full(Exception):  # noqa: N818 – a state, told as one
    """There is no more room in the line."""


class Stopped(Exception):  # noqa: N818 – as above
    """The work was called off, or the service ends."""


@dataclass(slots=True, eq=False)
class Job(Generic[T]):
    """A piece of work: who wants it, what it is about, and how it stands.

    `content` is the work's own; the worker writes into it and pages read it. `what` and `remedy` tell in
    Chinese why it failed.
    """

    by: str
    content: T
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    at: datetime = field(default_factory=now)
    state: State = "waiting"
    what: str = ""
    remedy: str = ""
    called_off: bool = False


class Jobs(Generic[T]):
    """Does `work` on one job after the other, in a thread that begins with the first job.

    At most `room` jobs wait; the last `kept` that ended stay to be looked at. `drop` is called with each
    job that is forgotten, `note` with each whose state has changed, before anyone sees it move on.
    """

    def __init__(
        self,
        work: Callable[[Job[T]], None],
        *,
        room: int = 20,
        kept: int = 30,
        drop: Callable[[Job[T]], None] = lambda _: None,
        note: Callable[[Job[T]], None] = lambda _: None,
    ) -> None:
        self._work, self._room, self._kept, self._drop, self._note = work, room, kept, drop, note
        self._jobs: list[Job[T]] = []
        self._change = threading.Condition()
        self._ends = False
        self._thread: threading.Thread | None = None

    def put(self, by: str, content: T) -> Job[T]:
        """Add a job to the end of the line; raises Full."""
        job = Job(by, content)
        self.add(job)
        return job

    def add(self, job: Job[T]) -> None:
        """Add a job that was made elsewhere; raises Full."""
        with self._change:
            self._check_room()
            self.resume(job)

    def again(self, job: Job[T]) -> None:
        """Put a job that ended at the end of the line once more; raises Full."""
        with self._change:
            if job.state in ENDED and job in self._jobs:
                self._check_room()
                self._jobs.remove(job)
                job.state, job.what, job.remedy, job.called_off = "waiting", "", "", False
                self._note(job)
                self.resume(job)

    def _check_room(self) -> None:
        if self._ends or sum(row.state == "waiting" for row in self._jobs) >= self._room:
            raise Full

    def resume(self, job: Job[T]) -> None:
        """Add a job as it is, whatever room there is: one that an earlier service left."""
        with self._change:
            self._jobs.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
                self._thread.start()
            self._change.notify_all()

    def all(self) -> tuple[Job[T], ...]:
        """Return all jobs, the last first."""
        with self._change:
            return tuple(reversed(self._jobs))

    def find(self, id: str) -> Job[T] | None:
        """Return a job by its id."""
        return next((job for job in self.all() if job.id == id), None)

    def ahead(self, job: Job[T]) -> int:
        """Return how many jobs are done before a waiting one."""
        with self._change:
            before = self._jobs[: self._jobs.index(job)] if job in self._jobs else []
            return sum(row.state in ("waiting", "running") for row in before)

    def call_off(self, job: Job[T]) -> None:
        """End a job that waits, have one that runs end soon, forget one that ended."""
        with self._change:
            job.called_off = True
            if job.state == "waiting":
                job.state = "stopped"
                self._note(job)
            elif job.state in ENDED and job in self._jobs:
                self._forget(job)

    def check(self, job: Job[T]) -> None:
        """Raise Stopped when this job is to end; for the work to call."""
        if self._ends or job.called_off:
            raise Stopped

    def pause(self, job: Job[T], seconds: float) -> None:
        """Let the work wait for a while, or until the service ends; raises Stopped as `check` does."""
        with self._change:
            self._change.wait_for(lambda: self._ends or job.called_off, timeout=seconds)
        self.check(job)

    def close(self, seconds: float = 10.0) -> None:
        """Take no more jobs, have the one that runs end, and wait for it as long as `seconds`.

        It waits again then, as those do that were not begun; whoever keeps them on disk can go on later.
        """
        with self._change:
            self._ends = True
            self._change.notify_all()
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                self._work(job)
                state: State = "done"
            except Stopped:
                state = "stopped" if job.called_off else "waiting"
            except Exception as error:  # the line must go on, whatever a job meets
                state = "failed"
                job.what = getattr(error, "what", "") or "程序出错"
                job.remedy = getattr(error, "remedy", "") or "请重试；再次出错请联系维护人员"
                if not hasattr(error, "what"):
                    logging.getLogger(__name__).exception("a job failed")
            with self._change:
                job.state = state
                try:
                    self._note(job)
                except Exception:  # as above; it is done again at the next start
                    logging.getLogger(__name__).exception("how a job ended cannot be written")
                ended = [row for row in self._jobs if row.state in ENDED]
                for row in ended[: max(0, len(ended) - self._kept)]:
                    self._forget(row)

    def _next(self) -> Job[T] | None:
        with self._change:
            while True:
                if self._ends:
                    return None
                for job in self._jobs:
                    if job.state == "waiting":
                        job.state = "running"
                        return job
                self._change.wait()

    def _forget(self, job: Job[T]) -> None:
        self._jobs.remove(job)
        self._drop(job)
