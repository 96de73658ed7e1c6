"""Which document of a store a reference means: by number, else by title, variants of print folded."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from data import table
from graph.facts import Reference
from graph.references import title_key
from ingest.document_number import format_number, parse_number


@dataclass(frozen=True, slots=True)
class _Words:
    issuer: re.Pattern[str]
    local: re.Pattern[str]
    loose: re.Pattern[str]
    wrapped: re.Pattern[str]


@cache
def _words() -> _Words:
    titles = table("registry", "references.toml")["titles"]
    return _Words(
        issuer=re.compile(titles["issuer"]),
        local=re.compile(titles["local"]),
        loose=re.compile("(?:" + "|".join(map(re.escape, titles["loose"])) + ")+$"),
        wrapped=re.compile(titles["wrapped"]),
    )


class Resolver:
    """Points references at the documents of a catalogue: (title or canonical number, source) pairs."""

    def __init__(self, catalogue: Iterable[tuple[str, str]]) -> None:
        self._numbers: dict[str, set[str]] = {}
        self._titles: dict[str, dict[str, set[str]]] = {}  # key → title → sources
        self._numbered: set[str] = set()
        for name, source in catalogue:
            number = parse_number(name)
            if number:
                self._numbers.setdefault(format_number(number), set()).add(source)
                self._numbered.add(source)
            for key in _keys(name):
                self._titles.setdefault(key, {}).setdefault(name, set()).add(source)

    def target(self, reference: Reference, home: Collection[str] = (), citing: str = "") -> str | None:
        """Return the source that `reference` means; None when there is none, or more than one.

        A number decides before a title: a document of another number is another document, whatever
        its title. `home` are the documents of the citing government, whose titles need not name it;
        `citing` is the document that the reference stands in, which it never means.
        """
        found = set(self._numbers.get(reference.number or "", ()))
        for key in _keys(reference.title):
            if not found:
                near = self._titles.get(key, {})
                found = {
                    source
                    for title, sources in near.items()
                    for source in sources
                    if (source in home or _same_issuer(reference.title, title))
                    and not (reference.number and source in self._numbered)
                }
        found.discard(citing)
        if len(found) > 1:
            found &= set(home)
        return next(iter(found)) if len(found) == 1 else None


def resolve(
    found: Sequence[Reference], catalogue: Mapping[str, str], home: Collection[str] = ()
) -> tuple[Reference, ...]:
    """Point references at documents in the store.

    `catalogue` maps a title or a canonical number to a source. One that fits none stays as printed.
    """
    resolver = Resolver(catalogue.items())
    return tuple(replace(reference, target=resolver.target(reference, home)) for reference in found)


def _same_issuer(cited: str, title: str) -> bool:
    """Say whether a title may be the cited one: that names its issuer, or the title's is national."""
    words = _words()
    if words.issuer.search(cited):
        return not words.local.search(_head(title)) or bool(words.local.search(cited))
    return bool(words.issuer.search(title)) and not words.local.search(_head(title))


def _head(title: str) -> str:
    """Return the part of a title that names the issuer."""
    return title.split("关于", 1)[0] if "关于" in title else title[:8]


def _keys(title: str) -> tuple[str, ...]:
    """Return what a title is looked up by: as it is and, where that differs, without what is loose."""
    words = _words()
    loose = words.loose.sub("", words.wrapped.sub("", words.loose.sub("", title)))
    return (title_key(title),) if loose == title else (title_key(title), title_key(loose))
