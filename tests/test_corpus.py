"""Documents as answers read them: what the graph says, and let go of when others are asked for."""

import gc
import weakref

from graph.queries import duties_of_policy
from graph.storage.store import Store
from qa import corpus
from qa.corpus import Corpus
from tests.made_library import made_corpus, made_store


def test_who_leads_is_what_the_graph_says_in_its_order() -> None:
    generation = Store.open(made_store()).generation
    assert generation is not None
    for source in generation.sources:
        rows = duties_of_policy(generation, source, ("lead",))
        led = made_corpus().leads(source)
        assert [(duty.evidence.locator, duty.unit) for duty in led] == [
            (row.locator, row.unit) for row in rows
        ]
    assert any(made_corpus().leads(source) for source in generation.sources)
    assert made_corpus().leads("none") == ()


def test_documents_and_clauses_are_those_of_the_record() -> None:
    generation = Store.open(made_store()).generation
    assert generation is not None
    for source in generation.sources:
        record = generation.record(source)
        assert made_corpus().policy(source) == record.policy
        texts = made_corpus().clauses(source)
        for clause in record.policy.clauses:
            text = texts.get(clause.locator)
            duties = tuple(duty for duty in record.duties if duty.evidence.locator == clause.locator)
            assert (text is not None) == bool(clause.text or duties)
            if text is not None:
                assert set(text.written()) == set(duties)
                assert len(texts) == len(list(texts))


def test_a_document_that_others_take_the_place_of_is_let_go_at_once(monkeypatch) -> None:
    """Waiting for the garbage collector would fill the memory: a service looks for garbage seldom."""
    monkeypatch.setattr(corpus, "_CACHED", 1)
    generation = Store.open(made_store()).generation
    assert generation is not None
    read = Corpus(generation)
    first, second = generation.sources[:2]
    gc.disable()
    try:
        left = [weakref.ref(read.clauses(first))]
        for text in read.clauses(first).values():
            text.units("lead")
        read.clauses(second)
        del text
        assert left[0]() is None
    finally:
        gc.enable()
