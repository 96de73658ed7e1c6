"""职责追溯/图谱查询: SPARQL over the graph, with examples, for people."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from data import path
from graph.rdf.iris import named
from graph.rdf.vocabulary import PREFIXES
from graph.sparql import QueryError, Term, select
from graph.sparql import Table as Result
from ui import results
from ui.frame import page
from ui.http.exports import XLSX, attachment
from ui.pages.ways import document
from ui.service import Service
from ui.tables import Cell, Link, Table, as_csv, as_xlsx

_SHOWN = 500  # rows on the page; files have all
_LONGEST = 20_000  # characters of a query
_FILE = "图谱查询"
_TITLE, _ABOUT = "# 标题：", "# 说明："
_PLACE = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
_WHOLE, _BROKEN = re.compile(r"[+-]?\d{1,15}"), re.compile(r"[+-]?\d{1,15}\.\d+")
# What Oxigraph says in English, and what to do about it.
_KNOWN: Mapping[str, tuple[str, str]] = {
    "Prefix not found": ("用了没有声明的前缀", "看下面列出的前缀，或自己用 PREFIX 声明"),
    "variable that is unbound": (
        "SELECT 里有变量没有参加分组",
        "把它写进 GROUP BY，或放进 COUNT、SUM、SAMPLE",
    ),
}


@dataclass(frozen=True, slots=True)
class Example:
    """A query that comes with the program."""

    key: str
    title: str
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a query gave nothing: what, what to do, and the line with the place in it where that is known."""

    what: str
    remedy: str
    line: int = 0
    before: str = ""
    at: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """What people call a document: by its place, or by its title."""

    place: str
    title: str


@cache
def examples() -> tuple[Example, ...]:
    """Return the bundled queries, in the order of their files' numbers."""
    found = []
    files = sorted(path("queries").glob("*.rq"), key=lambda file: int(file.stem.partition("-")[0]))
    for file in files:
        title, about, text = file.read_text("utf-8").split("\n", 2)
        found.append(Example(file.stem, title.removeprefix(_TITLE), about.removeprefix(_ABOUT), text.strip()))
    return tuple(found)


def router(service: Service) -> APIRouter:
    """Return the page ``/duties/query``: by GET, long queries by POST."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/duties/query")
    def get(query: str = "", example: str = "", format: str = "") -> Response:
        return _answer(service, query, example, format)

    @routes.post("/duties/query")
    async def post(request: Request) -> Response:
        form = await request.form()
        given = {key: value for key, value in form.items() if isinstance(value, str)}
        query, kind = given.get("query", ""), given.get("format", "")
        return await run_in_threadpool(_answer, service, query, "", kind)

    return routes


def _answer(service: Service, query: str, example: str, form: str) -> Response:
    chosen = next((one for one in examples() if one.key == example), None)
    text = query.replace("\r\n", "\n").strip() or (chosen.text if chosen else "")
    result, trouble, seconds = None, None, 0.0
    generation = service.generation()
    if len(text) > _LONGEST:
        trouble = Trouble(f"查询语句超过 {_LONGEST} 字", "请缩短后再查")
    elif text:
        began = time.perf_counter()
        try:
            result = select(generation, text, seconds=service.settings.sparql_seconds)
        except QueryError as error:
            trouble = explained(error, text)
        seconds = time.perf_counter() - began
    names = {
        row.source: Names(row.jurisdiction or row.source, row.title) for row in service.library().policies()
    }
    shown = as_table(result, generation.base, names) if result is not None else None
    if result is not None and shown is not None and (file := _file(shown, result, form)):
        return file
    return page(
        "duties/query.html", here="/duties", tab="/duties/query",
        examples=examples(), chosen=chosen, text=text, prefixes=PREFIXES, trouble=trouble, result=result,
        seconds=seconds, made=shown.part(0, _SHOWN) if shown else None, total=len(shown.rows) if shown else 0,
        most=_SHOWN, longest=_LONGEST,
    )  # fmt: skip


def _file(table: Table, result: Result, form: str) -> Response | None:
    """Return the result as a file: a graph asked for as JSON goes as N-Triples."""
    if form == "json" and result.form == "graph":
        kind, ending, content = "application/n-triples", "nt", results.as_triples(result)
    elif form == "json":
        kind, ending, content = "application/sparql-results+json", "json", results.as_json(result)
    elif form == "csv":
        kind, ending = "text/csv; charset=utf-8", "csv"
        content = "".join(as_csv(table))
    elif form == "xlsx":
        book = as_xlsx([table])
        return Response(book, media_type=XLSX, headers=attachment(f"{_FILE}.xlsx"))
    else:
        return None
    return Response(content, media_type=kind, headers=attachment(f"{_FILE}.{ending}"))


def as_table(result: Result, base: str, names: Mapping[str, Names]) -> Table:
    """Return a result as a table: numbers as numbers, clauses and documents as links to their pages."""
    rows = tuple(tuple(_cell(term, base, names) for term in row) for row in result.terms)
    return Table("result", "查询结果", result.columns, rows)


def _cell(term: Term | None, base: str, names: Mapping[str, Names]) -> Cell:
    if term is None or not term.value:
        return None
    if term.kind == "uri":
        place = named(term.value, base)
        if place:
            source, locator = place
            name = names.get(source, Names(source, source))
            return Link(f"{name.place} {locator}" if locator else name.title, document(source, locator))
        return _short(term.value, base)
    if term.kind == "literal" and term.datatype and "XMLSchema#" in term.datatype:
        if _WHOLE.fullmatch(term.value) and term.datatype.endswith(("integer", "decimal")):
            return int(term.value)
        if _BROKEN.fullmatch(term.value):
            return float(term.value)
    return term.value


def _short(iri: str, base: str) -> str:
    """Return an IRI as people read it: by its prefix, or without our base."""
    for prefix, start in PREFIXES:
        if iri.startswith(start):
            return f"{prefix}:{unquote(iri.removeprefix(start))}"
    return unquote(iri.removeprefix(base + "/"))


def explained(error: QueryError, text: str) -> Trouble:
    """Say in Chinese what is wrong with a query, and where."""
    found = _PLACE.search(error.what)
    if not found:
        return Trouble(error.what, error.remedy)
    number, column = int(found[1]), int(found[2])
    what, remedy = next(
        (told for key, told in _KNOWN.items() if key in found[3]),
        ("语句到这里读不下去了", "看这里或前面一点是否少了括号、句点、引号或问号"),
    )
    lines = text.split("\n")
    line = lines[number - 1] if number <= len(lines) else ""
    start = end = min(max(column - 1, 0), len(line))
    if line[start : start + 1].strip():
        end += 1
    else:  # between words or at the end: the word before is what was not understood
        end = len(line[:start].rstrip())
        start = end - len(line[:end].split(" ")[-1])
    return Trouble(
        f"第 {number} 行第 {column} 列附近：{what}", remedy, number, line[:start], line[start:end], line[end:]
    )
