"""Search indexes that follow a draft of the store."""

from graph.storage.store import Draft
from qa import index
from qa.encoder import load_encoder


def current(draft: index.Parts | None, model: str | None) -> bool:
    """Tell whether the indexes of a generation are there and made by this model and program."""
    return draft is not None and index.current(draft, load_encoder(model))


def bring_up_to_date(draft: Draft, model: str | None) -> None:
    """Bring the indexes up to date with the draft: what changed, or everything for a new model."""
    encoder = load_encoder(model)
    changed = set(draft.changed)
    if not current(draft.base, model):
        changed |= set(draft.sources)
    if changed:
        records = (draft.record(source) for source in sorted(changed) if source in draft.sources)
        index.update(draft, encoder, changed=changed, records=records)
