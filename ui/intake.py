"""Taking documents in: read → extract → store and indexes, in one published generation."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from graph import knowledge
from graph.extract import extract
from graph.facts import Record
from graph.reading import fingerprint
from graph.storage.durable import KEEP, StoreError
from graph.storage.journal import Cause
from graph.storage.store import Draft, Store
from ingest import parse
from ingest.model import OCR_MISSING, DocumentError, RawDocument
from ingest.readers import ocr, read_bytes
from ingest.readers.progress import Told
from qa import index
from qa.encoder import load_encoder
from ui.incoming import Given, Item, incoming

Outcome = Literal["added", "replaced", "unchanged", "skipped", "failed", "removed"]
T = TypeVar("T")
Progress = Callable[[int, int, str], None]
Each = Callable[["Row", Record | None], None]


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one file."""

    source: str
    name: str
    outcome: Outcome
    clauses: int = 0
    duties: int = 0
    quantities: int = 0
    findings: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a batch, a row a file, and the generation it is in."""

    rows: tuple[Row, ...]
    generation: str

    @property
    def failed(self) -> tuple[Row, ...]:
        """Rows of the files that could not be read."""
        return tuple(row for row in self.rows if row.outcome == "failed")


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
) -> Report:
    """Read documents into the store; unchanged files are skipped, unreadable ones reported.

    `paths` are files, folders, ZIP archives or web addresses (strings that begin with ``http``; those of
    an inner network only with `private`). `progress` is called with (documents done, documents in all,
    name), `each` with every row and the record that was read (none for what failed or was skipped).
    All readable documents appear in one new generation or, when anything else goes wrong, none; without
    `publish` the store stays as it is. `by` and the number of an `upload` go into the journal, `keep`
    generations are left. Raises StoreError (busy, disk full, damaged) and DocumentError when a path does
    not exist.
    """
    groups = incoming(paths, private=private)
    store = Store.open(store_path, keep=keep)
    rows: list[Row] = []
    with suppress(_Enough), store.write(Cause("ingest", by, upload=upload)) as draft:
        told = (progress or (lambda *_: None), each or (lambda *_: None))
        batch = _Batch(draft, _known(draft, model), {}, *told, len(groups))
        for done, group in enumerate(groups):
            batch.progress(done, len(groups), group[0].name)
            rows += _first_readable(group, batch, done)
        if not publish:
            raise _Enough
        if draft.base is None:
            _put_bundled(draft, batch.taken)
        _index(draft, model)
        batch.progress(len(groups), len(groups), "")
    generation = store.generation.name if store.generation else ""
    return Report(tuple(rows), generation)


class _Enough(Exception):  # noqa: N818 – drops the draft
    """All was read that was to be looked at only."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """What all documents of one call share; `taken` gives the document that took a short name."""

    draft: Draft
    known: dict[str, str]
    taken: dict[str, str]
    progress: Progress
    each: Each
    total: int


def _known(draft: Draft, model: str | None) -> dict[str, str]:
    """Return the checksums of the files already read by this very program; all others are read anew."""
    if draft.base is None or not index.current(draft.base, load_encoder(model)):
        return {}
    return {row.source: row.file_sha256 for row in draft.base.documents if row.reading == fingerprint()}


def _first_readable(group: Sequence[Item], batch: _Batch, done: int) -> Iterator[Row]:
    """Take in the first format of a document that can be read, and tell of the others."""
    for position, item in enumerate(group):
        row = _take(item, batch, done)
        yield row
        if row.outcome != "failed":
            others = group[position + 1 :]
            told = f"与 {item.name} 是同一份文件的另一种格式"
            for other in others:
                yield _noted(batch, Row(row.source, other.name, "skipped", error=told))
            return


def _take(item: Item, batch: _Batch, done: int) -> Row:
    def told(page: int, pages: int) -> None:
        batch.progress(done, batch.total, f"{item.name} 第 {page + 1}/{pages} 页")

    try:
        given = item.load()
        source = given.side.source or given.source
        if source in batch.taken:
            raise DocumentError(
                f"短名“{source}”与 {batch.taken[source]} 重复",
                item.where,
                "请在同名 .toml 文件里用 source 另起短名",
            )
        if _unchanged(given, source, batch):
            batch.taken[source] = item.name
            return _noted(batch, Row(source, item.name, "unchanged"), batch.draft.record(source))
        record = knowledge.with_gists(extract(parse(_raw(item, given, told))))
    except DocumentError as error:
        return _noted(batch, Row(Path(item.name).stem, item.name, "failed", error=str(error)))
    batch.taken[source] = item.name
    held = source in batch.draft.sources
    batch.draft.put(record, given.data, item.name, fingerprint())
    row = Row(
        source=source,
        name=item.name,
        outcome="replaced" if held else "added",
        clauses=len(record.policy.clauses),
        duties=len(record.duties),
        quantities=len(record.quantities),
        findings=len(record.policy.findings),
    )
    return _noted(batch, row, batch.draft.record(source))


def _noted(batch: _Batch, row: Row, record: Record | None = None) -> Row:
    batch.each(row, record)
    return row


def _unchanged(given: Given, source: str, batch: _Batch) -> bool:
    """Say whether the same bytes, with the same side file, were read before; nothing is parsed for it."""
    if batch.known.get(source) != hashlib.sha256(given.data).hexdigest():
        return False
    policy = batch.draft.record(source).policy
    if any(finding.rule == OCR_MISSING for finding in policy.findings) and ocr.available():
        return False  # pages were left out for want of recognition, which is there now
    return policy.side == given.side


def _raw(item: Item, given: Given, told: Told) -> RawDocument:
    raw = read_bytes(
        given.data,
        item.name,
        side_source=given.source,
        where=item.where,
        side=given.side,
        charset=given.charset,
        told=told,
    )
    if given.page is None:
        return raw
    from ingest.readers.web import with_attachments

    return with_attachments(raw, given.page)


def _put_bundled(draft: Draft, taken: Iterable[str]) -> None:
    """A new store begins with the bundled knowledge, as far as no original takes its place."""
    for record in knowledge.bundled():
        if record.policy.source not in set(taken):
            draft.put(record, b"", f"{record.policy.source}.json")


def start(store_path: Path, *, model: str | None = None, keep: int = KEEP) -> str:
    """Make the store ready for answering and return its generation's name.

    An empty store gets the bundled knowledge; indexes made by another model or an older version
    of the program are made anew.
    """
    store = Store.open(store_path, keep=keep)
    if store.generation is None or not index.current(store.generation, load_encoder(model)):
        with store.write(Cause("start")) as draft:
            if draft.base is None:
                _put_bundled(draft, ())
            _index(draft, model)
    return store.generation.name if store.generation else ""


def remove(
    source: str, store_path: Path, *, model: str | None = None, by: str = "", keep: int = KEEP
) -> Report:
    """Take a document out of graph, indexes and originals; raises StoreError when there is none."""
    cause = Cause("remove", by)
    generation = alter(lambda draft: draft.remove(source), store_path, cause=cause, model=model, keep=keep)[1]
    return Report((Row(source, "", "removed"),), generation)


def roll_back(
    name: str, store_path: Path, *, model: str | None = None, by: str = "", keep: int = KEEP
) -> str:
    """Publish the content of an older generation as a new one and return its name.

    Indexes of another model or an older program are made anew. Raises StoreError when the generation is
    not kept, is damaged, or is the current one.
    """
    store = Store.open(store_path, keep=keep)
    if store.generation is not None and store.generation.name == name:
        raise StoreError("这就是现在的版本", store_path, "在版本记录里选一个更早的版本")
    cause = Cause("rollback", by, of=name)
    return alter(lambda _: None, store_path, cause=cause, model=model, keep=keep)[1]


def alter(
    change: Callable[[Draft], T],
    store_path: Path,
    *,
    cause: Cause = Cause(),  # noqa: B008 – a frozen value
    model: str | None = None,
    keep: int = KEEP,
) -> tuple[T, str]:
    """Let `change` alter the store, bring the indexes up to date, and publish; nothing changes if it raises.

    `cause` goes into the journal, `keep` generations are left. Returns what `change` returns, and the
    name of the generation.
    """
    store = Store.open(store_path, keep=keep)
    with store.write(cause) as draft:
        result = change(draft)
        _index(draft, model)
    return result, store.generation.name if store.generation else ""


def _index(draft: Draft, model: str | None) -> None:
    """Bring the indexes up to date with the draft: what changed, or everything for a new model."""
    encoder = load_encoder(model)
    changed = set(draft.changed)
    if draft.base is None or not index.current(draft.base, encoder):
        changed |= set(draft.sources)
    if changed:
        records = (draft.record(source) for source in sorted(changed) if source in draft.sources)
        index.update(draft, encoder, changed=changed, records=records)
