"""A document whole as data: ``GET /api/v1/policies/{source}/tree``, parts and clauses in one another."""

from collections.abc import Callable

from fastapi import APIRouter
from pydantic import BaseModel, Field

from graph.facts import Record
from graph.marking import marks
from graph.printed import Node, tree
from graph.storage.generations import Generation
from ingest.model import Clause, Span
from ui.http.problems import ProblemError


class NodeOut(BaseModel):
    """A part or a clause; places are characters of the document's text, null without one."""

    locator: str = Field(description="Its place; of a part its label (正文, 附件2)")
    number: str = Field(description="Number as printed; of a part its label")
    title: str = Field(description="Title as printed; may be empty")
    text: str = Field(description="Own running text; empty without a text and for parts")
    gist: str = Field(description="An editor's plain words; never the document's")
    units: list[str] = Field(description="Unit lines and brackets as printed")
    start: int | None = Field(description="First character, from its number on")
    end: int | None = Field(description="The character after its own text and units")
    children: list["NodeOut"] = Field(description="What stands below it, in order")


class MarkOut(BaseModel):
    """Where a fact stands: ``text[start:end]`` are the words that it was read from."""

    start: int
    end: int
    kind: str = Field(description="figure, date, unit or reference")
    role: str = Field(description="Role of a figure or unit, relation of a reference; or empty")
    locator: str = Field(description="Clause that it stands in")


class TreeOut(BaseModel):
    """A document as a tree, with its text and the places of its facts in it."""

    source: str
    title: str
    verbatim: bool = Field(description="Whether the text is in the store")
    text: str = Field(description="The decoded document; offsets count in it; empty without a text")
    parts: list[NodeOut] = Field(description="Main body and annexes")
    marks: list[MarkOut] = Field(description="In the order of the text, a longer one first")


def router(generation: Callable[[], Generation]) -> APIRouter:
    """Return the endpoint."""
    routes = APIRouter(prefix="/api/v1/policies", tags=["查阅"])

    @routes.get("/{source}/tree", summary="一份文件的全文、结构和数据的位置")
    def whole(source: str) -> TreeOut:
        current = generation()
        if source not in current:
            raise ProblemError(404, f"没有文件 {source}", "文件简称见 /api/v1/policies")
        return tree_out(current.record(source))

    return routes


def tree_out(record: Record) -> TreeOut:
    """Return a document's tree for the wire."""
    policy = record.policy
    gists = {gist.locator: gist.text for gist in record.gists}
    spans = {part.label: part.span for part in policy.parts}
    return TreeOut(
        source=policy.source,
        title=policy.title,
        verbatim=policy.verbatim,
        text=policy.text,
        parts=[_node(node, policy.text, gists, spans) for node in tree(policy)],
        marks=[
            MarkOut(
                start=mark.start,
                end=mark.end,
                kind=mark.kind,
                role=str(getattr(mark.fact, "role", getattr(mark.fact, "relation", ""))),
                locator=mark.fact.evidence.locator,
            )
            for mark in marks(record)
        ],
    )


def _node(node: Node, text: str, gists: dict[str, str], spans: dict[str, Span]) -> NodeOut:
    clause: Clause | None = node.clause
    span = (clause.span if clause else spans.get(node.locator)) if text else None
    return NodeOut(
        locator=node.locator,
        number=node.number,
        title=node.title,
        text=clause.text if clause else "",
        gist=gists.get(node.locator, ""),
        units=[units.of(text) for units in clause.units] if clause and text else [],
        start=span.start if span else None,
        end=span.end if span else None,
        children=[_node(child, text, gists, spans) for child in node.children],
    )
