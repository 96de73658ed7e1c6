"""Named queries and other people's SPARQL."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from graph import queries
from graph.extract import extract
from graph.facts import Record
from graph.queries import QueryError, select
from graph.sparql import refuse
from graph.storage.store import Store
from ingest import discover, parse, read
from tests.doors import Doors
from tests.made_records import gold_records, small_record


@pytest.fixture(scope="module")
def small(doors, tmp_path_factory):
    store = doors.open(tmp_path_factory.mktemp("queries"))
    with store.write() as draft:
        draft.put(small_record("b", 2), b"b", "b.txt")
        draft.put(small_record("a", 12), b"a", "a.txt")
        draft.put(small_record("c", 1, jurisdiction="丁市"), b"c", "c.txt")
    return store


@pytest.fixture
def generation(doors, small):
    return doors.lend(small)


@pytest.fixture(scope="module")
def five_gold(doors, shared, tmp_path_factory):
    store = doors.open(tmp_path_factory.mktemp("gold"))
    with store.write() as draft:
        for source, record in gold_records(shared).items():
            draft.put(record, source.encode(), f"{source}.txt")
    return store


@pytest.fixture
def gold(doors, five_gold):
    return doors.lend(five_gold)


def test_policies(generation):
    rows = queries.policies(generation)
    assert [row.source for row in rows] == ["a", "b", "c"]
    assert rows[0] == queries.PolicyRow(
        "a", "a办法", "丙政〔2024〕7号", "丙县人民政府", "丙县", "2024-03-01", "issued", 12, True
    )
    assert queries.jurisdictions(generation) == ["丁市", "丙县"]


def test_a_policy_without_heading_is_listed_too(tmp_path):
    store = Store.open(tmp_path)
    record = small_record("x", 0, jurisdiction=None)
    bare = Record(type(record.policy)("x", "", "", ""))
    with store.write() as draft:
        draft.put(bare, b"", "x.txt")
    assert queries.policies(store.generation) == [
        queries.PolicyRow("x", "", None, None, None, None, "issued", 0, True)
    ]


def test_units_of_one_jurisdiction_are_not_those_of_another(generation):
    assert queries.units(generation, "丙县") == [
        queries.UnitRow("县统计局", "丙县", 14, 0, 0, 0),
        queries.UnitRow("县财政局", "丙县", 0, 14, 0, 0),
        queries.UnitRow("各乡镇政府", "丙县", 0, 14, 0, 0),
    ]
    assert len(queries.units(generation)) == 6
    assert queries.units(generation, "戊县") == []


def test_duties_of_a_unit_are_complete_and_in_document_order(generation):
    rows = queries.duties_of_unit(generation, "县财政局", ("responsible",))
    wanted = [("a", f"正文/{i + 1}") for i in range(12)] + [("b", "正文/1"), ("b", "正文/2"), ("c", "正文/1")]
    assert [(row.source, row.locator) for row in rows] == wanted
    assert rows[0].written == "财政局"
    assert rows[0].title == "办法0"
    assert queries.duties_of_unit(generation, "县财政局", ("lead",)) == []
    assert len(queries.duties_of_unit(generation, "县财政局", jurisdiction="丁市")) == 1
    assert queries.duties_of_unit(generation, "没有这个局") == []


def test_sums_of_figures(generation):
    total = sum(range(1, 13)) + 3 + 1
    assert queries.figure_sums(generation) == [queries.FigureSum("reward", "CNY", 15, total * 10_000)]
    assert queries.figure_sums(generation, "b") == [queries.FigureSum("reward", "CNY", 2, 30_000)]


def test_counts_by_unit_and_role_are_those_of_the_gold_clauses(gold, shared):
    wanted = Counter(
        (row["source"], unit, role)
        for row in map(json.loads, (shared / "gold" / "clauses.jsonl").read_text("utf-8").splitlines())
        for role in ("lead", "responsible")
        for unit in set(row[role])
    )
    rows = queries.count_by_unit_and_role(gold)
    assert {(row.jurisdiction, row.unit, row.role): row.count for row in rows} == dict(wanted)


def test_duties_of_a_policy_are_those_of_the_gold_clauses_in_order(gold, shared):
    for source in gold.sources:
        wanted = [
            (row["locator"], role, unit)
            for row in map(json.loads, (shared / "gold" / "clauses.jsonl").read_text("utf-8").splitlines())
            if row["source"] == source
            for role in ("lead", "responsible")
            for unit in row[role]
        ]
        rows = queries.duties_of_policy(gold, source)
        assert [(row.locator, row.role, row.unit) for row in rows] == wanted


def test_select_ask_and_construct(generation):
    table = select(generation, "SELECT ?s WHERE { ?p pol:source ?s } ORDER BY ?s")
    assert (table.form, table.columns, table.rows) == ("select", ("s",), (("a",), ("b",), ("c",)))
    assert select(generation, 'ASK { ?p pol:source "a" }').rows == (("true",),)
    table = select(generation, 'CONSTRUCT { ?p eli:title ?t } WHERE { ?p pol:source "a" ; eli:title ?t }')
    assert table.form == "graph"
    assert [row[2] for row in table.rows] == ["a办法"]
    unbound = select(generation, "SELECT ?x ?s WHERE { ?p pol:source ?s } LIMIT 1")
    assert unbound.terms[0][0] is None


def test_a_result_is_cut_at_the_row_limit_and_says_so(generation):
    table = select(generation, "SELECT * { ?s ?p ?o }", limit=7)
    assert len(table.rows) == 7
    assert table.truncated
    assert not select(generation, "SELECT ?s { ?p pol:source ?s }", limit=3).truncated


def test_a_result_is_cut_where_it_grows_too_large(generation, doors):
    """Each row is some hundred kilobytes; ten thousand of them would fill the memory of the service."""
    if doors.place is not None:
        pytest.skip("a server has limits of its own")
    grown = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}, ?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(6))
    query = f"SELECT ?x6 {{ ?s ?p ?o BIND(STR(?s) AS ?x0) {grown} }}"
    table = select(generation, query, seconds=30)
    assert table.truncated
    assert 0 < sum(len(cell) for row in table.rows for cell in row) <= 20_000_000


def test_a_query_without_end_is_stopped(generation):
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
    with pytest.raises(QueryError, match=r"超过 0\.5 秒"):
        select(generation, endless, seconds=0.5)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://localhost/> { ?a ?b ?c } }",
        "select * { service silent ?x { ?a ?b ?c } }",
        r"SELECT * { \u0053ERVICE <http://localhost/> { ?a ?b ?c } }",
        r"SELECT * { \U00000053ERVICE <http://localhost/> { ?a ?b ?c } }",
        "PREFIX : <http://localhost/> SELECT * { SERVICE:x { ?a ?b ?c } }",
        "SELECT * { ?s ?p 1SERVICE <http://localhost/> { ?a ?b ?c } }",
        r"SELECT * { pol:a\' ?p ?o . SERVICE <http://localhost/> { ?a ?b ?c } pol:b\' ?p ?o }",
        'SELECT * { ?s ?p "\\u0022" . SERVICE <http://localhost/> { ?a ?b ?c } ?d ?e "\\u0022" }',
        "SELECT * { FILTER(1<3) SERVICE <http://localhost/> { ?a ?b ?c } }",
        "SELECT * { ?s ?p 'it\\'s' . SERVICE <http://localhost/> { } }",
        "SELECT * { ?s ?p ?o # 'comment\n SERVICE <http://localhost/> { } }",
    ],
)
def test_calls_to_other_servers_are_refused(query):
    with pytest.raises(QueryError, match="SERVICE"):
        refuse(query)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?service { ?service pol:source "SERVICE" } # SERVICE',
        "SELECT * { <http://localhost/SERVICE> ?p ?o }",
        "SELECT * { cpsv:PublicService ?p '''SERVICE\n''' }",
        "SELECT * { ?s rdf:type cpsv:SERVICE }",
        'SELECT ("DELETE" AS ?x) {}',
    ],
)
def test_the_word_elsewhere_is_no_call(query, generation):
    assert select(generation, query).form == "select"


@pytest.mark.parametrize(
    "query",
    [
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "LOAD <http://localhost/x>",
        "INSERT { ?s ?p ?o } WHERE { SELECT * { ?s ?p ?o } }",
        "SELEC ?x",
        "",
    ],
)
def test_updates_and_nonsense_are_refused_with_a_reason(query, generation):
    before = set(generation.graph)
    with pytest.raises(QueryError):
        select(generation, query)
    assert set(generation.graph) == before


def test_counts_of_the_documents_as_read_are_those_of_the_gold_clauses(doors, shared, tmp_path):
    store = doors.open(tmp_path)
    with store.write() as draft:
        for file in discover([shared / "corpus"]):
            draft.put(extract(parse(read(file))), file.read_bytes(), file.name)
    generation = store.generation
    places = {row.source: row.jurisdiction for row in queries.policies(generation)}
    wanted = Counter(
        (places[row["source"]], unit, role)
        for row in map(json.loads, (shared / "gold" / "clauses.jsonl").read_text("utf-8").splitlines())
        for role in ("lead", "responsible")
        for unit in set(row[role])
    )
    rows = queries.count_by_unit_and_role(generation)
    assert {(row.jurisdiction, row.unit, row.role): row.count for row in rows} == dict(wanted)
    table = select(
        generation,
        """SELECT ?place ?unit ?role (COUNT(DISTINCT ?clause) AS ?n) WHERE {
             ?clause cv:hasParticipation [ cv:role ?r ; cv:hasParticipant ?u ] .
             ?u skos:prefLabel ?unit ; pol:inJurisdiction/skos:prefLabel ?place .
             BIND(STRAFTER(STR(?r), "#") AS ?role)
           } GROUP BY ?place ?unit ?role""",
    )
    assert {row[:3]: int(row[3]) for row in table.rows} == dict(wanted)


def test_what_hangs_on_a_unit_is_counted_once_however_many_policies_name_it(generation):
    plain = """SELECT (COUNT(*) AS ?n) {
        ?unit skos:prefLabel "县财政局" ; skos:altLabel "财政局" ; pol:inJurisdiction ?place .
        ?place skos:prefLabel "丙县" . ?duty cv:hasParticipant ?unit }"""
    assert select(generation, plain).rows == (("14",),)


def test_the_catalog_says_what_the_graph_says(doors: Doors, five_store: Path, tmp_path: Path) -> None:
    shutil.copytree(five_store, tmp_path / "store")
    generation = doors.lend(Store.open(tmp_path / "store", quads=doors.quads))
    counted = {
        (row.jurisdiction, row.unit, row.role): row.count
        for row in queries.count_by_unit_and_role(generation)
    }
    told = {
        (row.jurisdiction, row.unit, role): getattr(row, role)
        for row in queries.units(generation)
        for role in queries.ROLES
        if getattr(row, role)
    }
    assert told == counted
    found = generation.query("""
        SELECT ?source ?title ?number ?issuer ?place ?date ?status ?verbatim ?policy WHERE {
          ?policy pol:source ?source ; eli:title ?title ; pol:status ?status ; pol:verbatim ?verbatim .
          OPTIONAL { ?policy eli:jurisdiction/skos:prefLabel ?place }
          OPTIONAL { ?policy eli:id_local ?number }
          OPTIONAL { ?policy eli:date_document ?date }
          OPTIONAL { ?policy eli:passed_by/skos:prefLabel ?issuer }
        } ORDER BY ?source""")
    clauses = (
        "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?c a eli:LegalResourceSubdivision } } GROUP BY ?g"
    )
    counts = dict(generation.query(clauses))
    assert [(*row[:-1], counts[row[-1]]) for row in found] == [
        (r.source, r.title, r.number, r.issuer, r.jurisdiction, r.date, r.status, str(r.verbatim).lower(),
         str(r.clauses))
        for r in queries.policies(generation)
    ]  # fmt: skip


def test_a_store_without_a_catalog_is_read_all_the_same(five_store: Path, tmp_path: Path) -> None:
    old = tmp_path / "store"
    shutil.copytree(five_store, old)
    generation = Store.open(old).generation
    assert generation is not None
    told = queries.units(generation), queries.policies(generation)
    (file,) = (generation.path / "catalog").iterdir()
    file.unlink()
    del generation.__dict__["catalog"]  # as a program that opens it anew
    assert (queries.units(generation), queries.policies(generation)) == told
