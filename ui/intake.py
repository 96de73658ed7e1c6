"""Taking documents in: read → extract → store and indexes, in one published generation."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from graph import knowledge
from graph.extract import extract
from graph.storage.store import Draft, Store
from ingest import discover, parse, read
from ingest.model import DocumentError
from qa import index
from qa.encoder import load_encoder

Outcome = Literal["added", "replaced", "unchanged", "skipped", "failed", "removed"]
Progress = Callable[[int, int, str], None]
# One document in several formats is read once, from the first of these: structure before plain text,
# plain text before pages whose text must be dug out.
_PREFERRED = (".docx", ".txt", ".md", ".html", ".htm", ".pdf")


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
    paths: Sequence[Path], store_path: Path, *, model: str | None = None, progress: Progress | None = None
) -> Report:
    """Read documents into the store; unchanged files are skipped, unreadable ones reported.

    `progress` is called with (documents done, documents in all, file name). All readable files appear in
    one new generation or, when anything else goes wrong, none. Raises StoreError (busy, disk
    full, damaged) and DocumentError when a path does not exist.
    """
    groups = _by_name(list(discover(paths)))
    store = Store.open(store_path)
    rows: list[Row] = []
    with store.write() as draft:
        known = _known(draft, model)
        taken: dict[str, Path] = {}
        for done, group in enumerate(groups):
            if progress:
                progress(done, len(groups), group[0].name)
            rows += _first_readable(group, draft, known, taken)
        if draft.base is None:
            _put_bundled(draft, taken)
        _index(draft, model)
        if progress:
            progress(len(groups), len(groups), "")
    generation = store.generation.name if store.generation else ""
    return Report(tuple(rows), generation)


def _known(draft: Draft, model: str | None) -> dict[str, str]:
    """Return the checksums of the files already read; none after an upgrade, so that all are read anew."""
    if draft.base is None or not index.current(draft.base, load_encoder(model)):
        return {}
    return {row.source: row.file_sha256 for row in draft.base.documents}


def _by_name(files: Sequence[Path]) -> list[list[Path]]:
    """Group the files that are one document in several formats (a page saved beside its text), best first."""
    groups: dict[tuple[Path, str], list[Path]] = {}
    for file in files:
        groups.setdefault((file.parent, file.stem), []).append(file)
    return [sorted(group, key=_rank) for group in groups.values()]


def _first_readable(
    group: Sequence[Path], draft: Draft, known: dict[str, str], taken: dict[str, Path]
) -> Iterator[Row]:
    """Take in the first format of a document that can be read, and tell of the others."""
    for position, file in enumerate(group):
        row = _take(file, draft, known, taken)
        yield row
        if row.outcome != "failed":
            others = group[position + 1 :]
            told = f"与 {file.name} 是同一份文件的另一种格式"
            yield from (Row(row.source, other.name, "skipped", error=told) for other in others)
            return


def _rank(file: Path) -> tuple[int, str]:
    suffix = file.suffix.lower()
    return (_PREFERRED.index(suffix) if suffix in _PREFERRED else len(_PREFERRED), suffix)


def _take(file: Path, draft: Draft, known: dict[str, str], taken: dict[str, Path]) -> Row:
    try:
        original = file.read_bytes()
        raw = read(file)
        source = raw.side.source or raw.source
        if source in taken:
            raise DocumentError(
                f"短名“{source}”与 {taken[source].name} 重复",
                str(file),
                "请在同名 .toml 文件里用 source 另起短名",
            )
        same = known.get(source) == hashlib.sha256(original).hexdigest()
        if same and draft.record(source).policy.side == raw.side:
            taken[source] = file
            return Row(source, file.name, "unchanged")
        record = knowledge.with_gists(extract(parse(raw)))
    except OSError as error:
        told = f"{file}：打不开（{error.strerror}）。请检查文件和权限"
        return Row(file.stem, file.name, "failed", error=told)
    except DocumentError as error:
        return Row(file.stem, file.name, "failed", error=str(error))
    taken[source] = file
    held = source in draft.sources
    draft.put(record, original, file.name)
    return Row(
        source=source,
        name=file.name,
        outcome="replaced" if held else "added",
        clauses=len(record.policy.clauses),
        duties=len(record.duties),
        quantities=len(record.quantities),
        findings=len(record.policy.findings),
    )


def _put_bundled(draft: Draft, taken: Iterable[str]) -> None:
    """A new store begins with the bundled knowledge, as far as no original takes its place."""
    for record in knowledge.bundled():
        if record.policy.source not in set(taken):
            draft.put(record, b"", f"{record.policy.source}.json")


def start(store_path: Path, *, model: str | None = None) -> str:
    """Make the store ready for answering and return its generation's name.

    An empty store gets the bundled knowledge; indexes made by another model or an older version
    of the program are made anew.
    """
    store = Store.open(store_path)
    if store.generation is None or not index.current(store.generation, load_encoder(model)):
        with store.write() as draft:
            if draft.base is None:
                _put_bundled(draft, ())
            _index(draft, model)
    return store.generation.name if store.generation else ""


def remove(source: str, store_path: Path, *, model: str | None = None) -> Report:
    """Take a document out of graph, indexes and originals; raises StoreError when there is none."""
    store = Store.open(store_path)
    with store.write() as draft:
        draft.remove(source)
        _index(draft, model)
    generation = store.generation.name if store.generation else ""
    return Report((Row(source, "", "removed"),), generation)


def _index(draft: Draft, model: str | None) -> None:
    """Bring the indexes up to date with the draft: what changed, or everything for a new model."""
    encoder = load_encoder(model)
    changed = set(draft.changed)
    if draft.base is None or not index.current(draft.base, encoder):
        changed |= set(draft.sources)
    if changed:
        records = (draft.record(source) for source in sorted(changed) if source in draft.sources)
        index.update(draft, encoder, changed=changed, records=records)
