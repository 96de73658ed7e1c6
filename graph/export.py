"""The facts of a generation as files for other programs: JSON lines, CSV, N-Quads, Turtle, JSON-LD."""

import csv
import io
import json
from collections.abc import Callable, Collection, Iterator
from typing import Literal, get_args

from pyoxigraph import DefaultGraph, Quad, RdfFormat, serialize

from graph.facts import Quantity, Record, Role
from graph.queries import ROLES
from graph.rdf.shared import shared_iri
from graph.rdf.vocabulary import PREFIXES
from graph.storage.durable import StoreError
from graph.storage.generations import Generation
from ingest.model import Clause

Format = Literal["jsonl", "csv", "nq", "ttl", "jsonld"]
_COLUMNS = (
    *("文件", "辖区", "标题", "文号", "状态", "条款", "条款标题"),
    *("牵头单位", "责任单位", "配合单位", "监督单位", "金额和期限", "白话要点", "原文"),
)


def export(
    generation: Generation, form: Format, *, text: bool = True, sources: Collection[str] | None = None
) -> Iterator[str]:
    """Yield the facts of all documents, or of `sources` only, piece by piece, in document order.

    ``jsonl``: a clause a line; ``csv``: a clause a row, for spreadsheets; ``nq``: one named graph
    a policy; ``ttl`` and ``jsonld``: all policies together. With ``text=False`` the first two
    leave out the clauses' text. Raises StoreError for another format.
    """
    wanted = tuple(s for s in generation.sources if sources is None or s in sources)
    writers: dict[str, Callable[[Generation, tuple[str, ...], bool], Iterator[str]]] = {
        "jsonl": _jsonl,
        "csv": _csv,
        "nq": _nquads,
        "ttl": _turtle,
        "jsonld": _jsonld,
    }
    if form not in writers:
        raise StoreError("没有这种格式", form, f"可选：{'、'.join(get_args(Format))}")
    return writers[form](generation, wanted, text)


def _jsonl(generation: Generation, sources: tuple[str, ...], text: bool) -> Iterator[str]:
    for record, clause in _clauses(generation, sources):
        gist = next((g.text for g in record.gists if g.locator == clause.locator), "")
        row: dict[str, object] = {
            "source": record.policy.source,
            "locator": clause.locator,
            "title": clause.title,
            "text": clause.text if text else "",
        }
        row |= {role: _units(record, clause, role) for role in ROLES}
        row["quantities"] = [_figure(quantity, text) for quantity in _figures(record, clause)]
        row["gist"] = gist
        yield json.dumps(row, ensure_ascii=False) + "\n"


def _csv(generation: Generation, sources: tuple[str, ...], text: bool) -> Iterator[str]:
    # The mark at the start makes spreadsheet programs read UTF-8.
    yield "\ufeff" + _row(_COLUMNS)
    for record, clause in _clauses(generation, sources):
        policy = record.policy
        cells = [policy.source, policy.jurisdiction or "", policy.title]
        cells += [
            policy.number.canonical if policy.number else "",
            policy.status,
            clause.locator,
            clause.title,
        ]
        cells += ["、".join(_units(record, clause, role)) for role in ROLES]
        cells.append("；".join(quantity.surface for quantity in _figures(record, clause)))
        cells.append(next((g.text for g in record.gists if g.locator == clause.locator), ""))
        cells.append(clause.text if text else "")
        yield _row(cells)


def _row(cells: list[str] | tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(_harmless(cell) for cell in cells)
    return line.getvalue()


def _harmless(cell: str) -> str:
    # A document may be a stranger's: no cell of it may become a formula (OWASP, CSV injection).
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _nquads(generation: Generation, sources: tuple[str, ...], _text: bool) -> Iterator[str]:
    for quads in _graphs(generation, sources):
        yield "".join(sorted(_text_of(serialize(quads, format=RdfFormat.N_QUADS)).splitlines(keepends=True)))


def _turtle(generation: Generation, sources: tuple[str, ...], _text: bool) -> Iterator[str]:
    for graph in _graphs(generation, sources):
        quads = (Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in graph)
        yield _text_of(serialize(quads, format=RdfFormat.TURTLE, prefixes=dict(PREFIXES)))


def _jsonld(generation: Generation, sources: tuple[str, ...], _text: bool) -> Iterator[str]:
    # One array of named graphs, written graph by graph: the whole of a large store is never in memory.
    opening = "["
    for graph in _graphs(generation, sources):
        written = _text_of(serialize(graph, format=RdfFormat.JSON_LD, prefixes=dict(PREFIXES)))
        if inner := written.strip()[1:-1]:
            yield opening + inner
            opening = ","
    yield "[]" if opening == "[" else "]"


def _graphs(generation: Generation, sources: tuple[str, ...]) -> Iterator[Iterator[Quad]]:
    """The graph of what these policies share, then each policy's; made from records, as the store's is."""
    name = shared_iri(generation.base)
    shared = {quad for source in sources for quad in generation.quads(source) if quad.graph_name == name}
    yield iter(sorted(shared, key=str))
    for source in sources:
        yield (quad for quad in dict.fromkeys(generation.quads(source)) if quad.graph_name != name)


def _text_of(data: bytes | None) -> str:
    return (data or b"").decode()


def _clauses(generation: Generation, sources: tuple[str, ...]) -> Iterator[tuple[Record, Clause]]:
    for source in sources:
        record = generation.record(source)
        for clause in record.policy.clauses:
            yield record, clause


def _units(record: Record, clause: Clause, role: Role) -> list[str]:
    duties = [d for d in record.duties if d.role == role and d.evidence.locator == clause.locator]
    return list(dict.fromkeys(duty.unit for duty in sorted(duties, key=lambda duty: duty.order)))


def _figures(record: Record, clause: Clause) -> list[Quantity]:
    return [q for q in record.quantities if q.evidence.locator == clause.locator]


def _figure(quantity: Quantity, text: bool) -> dict[str, object]:
    row: dict[str, object] = {
        "surface": quantity.surface,
        "value": quantity.value,
        "unit": quantity.unit,
        "kind": quantity.kind,
        "role": quantity.role,
        "bound": quantity.bound,
        "recipient": quantity.recipient,
        "condition": quantity.condition,
        "payer": quantity.payer,
        "periodicity": quantity.periodicity,
        "confidence": quantity.confidence,
        "reason": quantity.reason,
    }
    if quantity.review:
        mark = quantity.review
        row["review"] = {"state": mark.state, "by": mark.by, "on": mark.on, "before": dict(mark.before)}
    if quantity.evidence.span:
        row |= {"start": quantity.evidence.span.start, "end": quantity.evidence.span.end}
    return row | ({"sentence": quantity.sentence} if text else {})
