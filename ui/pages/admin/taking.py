"""A batch is read into the store, once: what the line of uploads does."""

import re
from collections import Counter

from graph.facts import Record
from graph.findings.report import of_generation
from graph.review.desk import doubtful
from graph.storage.durable import StoreBusy, StoreDamaged
from graph.storage.store import Store
from ui.http.jobs import Job, Jobs
from ui.intake import Row, ingest
from ui.pages.admin.batches import OUTCOMES, Batch, Paper
from ui.pages.admin.spool import Spool, changed
from ui.service import Service

_BUSY = 2.0, 300  # seconds between looks at a store that another program writes, and how many looks


def read(service: Service, jobs: Jobs[Batch], spool: Spool, job: Job[Batch]) -> None:
    """Read a batch into the store: the work of the line. What another program writes is waited for.

    A batch that was published before the service was killed is not read again, since its documents may have
    been taken out since: the store's journal tells.
    """
    batch = job.content
    batch.generation = _published(service, job)
    if not batch.generation:
        spool.begin(job)
        if damaged := changed(batch):
            raise StoreDamaged(f"收下的文件 {'、'.join(damaged)} 已损坏", batch.folder, "请重新上传")
        _when_free(service, jobs, spool, job)
    batch.note = ""
    if not batch.preview:
        _told(service, job)


def _published(service: Service, job: Job[Batch]) -> str:
    lines = Store.open(service.settings.store, budget=0).history()
    return next((line.name for line in lines if line.cause.upload == job.id), "")


def _when_free(service: Service, jobs: Jobs[Batch], spool: Spool, job: Job[Batch]) -> None:
    pause, looks = _BUSY
    for look in range(looks):
        try:
            _read(service, jobs, spool, job)
            break
        except StoreBusy:
            if look == looks - 1:
                raise
            job.content.note = "另一个程序正在写入，等它结束后自动开始"
            jobs.pause(job, pause)
        finally:
            job.content.at = ""


def _read(service: Service, jobs: Jobs[Batch], spool: Spool, job: Job[Batch]) -> None:
    batch, settings = job.content, service.settings
    batch.papers, batch.done, batch.total = [], 0, 0

    def progress(done: int, total: int, name: str) -> None:
        jobs.check(job)
        batch.done, batch.total, batch.at = done, total, name.replace(f"{batch.folder}/", "")
        batch.note = ""
        if done == total:  # now it is published: whoever is killed after that still tells what became of each
            spool.note(job)

    def each(row: Row, record: Record | None) -> None:
        batch.papers.append(_paper(batch, row, record))

    report = ingest(
        [batch.address] if batch.address else batch.files, settings.store,
        model=settings.model, private=settings.fetch_private, by=job.by, upload=job.id, keep=settings.keep,
        workers="1",  # the other cores answer questions meanwhile
        publish=not batch.preview, progress=progress, each=each,
    )  # fmt: skip
    batch.generation = report.generation


def _paper(batch: Batch, row: Row, record: Record | None) -> Paper:
    error = re.sub(rf"{re.escape(str(batch.folder))}/(?:\d+/)?", "", row.error)
    if record is None:
        return Paper(row.name, row.source, row.outcome, error=error)
    policy = record.policy
    return Paper(
        row.name, row.source, row.outcome, policy.title,
        policy.number.surface if policy.number else "", policy.issuer or "", policy.date or "",
        len(policy.clauses), len(record.duties), len(record.quantities), doubtful(record), error,
    )  # fmt: skip


def _told(service: Service, job: Job[Batch]) -> None:
    """Enter what was read in the audit log; count the findings of what is new, as `zhengwen check` does."""
    batch = job.content
    for paper in batch.papers:
        outcome = "failed" if paper.outcome == "failed" else "done"
        detail = f"{OUTCOMES[paper.outcome]} {paper.name} {paper.error}".strip()
        service.ledger.audit.write(job.by, "ingest", subject=paper.source, outcome=outcome, detail=detail)
    generation = service.generation()
    new = [p.source for p in batch.papers if p.outcome in ("added", "replaced") and p.source in generation]
    for row in of_generation(generation, new):
        batch.findings.setdefault(row.source, Counter())[row.severity] += 1
