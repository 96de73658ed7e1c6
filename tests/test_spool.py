"""Uploads that were acknowledged outlive the service: whole or not at all, read once, bad ones told."""

import io
import os
import shutil
import threading
from pathlib import Path

import pytest

from graph.storage.durable import StoreError
from graph.storage.store import Store
from ui.http.jobs import Jobs, Stopped
from ui.intake import ingest, remove
from ui.ledger import Ledger
from ui.opening import current
from ui.pages.admin.spool import Spool
from ui.pages.admin.taking import read
from ui.service import Service
from ui.settings import Settings

SOON = 60.0
TEXT = "样县扶持竹编办法\n\n一、竹编补助\n对新办的竹编店铺给予{}万元补助。\n牵头单位：县财政局\n"


@pytest.fixture
def service(tmp_path: Path):
    store = tmp_path / "store"
    (tmp_path / "first.txt").write_text(TEXT.format(1), encoding="utf-8")
    ingest([tmp_path / "first.txt"], store)
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    settings = Settings(store=store, ledger=tmp_path / "ledger.sqlite3")
    yield Service(settings, lambda: None, lambda: current(Store.open(store)), ledger)  # type: ignore[arg-type,return-value]
    ledger.close()


def sent(spool: Spool, *files: tuple[str, str], preview: bool = False):
    streams = [(name, io.BytesIO(text.encode())) for name, text in files]
    return spool.accept("李敏", streams, "", preview=preview)


def killed(spool: Spool) -> Spool:
    """Let go of the locks as the kernel does for one that is killed; return the next service's spool."""
    spool.close()
    return Spool(spool.folder)


def finished(service: Service, spool: Spool) -> Jobs:
    """Start a line over what is left and wait for its end."""
    jobs: Jobs = Jobs(lambda job: read(service, jobs, spool, job), drop=spool.drop, note=spool.note)
    for job in spool.left():
        jobs.resume(job)
    for _ in range(int(SOON * 100)):
        if all(job.state not in ("waiting", "running") for job in jobs.all()):
            break
        jobs_wait()
    jobs.close(SOON)
    return jobs


def jobs_wait() -> None:
    threading.Event().wait(0.01)


def texts(service: Service) -> dict[str, str]:
    generation = Store.open(service.settings.store).generation
    return {source: generation.original(source).decode() for source in generation.sources if source in "abc"}


def spooled(service: Service) -> list[Path]:
    return list((service.settings.store / "spool").iterdir())


def test_what_was_acknowledged_is_read_at_the_next_start_in_its_order(service: Service) -> None:
    spool = Spool(service.settings.store / "spool")
    sent(spool, ("a.txt", TEXT.format(2)), ("x/a.txt", TEXT.format(2)), ("b.txt", TEXT.format(5)))
    sent(spool, ("b.txt", TEXT.format(3)))
    spool = killed(spool)
    jobs = finished(service, spool)
    assert [job.state for job in jobs.all()] == ["done", "done"]
    assert {job.by for job in jobs.all()} == {"李敏"}
    assert texts(service)["b"] == TEXT.format(3)
    assert spooled(service) == []


@pytest.mark.parametrize("step", ["write", "rename"])
def test_what_was_not_acknowledged_is_nowhere(service: Service, monkeypatch, step: str) -> None:
    spool = Spool(service.settings.store / "spool")

    class Killed(BaseException):
        pass

    def kill(*_):
        raise Killed

    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)  # one that is killed clears nothing away
    monkeypatch.setattr(Spool, "_write" if step == "write" else "_lock", kill)
    with pytest.raises(Killed):
        sent(spool, ("a.txt", TEXT.format(2)))
    monkeypatch.undo()
    assert spooled(service) != []
    assert killed(spool).left() == []
    assert spooled(service) == []


def test_a_batch_published_before_the_kill_is_not_read_again(service: Service) -> None:
    """Someone took the document out while the service was down: it stays out, and the report is there."""
    store = service.settings.store
    spool = Spool(store / "spool")
    job = sent(spool, ("a.txt", TEXT.format(2)), ("bad.docx", "no document"))

    class Killed(BaseException):
        pass

    def kill(_service, _job):
        raise Killed

    jobs: Jobs = Jobs(lambda _: None, note=spool.note)
    job.state = "running"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ui.pages.admin.taking._told", kill)
        with pytest.raises(Killed):
            read(service, jobs, spool, job)
    assert "a" in texts(service)
    remove("a", store)
    again = finished(service, killed(spool)).all()[0]
    assert "a" not in texts(service)
    assert again.state == "done"
    assert {(paper.name, paper.outcome) for paper in again.content.papers} == {
        ("a.txt", "added"), ("bad.docx", "failed"),
    }  # fmt: skip
    assert {row.outcome for row in service.ledger.audit.each()} == {"done", "failed"}
    assert spooled(service) == []


def test_the_same_file_twice_is_told_as_unchanged(service: Service) -> None:
    spool = Spool(service.settings.store / "spool")
    for _ in range(2):
        sent(spool, ("a.txt", TEXT.format(2)))
    jobs = finished(service, killed(spool))
    assert [job.content.papers[0].outcome for job in reversed(jobs.all())] == ["added", "unchanged"]


def test_the_end_of_the_service_leaves_the_batch_waiting(service: Service) -> None:
    spool = Spool(service.settings.store / "spool")
    job = sent(spool, ("a.txt", TEXT.format(2)))
    began = []

    def stop(job):
        spool.begin(job)
        began.append(job)
        raise Stopped

    jobs: Jobs = Jobs(stop, drop=spool.drop, note=spool.note)
    jobs.resume(job)
    while job.state != "waiting" or not began:
        jobs_wait()
    jobs.close(SOON)
    left = killed(spool).left()
    assert [(each.state, each.content.tries) for each in left] == [("waiting", 0)]


def test_a_batch_that_kills_the_service_again_and_again_does_not_block_the_line(service: Service) -> None:
    spool = Spool(service.settings.store / "spool")
    sent(spool, ("a.txt", TEXT.format(2)))
    sent(spool, ("b.txt", TEXT.format(3)))
    for _ in range(3):
        spool = killed(spool)
        job = spool.left()[0]
        job.state = "running"
        spool.begin(job)
        spool = killed(spool)
    jobs = finished(service, spool)
    good, bad = jobs.all()
    assert (good.state, bad.state) == ("done", "failed")
    assert "3 次" in bad.what
    assert list(texts(service)) == ["b"]
    assert len(spooled(service)) == 1, "its files are kept, and can be tried again"


@pytest.mark.parametrize("harm", ["note", "file", "lost"])
def test_a_spool_damaged_on_disk_is_told_and_nothing_false_is_read(service: Service, harm: str) -> None:
    spool = Spool(service.settings.store / "spool")
    sent(spool, ("a.txt", TEXT.format(2)))
    sent(spool, ("b.txt", TEXT.format(3)))
    room = sorted(spooled(service))[0]
    if harm == "note":
        os.truncate(room / "batch.json", 40)
    elif harm == "file":
        (room / "files" / "a.txt").write_text(TEXT.format(9))
    else:
        (room / "files" / "a.txt").unlink()
    good, bad = finished(service, killed(spool)).all()
    assert (good.state, bad.state) == ("done", "failed")
    assert "损坏" in bad.what
    assert list(texts(service)) == ["b"]


def test_two_services_over_one_store_do_not_read_a_batch_twice(service: Service) -> None:
    spool = Spool(service.settings.store / "spool")
    sent(spool, ("a.txt", TEXT.format(2)))
    assert Spool(spool.folder).left() == []
    assert len(killed(spool).left()) == 1


def test_a_preview_waits_for_the_decision_over_a_restart(service: Service) -> None:
    spool = Spool(service.settings.store / "spool")
    sent(spool, ("a.txt", TEXT.format(2)), preview=True)
    spool = killed(spool)
    finished(service, spool)
    job = killed(spool).left()[0]
    assert (job.state, job.content.preview, [paper.outcome for paper in job.content.papers]) == (
        "done", True, ["added"],
    )  # fmt: skip
    assert "a" not in texts(service)


def test_a_spool_that_cannot_be_written_is_told_and_leaves_nothing(service: Service, monkeypatch) -> None:
    spool = Spool(service.settings.store / "spool")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="磁盘空间不足"):
        sent(spool, ("a.txt", TEXT.format(2)))
    monkeypatch.undo()
    assert spooled(service) == []
