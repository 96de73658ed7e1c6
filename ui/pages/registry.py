"""The pages that the server lays out itself. A new page is one module with a router, and one row."""

from collections.abc import Callable

from fastapi import APIRouter

from ui.pages import desk, documents, duties, guides, interface
from ui.pages.admin import documents as holdings
from ui.pages.admin import entrance, generations, opinions, overview, records, review, upload, users
from ui.pages.chat import ask
from ui.service import Service

ROUTERS: tuple[Callable[[Service], APIRouter], ...] = (
    ask.router,
    interface.router,
    guides.router,
    desk.router,
    documents.router,
    duties.router,
    entrance.router,
    overview.router,
    opinions.router,
    records.router,
    users.router,
    upload.router,
    holdings.router,
    generations.router,
    review.router,
)
