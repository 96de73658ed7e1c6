"""文件: all documents of the store, and each of them whole, with its facts marked in its text."""

from fastapi import APIRouter

from ui.pages.documents import files, listing, one
from ui.pages.documents.kept import KeptDocuments
from ui.service import Service


def router(service: Service) -> APIRouter:
    """Return the pages ``/documents`` and all below it."""
    kept = KeptDocuments(service)
    routes = APIRouter()
    routes.include_router(listing.router(kept))
    routes.include_router(files.router(service))
    routes.include_router(one.router(kept))
    return routes
