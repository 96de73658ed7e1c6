"""Word lists for reading what askers give and what clauses tie to it: ``data/lexicon/given.toml``."""

import functools
import re
from collections.abc import Mapping

from data import table

Tables = Mapping[str, Mapping[str, list[str]]]


class Words:
    """The word lists of ``given.toml``."""

    def __init__(self, loaded: Tables, contrary: list[dict[str, list[str]]]) -> None:
        self._measure, self._manner = _table(loaded["measure"]), _table(loaded["manner"])
        self._span = _table(loaded["span"])
        self._lists = {
            f"{table}.{name}": tuple(sorted(words, key=len, reverse=True))
            for table in ("question", "clause", "counters", "manner")
            for name, words in loaded[table].items()
            if words and isinstance(words[0], str)
        }
        self.people = frozenset(loaded["counters"]["people"])
        groups: list[list[str]] = loaded["counters"]["same"]  # type: ignore[assignment]
        self._same = {word: group[0] for group in groups for word in group}
        self.contrary = tuple((tuple(pair["condition"]), tuple(pair["said"])) for pair in contrary)
        units = sorted(
            (*self._lists["counters.people"], *self._lists["counters.things"]), key=len, reverse=True
        )
        steps = "|".join(map(re.escape, self._lists["question.steps"]))
        orders = "|".join(map(re.escape, self._lists["counters.not_after"]))
        self.counter = re.compile(f"(?!{orders})(?:{'|'.join(map(re.escape, units))})(?!{orders}|{steps})")

    def list(self, name: str) -> tuple[str, ...]:
        """Return the word list `name` (``question.sum``), longest first."""
        return self._lists[name]

    def has(self, name: str, text: str) -> bool:
        """Tell whether any word of the list `name` stands in `text`."""
        return any(word in text for word in self._lists[name])

    def measures(self, text: str) -> frozenset[str]:
        """Return the kinds of measure that `text` names: 年营收 → revenue."""
        return _named(text, self._measure)

    def manners(self, text: str) -> frozenset[str]:
        """Return the kinds of percentage that `text` names: 涨了 → growth."""
        return _named(text, self._manner)

    def spans(self, text: str) -> frozenset[str]:
        """Return the kinds of time that `text` names: 签了 → contract."""
        return _named(text, self._span)

    def leads(self, text: str) -> bool:
        """Tell whether `text` begins with a word for a measure or a kind of percentage."""
        return any(text.startswith(word) for table in (self._measure, self._manner) for word, _ in table)

    def same_unit(self, unit: str) -> str:
        """Return the common name of a counting unit: 名 → 人, 平米 → 平方米."""
        return "人" if unit in self.people else self._same.get(unit, unit)

    def unit_of(self, printed: str) -> str:
        """Return the counting unit in a printed figure (5000平方米以上 → 平方米), or nothing."""
        match = self.counter.search(printed)
        return self.same_unit(match[0]) if match else ""


def _table(kinds: Mapping[str, list[str]]) -> list[tuple[str, frozenset[str]]]:
    """Return each word with the kinds that it names, longest word first."""
    named: dict[str, set[str]] = {}
    for kind, entries in kinds.items():
        for word in entries:
            named.setdefault(word, set()).add(kind)
    return [(word, frozenset(named[word])) for word in sorted(named, key=len, reverse=True)]


def _named(text: str, table: list[tuple[str, frozenset[str]]]) -> frozenset[str]:
    found: set[str] = set()
    for word, kinds in table:
        if word in text:
            found |= kinds
            text = text.replace(word, "\0" * len(word))
    return frozenset(found)


@functools.cache
def words() -> Words:
    """Read ``data/lexicon/given.toml``."""
    loaded = table("lexicon", "given.toml")
    return Words(loaded, loaded["contrary"])
