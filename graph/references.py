"""Which other documents a policy names, and what they are to it: based on, applied, repealed, amended.

A title in 《…》 counts once a clause and relation; its short name (以下简称《方案》) is followed back to it.
A document named by its number alone (原县政办〔2019〕12号同时废止) has that number for a title.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import cast

from data import table
from graph.facts import Evidence, Reference, Relation
from ingest.document_number import find_numbers, format_number
from ingest.fold import fold
from ingest.model import Clause, Paragraph, Policy, Span

_OPEN, _CLOSE = "《〈＜<", "》〉＞>"
_BRACKET = re.compile(r"\s*[（(]([^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*)[）)]")
_SHORT = re.compile(r"(?:以下|下文|下)?(?:统|并)?(?:简)?称(?:为)?[《“]([^》”]{2,20})[》”]")
_FILE = re.compile(r"^(?:等?(?:\d+|[一二三四五六七八九十]+)?[件份个]?文件|号文|[ 的等）)])*")
_HEAD_OF_ITEM = re.compile(r"[\d\s|、．.（）()一二三四五六七八九十]+")
_LISTED = re.compile(r"^[\s、，和与及以以及等的]*")


@dataclass(frozen=True, slots=True)
class _Words:
    before: re.Pattern[str]
    relation: dict[str, Relation]
    repeals: re.Pattern[str]
    amends: re.Pattern[str]
    changes: re.Pattern[str]
    planned: re.Pattern[str]
    list_of_repealed: re.Pattern[str]
    introduced: re.Pattern[str]


@cache
def _words() -> _Words:
    data = table("registry", "references.toml")
    relation = {word: cast(Relation, name) for name, said in data["before"].items() for word in said}
    said = sorted(relation, key=lambda word: -len(word))
    return _Words(
        before=re.compile("|".join(map(re.escape, said))),
        relation=relation,
        repeals=re.compile(data["after"]["repeals"]),
        amends=re.compile(data["after"]["amends"]),
        changes=re.compile(data["after"]["changes"]),
        planned=re.compile(data["tasks"]["planned"]),
        list_of_repealed=re.compile(data["lists"]["repealed"]),
        introduced=re.compile(data["numbers"]["introduced"]),
    )


@dataclass(frozen=True, slots=True)
class _Title:
    """A title in 《…》 within a text: its place with the marks, its end with the bracket after it."""

    start: int
    end: int
    after: int
    name: str
    bracket: str


def _titles(text: str) -> Iterator[_Title]:
    """Yield the outermost 《…》 of `text`; a mark that is never closed opens nothing."""
    position = 0
    while (start := text.find("《", position)) >= 0:
        depth = 0
        if text.find("》", start, start + 160) < 0:
            position = start + 1
            continue
        for end in range(start, min(len(text), start + 160)):
            depth += (text[end] in _OPEN) - (text[end] in _CLOSE)
            if depth == 0:
                break
        else:
            # Marks that do not pair: take the first close.
            end = text.find("》", start, start + 160)
            if end < 0:
                position = start + 1
                continue
        name = _plain(text[start + 1 : end])
        bracket = _BRACKET.match(text, end + 1)
        if len(name) > 1:
            after, said = (bracket.end(), bracket.group(1)) if bracket else (end + 1, "")
            yield _Title(start, end + 1, after, name, said)
        position = end + 1


def _plain(title: str) -> str:
    return re.sub(r"\s*[\r\n]\s*|(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])", "", title).strip()


_ALIKE = str.maketrans("()＜＞<>《》﹝﹞[]［］", "（）〈〉〈〉〈〉〔〕〔〕〔〕")


def title_key(title: str) -> str:
    """Return a title with marks, blanks and widths that do not matter taken out."""
    folded = fold(title).translate(_ALIKE)
    return re.sub(r"[\s“”\"'‘’〈〉、，·]", "", folded)


def _relation(text: str, titles: Sequence[_Title], index: int) -> Relation:
    """Tell the relation from what stands right after the title, else from the nearest word before it."""
    words, title = _words(), titles[index]
    last = index  # titles in one row share what follows
    while last + 1 < len(titles) and _LISTED.sub("", text[titles[last].after : titles[last + 1].start]) == "":
        last += 1
    follows = _FILE.sub("", text[titles[last].after :])
    if words.repeals.match(follows):
        return "repeals"
    if words.changes.match(follows):
        return "amends"
    before = text[: titles[index].start]
    if words.amends.match(follows) and before.endswith(("对", "将", "把", "、", "》", "）", "和")):
        return "cites" if words.planned.search(before) else "amends"
    begin = max((text.rfind(c, 0, title.start) for c in "。；！？\n"), default=-1) + 1
    left, cursor = "", begin
    for earlier in titles[:index]:
        if earlier.start >= cursor:
            left += text[cursor : earlier.start]
            cursor = earlier.after
    left += text[cursor : title.start]
    found = list(words.before.finditer(left))
    for word in reversed(found):
        between = left[word.end() :]
        if len(between) > 60 or "，" in between:
            break
        relation = words.relation[word.group()]
        if relation == "cites" and between.startswith("的"):
            continue  # 落实国务院印发的《…》 turns on 落实
        if relation in ("repeals", "amends") and between.strip("、和及与"):
            continue
        return "cites" if relation == "amends" and words.planned.search(left[: word.start()]) else relation
    return "cites"


def _number(bracket: str) -> str | None:
    found = find_numbers(re.sub(r"\s*\n\s*", "", bracket))
    return format_number(found[0][2]) if found else None


def _named(text: str) -> list[_Title]:
    """Return what `text` names: titles, and numbers that stand by themselves, in order."""
    found = list(_titles(text))
    for start, end, number in find_numbers(text):
        if any(title.start < end and start < title.after for title in found):
            continue
        mark = _words().introduced.sub("", number.mark)
        if len(mark) > 1:
            plain = format_number(replace(number, mark=mark))
            begin = start + max(text[start:end].find(mark), 0)
            found.append(_Title(begin, end, end, plain, plain))
    return sorted(found, key=lambda title: title.start)


def references(policy: Policy) -> tuple[Reference, ...]:
    """Return the documents that a policy names, in order, each once a clause and relation.

    The policy's own title is none of them. Titles are as printed, without line breaks; a number is
    in canonical form (国办发〔2016〕82号).
    """
    own = {title_key(policy.title), title_key(policy.number.canonical) if policy.number else ""}
    full: dict[str, _Title] = {}
    seen: set[tuple[str, str, Relation]] = set()
    done: list[Reference] = []
    blocks: list[Clause | Paragraph] = [*policy.clauses, *policy.paragraphs]
    for block in sorted(blocks, key=_begin):
        locator = block.locator if isinstance(block, Clause) else block.part
        titles = _named(block.text)
        repealing = bool(titles) and _lists_repealed(policy, block)
        for index, title in enumerate(titles):
            if short := _SHORT.search(title.bracket):
                full.setdefault(title_key(short.group(1)), title)
            known = full.get(title_key(title.name), title)
            relation = _relation(block.text, titles, index)
            if repealing and not _HEAD_OF_ITEM.sub("", block.text[: title.start]):
                relation = "repeals"
            name = title_key(known.name)
            number = _number(title.bracket) or _number(known.bracket)
            # A province's may bear one title, and so may the older one that this one repeals.
            another = relation in ("applies", "based_on") or (number and title_key(number) not in own)
            if (name in own and not another) or (locator, name, relation) in seen:
                continue
            seen.add((locator, name, relation))
            span = _span(block, title.start, title.end)
            done.append(Reference(Evidence(locator, span), known.name, number, relation))
    return tuple(done)


def _lists_repealed(policy: Policy, block: Clause | Paragraph) -> bool:
    """Tell whether a block is an item of a list of documents that are repealed (…予以废止：1.《…》)."""
    if isinstance(block, Paragraph):
        return False
    above = policy.clause(block.parent) if block.parent else None
    if above:
        said = f"{above.title} {above.text}".rstrip()
    else:
        part = block.locator.split("/")[0]
        earlier = [p for p in policy.paragraphs if p.part == part and _begin(p) < _begin(block)]
        label = next((p.title for p in policy.parts if p.label == part), "")
        said = earlier[-1].text.rstrip() if earlier else label
    return _words().list_of_repealed.search(said) is not None


def _begin(block: Clause | Paragraph) -> int:
    return block.pieces[0].start if block.pieces else 0


def _span(block: Clause | Paragraph, start: int, end: int) -> Span | None:
    """Map a range of the block's text to the document (as Clause.locate, for paragraphs too)."""
    at = [place for piece in block.pieces for place in range(piece.start, piece.end)]
    return Span(at[start], at[end - 1] + 1) if len(at) == len(block.text) else None
