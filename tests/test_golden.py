"""Golden files: the graph of two invented documents, a statement a line, with IRIs made short and readable.

After a change that is meant to change them, write them anew and read the difference before it is committed:

    REWRITE_GOLDEN=1 pytest tests/test_golden.py
"""

import functools
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from graph.export import export
from graph.facts import Record
from graph.rdf.vocabulary import CPSV, CV, DEFAULT_BASE, ELI, POL, PREFIXES, RDF
from graph.storage.generations import Generation
from graph.storage.store import Store
from qa.encoder import load_encoder
from tests.made_library import FOLDER
from ui.intake import ingest

GOLDEN = Path(__file__).parent / "golden"
NAMES = ("songgang", "linjiang")
REWRITE = "REWRITE_GOLDEN"


@pytest.fixture(scope="module")
def generations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Generation]:
    """A store for each of the two documents."""
    cached, made = functools.cache(load_encoder), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ui.intake.indexing.load_encoder", cached)
        patch.setattr("graph.knowledge.bundled", tuple)
        for name in NAMES:
            store = tmp_path_factory.mktemp(name) / "store"
            ingest([FOLDER / f"{name}.txt"], store)
            opened = Store.open(store).generation
            assert opened is not None
            made[name] = opened
    return made


def test_the_golden_files_are_not_being_rewritten() -> None:
    assert REWRITE not in os.environ, (
        "golden files were written anew: read the difference, then run without it"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_document_becomes_the_graph_that_it_was(name: str, generations: dict[str, Generation]) -> None:
    path, written = GOLDEN / f"{name}.facts", "".join(_readable(generations[name]))
    if os.environ.get(REWRITE):
        path.parent.mkdir(exist_ok=True)
        path.write_text(written, encoding="utf-8")
    wanted = path.read_text("utf-8")
    gone, new = (
        sorted(set(a.splitlines()) - set(b.splitlines())) for a, b in ((wanted, written), (written, wanted))
    )
    assert not gone, f"no longer written, see the head of this file: {gone[:5]}"
    assert not new, f"newly written, see the head of this file: {new[:5]}"
    assert written == wanted


def _readable(generation: Generation) -> Iterator[str]:
    """Yield the statements in order; places in the text are named, what stands there is not repeated."""
    quads = parse("".join(export(generation, "nq")), RdfFormat.N_QUADS)
    rows = ((_short(q.subject), _short(q.predicate), _short(q.object)) for q in quads)
    yield from sorted({" ".join(row) + "\n" for row in rows if "/span/" not in row[0]})


def _short(term: object) -> str:
    if not isinstance(term, NamedNode):
        return str(term)
    known = (("", f"{DEFAULT_BASE}/"), *((f"{name}:", iri) for name, iri in PREFIXES))
    prefix, iri = next((row for row in known if term.value.startswith(row[1])), ("", ""))
    return prefix + unquote(term.value.removeprefix(iri))


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib's own, of its parsers
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
@pytest.mark.parametrize("name", NAMES)
def test_exports_are_one_graph_in_any_form(name: str, generations: dict[str, Generation]) -> None:
    """rdflib reads what Oxigraph wrote: N-Quads and JSON-LD graph by graph, Turtle all together."""
    quads = Dataset().parse(data="".join(export(generations[name], "nq")), format="nquads")
    linked = Dataset().parse(data="".join(export(generations[name], "jsonld")), format="json-ld")
    graphs = {str(graph.identifier) for graph in quads.graphs() if len(graph)}
    assert graphs == {str(graph.identifier) for graph in linked.graphs() if len(graph)}
    assert len(graphs) == 2
    for identifier in graphs:
        assert isomorphic(quads.graph(identifier), linked.graph(identifier))
    turtle = Graph()
    for piece in export(generations[name], "ttl"):
        turtle.parse(data=piece, format="turtle")
    flat = Graph()
    for subject, predicate, value, _ in quads.quads():
        flat.add((subject, predicate, value))
    assert isomorphic(turtle, flat)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_record_is_lost_in_its_quads(name: str, generations: dict[str, Generation]) -> None:
    record = generations[name].record(name)
    types = Counter(
        quad.object
        for quad in parse("".join(export(generations[name], "nq")), RdfFormat.N_QUADS)
        if quad.predicate == RDF.type
    )
    assert types[ELI.LegalResourceSubdivision] == len(record.policy.clauses)
    assert types[CV.Participation] == len(record.duties)
    assert types[POL.Reference] == len(record.references)
    assert types[POL.FundingShare] == len(record.funding)
    assert types[POL.Task] + types[POL.Incentive] + types[POL.Rule] == len(record.measures)
    assert types[CPSV.PublicService] == sum(m.kind == "incentive" for m in record.measures)
    assert _figures(name, generations) == len(record.quantities)
    assert _less_than_sure(name, generations) == _unsure(record)


def _figures(name: str, generations: dict[str, Generation]) -> int:
    return len(generations[name].query("SELECT DISTINCT ?f WHERE { ?c pol:quantity ?f }"))


def _less_than_sure(name: str, generations: dict[str, Generation]) -> int:
    return len(generations[name].query("SELECT DISTINCT ?f WHERE { ?f pol:confidence ?c ; pol:reason ?r }"))


def _unsure(record: Record) -> int:
    facts = (*record.duties, *record.quantities, *record.measures, *record.references, *record.funding)
    return sum(fact.confidence < 1 for fact in facts)
