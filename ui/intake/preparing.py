"""A document's bytes → everything that the store writes of it. Needs no store, so it can run anywhere."""

from dataclasses import dataclass
from pathlib import Path

from graph import knowledge
from graph.extract import extract
from graph.prepared import Prepared, prepare
from ingest import parse
from ingest.model import DocumentError, RawDocument
from ingest.readers import read_bytes
from ingest.readers.progress import Told, silent
from ui.intake.incoming import Given
from ui.intake.report import Row


@dataclass(frozen=True, slots=True)
class Job:
    """A document to be read: `name` and `where` as users are told, `base` begins the store's IRIs."""

    name: str
    where: str
    given: Given
    base: str


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a job: its row (“added”, or “failed” with the error), and what is to be written."""

    row: Row
    prepared: Prepared | None = None


def read(job: Job, told: Told = silent) -> Done:
    """Read a document; one that cannot be read is told in the row. `told` hears of its pages."""
    try:
        record = knowledge.with_gists(extract(parse(_raw(job, told))))
    except DocumentError as error:
        return failed(job.name, error)
    row = Row(
        source=record.policy.source,
        name=job.name,
        outcome="added",
        clauses=len(record.policy.clauses),
        duties=len(record.duties),
        quantities=len(record.quantities),
        findings=len(record.policy.findings),
    )
    return Done(row, prepare(record, job.base))


def read_apart(job: Job | None) -> Done | None:
    """Read a document in another process or on another machine; there is nothing to do for None."""
    return read(job) if job else None


def weight(job: Job | None) -> int:
    """Return how many bytes wait in memory with a job."""
    return len(job.given.data) if job else 0


def failed(name: str, error: Exception) -> Done:
    """Return the row of a document that cannot be had."""
    return Done(Row(Path(name).stem, name, "failed", error=str(error)))


def _raw(job: Job, told: Told) -> RawDocument:
    given = job.given
    raw = read_bytes(
        given.data,
        job.name,
        side_source=given.source,
        where=job.where,
        side=given.side,
        charset=given.charset,
        told=told,
    )
    if given.page is None:
        return raw
    from ingest.readers.web import with_attachments

    return with_attachments(raw, given.page)
