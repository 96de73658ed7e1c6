"""Making an application guide for a measure out of the record of its document."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from graph.facts import FundingRule, Measure, Quantity, Record
from graph.figures.topics import is_party
from ingest.model import Clause
from qa.answers.base import validity
from qa.corpus import ClauseText, Corpus
from qa.guide.gifts import gifts
from qa.guide.model import Gift, Guide, Item, NoGuide, Said
from qa.guide.parts import statements, told
from qa.guide.scope import Scope, claims, figures, is_clause, scope, titled
from qa.guide.telling import checked, missing, text_of
from qa.model import Answer, Citation, Validity
from qa.text import display, plain
from qa.verify import verify

__all__ = ["Gift", "Guide", "Item", "NoGuide", "Said", "make"]

_HEADING = "这是章节的标题，请选其中一条"
_CAVEAT = "以文件原文和主管单位的解释为准。"
_REASONS = {
    "task": "这一条是工作任务，由单位去做，没有写明谁可以申领什么",
    "rule": "这一条是规定，没有写明谁可以申领什么",
    "": "这一条没有写明谁可以申领什么",
}


def make(record: Record, corpus: Corpus, locator: str, as_of: date | None) -> Guide | NoGuide | None:
    """Return the guide to a clause of `record`; why there is none; or None for an unknown clause.

    `as_of` is the day for which validity is told. Every sentence is held against the stored text and
    every figure against the sentences, as answers are.
    """
    clause = record.policy.clause(locator)
    if clause is None:
        return None
    around = scope(record, clause)
    if not is_clause(clause, record) and len(around.own) > 1:
        return NoGuide(record.policy.source, locator, display(clause.title), _HEADING)
    items = tuple(_items(record, corpus, around, as_of))
    text = _with_units(corpus, record.policy.source, (clause, *reversed(around.above)))
    if not items:
        units = text.units("lead") or text.units("responsible") if text else ()
        return NoGuide(
            record.policy.source, locator, titled(clause, around.above), _why(record, around), units
        )
    return _checked(_guide(record, clause, around, items, text, as_of), corpus)


def _guide(
    record: Record,
    clause: Clause,
    around: Scope,
    items: tuple[Item, ...],
    text: ClauseText | None,
    as_of: date | None,
) -> Guide:
    policy = record.policy
    given = [item.said for item in items]
    parts = told(record, around, given)
    states = {item.validity for item in items}
    guide = Guide(
        source=policy.source,
        policy=policy.title,
        number=policy.number.canonical if policy.number else None,
        jurisdiction=policy.jurisdiction,
        status=policy.status,
        verbatim=policy.verbatim,
        locator=clause.locator,
        title=titled(clause, around.above),
        as_of=as_of.isoformat() if as_of else None,
        items=items,
        audience=tuple(dict.fromkeys(a for item in items for a in _audiences(item))),
        who=parts["audience"],
        conditions=parts["condition"],
        window=parts["window"],
        where=parts["where"],
        materials=parts["materials"],
        process=parts["process"],
        payers=tuple(_payers(record, items, around)),
        lead_units=text.units("lead") if text else (),
        responsible_units=text.units("responsible") if text else (),
        support_units=text.units("support") if text else (),
        units_locator=text.clause.locator if text else "",
        validity=states.pop() if len(states) == 1 else Validity(),
        citations=(),
    )
    guide = replace(guide, citations=tuple(_citations(record, guide)), missing=missing(guide))
    return replace(guide, text=text_of(guide))


def _items(record: Record, corpus: Corpus, around: Scope, as_of: date | None) -> Iterator[Item]:
    """Yield what can be claimed by the clause and those below it; a list's opening only quotes itself."""
    for clause in around.own:
        text = corpus.clause(record.policy.source, clause.locator)
        found = list(claims(record, clause))
        if text is None or not found:
            continue
        if not record.policy.verbatim:
            said = Said(text.gist, clause.locator)
            held: Iterable[Quantity] = text.quantities
            yield _item(text, said, found[0], held, f"{text.gist}{_facts(text)}", as_of)
            continue
        above = "".join(c.text for c in around.above)
        for measure in found:
            said = _said(record, measure)
            if said.words.endswith(("：", ":")) and any(clause is not c for c in around.own):
                continue
            yield _item(text, said, measure, figures(record, measure), f"{said.words}{above}", as_of)


def _item(
    text: ClauseText,
    said: Said,
    measure: Measure,
    held: Iterable[Quantity],
    grounds: str,
    as_of: date | None,
) -> Item:
    quantities = tuple(held)
    return Item(
        said=said,
        audience=display(measure.audience),
        gifts=tuple(gifts(text, quantities, grounds)),
        validity=validity(text, quantities, as_of),
    )


def _facts(text: ClauseText) -> str:
    return "".join(f"{q.surface}{q.condition}{q.recipient}" for q in text.quantities)


def _said(record: Record, measure: Measure) -> Said:
    span = measure.evidence.span
    if span is None:
        return Said("", measure.evidence.locator)
    return Said(display(span.of(record.policy.text)), measure.evidence.locator, span.start, span.end)


def _audiences(item: Item) -> Iterator[str]:
    """Yield whom an item names: its figures' recipients that are parties, else the sentence's own."""
    recipients = [gift.recipient for gift in item.gifts if gift.role != "cap" and is_party(gift.recipient)]
    yield from recipients or ([item.audience] if item.audience else [])


def _with_units(corpus: Corpus, source: str, clauses: Sequence[Clause]) -> ClauseText | None:
    """Return the clause, or the nearest above it, that names units."""
    texts = (corpus.clause(source, clause.locator) for clause in clauses)
    return next((text for text in texts if text and text.written()), None)


def _payers(record: Record, items: Sequence[Item], around: Scope) -> Iterator[Said]:
    """Yield who pays: the sentences of the clause that name a payer, else what the document rules."""
    payers = [plain(gift.payer) for item in items for gift in item.gifts if gift.payer]
    shares = [q for q in record.quantities if q.role == "funding_share"]
    own = {clause.locator for clause in (*around.own, *around.above)}
    found: dict[tuple[str, int | None], Said] = {}
    for clause in (*around.own, *around.above):
        for said in statements(record, clause):
            named = any(payer and payer in plain(said.words) for payer in payers)
            shared = any(
                q.evidence.locator in own
                and q.evidence.span
                and said.start is not None
                and said.end is not None
                and said.start <= q.evidence.span.start < said.end
                for q in shares
            )
            if named or shared:
                found[said.locator, said.start] = said
    if not record.policy.verbatim:
        yield from (Said(payer, around.own[0].locator) for payer in dict.fromkeys(payers))
    yield from found.values()
    if not found and not payers:
        yield from (_rule(record, rule) for rule in record.funding)


def _rule(record: Record, rule: FundingRule) -> Said:
    span = rule.evidence.span
    if span is None or not record.policy.verbatim:
        return Said(display(rule.surface), rule.evidence.locator)
    return Said(display(span.of(record.policy.text)), rule.evidence.locator, span.start, span.end)


def _why(record: Record, around: Scope) -> str:
    kinds = {
        measure.kind
        for measure in record.measures
        if any(measure.evidence.locator == clause.locator for clause in around.own)
    }
    return _REASONS["task" if "task" in kinds else "rule" if "rule" in kinds else ""]


def _citations(record: Record, guide: Guide) -> Iterator[Citation]:
    """Yield a citation for each sentence of the guide, those that give something first."""
    groups = (
        guide.payers,
        guide.who,
        guide.conditions,
        guide.window,
        guide.where,
        guide.materials,
        guide.process,
    )
    every = [item.said for item in guide.items]
    if guide.verbatim:
        every += [said for group in groups for said in group]
    policy = record.policy
    titles = {clause.locator: clause.title for clause in policy.clauses}
    for said in {(s.locator, s.start): s for s in every}.values():
        quoted = said.start is not None and said.end is not None
        yield Citation(
            source=policy.source,
            policy=policy.title,
            number=guide.number,
            locator=said.locator,
            title=titles.get(said.locator, ""),
            quote=policy.text[said.start : said.end] if quoted else "",
            start=said.start,
            end=said.end,
            verified=False,
            jurisdiction=policy.jurisdiction,
            gist="" if quoted else said.words,
        )


def _checked(guide: Guide, corpus: Corpus) -> Guide:
    """Put the guide through the answers' own gate; where a figure fails, the sentences stand alone."""
    for attempt in (guide, _bare(guide)):
        asked = Answer(
            question="",
            status="answered",
            answer=checked(attempt),
            citations=attempt.citations,
            validity=attempt.validity,
        )
        passed = verify(asked, corpus)
        if passed.answer == asked.answer:
            return replace(attempt, citations=passed.citations, text=_closed(attempt))
    return replace(_bare(guide), citations=passed.citations, text=_CAVEAT)


def _closed(guide: Guide) -> str:
    """Say on what day validity was looked at; the day is no figure of the document."""
    day = f"有效期按{guide.as_of}核对。" if guide.as_of else ""
    return f"{guide.text}\n{day}{_CAVEAT}"


def _bare(guide: Guide) -> Guide:
    items = tuple(replace(item, gifts=()) for item in guide.items)
    bare = replace(guide, items=items, audience=())
    bare = replace(bare, missing=missing(bare))
    return replace(bare, text=text_of(bare))
