"""What readers think of an answer, over HTTP: taken from anyone, changed only by who said it."""

import secrets
import threading
from collections import OrderedDict
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from ui.service import Service

_MOST = 10_000  # opinions that can still be changed; older ones stand
_WHY = 220  # characters: a reason of the form and 200 of free text


class OpinionIn(BaseModel):
    """An opinion on an answer; `instead_of` is the id of an earlier one that it takes the place of."""

    model_config = ConfigDict(extra="forbid")

    useful: bool
    why: str = Field("", max_length=_WHY)
    question: str = Field("", max_length=2000)
    cited: list[Annotated[str, Field(max_length=300)]] = Field(default_factory=list, max_length=20)
    status: Literal["answered", "no_figure", "no_basis", "clarify", ""] = ""
    instead_of: str | None = Field(None, max_length=40)


class OpinionOut(BaseModel):
    """The opinion's id: it is told to nobody else, and lets who said it change it."""

    id: str


class _Said:
    """Which opinion an id stands for; forgotten at a restart, when what was said stands."""

    def __init__(self) -> None:
        self._numbers: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def taken(self, told: str | None) -> int | None:
        with self._lock:
            return self._numbers.pop(told, None) if told else None

    def kept(self, number: int) -> str:
        told = secrets.token_urlsafe(12)
        with self._lock:
            self._numbers[told] = number
            while len(self._numbers) > _MOST:
                self._numbers.popitem(last=False)
        return told


def router(service: Service) -> APIRouter:
    """Return the endpoint; LedgerError, told as 503, where nothing can be kept."""
    routes = APIRouter(prefix="/api/v1", tags=["提问"])
    said = _Said()

    @routes.post("/feedback", summary="回答有用还是没用", status_code=201)
    def feedback(given: OpinionIn) -> OpinionOut:
        number = service.ledger.feedback.add(
            useful=given.useful,
            why=given.why.strip(),
            question=given.question.strip(),
            cited=given.cited,
            status=given.status,
            generation=service.library().generation,
            instead_of=said.taken(given.instead_of),
        )
        return OpinionOut(id=said.kept(number))

    return routes
