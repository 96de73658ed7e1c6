"""Everyday words against official ones, and words that tell what kind of thing is asked.

Both lists are data (``data/lexicon``): an official may correct them without touching code. Typing
errors are mended by sound: a run of characters that is no word but sounds like a known term is
taken for that term.
"""

import functools
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from data import path
from qa.text import HAN, known_word, pinyin, plain, words

GAP = "…"  # in a word: a few others may stand between (税…交不上)
_GAP = "[^，。；？！,;?! ]{0,6}?"
_HAN_ONLY = re.compile(f"[{HAN}]+")  # what has a sound in pinyin
SOUND_LENGTHS = (6, 5, 4, 3, 2)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of a question that the lexicon knows: `forms` are other ways to say it."""

    start: int
    end: int
    surface: str
    forms: tuple[str, ...]
    corrected: bool = False
    official: bool = False  # itself a term of documents; its forms are variants, not translations


class Intents:
    """The word lists of ``intents.toml``: what kind of thing a question asks."""

    def __init__(self, lists: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._lists: dict[str, list[str]] = {}
        for name, entry in lists.items():
            for word in entry.get("words", ()):
                self._lists.setdefault(plain(word), []).append(name)
        self._longest = max(map(len, self._lists), default=0)
        # Questions are folded to lower case, so patterns need no flag for it.
        self._patterns = [
            (name, re.compile("|".join(f"(?:{p.removeprefix('(?i)')})" for p in entry["patterns"])))
            for name, entry in lists.items()
            if entry.get("patterns")
        ]
        self.tokens = frozenset(token for entry in lists.values() for token in entry.get("tokens", ()))

    def find(self, text: str) -> dict[str, list[tuple[int, int]]]:
        """Return where words of each list stand in `text`.

        A word inside a longer one of another list does not count: in 多少个工作日 the question is
        how long, not how much.
        """
        listed = set(self.listed(text))
        reached = {(*match.span(), name) for name, p in self._patterns for match in p.finditer(text)}
        kept: dict[str, list[tuple[int, int]]] = {}
        for start, end, name in sorted(listed | reached):
            longer = (o for o in listed if o[0] <= start and end <= o[1] and o[1] - o[0] > end - start)
            if start < end and not any(other != name for _, _, other in longer):
                kept.setdefault(name, []).append((start, end))
        return kept

    def listed(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, list) for every listed word in `text`; patterns are left out."""
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + self._longest) + 1):
                for name in self._lists.get(text[start:end], ()):
                    yield start, end, name

    def is_word(self, name: str, text: str) -> bool:
        """Tell whether `text` as a whole is a word of the list `name`."""
        return name in self._lists.get(text, ()) or any(
            pattern.fullmatch(text) for listed, pattern in self._patterns if listed == name
        )

    def has(self, name: str, text: str) -> bool:
        """Tell whether any word of the list `name` stands in `text`."""
        return name in self.find(text)


class Lexicon:
    """Synonyms and sounds, looked up in questions."""

    def __init__(
        self,
        entries: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
        not_in: Mapping[str, Sequence[str]] | None = None,
        single: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Hold (official, everyday) pairs.

        `not_in` gives longer words inside which a word does not count, `single` the terms that one
        character alone stands for.
        """
        self._single = {plain(char): tuple(map(plain, terms)) for char, terms in (single or {}).items()}
        forms: dict[str, dict[str, None]] = {}
        for official, everyday in entries:
            officials = [plain(term) for term in official]
            for term in officials:
                forms.setdefault(term, {}).update(dict.fromkeys(officials))
            for word in map(plain, everyday):
                forms.setdefault(word, {}).update(dict.fromkeys(officials))
        self._apart = [
            (re.compile(_GAP.join(map(re.escape, word.split(GAP)))), tuple(found))
            for word, found in forms.items()
            if GAP in word
        ]
        self._not_in = {plain(word): tuple(map(plain, longer)) for word, longer in (not_in or {}).items()}
        self._forms = {
            word: tuple(other for other in others if other != word) for word, others in forms.items()
        }
        self._sizes = sorted({len(word) for word in self._forms}, reverse=True)
        self.official = frozenset(term for official, _ in entries for term in map(plain, official))

    def phrases(self, text: str) -> list[Phrase]:
        """Return the known words of `text`, longest first, each stretch taken once, in order."""
        found: list[Phrase] = []
        taken = bytearray(len(text))
        for pattern, forms in self._apart:
            for match in pattern.finditer(text):
                start, end = match.span()
                if not any(taken[start:end]):
                    taken[start:end] = b"\x01" * (end - start)
                    found.append(Phrase(start, end, match[0], forms))
        for size in self._sizes:
            for start in range(len(text) - size + 1):
                word = text[start : start + size]
                if (
                    word in self._forms
                    and not any(taken[start : start + size])
                    and not self._inside(word, text, start)
                ):
                    taken[start : start + size] = b"\x01" * size
                    known = word in self.official
                    found.append(Phrase(start, start + size, word, self._forms[word], official=known))
        return sorted(found, key=lambda phrase: phrase.start)

    def _inside(self, word: str, text: str, start: int) -> bool:
        """Tell whether the word at `start` is only part of a longer one (上市 in 线上市场)."""
        return any(
            text.startswith(longer, start - offset)
            for longer in self._not_in.get(word, ())
            for offset in range(min(start, len(longer)) + 1)
            if longer.startswith(word, offset)
        )

    def vocabulary(self) -> Iterable[str]:
        """Return every word that the lexicon knows."""
        return (word for word in self._forms if GAP not in word)

    def single(self, char: str) -> tuple[str, ...]:
        """Return the terms that one character stands for where it is a word of its own."""
        return self._single.get(char, ())

    def forms(self, word: str) -> tuple[str, ...]:
        """Return the official terms for `word`, none when it is unknown or official itself."""
        return self._forms.get(word, ())


@functools.cache
def lexicon() -> Lexicon:
    """Read ``data/lexicon/synonyms.toml``."""
    loaded = tomllib.loads(path("lexicon", "synonyms.toml").read_text("utf-8"))
    pairs = [(tuple(entry["official"]), tuple(entry["everyday"])) for entry in loaded["entry"]]
    return Lexicon(pairs, loaded.get("not_in"), loaded.get("single"))


@functools.cache
def intents() -> Intents:
    """Read ``data/lexicon/intents.toml``."""
    return Intents(tomllib.loads(path("lexicon", "intents.toml").read_text("utf-8")))


@functools.cache
def turns() -> dict[str, list[Any]]:
    """Read ``data/lexicon/conversation.toml``: words of follow-ups and of asking for a unit's work."""
    return tomllib.loads(path("lexicon", "conversation.toml").read_text("utf-8"))


def asked_for() -> dict[str, str]:
    """Return how each kind of question is said back to the asker, out of the same file."""
    return cast(dict[str, str], turns()["asks"])


def sounds(vocabulary: Iterable[str]) -> dict[str, list[str]]:
    """Return the words of `vocabulary` by their sound, for mending typing errors."""
    table: dict[str, list[str]] = {}
    for word in sorted({word for word in vocabulary if len(word) in SOUND_LENGTHS}):
        table.setdefault(pinyin(word), []).append(word)
    return table


def mend(text: str, table: dict[str, list[str]], fillers: Collection[str] = ()) -> list[Phrase]:
    """Find stretches of `text` that are no words but sound like a word of `table`.

    At least one character must already be right, the general dictionary must not know the stretch,
    and a pair with a filler in it (还, 的) is no word: 补帖 is mended to 补贴, 部署 stays what it is.
    """
    found: list[Phrase] = []
    taken = bytearray(len(text))
    known = _covered(text)
    for size in SOUND_LENGTHS:
        for start in range(len(text) - size + 1):
            piece = text[start : start + size]
            if any(taken[start : start + size]) or all(known[start : start + size]):
                continue
            if not _HAN_ONLY.fullmatch(piece) or known_word(piece):
                continue
            if piece in table.get(pinyin(piece), ()):
                continue
            if size == 2 and not set(piece).isdisjoint(fillers):
                continue
            heard = [
                word
                for word in table.get(pinyin(piece), [])
                if word != piece and any(a == b for a, b in zip(word, piece, strict=True))
            ]
            if heard:
                taken[start : start + size] = b"\x01" * size
                found.append(Phrase(start, start + size, piece, tuple(heard), corrected=True))
    return found


def _covered(text: str) -> bytearray:
    """Mark the characters of `text` that stand in a dictionary word of two characters or more."""
    marks = bytearray(len(text))
    position = 0
    for word in words(text):
        start = text.find(word, position)
        if start < 0:
            continue
        position = start + len(word)
        if len(word) > 1 and known_word(word):
            marks[start:position] = b"\x01" * len(word)
    return marks
