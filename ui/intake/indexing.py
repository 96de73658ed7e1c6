"""Search indexes that follow a draft of the store."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.prepared import Kept
from graph.storage.store import Draft
from qa import index
from qa.encoder import load_encoder
from qa.indexed import Indexed, indexed
from ui.intake.workers import Lost, Workers


@dataclass(frozen=True, slots=True)
class _Job:
    kept: Kept
    model: str | None


def current(parts: index.Parts | None, model: str | None) -> bool:
    """Tell whether the indexes of a generation are there and made by this model and program."""
    return parts is not None and index.current(parts, load_encoder(model))


def bring_up_to_date(draft: Draft, model: str | None, workers: Workers | None = None) -> None:
    """Bring the indexes up to date with the draft: what changed, or everything for a new model.

    Raises IndexUnreachable when they are on a server that does not answer.
    """
    changed = set(draft.changed)
    if not current(draft.base, model):
        changed |= set(draft.sources)
    if changed:
        present = sorted(changed & set(draft.sources))
        index.update(
            draft, load_encoder(model), changed=changed, added=_added(draft, present, model, workers)
        )


def _added(
    draft: Draft, sources: Sequence[str], model: str | None, workers: Workers | None
) -> Iterator[Indexed]:
    """Yield what the indexes take in of each document; `workers` cut and embed the texts."""
    if workers is None:
        encoder = load_encoder(model)
        yield from (indexed(draft.record(source), encoder) for source in sources)
        return
    jobs = (_Job(draft.kept(source), model) for source in sources)
    for source, done in zip(sources, workers.map(_work, jobs), strict=True):
        yield _work(_Job(draft.kept(source), model)) if isinstance(done, Lost) else done


def _work(job: _Job) -> Indexed:
    return indexed(job.kept.open(), _encoder(job.model))


_encoder = functools.cache(load_encoder)
