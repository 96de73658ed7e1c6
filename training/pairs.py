"""Make training pairs: short text on the left, the passage that answers or continues it on the right."""

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path

from .lay import invent_questions, read_terms, synonym_pairs
from .sources import Shared

GREETING = re.compile(r"^.{0,24}(?:您好|你好)[！!，,。:：]*")
CLOSING = re.compile(r"感谢(?:您|你).{0,60}$")
HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、])\s*(.{4,40}?)[。：:]?$"
)
RUN_IN_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、])\s*([^。]{4,30})。(.{20,})$"
)
TERMS = Path(__file__).with_name("lay_terms.tsv")
PARAGRAPHS_A_PHRASE = 150
NUMBERING = re.compile(r"第[一二三四五六七八九十百]+[章节编条]\s*")


@dataclass(slots=True)
class Pairs:
    """Texts by number, and pairs of numbers grouped by kind.

    `paragraphs` are texts from which phrases are drawn during training.
    """

    texts: list[str] = field(default_factory=list)
    kinds: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    paragraphs: dict[str, list[int]] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    def number(self, text: str) -> int:
        """Return the number of `text`; equal texts share one, so none is its own negative."""
        found = self._numbers.setdefault(text, len(self.texts))
        if found == len(self.texts):
            self.texts.append(text)
        return found

    def add(self, kind: str, left: str, right: str) -> None:
        """Add one pair unless a side is empty or both are equal."""
        left, right = left.strip(), right.strip()
        if left and right and left != right:
            self.kinds.setdefault(kind, []).append((self.number(left), self.number(right)))

    def add_paragraph(self, kind: str, text: str) -> None:
        """Add one text to draw phrases from; texts too short to lose a phrase are left out."""
        if len(text) >= 30:
            self.paragraphs.setdefault(kind, []).append(self.number(text))


def make_pairs(shared: Shared, seed: int, hold_out: int = 0) -> Pairs:
    """Return every pair and paragraph of the sources, in file order.

    `seed` is for the invented questions; `hold_out` N leaves out statute questions 0, N, 2N…, so that a
    measurement can ask them; 0 leaves none out.
    """
    pairs = Pairs()
    _questions(pairs, shared, hold_out)
    _encyclopedia(pairs, shared)
    _messages(pairs, shared)
    _services(pairs, shared)
    _statutes(pairs, shared)
    _reports(pairs, shared)
    _documents(pairs, shared)
    for row in shared.rows("open_wordnet_synonyms"):
        lemmas = [lemma.strip("的地") or lemma for lemma in row["lemmas"][:5]]
        for left, right in permutations(dict.fromkeys(lemmas), 2):
            pairs.add("synonym", left, right)
    _everyday(pairs, seed)
    return pairs


def _questions(pairs: Pairs, shared: Shared, hold_out: int) -> None:
    articles = dict(shared.articles())
    for number, (question, names) in enumerate(shared.questions()):
        if hold_out and number % hold_out == 0:
            continue
        for name in names:
            if name in articles:
                pairs.add("statute question", question, articles[name])
    for text in articles.values():
        pairs.add_paragraph("article", text)


def _encyclopedia(pairs: Pairs, shared: Shared) -> None:
    from opencc import OpenCC  # type: ignore[import-untyped]

    simplify = OpenCC("t2s").convert
    for row in shared.rows("cmrc2018"):
        pairs.add("encyclopedia question", row["query"], row["passage"])
    for row in shared.rows("drcd_traditional"):
        pairs.add("encyclopedia question", simplify(row["query"]), simplify(row["passage"]))


def _messages(pairs: Pairs, shared: Shared) -> None:
    for row in shared.rows("citizen_messages"):
        reply = CLOSING.sub("", GREETING.sub("", row["passage"]))
        pairs.add("message", row["query"], reply)
        long = row.get("query_long") or ""
        pairs.add("message", long, reply)
        pairs.add("message", row["query"], long)


def _services(pairs: Pairs, shared: Shared) -> None:
    for row in shared.rows("service_items"):
        name = row["name"]
        for side in ("conditions", "materials"):
            value = row.get(side) or ""
            text = "，".join(value) if isinstance(value, list) else value
            if len(text) > 8:
                pairs.add("service", name, text)
                pairs.add_paragraph("service", text)


def _statutes(pairs: Pairs, shared: Shared) -> None:
    for row in shared.rows("law_articles"):
        section = NUMBERING.sub("", row["section"] or "").replace("/", " ").replace("\u3000", " ").strip()
        text = row["text"]
        if len(text) < 20:
            continue
        pairs.add("statute heading", f"{row['law']} {section}".strip(), text)
        pairs.add_paragraph("statute", text)


def _reports(pairs: Pairs, shared: Shared) -> None:
    for row in shared.rows("city_work_reports"):
        lead, text = row["lead"].strip(), row["text"].strip()
        rest = text.removeprefix(lead).lstrip("。，：")
        if len(lead) >= 4 and len(rest) >= 20:
            pairs.add("report heading", lead, rest)
        pairs.add_paragraph("report", text)


def _documents(pairs: Pairs, shared: Shared) -> None:
    for title, lines in shared.documents():
        for line in lines:
            run_in = RUN_IN_HEADING.match(line)
            if run_in:
                pairs.add("document heading", run_in[1], run_in[2])
            if len(line) >= 40:
                pairs.add("document heading", title, line)
                pairs.add_paragraph("document", line)
        for heading, body in _headed(lines):
            pairs.add("document heading", heading, body)


def _everyday(pairs: Pairs, seed: int) -> None:
    rng = random.Random(seed)
    terms = read_terms(TERMS)
    for everyday, official in synonym_pairs(terms):
        pairs.add("everyday synonym", everyday, official)
    # Policies, reports and services before statutes: they come nearest to what will be asked.
    for kinds in (("document", "report", "service"), ("statute", "article")):
        numbers = [number for kind in kinds for number in pairs.paragraphs[kind]]
        rng.shuffle(numbers)
        for question, paragraph in invent_questions(
            terms, (pairs.texts[number] for number in numbers), PARAGRAPHS_A_PHRASE, rng
        ):
            pairs.add("everyday question", question, paragraph)


def _headed(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (heading, next paragraph) where a short numbered line stands above running text."""
    heading = ""
    for line in lines:
        found = HEADING.match(line)
        if found and len(line) < 45:
            heading = found[1]
        elif len(line) >= 30 and heading:
            yield heading, line
            heading = ""
