"""概览: what stands, what waits, what was done last."""

import threading
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from graph.review import desk
from graph.storage.generations import Generation
from ui.http.signing import signed_in
from ui.ledger.accounts import Account
from ui.ledger.audit import ACTIONS, OUTCOMES, WRITES, Filter
from ui.ledger.database import stamp
from ui.pages.admin.room import notice, view
from ui.service import Service

_DAYS = 7
_LAST = 8  # writes that are shown
_PATIENCE = 0.5  # seconds that the page waits for the count


class _Waiting:
    """How many doubtful facts wait in a generation: counted beside the page, a document's count kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[frozenset[str], int] = {}

    def count(self, generation: Generation) -> int | None:
        """Return the number, or None while it is still being counted."""
        worker = threading.Thread(target=self._work, args=(generation,), daemon=True)
        if self._lost(generation):
            worker.start()
            worker.join(_PATIENCE)
        if self._lost(generation):
            return None
        return sum(self._counts[_state(generation, source)] for source in generation.sources)

    def _lost(self, generation: Generation) -> list[str]:
        return [source for source in generation.sources if _state(generation, source) not in self._counts]

    def _work(self, generation: Generation) -> None:
        with self._lock:  # one at a time: the second one finds most of it done
            for source in self._lost(generation):
                self._counts[_state(generation, source)] = len(desk.rows(generation, source))


def _state(generation: Generation, source: str) -> frozenset[str]:
    """Return what a document's facts and decisions hang on: the addresses of its objects."""
    row = next(row for row in generation.documents if row.source == source)
    return frozenset(address for address, _ in row.objects())


def router(service: Service) -> APIRouter:
    """Return the page ``/admin``."""
    routes = APIRouter(include_in_schema=False)
    ledger, waiting = service.ledger, _Waiting()

    @routes.get("/admin")
    def overview(account: Annotated[Account, Depends(signed_in(service))], done: str = "") -> Response:
        generation = service.generation()
        since = stamp(ledger.clock() - timedelta(days=_DAYS))
        useful, useless = ledger.feedback.counts(since)
        return view(
            "admin/overview.html", account, "/admin",
            generation=generation, waiting=waiting.count(generation), done=notice(done),
            days=_DAYS, useful=useful, useless=useless,
            writes=ledger.audit.rows(Filter(actions=WRITES), limit=_LAST), actions=ACTIONS, outcomes=OUTCOMES,
        )  # fmt: skip

    return routes
