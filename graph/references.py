"""Which other documents a policy names, and what they are to it: based on, applied, repealed, amended.

A title in 《…》 counts once a clause and relation; its short name (以下简称《方案》) is followed back to it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import cast

from data import table
from graph.facts import Evidence, Reference, Relation
from ingest.document_number import find_numbers, format_number, parse_number
from ingest.model import Clause, Paragraph, Policy, Span

_OPEN, _CLOSE = "《〈＜<", "》〉＞>"
_BRACKET = re.compile(r"\s*[（(]([^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*)[）)]")
_SHORT = re.compile(r"(?:以下|下文|下)?(?:统|并)?(?:简)?称(?:为)?[《“]([^》”]{2,20})[》”]")
_LISTED = re.compile(r"^[\s、，和与及以以及等的]*")


@dataclass(frozen=True, slots=True)
class _Words:
    before: re.Pattern[str]
    relation: dict[str, Relation]
    repeals: re.Pattern[str]
    amends: re.Pattern[str]
    planned: re.Pattern[str]
    issuer: re.Pattern[str]
    local: re.Pattern[str]
    loose: re.Pattern[str]
    wrapped: re.Pattern[str]


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
        issuer=re.compile(data["titles"]["issuer"]),
        local=re.compile(data["titles"]["local"]),
        planned=re.compile(data["tasks"]["planned"]),
        loose=re.compile("(?:" + "|".join(map(re.escape, data["titles"]["loose"])) + ")+$"),
        wrapped=re.compile(data["titles"]["wrapped"]),
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


def _key(title: str) -> str:
    """Return a title with marks, blanks and widths that do not matter taken out."""
    folded = title.translate(str.maketrans("()＜＞<>《》﹝﹞", "（）〈〉〈〉〈〉〔〕"))
    return re.sub(r"[\s“”\"'‘’〈〉、，·]", "", folded)


def _relation(text: str, titles: Sequence[_Title], index: int) -> Relation:
    """Tell the relation from what stands right after the title, else from the nearest word before it."""
    words, title = _words(), titles[index]
    last = index  # titles in one row share what follows
    while last + 1 < len(titles) and _LISTED.sub("", text[titles[last].after : titles[last + 1].start]) == "":
        last += 1
    follows = text[titles[last].after :].lstrip(" 的等")
    if words.repeals.match(follows):
        return "repeals"
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


def references(policy: Policy) -> tuple[Reference, ...]:
    """Return the documents that a policy names, in order, each once a clause and relation.

    The policy's own title is none of them. Titles are as printed, without line breaks; a number is
    in canonical form (国办发〔2016〕82号).
    """
    own = _key(policy.title)
    full: dict[str, _Title] = {}
    seen: set[tuple[str, str, Relation]] = set()
    done: list[Reference] = []
    blocks: list[Clause | Paragraph] = [*policy.clauses, *policy.paragraphs]
    for block in sorted(blocks, key=_begin):
        locator = block.locator if isinstance(block, Clause) else block.part
        titles = list(_titles(block.text))
        for index, title in enumerate(titles):
            if short := _SHORT.search(title.bracket):
                full.setdefault(_key(short.group(1)), title)
            known = full.get(_key(title.name), title)
            relation = _relation(block.text, titles, index)
            name = _key(known.name)
            itself = name == own and relation not in (
                "applies",
                "based_on",
            )  # a province's may bear one title
            if itself or (locator, name, relation) in seen:
                continue
            seen.add((locator, name, relation))
            span = _span(block, title.start, title.end)
            number = _number(title.bracket) or _number(known.bracket)
            done.append(Reference(Evidence(locator, span), known.name, number, relation))
    return tuple(done)


def _begin(block: Clause | Paragraph) -> int:
    return block.pieces[0].start if block.pieces else 0


def _span(block: Clause | Paragraph, start: int, end: int) -> Span | None:
    """Map a range of the block's text to the document (as Clause.locate, for paragraphs too)."""
    at = [place for piece in block.pieces for place in range(piece.start, piece.end)]
    return Span(at[start], at[end - 1] + 1) if len(at) == len(block.text) else None


def resolve(found: Sequence[Reference], catalogue: Mapping[str, str]) -> tuple[Reference, ...]:
    """Point references at documents in the store.

    `catalogue` maps a title or a canonical number to a source. A number decides before a title; a title
    that fits several sources resolves to none, and one that fits none stays as printed.
    """
    numbers: dict[str, set[str]] = {}
    titles: dict[str, dict[str, str]] = {}  # key → title → source
    for name, source in catalogue.items():
        number = parse_number(name)
        numbers.setdefault(format_number(number) if number else name, set()).add(source)
        for key in {_key(name), _loose(name)}:
            titles.setdefault(key, {})[name] = source
    done = []
    for reference in found:
        target = numbers.get(reference.number or "", set())
        for key in (_key(reference.title), _loose(reference.title)):
            if not target and not reference.number:
                near = titles.get(key, {})
                target = {source for title, source in near.items() if _same_issuer(reference.title, title)}
        done.append(replace(reference, target=next(iter(target)) if len(target) == 1 else None))
    return tuple(done)


def _same_issuer(cited: str, title: str) -> bool:
    """Say whether a title may be the cited one: that names its issuer, or the title's is national."""
    words = _words()
    if words.issuer.search(cited):
        return not words.local.search(_head(title)) or bool(words.local.search(cited))
    return bool(words.issuer.search(title)) and not words.local.search(_head(title))


def _head(title: str) -> str:
    """Return the part of a title that names the issuer."""
    return title.split("关于", 1)[0] if "关于" in title else title[:8]


def _loose(title: str) -> str:
    words = _words()
    return _key(words.loose.sub("", words.wrapped.sub("", words.loose.sub("", title))))
