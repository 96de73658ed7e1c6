"""A document as files: the original as it came, its text, its facts. Always kept, never shown in place."""

from collections.abc import Callable
from pathlib import PurePath

from fastapi import APIRouter, Response

from graph.export import export
from graph.storage.generations import Generation
from ingest.model import DocumentError
from ingest.readers.kinds import kind_of
from ui.http.exports import attachment
from ui.http.problems import ProblemError
from ui.service import Service

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYPES = {
    "pdf": "application/pdf",
    "docx": _DOCX,
    "ofd": "application/ofd",
    "html": "text/html",
    "text": "text/plain",
}
_PICTURES = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"RIFF", "image/webp"),
    (b"BM", "image/bmp"),
)
_UNKNOWN = "application/octet-stream"


def media_type(data: bytes, name: str) -> str:
    """Return the media type of a file by its first bytes and its name."""
    try:
        kind = kind_of(data, PurePath(name).suffix.lower(), name)
    except DocumentError:
        return _UNKNOWN
    if kind == "image":
        return next((known for magic, known in _PICTURES if data.startswith(magic)), _UNKNOWN)
    return _TYPES[kind]


def router(service: Service) -> APIRouter:
    """Return the files of ``/documents/{source}``."""
    routes = APIRouter(prefix="/documents/{source}", include_in_schema=False)

    @routes.get("/original")
    def original(source: str) -> Response:
        generation = _holding(service.generation, source)
        data, name = generation.original(source), generation.document(source).name
        return _file(data, media_type(data, name), PurePath(name).name)

    @routes.get("/text")
    def text(source: str) -> Response:
        generation = _holding(service.generation, source)
        body = generation.record(source).policy.text
        return _file(body.encode(), "text/plain; charset=utf-8", f"{source}-正文.txt")

    @routes.get("/facts.jsonl")
    def facts(source: str) -> Response:
        generation = _current(service.generation, source)
        body = "".join(export(generation, "jsonl", sources=(source,)))
        return _file(body.encode(), "application/x-ndjson", f"{source}-数据.jsonl")

    return routes


def _current(generation: Callable[[], Generation], source: str) -> Generation:
    current = generation()
    if source not in current:
        raise ProblemError(404, f"没有文件 {source}", "全部文件见 /documents")
    return current


def _holding(generation: Callable[[], Generation], source: str) -> Generation:
    current = _current(generation, source)
    if not current.record(source).policy.verbatim:
        raise ProblemError(404, f"本库未收 {source} 的原文", "只有编者要点，见 /documents/" + source)
    return current


def _file(data: bytes, kind: str, name: str) -> Response:
    # The type is given as a header: Response would add a charset that the file may not have.
    return Response(data, headers={"content-type": kind, **attachment(name)})
