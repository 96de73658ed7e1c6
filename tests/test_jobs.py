"""The line of long work: order, room, errors, calling off, and the end."""

import threading

import pytest

from ui.http.jobs import Full, Job, Jobs, Stopped

SOON = 10.0


class Line:
    """A line whose work waits until it is let go; `seen` tells what was done, `dropped` what was dropped."""

    def __init__(self, **options):
        self.began, self.go = threading.Semaphore(0), threading.Semaphore(0)
        self.seen, self.dropped = [], []
        self.jobs = Jobs(self.work, drop=lambda job: self.dropped.append(job.content), **options)

    def work(self, job: Job[str]) -> None:
        self.began.release()
        assert self.go.acquire(timeout=SOON)
        self.jobs.check(job)
        if job.content.startswith("bad"):
            raise ValueError(job.content)
        self.seen.append(job.content)

    def finish(self, count=1):
        for _ in range(count):
            assert self.began.acquire(timeout=SOON)
            self.go.release()

    def settled(self):
        for _ in range(int(SOON * 100)):
            if all(job.state not in ("waiting", "running") for job in self.jobs.all()):
                return
            threading.Event().wait(0.01)
        raise AssertionError("the line did not end")


@pytest.fixture
def line(request):
    made = Line(**getattr(request, "param", {}))
    yield made
    made.go.release(100)
    made.jobs.close(SOON)


def test_jobs_are_done_one_by_one_in_their_order(line):
    rows = [line.jobs.put("甲", name) for name in "abc"]
    assert line.began.acquire(timeout=SOON)
    assert [job.state for job in rows] == ["running", "waiting", "waiting"]
    assert [line.jobs.ahead(job) for job in rows] == [0, 1, 2]
    line.go.release()
    line.finish(2)
    line.settled()
    assert line.seen == ["a", "b", "c"]
    assert [job.content for job in line.jobs.all()] == ["c", "b", "a"]


def test_a_job_that_fails_is_told_and_the_line_goes_on(line):
    bad, good = line.jobs.put("甲", "bad"), line.jobs.put("甲", "good")
    line.finish(2)
    line.settled()
    assert (bad.state, good.state) == ("failed", "done")
    assert bad.what
    assert bad.remedy
    line.jobs.again(bad)
    assert bad.what == ""
    line.finish()
    line.settled()
    assert bad.state == "failed"


@pytest.mark.parametrize("line", [{"room": 2}], indirect=True)
def test_there_is_only_so_much_room(line):
    line.jobs.put("甲", "a")
    assert line.began.acquire(timeout=SOON)
    line.jobs.put("甲", "b")
    line.jobs.put("甲", "c")
    with pytest.raises(Full):
        line.jobs.put("甲", "d")
    line.go.release()


@pytest.mark.parametrize("line", [{"kept": 2}], indirect=True)
def test_only_the_last_jobs_are_remembered(line):
    for name in "abcd":
        line.jobs.put("甲", name)
    line.finish(4)
    line.settled()
    assert [job.content for job in line.jobs.all()] == ["d", "c"]
    assert line.dropped == ["a", "b"]


def test_jobs_can_be_called_off(line):
    first, second = line.jobs.put("甲", "a"), line.jobs.put("甲", "b")
    assert line.began.acquire(timeout=SOON)
    line.jobs.call_off(second)
    line.jobs.call_off(first)
    line.go.release()
    line.settled()
    assert (first.state, second.state, line.seen) == ("stopped", "stopped", [])
    line.jobs.call_off(first)
    assert line.jobs.find(first.id) is None
    assert line.dropped == ["a"]


def test_closing_ends_the_work_that_runs_and_takes_no_more(line):
    running, waiting = line.jobs.put("甲", "a"), line.jobs.put("甲", "b")
    assert line.began.acquire(timeout=SOON)
    closing = threading.Thread(target=line.jobs.close, args=(SOON,))
    closing.start()
    with pytest.raises(Stopped):
        line.jobs.pause(running, SOON)
    line.go.release()
    closing.join(SOON)
    assert not closing.is_alive()
    assert (running.state, waiting.state, line.seen) == ("waiting", "waiting", [])
    assert line.dropped == [], "who kept them on disk goes on with them later"
    with pytest.raises(Full):
        line.jobs.put("甲", "c")
