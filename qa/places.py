"""Places in questions: which jurisdiction is asked about, also when mistyped or not in the store.

The registry ``data/registry/places.tsv`` holds the divisions of GB/T 2260; the store adds those of
its documents that have no code (development and demonstration zones).
"""

import functools
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from data import path
from qa.text import known_word, pinyin, tagged

_LEVEL = re.compile("(?:特别行政区|自治[区州县旗]|[省市区县州旗盟])$")
_START = 2  # characters by which names are looked up


@dataclass(frozen=True, slots=True)
class Place:
    """A division of GB/T 2260: six-digit code and name."""

    code: str
    name: str

    @property
    def level(self) -> int:
        """1 province, 2 city, 3 county."""
        return 1 if self.code.endswith("0000") else 2 if self.code.endswith("00") else 3


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place found in a question: `name` is the store's jurisdiction, or the registry's when foreign."""

    start: int
    end: int
    name: str
    known: bool
    corrected: bool = False
    above: bool = False  # only says where the place named right after it lies (平顶山市湛河区)


@functools.cache
def _suffix() -> re.Pattern[str]:
    """Build what a place's name may end in; the stem is what people say (鲁山 for 鲁山县)."""
    peoples = "|".join(sorted(_words()["peoples"], key=len, reverse=True))
    zone = "(?:城乡一体化|经济技术|高新技术产业|先进制造业)?(?:示范区|开发区)"
    return re.compile(
        rf"(?:特别行政区|(?:(?:{peoples})族?)*自治[区州县旗]|{zone}|新区|地区|林区|矿区|[省市区县州旗盟])$"
    )


@functools.cache
def _kinds() -> re.Pattern[str]:
    """Build what follows a name that may be in no registry: zones are founded and renamed often."""
    listed = {*_words()["zones"], *_words()["zones_spoken"], *_words()["zones_only"]}
    return re.compile("|".join([*sorted(listed, key=len, reverse=True), r"[县市](?![里级场民外内面])"]))


@functools.cache
def _words() -> dict[str, list[str]]:
    """Read the words around places' names."""
    return tomllib.loads(path("lexicon", "places.toml").read_text("utf-8"))


@functools.cache
def _around() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read the words that make a name an institution's, and those that only follow a place."""
    return tuple(_words()["institutions"]), tuple(_words()["here"])


@functools.cache
def registry() -> tuple[Place, ...]:
    """Read the places of GB/T 2260."""
    rows = (line.split("\t") for line in path("registry", "places.tsv").read_text("utf-8").splitlines())
    return tuple(Place(row[0], row[1]) for row in rows if len(row) == 2)


@functools.cache
def _by_name() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for place in registry():
        found.setdefault(place.name, []).append(place)
    return {name: tuple(places) for name, places in found.items()}


@functools.cache
def _sizes() -> dict[str, tuple[int, ...]]:
    """Return the lengths of the registry's names by how they begin, the longest first; 和县 is too short."""
    found: dict[str, set[int]] = {}
    for name in (name for name in _by_name() if len(name) > _START):
        found.setdefault(name[:_START], set()).add(len(name))
    return {start: tuple(sorted(sizes, reverse=True)) for start, sizes in found.items()}


@functools.cache
def _cities_by_stem() -> dict[str, Place]:
    """Stems of provinces and cities: said without their suffix (开封), unlike those of counties (新华)."""
    return {stem(place.name): place for place in registry() if place.level < 3 and len(stem(place.name)) > 1}


@functools.cache
def _counties_by_stem() -> dict[str, str]:
    """Stems of counties and small cities, used where the cutter takes the word for a place's name.

    Districts are left out: their stems are everyday words (中原, 新华, 朝阳).
    """
    return {
        stem(place.name): place.name
        for place in registry()
        if place.level == 3 and not place.name.endswith("区") and len(stem(place.name)) > 1
    }


@functools.cache
def _counties_under() -> dict[str, dict[str, Place]]:
    cities = {place.code[:4]: place for place in registry() if place.level == 2}
    result: dict[str, dict[str, Place]] = {}
    for place in registry():
        city = cities.get(place.code[:4])
        if place.level == 3 and city:
            result.setdefault(stem(city.name), {})[stem(place.name)] = place
    return result


def wide(name: str) -> bool:
    """Tell whether a jurisdiction is the whole country, which nobody names in a question."""
    return name in _words()["reach"]


@functools.lru_cache(maxsize=8192)
def stem(name: str) -> str:
    """Return a place's name without its kind (鲁山县 → 鲁山); never fewer than two characters."""
    short = _suffix().sub("", name)
    if len(short) == 1:  # 内蒙古自治区: the people's name belongs to the stem
        short = _LEVEL.sub("", name)
    return short if len(short) > 1 else name


def _spoken(name: str) -> set[str]:
    """Return the forms a place goes by: name, stem, for a zone stem and short kind (某某开发区)."""
    short = stem(name)
    kind = name.removeprefix(short)
    zones = zip(_words()["zones"], _words()["zones_spoken"], strict=True)
    return {name, short} | {short + spoken for zone, spoken in zones if kind.endswith(zone)}


class PlaceFinder:
    """Finds places in questions, given the jurisdictions that the store's documents speak for."""

    def __init__(self, jurisdictions: Iterable[str]) -> None:
        self.jurisdictions = tuple(dict.fromkeys(jurisdictions))
        self._names = frozenset(self.jurisdictions)
        self._stems = frozenset(map(stem, self.jurisdictions))
        self._forms: dict[str, str] = {}
        for name in self.jurisdictions:
            for form in _spoken(name) - set(_words()["reach"]):
                self._forms.setdefault(form, name)
        self._sizes = sorted({len(form) for form in self._forms}, reverse=True)
        self._holding: dict[str, list[int]] = {}  # which jurisdictions have a character in their stem
        for number, name in enumerate(self.jurisdictions):
            for character in set(stem(name)):
                self._holding.setdefault(character, []).append(number)

    def find(self, text: str) -> list[PlaceMention]:
        """Return the places named in `text`, in order, each stretch of text taken once."""
        found = self._known(text)
        found += self._foreign(text, found)
        if not any(mention.known for mention in found):
            found += self._mistyped(text, found)
        if not found:
            found += self._unheard(text)
        return sorted(found, key=lambda mention: mention.start)

    def _known(self, text: str) -> list[PlaceMention]:
        found: list[PlaceMention] = []
        for size in self._sizes:  # the longest first
            for start in range(len(text) - size + 1):
                form, end = text[start : start + size], start + size
                if form in self._forms and _free(start, end, found) and self._is_place(text, end, form):
                    found.append(PlaceMention(start, end, self._forms[form], True))
        return found

    def _is_place(self, text: str, end: int, form: str) -> bool:
        """Refuse a stem that is only part of another place: 上街 in 上街办, 新华 in 新华县 of elsewhere."""
        name = self._forms[form]
        if form == name:
            return True
        following = text[end : end + 1]
        return not (
            following in tuple("省市区县州旗") and name != form + following and form + following in _by_name()
        )

    def _foreign(self, text: str, taken: Sequence[PlaceMention]) -> list[PlaceMention]:
        found: list[PlaceMention] = []
        known_stems = self._stems
        institutions, here = _around()

        def add(start: int, end: int, name: str) -> None:
            if not text.startswith(institutions, end) and _free(start, end, [*taken, *found]):
                found.append(PlaceMention(start, end, name, False))

        for start in range(len(text)):
            for size in _sizes().get(text[start : start + _START], ()):
                name = text[start : start + size]
                if name not in _by_name() or name in self._names:
                    continue
                if name not in _words()["common"] or not start or text.startswith(here, start + size):
                    add(start, start + size, name)
        for city, counties in _counties_under().items():
            if city not in text:
                continue
            for match in re.finditer(city, text):
                rest = text[match.end() :].removeprefix("市")
                offset = len(text) - len(rest)
                for short, place in counties.items():
                    if short not in known_stems and len(short) > 1 and rest.startswith(short):
                        add(offset, offset + len(short), place.name)
        for short, place in _cities_by_stem().items():
            if short not in text:
                continue
            for match in re.finditer(short, text):
                if short not in known_stems:
                    add(match.start(), match.end(), place.name)
        position = 0
        for word, tag in tagged(text):
            start = text.index(word, position)
            position = start + len(word)
            placed = tag == "ns" or text.startswith(here, position)
            if placed and word in _counties_by_stem() and word not in known_stems:
                add(start, position, _counties_by_stem()[word])
        every = [*taken, *found]
        return [replace(mention, above=_above(mention.end, every, text)) for mention in found]

    def _unheard(self, text: str) -> list[PlaceMention]:
        """Names that no registry has: a word of no dictionary before 县, 市 or the kind of a zone.

        A zone may also be named after a place. A word with a character of a place of the store may be that
        one's name, typed wrongly.
        """
        position = 0
        for word, tag in tagged(text):
            start = text.index(word, position)
            position = start + len(word)
            found = _kinds().match(text, position)
            zone = found is not None and len(found[0]) > 1
            new = len(word) > 1 and (not known_word(word) or (zone and tag == "ns"))
            if found and new and self._holding.keys().isdisjoint(word):
                return [PlaceMention(start, found.end(), text[start : found.end()], known=False)]
        return []

    def _mistyped(self, text: str, taken: Sequence[PlaceMention]) -> list[PlaceMention]:
        """Names typed with other characters of the same sound: at least one character must be right."""
        near = {number for character in set(text) for number in self._holding.get(character, ())}
        for name in (self.jurisdictions[number] for number in sorted(near)):
            short = stem(name)
            sound = pinyin(short)
            for start in range(len(text) - len(short) + 1):
                piece = text[start : start + len(short)]
                right = sum(a == b for a, b in zip(piece, short, strict=True))
                if (
                    0 < right < len(short)
                    and not known_word(piece)
                    and _free(start, start + len(short), taken)
                    and pinyin(piece) == sound
                ):
                    return [PlaceMention(start, start + len(short), name, True, corrected=True)]
        return []


def _above(end: int, mentions: Iterable[PlaceMention], text: str) -> bool:
    """A higher place written right before another (平顶山市湛河区) only says where that one lies."""
    return any(mention.start >= end and not text[end : mention.start].strip("市的 ") for mention in mentions)


def _free(start: int, end: int, taken: Iterable[PlaceMention]) -> bool:
    return all(end <= mention.start or mention.end <= start for mention in taken)
