"""Whose government issued a document: the jurisdiction, and the places above it.

Evidence in order of weight: the issuing organ, the head of the title, then self-reference in the
text (我县, 全区) together with units that bear a place's name (人行某地支行, 市局某地分局). No place is
named here; names come from the document and from the registry of divisions.
"""

import re
from collections import Counter
from functools import cache

from ingest.gazetteer import Gazetteer, gazetteer
from ingest.lexicon import alternatives, patterns, words
from ingest.model import Clause, Paragraph

_SUFFIX = re.compile(r"[省市县区旗州盟]")
_SELF = re.compile(r"[我全](省|市|县|区|旗|州|盟)(?!里|级|性)")
_UNIT_LEVEL = re.compile(
    r"(?:^|[、，；：（\s])(省|市|县|区|旗|州)(?=[\u4e00-\u9fff]{2,14}(?:局|委|办|厅|中心|部|会)(?:[、，；（）\s]|$))"
)
_ISSUED = re.compile(r"(?:印发|公布|发布|关于|《)[《“]?")


def jurisdiction(
    text: str,
    title: str,
    issuer: str | None,
    clauses: list[Clause],
    paragraphs: list[Paragraph],
) -> tuple[str | None, tuple[str, ...]]:
    """Return (jurisdiction, places above it), or (None, …) when the document does not tell."""
    preamble = "".join(p.text for p in paragraphs if not p.closing)[:3000]
    unit_text = "\n".join(u.of(text) for c in clauses for u in c.units)
    level = _own_level(text, unit_text)
    chain = _from_organ(issuer) or _from_title(title, level) or _from_adopting(title, text)
    if chain == (words().nation,):
        return words().nation, ()
    mentioned = _mentioned(issuer or "", title, preamble)
    if not chain:
        chain = _from_units(unit_text, level)
    if not chain:
        return None, _above(None, (), mentioned, level)
    return chain[-1], _above(chain[-1], chain[:-1], mentioned, level)


def _own_level(text: str, unit_text: str) -> str | None:
    """Return the level at which a document speaks of itself: 省, 市, 县, 区 …"""
    votes = Counter(m[1] for m in _SELF.finditer(text))
    for m in _UNIT_LEVEL.finditer(unit_text):
        votes[m[1]] += 1
    own = Counter(m[0][1] for m in _SELF.finditer(text) if m[0][0] == "我")
    if own:
        best, count = own.most_common(1)[0]
        if count >= 2 or votes.most_common(1)[0][0] == best:
            return best
    return votes.most_common(1)[0][0] if votes else None


@cache
def _national() -> re.Pattern[str]:
    organs = "|".join(re.escape(o) for o in words().national_organs)
    return re.compile(
        rf"(?:{organs})|[^省市县区州盟旗]{{2,16}}部(?:办公厅|办公室|[^省市县区]{{0,10}}司)?(?:[、 ]|$)"
        r"|[^省市县区州盟旗]{2,16}总局"
    )


@cache
def _zone() -> re.Pattern[str]:
    return re.compile(rf"(?P<name>[\u4e00-\u9fff]{{0,12}}?(?:{alternatives(words().zone_suffixes)}))")


def _from_organ(issuer: str | None) -> tuple[str, ...]:
    """Return the places that an organ's name begins with, highest first."""
    if not issuer:
        return ()
    name = re.sub(r"^(?:中共|中国共产党)", "", issuer)
    if _national().match(issuer) or _national().match(name):
        return (words().nation,)
    return _head_places(name, organ=True)


def _from_title(title: str, level: str | None) -> tuple[str, ...]:
    """Return the places at the head of a title, or right after 印发 or 关于."""
    if _national().match(title):
        return (words().nation,)
    found = _head_places(title, organ=False)
    if found:
        return found
    for m in _ISSUED.finditer(title):
        found = _head_places(title[m.end() :], organ=False)
        if found and (level is None or found[-1][-1] == level):
            return found
    return ()


def _from_adopting(title: str, text: str) -> tuple[str, ...]:
    """Return the place at the head of a title whose own government the text names.

    A title may go on with any word (某市急需人才引进办法); adopted by 某市人民政府, the first is a place.
    """
    head = re.match(rf"[《“]?([\u4e00-\u9fff]{{2,8}}?{_SUFFIX.pattern})(?=[\u4e00-\u9fff])", title)
    return (head[1],) if head and re.search(rf"(?<![\u4e00-\u9fff]){head[1]}人民政府", text) else ()


def _head_places(name: str, *, organ: bool) -> tuple[str, ...]:
    """Return the places that a name begins with: 某省某市某区财政局 → (某省, 某市, 某区)."""
    known = gazetteer()
    found: list[str] = []
    rest = name.lstrip("《“")
    while len(found) < 4:
        place = _one_place(rest, known, organ=organ or bool(found))
        if place is None:
            break
        found.append(place)
        rest = rest[len(place) :]
    if len(found) >= 2 and _generic_zone(found[-1]):
        city = found[-2]
        stem = next((s for s, names in known.stems.items() if city in names), city)
        return (*found[:-1], stem + found[-1])
    return tuple(found)


def _generic_zone(name: str) -> bool:
    return name in words().zone_suffixes


def _one_place(rest: str, known: Gazetteer, *, organ: bool) -> str | None:
    """Return the place that `rest` begins with, or None."""
    for size in range(min(14, len(rest)), 1, -1):
        if rest[:size] in known.codes:
            return rest[:size]
    zone = _zone().match(rest)
    if (
        zone
        and len(zone["name"]) <= 14
        and (_generic_zone(zone["name"]) or not _SUFFIX.search(zone["name"][:-1]))
    ):
        after = rest[zone.end() :]
        if (organ or patterns().title_opening.match(after) or not after) and not _ISSUED.match(zone["name"]):
            return zone["name"]
    match = re.match(r"[\u4e00-\u9fff]{2,8}?(?:自治[区州县旗]|[省市县区旗州盟])", rest)
    if (
        match is None
        or len(match[0]) < 3
        or re.search(r"[局厅委部办院府、和]", match[0])
        or match[0][:-1].endswith(("小", "地", "园", "社", "全", "各", "我", "城", "都"))
    ):
        return None
    after = rest[match.end() :]
    certain = (
        re.match(
            r"[\u4e00-\u9fff]{1,8}?[市县区旗州盟]|人民政府|政府|委|管|[\u4e00-\u9fff]{1,16}(?:局|厅|委|办|中心)",
            after,
        )
        if organ
        else patterns().title_opening.match(after)
    )
    return match[0] if certain else None


def _mentioned(issuer: str, title: str, preamble: str) -> list[str]:
    """Return the provinces and cities that heading and preamble mention by full name, in order."""
    known = gazetteer()
    found: list[str] = []
    for text in (issuer, title, preamble):
        for m in _SUFFIX.finditer(text):
            for size in range(11, 1, -1):
                name = text[max(0, m.end() - size) : m.end()]
                if len(name) == size and any(c.endswith("00") for c in known.codes.get(name, ())):
                    if name not in found:
                        found.append(name)
                    break
    return found


def _from_units(unit_text: str, level: str | None) -> tuple[str, ...]:
    """Return the place whose name units bear, at the level at which the document speaks of itself."""
    if level is None:
        return ()
    known = gazetteer()
    votes: Counter[str] = Counter()
    for unit in re.split(r"[、，；：\n（）]", unit_text):
        stems = [(m["stem"], m["suffix"]) for m in patterns().branch.finditer(unit)]
        stems += [(unit[:n], "") for n in (4, 3, 2) if unit[:n] in known.stems][:1]
        for stem, suffix in stems:
            names = [n for n in known.stems.get(stem, ()) if n[-1] == level]
            if suffix == level:
                votes[stem + suffix] += 3
            elif names and not suffix:
                votes[names[0]] += 1
    if not votes:
        return ()
    best, count = votes.most_common(1)[0]
    rival = votes.most_common(2)[1][1] if len(votes) > 1 else 0
    return (best,) if count >= 2 and count > rival else ()


def _above(
    place: str | None, chain: tuple[str, ...], mentioned: list[str], level: str | None
) -> tuple[str, ...]:
    """Return the places above a jurisdiction, nearest first: from the registry, else as mentioned."""
    known = gazetteer()
    codes = known.codes.get(place or "", ())
    if codes:
        uppers = [known.above(code) for code in codes]
        supported = [u for u in uppers if any(n in mentioned or n in chain for n in u)]
        if len(codes) == 1:
            return uppers[0]
        return supported[0] if len(supported) == 1 else ()
    if place is None and level is None:
        return ()
    order = [n for n in (*reversed(chain), *mentioned) if n in known.codes and n != place]
    cities = [n for n in order if not any(c.endswith("0000") for c in known.codes[n])]
    provinces = [n for n in order if any(c.endswith("0000") for c in known.codes[n])]
    return tuple(dict.fromkeys((*cities[:1], *provinces[:1])))
