"""Tables as files: what a file holds is what the page shows; the graph comes whole, piece by piece."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from graph.storage.store import Store
from tests.made_records import small_record
from tests.served import fetch, served
from ui.http.exports import attachment
from ui.tables import Cell, Link, Table, as_csv, as_xlsx, plain, sheet_names

# What XML cannot hold (control characters, lone surrogates) is no text of a document: ingest drops it.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
LINKS = st.builds(Link, TEXTS, st.just("/documents/a#正文/一"))
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(), TEXTS, st.integers(-(10**9), 10**9), LINKS, st.lists(LINKS, max_size=3).map(tuple)
)
TABLES = st.builds(
    Table,
    st.just("rows"),
    TEXTS,
    st.just(("甲", "乙")),
    st.lists(st.tuples(CELLS, CELLS), max_size=6).map(tuple),
)


def read_xlsx(data: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


@given(table=TABLES, host=st.sampled_from(["", "http://example.test"]))
def test_a_workbook_holds_what_the_table_shows(table: Table, host: str) -> None:
    (rows,) = read_xlsx(as_xlsx([table], host)).values()
    wanted = [[plain(cell) for cell in row] for row in table.rows]
    assert rows[0] == ["甲", "乙"]
    assert [["" if cell is None else cell for cell in row] for row in rows[1:]] == wanted


@given(table=TABLES)
def test_comma_separated_values_hold_what_the_table_shows(table: Table) -> None:
    text = "".join(as_csv(table))
    assert text.startswith("\ufeff甲,乙\r\n")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    for row, made in zip(rows[1:], table.rows, strict=True):
        for cell, value in zip(row, map(plain, made), strict=True):
            assert cell in (str(value), f"'{value}")
            assert isinstance(value, int) or not cell.startswith(("=", "+", "-", "@"))


def test_no_cell_becomes_a_formula() -> None:
    table = Table("rows", "表", ("=1+1",), (("=HYPERLINK(1)",), ("{=1}",), ("http://a.test",), (-5,)))
    assert "".join(as_csv(table)).splitlines()[1:] == ["'=HYPERLINK(1)", "{=1}", "http://a.test", "-5"]
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([table])))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} == {"s", "n"}
    assert book.active.freeze_panes == "A2"


def test_a_link_in_a_workbook_leads_back() -> None:
    table = Table("rows", "表", ("条款",), ((Link("附件1/一", "/documents/a#x"),),))
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([table], "https://zw.test")))
    link = book.active["A2"].hyperlink
    assert (link.target, link.location) == ("https://zw.test/documents/a", "x")


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    (rows,) = read_xlsx(as_xlsx([Table("rows", "表", ("文",), (("字" * 40_000,),))])).values()
    assert len(str(rows[1][0])) == 32_767
    assert str(rows[1][0]).endswith("（太长，余下的见网页）")


@given(titles=st.lists(st.text(max_size=40), min_size=1, max_size=5))
@example(titles=["~", "~"])
@example(titles=["\U0001f600" * 40] * 2)
@example(titles=["'甲'", "''"])
def test_every_sheet_has_a_name_that_is_taken(titles: list[str]) -> None:
    tables = [Table(f"t{i}", title, ("甲",), ()) for i, title in enumerate(titles)]
    names = sheet_names(tables)
    assert len({name.casefold() for name in names}) == len(names)
    as_xlsx(tables)


def test_wide_characters_count_twice_in_widths() -> None:
    from ui.tables import widths

    assert widths(Table("rows", "表", ("单位", "n"), (("县财政局", 1),))) == [11.0, 6.0]


def test_files_are_kept_by_their_chinese_name() -> None:
    told = attachment('县财政局 "清单"\n.csv')["content-disposition"]
    assert told == f"attachment; filename=\"zhengwen.csv\"; filename*=UTF-8''{quote('县财政局 _清单__.csv')}"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exports") / "store"
    with Store.open(path).write() as draft:
        draft.put(small_record("a"), b"a", "a.txt")
        draft.put(small_record("b", 2), b"b", "b.txt")
    return path


@pytest.fixture(scope="module")
def service(store: Path) -> Iterator[str]:
    with served("ui.cli", "serve", "--port", "0", "--store", str(store)) as address:
        yield address


@pytest.mark.parametrize(
    ("form", "kind", "syntax"),
    [
        ("ttl", "text/turtle", RdfFormat.TURTLE),
        ("jsonld", "application/ld+json", RdfFormat.JSON_LD),
        ("nq", "application/n-quads", RdfFormat.N_QUADS),
    ],
)
def test_the_graph_comes_whole(service: str, store: Path, form: str, kind: str, syntax: RdfFormat) -> None:
    reply = fetch(f"{service}/api/v1/graph?format={form}")
    assert (reply.status, reply.headers["content-type"].split(";")[0]) == (200, kind)
    assert f"filename*=UTF-8''{quote('政问图谱')}.{form}" in reply.headers["content-disposition"]
    graph = Store.open(store).generation.graph
    held = {(str(q.subject), str(q.predicate), str(q.object)) for q in parse(reply.body, syntax)}
    assert held == {(str(q.subject), str(q.predicate), str(q.object)) for q in graph}


def test_the_graph_of_one_document(service: str) -> None:
    reply = fetch(f"{service}/api/v1/graph?format=nq&source=b")
    graphs = {str(quad.graph_name) for quad in parse(reply.body, RdfFormat.N_QUADS)}
    assert len(graphs) == 2  # the document's own, and what all share
    assert fetch(f"{service}/api/v1/graph?source=none").status == 404
    assert fetch(f"{service}/api/v1/graph?format=xml").status == 422
