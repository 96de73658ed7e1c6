"""Records for the tests of the graph: small ones, random ones, and those that the gold facts describe."""

import json
from pathlib import Path

from hypothesis import strategies as st

from graph.facts import Duty, Evidence, FundingRule, Gist, Measure, Quantity, Record, Reference, Review
from ingest.model import Annex, Clause, DocumentNumber, Finding, Line, LineKind, Paragraph, Policy, Span


def small_record(
    source: str, clauses: int = 3, jurisdiction: str | None = "丙县", mark: str = "甲"
) -> Record:
    """A record of `clauses` clauses, each with a lead unit, two other units and a reward; made-up words."""
    text, rows, duties, quantities = f"{mark}标题\n", [], [], []
    for i in range(clauses):
        start = len(text)
        body = f"{mark}第{i}条给予{i + 1}万元"
        text += f"{i + 1}、办法{i}\n{body}\n牵头单位：县统计局\n"
        begin = text.index(body, start)
        span = Span(start, begin + len(body))
        locator = f"正文/{i + 1}"
        here = Evidence(locator, Span(begin, begin + len(body)))
        rows.append(
            Clause(locator, str(i + 1), f"办法{i}", span, None, body, (Span(begin, begin + len(body)),))
        )
        duties += [
            Duty(here, "县统计局", "lead", 0, "县统计局"),
            Duty(here, "县财政局", "responsible", 0, "财政局", "省略了前缀"),
            Duty(here, "各乡镇政府", "responsible", 1, "各乡镇政府"),
        ]
        surface = f"{i + 1}万元"
        quantities.append(
            Quantity(
                here,
                surface,
                "money",
                (i + 1) * 10_000,
                "CNY",
                "reward",
                "exact",
                recipient="企业",
                sentence=body,
            )
        )
    policy = Policy(
        source, f"{source}办法", text, "ab" * 32, jurisdiction=jurisdiction, issuer="丙县人民政府",
        number=DocumentNumber("丙政", 2024, 7, "丙政〔2024〕7号"), date="2024-03-01",
        parts=(Annex("正文", "", Span(0, len(text))),), clauses=tuple(rows),
    )  # fmt: skip
    return Record(policy, tuple(duties), tuple(quantities))


def gold_records(shared: Path) -> dict[str, Record]:
    """Records with exactly the duties and figures of the gold files; text is the clauses' own."""
    clauses = _lines(shared / "gold" / "clauses.jsonl")
    figures = _lines(shared / "gold" / "quantities.jsonl")
    found = {}
    for source in dict.fromkeys(row["source"] for row in clauses):
        text, rows, duties = "", [], []
        for row in (r for r in clauses if r["source"] == source):
            span = Span(len(text), len(text) + len(row["text"]))
            text += row["text"] + "\n"
            head, _, number = row["locator"].rpartition("/")
            inner = head if "/" in head else None
            rows.append(
                Clause(row["locator"], number, row["title"], span, None, row["text"], (span,), parent=inner)
            )
            here = Evidence(row["locator"], span if len(span) else None)
            duties += [
                Duty(here, unit, role, order, row[f"{role}_as_written"][order])
                for role in ("lead", "responsible")
                for order, unit in enumerate(row[role])
            ]
        quantities = tuple(
            Quantity(
                Evidence(row["locator"], None),
                **{k: v for k, v in row.items() if k not in ("source", "locator")},
            )
            for row in figures
            if row["source"] == source
        )
        policy = Policy(source, source, text, "cd" * 32, jurisdiction=source, clauses=tuple(rows))
        found[source] = Record(policy, tuple(duties), quantities)
    return found


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


words = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
spans = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda t: Span(min(t), max(t)))
locators = st.sampled_from(["正文", "正文/一", "附件2/四/（三）", "第七条", "附件/5"])
evidence = st.builds(Evidence, locators, st.none() | spans)
values = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | words
_small = st.integers(0, 9)
reviews = st.builds(Review, by=words, on=words, note=words, before=st.just((("role", "other"),)))
doubts = {"confidence": st.floats(0, 1), "reason": words, "review": st.none() | reviews}
dates = st.none() | st.sampled_from(["2022-06-05", "2022-06", "不详"])


def _tuples(items: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(items, max_size=3).map(tuple)


def records(source: str | None = None) -> st.SearchStrategy[Record]:
    """Any record that the types allow, with short texts."""
    policy = st.builds(
        Policy,
        source=st.just(source) if source else words.filter(bool),
        title=words,
        text=words,
        sha256=st.just("ab" * 32),
        number=st.none() | st.builds(DocumentNumber, mark=words, surface=words),
        issuer=st.none() | words.filter(bool),
        jurisdiction=st.none() | words.filter(bool),
        date=dates,
        addressees=_tuples(words),
        parts=_tuples(st.builds(Annex, label=locators, title=words, span=spans)),
        clauses=_tuples(
            st.builds(
                Clause, locator=locators, number=words, title=words, span=spans, title_span=st.none() | spans,
                text=words, pieces=_tuples(spans), units=_tuples(spans), parent=st.none() | locators,
            )
        ),
        paragraphs=_tuples(st.builds(Paragraph, text=words, pieces=_tuples(spans), part=locators)),
        lines=_tuples(st.builds(Line, span=spans, kind=st.sampled_from(LineKind))),
        findings=_tuples(st.builds(Finding, rule=words, message=words, span=st.none() | spans)),
    )  # fmt: skip
    return st.builds(
        Record,
        policy=policy,
        duties=_tuples(
            st.builds(Duty, evidence=evidence, unit=words.filter(bool), order=_small, written=words, **doubts)
        ),
        quantities=_tuples(
            st.builds(
                Quantity, evidence=evidence, surface=words, value=values, unit=words, recipient=words,
                condition=words, payer=words, sentence=words, stage=st.none() | _small,
                **doubts,
            )
        ),
        measures=_tuples(
            st.builds(
                Measure, evidence=evidence, audience=words, valid_from=dates, valid_until=dates,
                validity_evidence=st.none() | evidence, **doubts,
            )
        ),
        references=_tuples(
            st.builds(
                Reference, evidence=evidence, title=words, number=st.none() | words, target=st.none() | words,
                **doubts,
            )
        ),
        funding=_tuples(
            st.builds(FundingRule, evidence=evidence, payer=words, share=words, surface=words, **doubts)
        ),
        gists=_tuples(st.builds(Gist, locator=locators, text=words)),
    )  # fmt: skip
