"""What the pages of documents keep of a generation: made when first asked for, gone with the next one."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import TypeVar

from graph.facts import Record
from graph.storage.generations import Generation
from qa.dossier import Dossier, dossier
from qa.guide import Guide
from qa.register import Register
from ui.doors import Library, Provider
from ui.pages.documents.contents import contents
from ui.pages.documents.gists import outline
from ui.pages.documents.text import article
from ui.service import Service

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_PAGES = 64  # texts of documents kept as HTML


class Kept:
    """The register of the current generation, and the last documents that were looked at."""

    def __init__(self, service: Service) -> None:
        self._generation: Callable[[], Generation] = service.generation
        self._library: Provider = service.library
        self._lock = Lock()
        self._register: Register | None = None
        self._texts: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._dossiers: OrderedDict[tuple[str, date], Dossier] = OrderedDict()

    def register(self) -> Register:
        """Return the register of the store as it is now; raises StoreError."""
        generation = self._generation()
        with self._lock:
            if self._register is None or self._register.generation.name != generation.name:
                self._register = Register(generation)
                self._texts.clear()
                self._dossiers.clear()
            return self._register

    def dossier(self, source: str, as_of: date) -> Dossier | None:
        """Return what is known of a document, or None for an unknown one."""
        register = self.register()
        with self._lock:
            if (source, as_of) in self._dossiers:
                return self._dossiers[source, as_of]
        made = dossier(register, source, as_of)
        if made is not None:
            with self._lock:
                if register is self._register:
                    _keep(self._dossiers, (source, as_of), made)
        return made

    def text(self, found: Dossier) -> tuple[str, str]:
        """Return a document's contents and its text, as HTML."""
        source, register = found.head.source, self._register
        with self._lock:
            if source in self._texts:
                self._texts.move_to_end(source)
                return self._texts[source]
        guided = _guided(self._library(), found.record)
        write = article if found.head.verbatim else outline
        made = contents(found.record.policy), write(found.record, guided)
        with self._lock:
            if register is self._register:
                _keep(self._texts, source, made)
        return made


def _keep(held: "OrderedDict[_Key, _Value]", key: _Key, value: _Value) -> None:
    held[key] = value
    while len(held) > _PAGES:
        held.popitem(last=False)


def _guided(library: Library, record: Record) -> frozenset[str]:
    """Return the clauses that an application guide can be made for."""
    source = record.policy.source
    claimed = dict.fromkeys(m.evidence.locator for m in record.measures if m.kind == "incentive")
    return frozenset(locator for locator in claimed if isinstance(library.guide(source, locator), Guide))
