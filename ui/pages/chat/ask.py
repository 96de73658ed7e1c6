"""问政策: the citizen's chat page, and the cards that its script fetches; without a script a page an answer.

The server keeps nothing of a conversation: the page sends the place and the earlier questions along (see
ask.js), so that neither a restart nor a second window mixes anything up.
"""

import logging
from datetime import date
from secrets import token_hex
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from ui.frame import CHAT, page
from ui.pages.chat import cards
from ui.service import Service

_CONTEXT = 6  # earlier questions passed on; older ones no longer say what "there" means
_DEFECT = "服务出了错，已经记录。请稍后再问，或拨打 12345。"
_LOG = logging.getLogger(__name__)


class Sent(BaseModel):
    """What the page sends: the question, the chosen place, the earlier questions, oldest first."""

    model_config = ConfigDict(extra="forbid")

    question: str
    place: str = ""
    earlier: list[str] = Field(default_factory=list, max_length=50)


def router(service: Service) -> APIRouter:
    """Return the page ``/``, and ``/ask``: a card for the script, a whole page for a form."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(CHAT.path)
    def begin() -> HTMLResponse:
        return _page(service)

    @routes.post("/ask/card")
    def card(sent: Sent) -> HTMLResponse:
        return HTMLResponse(_card(service, sent))

    @routes.post("/ask")
    def one(question: Annotated[str, Form()] = "", place: Annotated[str, Form()] = "") -> HTMLResponse:
        sent = Sent(question=question, place=place)
        return _page(service, _card(service, sent) if question.strip() else "", place)

    @routes.get("/ask")
    def back() -> RedirectResponse:
        return RedirectResponse(CHAT.path, status_code=303)

    return routes


def _page(service: Service, card: str = "", place: str = "") -> HTMLResponse:
    opened = service.library()  # the store may have changed since the last visit
    return page(
        "chat.html", here=CHAT.path, title=service.settings.title, areas=opened.jurisdictions(), place=place,
        longest=service.settings.question_limit, card=Markup(card),  # noqa: S704  escaped where it is made
        examples=Markup(cards.chips(opened.examples(), label="可以这样问")),  # noqa: S704
    )  # fmt: skip


def _card(service: Service, sent: Sent) -> str:
    """Return the answer as a card, or a card that says why there is none."""
    key, question, longest = token_hex(4), sent.question.strip(), service.settings.question_limit
    if not question:
        return cards.failure("", "问题是空的，请写一句完整的话。", key=key)
    if len(question) > longest:
        told = f"问题超过 {longest} 字，请拆成几个短问题再问。"
        return cards.failure(question[:60] + "…", told, key=key)
    try:
        opened = service.library()
        place = sent.place if sent.place in opened.jurisdictions() else None
        earlier = [e for e in sent.earlier if 0 < len(e.strip()) <= longest]
        found = opened.ask(question, context=earlier[-_CONTEXT:], as_of=date.today(), jurisdiction=place)
        return cards.turn(question, found, opened, key=key, place=place)
    except Exception:  # noqa: BLE001  whoever asked must be told, whatever went wrong
        _LOG.exception("a question could not be answered")
        return cards.failure(question, _DEFECT, key=key)
