"""Taking documents in: read → extract → store and indexes, in one published generation."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from graph.facts import Record
from graph.reading import fingerprint
from graph.storage.durable import KEEP
from graph.storage.journal import Cause
from graph.storage.store import Draft, Store
from ingest.model import OCR_MISSING, DocumentError
from ingest.readers import ocr
from ui.intake.changing import put_bundled
from ui.intake.incoming import Given, Item, incoming
from ui.intake.indexing import bring_up_to_date, current
from ui.intake.preparing import Done, Job, failed, read, read_apart, weight
from ui.intake.report import Report, Row
from ui.intake.workers import Lost, Workers, chosen

Progress = Callable[[int, int, str], None]
Each = Callable[[Row, Record | None], None]


def ingest(
    paths: Sequence[Path | str],
    store_path: Path,
    *,
    model: str | None = None,
    progress: Progress | None = None,
    each: Each | None = None,
    private: bool = False,
    by: str = "",
    upload: str = "",
    keep: int = KEEP,
    publish: bool = True,
    workers: str | None = None,
) -> Report:
    """Read documents into the store; unchanged files are skipped, unreadable ones reported.

    `paths` are files, folders, ZIP archives or web addresses (strings that begin with ``http``; those of
    an inner network only with `private`). `progress` is called with (documents done, documents in all,
    name), `each` with every row and the record that was read (none for what failed or was skipped).
    All readable documents appear in one new generation or, when anything else goes wrong, none; without
    `publish` the store stays as it is. `by` and the number of an `upload` go into the journal, `keep`
    generations are left.
    `workers` is where documents are read (ui.intake.workers.chosen).
    Raises StoreError (busy, disk full, damaged) and DocumentError when a path does not exist.
    """
    groups = incoming(paths, private=private)
    store = Store.open(store_path, keep=keep)
    rows: list[Row] = []
    with (
        suppress(_Enough),
        store.write(Cause("ingest", by, upload=upload)) as draft,
        chosen(workers, len(groups)) as hands,
    ):
        batch = _Batch(draft, _known(draft, model), hands, progress or _silent, each, len(groups))
        for done, (group, first) in enumerate(zip(groups, batch.loaded(groups), strict=True)):
            batch.progress(done, len(groups), group[0].name)
            rows += batch.first_readable(group, first, done)
        if not publish:
            raise _Enough
        if draft.base is None:
            put_bundled(draft, batch.taken)
        draft.gathered()
        bring_up_to_date(draft, model, hands)
        batch.progress(len(groups), len(groups), "")
    generation = store.generation.name if store.generation else ""
    return Report(tuple(rows), generation)


class _Enough(Exception):  # noqa: N818 – drops the draft
    """All was read that was to be looked at only."""


def _silent(done: int, total: int, name: str) -> None:
    """Tell nobody."""


def _known(draft: Draft, model: str | None) -> dict[str, str]:
    """Return the checksums of the files already read by this very program; all others are read anew."""
    if draft.base is None or not current(draft.base, model):
        return {}
    own = fingerprint()
    return {row.source: row.file_sha256 for row in draft.base.documents if row.reading == own}


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A document whose bytes are there; `done` is set where it was read ahead."""

    job: Job
    source: str
    unchanged: bool
    done: Done | Lost | None = None


@dataclass(frozen=True, slots=True)
class _Batch:
    """What all documents of one call share; `taken` gives the document that took a short name."""

    draft: Draft
    known: dict[str, str]
    workers: Workers | None
    progress: Progress
    each: Each | None
    total: int
    taken: dict[str, str] = field(default_factory=dict)

    def loaded(self, groups: Sequence[Sequence[Item]]) -> Iterator[_Loaded | DocumentError]:
        """Yield the first document of each group, read ahead where there are workers for it."""
        first = (self.load(group[0]) for group in groups)
        if self.workers is None:
            yield from first
            return
        waiting: deque[_Loaded | DocumentError] = deque()

        def jobs() -> Iterator[Job | None]:
            for loaded in first:
                waiting.append(loaded)
                yield _apart(loaded)

        for done in self.workers.map(read_apart, jobs(), weight):
            loaded = waiting.popleft()
            yield loaded if isinstance(loaded, DocumentError) else replace(loaded, done=done)

    def load(self, item: Item) -> _Loaded | DocumentError:
        """Get a document's bytes, and see whether they need to be read; or why they cannot be had."""
        try:
            given = item.load()
            source = given.side.source or given.source
            unchanged = self.is_unchanged(given, source)
        except DocumentError as error:
            return error
        return _Loaded(Job(item.name, item.where, given, self.draft.iri), source, unchanged)

    def is_unchanged(self, given: Given, source: str) -> bool:
        """Say whether the same bytes, with the same side file, were read before; nothing is parsed for it."""
        if self.known.get(source) != hashlib.sha256(given.data).hexdigest():
            return False
        policy = self.draft.record(source).policy
        if any(finding.rule == OCR_MISSING for finding in policy.findings) and ocr.available():
            return False  # pages were left out for want of recognition, which is there now
        return policy.side == given.side

    def first_readable(
        self, group: Sequence[Item], first: _Loaded | DocumentError, done: int
    ) -> Iterator[Row]:
        """Take in the first format of a document that can be read, and tell of the others."""
        for position, item in enumerate(group):
            row = self.take(item, self.load(item) if position else first, done)
            yield row
            if row.outcome != "failed":
                others = group[position + 1 :]
                told = f"与 {item.name} 是同一份文件的另一种格式"
                for other in others:
                    yield self.noted(Row(row.source, other.name, "skipped", error=told))
                return

    def take(self, item: Item, loaded: _Loaded | DocumentError, done: int) -> Row:
        """Put one document into the draft, unless it cannot be read or was read before."""
        if isinstance(loaded, DocumentError):
            return self.noted(failed(item.name, loaded).row)
        source = loaded.source
        if source in self.taken:
            return self.noted(failed(item.name, _twice(source, self.taken[source], item)).row)
        if loaded.unchanged:
            self.taken[source] = item.name
            return self.noted(Row(source, item.name, "unchanged"), source)

        def told(page: int, pages: int) -> None:
            self.progress(done, self.total, f"{item.name} 第 {page + 1}/{pages} 页")

        found = loaded.done or read(loaded.job, told)
        if isinstance(found, Lost):
            return self.noted(failed(item.name, _lost(item)).row)
        if found.prepared is None:
            return self.noted(found.row)
        self.taken[source] = item.name
        held = source in self.draft
        self.draft.put_prepared(found.prepared, loaded.job.given.data, item.name, fingerprint())
        return self.noted(replace(found.row, outcome="replaced" if held else "added"), source)

    def noted(self, row: Row, source: str = "") -> Row:
        """Tell of a row, with the record of the document where there is one."""
        if self.each is not None:
            self.each(row, self.draft.record(source) if source else None)
        return row


def _apart(loaded: _Loaded | DocumentError) -> Job | None:
    """Return what can be read elsewhere: a page whose attachments must be fetched cannot."""
    if isinstance(loaded, DocumentError) or loaded.unchanged or loaded.job.given.page is not None:
        return None
    return loaded.job


def _twice(source: str, other: str, item: Item) -> DocumentError:
    return DocumentError(
        f"短名“{source}”与 {other} 重复", item.where, "请在同名 .toml 文件里用 source 另起短名"
    )


def _lost(item: Item) -> DocumentError:
    return DocumentError(
        "读取这份文件时程序意外中断，可能是内存不足", item.where, "请把它单独再导入一次，或换一种格式"
    )
