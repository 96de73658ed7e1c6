"""What the pages of documents keep of a generation: made when first asked for, gone with the next one."""

from datetime import date

from graph.facts import Record
from graph.storage.generations import Generation
from qa.dossier import Dossier, dossier
from qa.guide import Guide
from qa.register import Register
from ui.doors import Library
from ui.kept import Kept, KeptOne
from ui.pages.documents.contents import contents
from ui.pages.documents.gists import outline
from ui.pages.documents.text import article
from ui.service import Service


class KeptDocuments:
    """The register of the current generation, and the last documents that were looked at."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._registers = KeptOne(Register)
        self._dossiers: Kept[tuple[str, date], Dossier | None] = Kept(self._dossier)
        self._texts: Kept[tuple[str, date], tuple[str, str]] = Kept(self._text)

    def register(self) -> Register:
        """Return the register of the store as it is now; raises StoreError."""
        return self._registers.of(self._service.generation())

    def dossier(self, source: str, as_of: date) -> Dossier | None:
        """Return what is known of a document, or None for an unknown one."""
        return self._dossiers.of(self._service.generation(), (source, as_of))

    def text(self, source: str, as_of: date) -> tuple[str, str]:
        """Return the contents and the text, as HTML, of a document that is there."""
        return self._texts.of(self._service.generation(), (source, as_of))

    def _dossier(self, generation: Generation, key: tuple[str, date]) -> Dossier | None:
        return dossier(self._registers.of(generation), *key)

    def _text(self, generation: Generation, key: tuple[str, date]) -> tuple[str, str]:
        found = self._dossiers.of(generation, key)
        if found is None:
            raise KeyError(key)
        guided = _guided(self._service.library(), found.record)
        write = article if found.head.verbatim else outline
        return contents(found.record.policy), write(found.record, guided)


def _guided(library: Library, record: Record) -> frozenset[str]:
    """Return the clauses that an application guide can be made for."""
    source = record.policy.source
    claimed = dict.fromkeys(m.evidence.locator for m in record.measures if m.kind == "incentive")
    return frozenset(locator for locator in claimed if isinstance(library.guide(source, locator), Guide))
