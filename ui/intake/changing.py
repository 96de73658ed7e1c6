"""Changes of the store that read no document: made ready, taken out of, rolled back, decided upon."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from graph import knowledge
from graph.storage.durable import KEEP, StoreError
from graph.storage.journal import Cause
from graph.storage.store import Draft, Store
from ui.intake.indexing import bring_up_to_date, current
from ui.intake.report import Report, Row
from ui.intake.workers import chosen

T = TypeVar("T")


def start(store_path: Path, *, model: str | None = None, keep: int = KEEP) -> str:
    """Make the store ready for answering and return its generation's name.

    An empty store gets the bundled knowledge; indexes made by another model or an older version
    of the program are made anew.
    """
    store = Store.open(store_path, keep=keep)
    if not current(store.generation, model):
        with store.write(Cause("start")) as draft:
            if draft.base is None:
                put_bundled(draft, ())
            with chosen(None, len(draft.sources)) as hands:
                bring_up_to_date(draft, model, hands)
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
        bring_up_to_date(draft, model)
    return result, store.generation.name if store.generation else ""


def put_bundled(draft: Draft, taken: Iterable[str]) -> None:
    """A new store begins with the bundled knowledge, as far as no original takes its place."""
    for record in knowledge.bundled():
        if record.policy.source not in set(taken):
            draft.put(record, b"", f"{record.policy.source}.json")
