"""What a question asks: where, about which units, what kind of thing, on which topic."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from graph.units.matching import UnitMatcher, UnitMention
from ingest.fold import fold
from qa.lexicon import Intents, Lexicon, Phrase, mend
from qa.places import PlaceFinder, PlaceMention
from qa.text import asked, known_word, tagged
from qa.when import named_day

MAX_LENGTH = 500  # characters; longer ones are cut, since no real question needs them
_TITLE = re.compile(r"《([^《》]{2,60})》")
# How much a word of each part of speech says about the topic.
_SPEECH = {"n": 1.0, "v": 0.8, "a": 0.6, "j": 1.0, "l": 0.9, "i": 0.9, "m": 0.1, "t": 0.3, "x": 0.8, "e": 1.0}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?[十百千万亿]*(?:元|块钱?|%|‰)?(?![a-z])")
_GRADE = re.compile(r"(?<![a-z0-9])(?:\d[a-z]|[a-z]\d?(?=[类级档等照型证]))[类级档等]?")  # C类人才, 4A景区
# What a document goes by beside its title: 〔2022〕8号, 国令第706号. It tells nothing of the topic.
_SIGN = re.compile(
    r"[（(]?[^，。；？！,;?! （(《》]{0,8}?(?:第\d{1,5}号(?:令|文|公告)?|[〔\[]\d{4}[〕\]]\d{1,4}号)[)）]?"
)
_BESIDES = re.compile("除了?([^，。；？！,;?! 这此那它]{2,8}?)(?:之外|以外|外|[，,])")
_LONG = 3  # characters from which on a typing error is mended before known words are looked for
_GIVING = re.compile("[奖补资钱]")  # 减免 and 缓缴 say which measure, 奖励 and 补贴 hardly do
_WEAK = 0.4  # what a word counts that says that money is given, or when
_SINGLE = 0.6  # what a character counts that stands for a longer term
_GENERIC = 0.2  # what a word counts that tells who asks rather than what about
_POLITE = ("greeting", "thanks")  # lists that decide only where nothing else is said
_MARKS = "！!。，,~ ?？、.…"
# Word lists whose hits say what is asked, not what about.
_ASKING = (
    "amount", "lead", "responsible", "list", "count", "condition", "deadline", "validity", "target",
    "compare", "sum", "content", "greeting", "thanks", "stop", "followup", "premise", "abuse",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the topic: `forms` are the ways a document may print it, the asker's own first."""

    forms: tuple[str, ...]
    weight: float
    start: int
    corrected: bool = False

    def __hash__(self) -> int:
        """Return a hash from the word alone: terms are keys at every clause that is weighed."""
        return hash(self.forms[0])

    @property
    def surface(self) -> str:
        """The word as it was typed."""
        return self.forms[0]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, understood as far as words go.

    `text` is what was typed; `plain` its folded form, to which the offsets refer.
    `jurisdictions` are those of the store that are named (or given); `foreign` are places named
    that the store has no document of.
    """

    text: str
    plain: str
    as_of: date | None = None
    jurisdictions: tuple[str, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    foreign: tuple[str, ...] = ()
    units: tuple[UnitMention, ...] = ()
    intents: frozenset[str] = frozenset()
    terms: tuple[Term, ...] = ()
    documents: tuple[str, ...] = ()
    day: str = ""  # the day for which validity is asked, as the question names it; then `as_of` is that day
    told: str = ""  # the words that the asker's figures are read from, where earlier questions belong to them

    def asks(self, *names: str) -> bool:
        """Tell whether any of the word lists `names` was hit."""
        return not self.intents.isdisjoint(names)


class Reader:
    """Reads questions against what the store knows: its jurisdictions, units and vocabulary."""

    def __init__(
        self,
        places: PlaceFinder,
        units: UnitMatcher,
        lexicon: Lexicon,
        intents: Intents,
        sounds: dict[str, list[str]],
    ) -> None:
        self._places, self._units, self._lexicon = places, units, lexicon
        self._intents, self._sounds = intents, sounds

    def units(self, text: str) -> list[UnitMention]:
        """Return the units named in `text`, of whatever place."""
        return list(self._units.find(asked(text), None))

    def read(self, text: str, *, as_of: date | None = None, jurisdiction: str | None = None) -> Question:
        """Understand `text`; `jurisdiction` stands in when the text names none."""
        whole = asked(text[:MAX_LENGTH])
        places = tuple(self._places.find(whole))
        hits = self._intents.find(whole)
        for name in [name for name in _POLITE if name in hits and not self._only(_POLITE, whole)]:
            del hits[name]
        named = tuple(dict.fromkeys(place.name for place in places if place.known))
        if not named and jurisdiction:
            named = (jurisdiction,)
        found = Question(
            text=text,
            plain=whole,
            as_of=as_of,
            jurisdictions=named,
            places=places,
            foreign=tuple(place.name for place in places if not place.known and not place.above),
            units=tuple(self._units.find(whole, named or None)),
            intents=frozenset(hits),
            documents=tuple(_TITLE.findall(fold(text))),
        )
        if "validity" in hits and (named_on := named_day(whole, as_of)):
            found = replace(found, as_of=named_on.day, day=named_on.surface)
        # Patterns reach over words of the topic (多少…目标): only listed words are taken out of it.
        asking = [(start, end) for start, end, name in self._intents.listed(whole) if name in _ASKING]
        return replace(found, terms=tuple(self._terms(found, asking)))

    def _only(self, lists: Sequence[str], text: str) -> bool:
        """Tell whether `text` is nothing but words of `lists` and fillers: 您好，在吗."""
        covered = bytearray(len(text))
        for start, end, name in self._intents.listed(text):
            if name in lists:
                _mark(covered, start, end)
        rest = (char for char, held in zip(text, covered, strict=True) if not held)
        return all(char in _MARKS or char in self._intents.tokens for char in rest)

    def _terms(self, question: Question, asking: list[tuple[int, int]]) -> list[Term]:
        text = question.plain
        masked = bytearray(len(text))
        for place in question.places:
            _mark(masked, place.start, place.end)
        for unit in question.units:
            _mark(masked, unit.start, unit.end)
        for match in _SIGN.finditer(text):
            _mark(masked, *match.span())
        for match in _BESIDES.finditer(text):  # 除了奖励，有没有基金: what is not asked
            _mark(masked, *match.span(1))
        for match in _NUMBER.finditer(text):  # a figure is evidence of its own, not a word
            _mark(masked, *match.span())
        grades = [Term((match[0],), 1.0, match.start()) for match in _GRADE.finditer(text)]
        for grade in grades:
            _mark(masked, grade.start, grade.start + len(grade.surface))
        phrases = self._lexicon.phrases(text)
        terms = grades + self._mended(text, masked, _LONG, phrases)
        phrases = [p for p in phrases if not any(masked[p.start : p.end])]
        for phrase in phrases:
            inside = any(
                start <= phrase.start and phrase.end <= end and end - start > len(phrase.surface)
                for start, end in asking
            )
            if not inside and not self._stop(phrase.surface):
                _mark(masked, phrase.start, phrase.end)
                terms.append(
                    Term((phrase.surface, *phrase.forms), self._weight(phrase.surface), phrase.start)
                )
        for start, end in asking:
            # 罚多少 asks how much, and that it is about fines.
            terms += [
                Term((text[at], *forms), _SINGLE, at)
                for at in range(start, end)
                if not masked[at] and (forms := self._lexicon.single(text[at]))
            ]
            _mark(masked, start, end)
        for start, piece in _free_runs(text, masked):
            terms += self._words(start, piece)
        return _each_once(terms)

    def _words(self, offset: int, piece: str) -> list[Term]:
        covered = bytearray(len(piece))
        terms = [replace(term, start=offset + term.start) for term in self._mended(piece, covered, 2)]
        for start, rest in _free_runs(piece, covered):
            position = 0
            for word, tag in tagged(rest):
                at = rest.find(word, position)
                position = at + len(word)
                weight = _SPEECH.get(tag[:1], 0.0)
                if (char := self._alone(word)) and (terms_of := self._lexicon.single(char)):
                    terms.append(Term((char, *terms_of), _SINGLE, offset + start + at))
                elif len(word) > 1 and weight and not self._stop(word) and not self._filling(word):
                    terms.append(Term((word,), min(weight, self._weight(word)), offset + start + at))
        return terms

    def _filling(self, word: str) -> bool:
        """Tell whether `word` is nothing but fillers that the cutter took for a word (内去)."""
        return not known_word(word) and self._intents.tokens.issuperset(word)

    def _alone(self, word: str) -> str:
        """Return the one character that `word` comes down to: itself, or what a filler clings to."""
        if len(word) == 2 and not known_word(word):
            left = [char for char in word if char not in self._intents.tokens]
            return left[0] if len(left) == 1 else ""
        return word if len(word) == 1 else ""

    def _mended(
        self, text: str, masked: bytearray, shortest: int, phrases: Sequence[Phrase] = ()
    ) -> list[Term]:
        """Return terms for the typing errors not masked yet, of at least `shortest` characters; mask them.

        One of `phrases` that is as long as the error it overlaps is a word, and the error is none.
        """
        terms = []
        for phrase in mend(text, self._sounds, self._intents.tokens):
            size = phrase.end - phrase.start
            if size < shortest or any(masked[phrase.start : phrase.end]):
                continue
            if any(
                p.start < phrase.end and phrase.start < p.end and p.end - p.start >= size for p in phrases
            ):
                continue
            _mark(masked, phrase.start, phrase.end)
            forms = [form for heard in phrase.forms for form in (heard, *self._lexicon.forms(heard))]
            kept = tuple(form for form in dict.fromkeys(forms) if not self._stop(form))
            if kept:
                terms.append(Term((phrase.surface, *kept), 1.0, phrase.start, corrected=True))
        return terms

    def _weight(self, surface: str) -> float:
        if self._intents.is_word("generic", surface):
            return _GENERIC
        money = _GIVING.search(surface) and self._intents.is_word("money_words", surface)
        if money or self._intents.is_word("time_words", surface):
            return _WEAK
        return 1.0

    def _stop(self, word: str) -> bool:
        return word in self._intents.tokens or any(self._intents.is_word(name, word) for name in _ASKING)


def _each_once(terms: Sequence[Term]) -> list[Term]:
    """Put terms in order, each idea once: none stands for another word that is said as well."""
    said = {term.surface for term in terms}
    kept: dict[str, Term] = {}
    for term in sorted(terms, key=lambda term: term.start):
        others = tuple(form for form in term.forms[1:] if form not in said)
        kept.setdefault(term.surface, replace(term, forms=(term.surface, *others)))
    return list(kept.values())


def _mark(mask: bytearray, start: int, end: int) -> None:
    mask[start:end] = b"\x01" * (end - start)


def _free_runs(text: str, mask: Sequence[int]) -> list[tuple[int, str]]:
    runs, start = [], None
    for position in range(len(text) + 1):
        free = position < len(text) and not mask[position]
        if free and start is None:
            start = position
        elif not free and start is not None:
            runs.append((start, text[start:position]))
            start = None
    return runs
