"""A batch of documents sent in: its files on disk, how far its reading is, and what became of each."""

import re
import shutil
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from graph.facts import Record
from graph.findings.report import of_generation
from graph.review.desk import doubtful
from graph.storage.durable import StoreBusy
from ui.http.jobs import Job, Jobs
from ui.intake import Row, ingest
from ui.service import Service

OUTCOMES = {"added": "新增", "replaced": "更新", "unchanged": "没有变化", "skipped": "略过", "failed": "失败"}
_NOT_IN_NAMES = re.compile(r'[\s#?%&*:"<>|\\/\x00-\x1f\x7f]+')
_LONGEST = 120  # characters of a file name; file systems take 255 bytes
_BUSY = 2.0, 300  # seconds between looks at a store that another program writes, and how many looks


@dataclass(frozen=True, slots=True)
class Paper:
    """What became of one document; counts are those of its record, `error` says why it was not read."""

    name: str
    source: str
    outcome: str
    title: str = ""
    number: str = ""
    issuer: str = ""
    date: str = ""
    clauses: int = 0
    units: int = 0
    figures: int = 0
    doubtful: int = 0
    error: str = ""


@dataclass(slots=True, eq=False)
class Batch:
    """The files of one upload, in a folder, or a web address; with `preview` nothing is published.

    The rest is written while it is read: `papers`, `done` of `total` documents, the one `at` work,
    what else is to be told (`note`), findings by short name and severity, the new generation.
    """

    folder: Path
    names: tuple[str, ...]
    address: str = ""
    preview: bool = False
    papers: list[Paper] = field(default_factory=list)
    done: int = 0
    total: int = 0
    at: str = ""
    note: str = ""
    findings: dict[str, Counter[str]] = field(default_factory=dict)
    generation: str = ""

    @property
    def titles(self) -> tuple[str, ...]:
        """What was handed in: names of files or the address."""
        return (self.address,) if self.address else self.names

    @property
    def files(self) -> list[Path]:
        """The files on disk, without side files: each is read or told why not, whatever its kind."""
        found = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return [path for path in found if path.suffix.lower() != ".toml"] or found

    def counts(self) -> dict[str, int]:
        """How many documents had each outcome, in the order of `OUTCOMES`."""
        found = Counter(paper.outcome for paper in self.papers)
        return {word: found[name] for name, word in OUTCOMES.items() if found[name]}


def file_name(given: str) -> str:
    """Return a safe file name for one that a browser sent: no path, no blanks or signs that addresses need.

    >>> file_name("C:\\\\文件\\\\关于 补贴 的通知.DOCX")
    '关于_补贴_的通知.DOCX'
    """
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C" or c.isspace())
    stem, dot, suffix = name.strip().rpartition(".")
    stem = _NOT_IN_NAMES.sub("_", (stem if dot else suffix).strip()).strip("._") or "未命名"
    suffix = _NOT_IN_NAMES.sub("", suffix)[:10] if dot else ""
    return stem[: _LONGEST - len(suffix) - 1] + (f".{suffix}" if suffix else "")


def take(files: Iterable[tuple[str, IO[bytes]]], address: str, *, preview: bool) -> Batch:
    """Write what was sent into a folder of its own; files of one name go into folders of their own."""
    folder, names = Path(tempfile.mkdtemp(prefix="zhengwen-")), []
    try:
        for number, (given, stream) in enumerate(files):
            name = file_name(given)
            room = folder if not (folder / name).exists() else folder / str(number)
            room.mkdir(exist_ok=True)
            with (room / name).open("xb") as out:
                shutil.copyfileobj(stream, out)
            names.append(name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Batch(folder, tuple(names), address, preview)


def drop(job: Job[Batch]) -> None:
    """Clear away the files of a batch that is forgotten."""
    shutil.rmtree(job.content.folder, ignore_errors=True)


def read(service: Service, jobs: Jobs[Batch], job: Job[Batch]) -> None:
    """Read a batch into the store: the work of the line. What another program writes is waited for."""
    batch = job.content
    pause, looks = _BUSY
    for look in range(looks):
        try:
            _read(service, jobs, job)
            break
        except StoreBusy:
            if look == looks - 1:
                raise
            batch.note = "另一个程序正在写入，等它结束后自动开始"
            jobs.pause(job, pause)
        finally:
            batch.at = ""
    batch.note = ""
    if not batch.preview:
        _look_over(service, batch)
        shutil.rmtree(batch.folder, ignore_errors=True)


def _read(service: Service, jobs: Jobs[Batch], job: Job[Batch]) -> None:
    batch, settings = job.content, service.settings
    batch.papers, batch.done, batch.total = [], 0, 0

    def progress(done: int, total: int, name: str) -> None:
        jobs.check(job)
        batch.done, batch.total, batch.at = done, total, name.replace(f"{batch.folder}/", "")
        batch.note = ""

    def each(row: Row, record: Record | None) -> None:
        batch.papers.append(_paper(batch, row, record))

    report = ingest(
        [batch.address] if batch.address else batch.files, settings.store,
        model=settings.model, private=settings.fetch_private, by=job.by, keep=settings.keep,
        publish=not batch.preview, progress=progress, each=each,
    )  # fmt: skip
    batch.generation = report.generation
    if not batch.preview:
        for paper in batch.papers:
            outcome = "failed" if paper.outcome == "failed" else "done"
            detail = f"{OUTCOMES[paper.outcome]} {paper.name} {paper.error}".strip()
            service.ledger.audit.write(job.by, "ingest", subject=paper.source, outcome=outcome, detail=detail)


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


def _look_over(service: Service, batch: Batch) -> None:
    """Count the findings of what is new, as `zhengwen check` tells them."""
    generation = service.generation()
    new = [p.source for p in batch.papers if p.outcome in ("added", "replaced") and p.source in generation]
    for row in of_generation(generation, new):
        batch.findings.setdefault(row.source, Counter())[row.severity] += 1
