"""Who does what: units and their roles, out of unit lines, brackets and running text.

A duty keeps what is printed and gives the canonical name beside it. Names are completed and repaired
only from the document itself, and only when one candidate is left.
"""

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import cast

from graph.facts import Duty, Evidence, Role
from graph.unit_names import field_key, is_group, looks_like_unit, parts, surely_unit, unit_words
from ingest.model import Clause, Finding, LineKind, Policy, Span

_WIDE = str.maketrans(",:;()〔〕[]［］【】﹝﹞｡", "，：；（）（）（）（）（）（）。")
_PAGE = re.compile(r"(?<=\n)[ \t\u3000]*[-—–－]+ *\d+ *[-—–－]+[ \t\u3000]*(?=\n|$)")
_LONGEST = 80  # characters; a longer item of a list is a sentence
_SENTENCE = 400  # how far before a verb its list may begin
_CONJUNCTION = re.compile(r"以及|会同|联合|及|和|与|暨")


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters without white space and page marks, folded one to one, with their places."""

    chars: str
    raw: str
    at: tuple[int, ...]
    breaks: tuple[int, ...]  # indexes before which white space stood, rising

    def span(self, start: int, end: int) -> Span:
        return Span(self.at[start], self.at[end - 1] + 1)


@dataclass(frozen=True, slots=True)
class _Item:
    """A member of a list, before its name is made canonical."""

    locator: str
    role: Role
    name: str  # folded, without 等有关单位
    written: str
    span: Span
    group: int  # number of the list that it stands in
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Phrases:
    label: re.Pattern[str]
    verb: re.Pattern[str]  # at the end of a phrase
    running: re.Pattern[str]  # within a sentence
    first_leads: re.Pattern[str]
    roles: dict[str, Role]


@cache
def _phrases() -> _Phrases:
    data = tomllib.loads(resources.files("data").joinpath("registry/units.toml").read_text("utf-8"))
    said = data["phrases"]
    verbs = "|".join(word for row in data["role"] for word in row["words"])
    named = [word for row in data["role"] for word in row["words"] + row["labels"]]
    labels = "|".join(sorted(named, key=len, reverse=True))
    refused = "".join(f"(?<!{verb}(?={'|'.join(words)}))" for verb, words in said["not_after"].items())
    return _Phrases(
        label=re.compile(
            rf"(?P<role>{labels})(?:{labels}|、|和|及){{0,3}}{said['label_tail']}(?:：|(?<=[位门]为))|(?:{said['other_label']})：|"
            rf"(?<=[，。；])[\u4e00-\u9fff]{{2,8}}："
        ),
        verb=re.compile(rf"{said['manner']}(?P<word>{verbs}){said['tail']}(?=$|[，。；、）])"),
        running=re.compile(
            rf"(?P<by>(?:要|应当|应|须|均|都|将)?{said['manner']})(?P<word>牵头|负责|配合|协办|参加|参与|督办){refused}"
        ),
        first_leads=re.compile(said["first_leads"]),
        roles={w: cast(Role, row["role"]) for row in data["role"] for w in row["words"] + row["labels"]},
    )


def _run(text: str, at: list[int], skip: set[int]) -> _Run:
    chars: list[str] = []
    places: list[int] = []
    breaks: set[int] = set()
    for char, place in zip(text, at, strict=True):
        if char.isspace() or char in "\u200b\ufeff" or place in skip:
            breaks.add(len(chars))
        else:
            chars.append(char)
            places.append(place)
    raw = "".join(chars)
    return _Run(raw.translate(_WIDE), raw, tuple(places), tuple(sorted(breaks)))


def _split(run: _Run, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the members of the list ``[start, end)``: at separators outside brackets, at conjunctions."""
    depth, begin, joined = 0, start, unit_words().joined
    for i in range(start, end + 1):
        char = run.chars[i] if i < end else "、"
        depth += (char == "（") - (char == "）" and depth > 0)
        if (char in "、，；。/" and depth == 0) or i == end:
            whole = joined.match(run.chars, begin, min(end, begin + _LONGEST))
            if whole and i < whole.end():
                continue
            yield from _parted(run, begin, i)
            begin = i + 1


def _parted(run: _Run, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Part one item at a conjunction or a line break, where both sides are names."""
    words, text = unit_words(), run.chars[start:end]
    if len(text) > _LONGEST:  # no name: _member will say so
        yield start, end
        return
    for found in _CONJUNCTION.finditer(text):
        left = words.rest.sub("", text[: found.start()])
        right = words.rest.sub("", text[found.end() :])
        if not looks_like_unit(left):
            continue
        vague = words.vague.match(right) is not None or (right.startswith("各") and is_group(right))
        if vague or (_name_alone(left) and any(map(_name_alone, (right, _CONJUNCTION.split(right)[0])))):
            yield start, start + found.start()
            yield from _parted(run, start + found.end(), end)
            return
    for i in run.breaks[bisect_right(run.breaks, start) : bisect_left(run.breaks, end)]:
        again = run.chars[i] in (run.chars[start], "各")
        if again and looks_like_unit(run.chars[start:i]):
            yield start, i
            yield from _parted(run, i, end)
            return
    if start < end:
        yield start, end


def _name_alone(text: str) -> bool:
    if not looks_like_unit(text):
        return False
    return surely_unit(text) or is_group(text) or parts(text).type_ in unit_words().restored


class _Reader:
    """Collects the items of one policy, clause by clause."""

    def __init__(self, policy: Policy) -> None:
        self.policy, self.words, self.said = policy, unit_words(), _phrases()
        self.items: list[_Item] = []
        self.findings: list[Finding] = []
        self.lists = 0
        self.listed = False  # within a unit line, where everything ought to be a unit
        pages = [(line.span.start, line.span.end) for line in policy.lines if line.kind is LineKind.PAGE]
        pages += [found.span() for found in _PAGE.finditer(policy.text)]
        self.skip = {i for page in pages for i in range(*page)}

    def clause(self, clause: Clause) -> None:
        """Read a clause's unit lines and its text; items come in document order."""
        begin, self.listed = len(self.items), True
        for span in clause.units:
            run = _run(span.of(self.policy.text), list(range(span.start, span.end)), self.skip)
            self._labelled(clause.locator, run)
        middle, self.listed = len(self.items), False
        at = [i for piece in clause.pieces for i in range(piece.start, piece.end)]
        if len(at) == len(clause.text):
            self._text(clause.locator, _run(clause.text, at, self.skip))
        seen: set[Span] = set()
        fresh = [*self.items[begin:middle]]
        for item in self.items[middle:]:
            if item.span not in seen and not any(_meet(item.span, span) for span in clause.units):
                fresh.append(item)
            seen.add(item.span)
        self.items[begin:] = sorted(fresh, key=lambda item: item.span)

    def _labelled(self, locator: str, run: _Run) -> None:
        labels = list(self.said.label.finditer(run.chars))
        if not labels:
            self._phrase(locator, run, 0, len(run.chars), "responsible")
        elif labels[0].start() > 0:
            self._phrase(locator, run, 0, labels[0].start(), None)
        ends = [label.start() for label in labels[1:]] + [len(run.chars)]
        for label, end in zip(labels, ends, strict=False):
            if label["role"]:
                self._phrase(locator, run, label.end(), end, self.said.roles[label["role"]])

    def _phrase(self, locator: str, run: _Run, start: int, end: int, default: Role | None) -> None:
        """Read ``A牵头，B、C配合`` or a bare list, which gets the default role."""
        if rule := self.said.first_leads.search(run.chars, start, end):
            end = max((run.chars.rfind(c, start, rule.start()) for c in "，。；（"), default=start)
            end = max(end, start)
        begin = start
        for verb in self.said.verb.finditer(run.chars, start, end):
            if _within_bracket(run.chars, max(start, verb.start() - _LONGEST), verb.start()):
                continue  # 县财政局（牵头） says it of one member
            role = self.said.roles[verb["word"]]
            if default is not None and default != role and begin == start:  # 牵头单位：甲局，乙局配合
                begin = max(run.chars.rfind(c, start, verb.start()) for c in "，；由") + 1 or start
                self._list(locator, run, start, begin, default)
            self._list(locator, run, begin, verb.start(), role)
            begin = verb.end()
        if default is not None:
            self._list(locator, run, begin, end, default)

    def _list(self, locator: str, run: _Run, start: int, end: int, role: Role) -> None:
        self.lists += 1
        for left, right in _split(run, start, end):
            self._member(locator, run, left, right, role)

    def _member(self, locator: str, run: _Run, start: int, end: int, role: Role) -> None:
        if end - start > _LONGEST:
            if self.listed:
                self.findings.append(_unclear(run.raw[start : start + 12] + "…", run.span(start, end)))
            return
        given = run.chars.rfind("由", start, end) + 1
        if given and looks_like_unit(self.words.rest.sub("", run.chars[given:end])):
            start = given
        while start < end and run.chars[start] in "由请及和与：“，。":
            start += 1
        while start < end and (run.chars[end - 1] in "。，；：”" or _open(run.chars[start:end]) < 0):
            end -= 1
        if start >= end:
            return
        text, written, span = run.chars[start:end], run.raw[start:end], run.span(start, end)
        name, note = self.words.rest.sub("", text), ""
        if (said := re.search(r"（(\w{2,6}?)(?:单位|部门)?）$", name)) and said.group(1) in self.said.roles:
            role, name, note = (
                self.said.roles[said.group(1)],
                name[: said.start()],
                f"原文注明“{said.group(1)}”",
            )
        if self.words.vague.match(text):
            return
        if name != text:
            note = f"略去“{text[len(name) :]}”"
        if not name:
            return
        if not looks_like_unit(name) and not _plausible(name):
            if self.listed:
                self.findings.append(_unclear(written, span))
            return
        self.items.append(_Item(locator, role, name, written, span, self.lists, note))

    def _text(self, locator: str, run: _Run) -> None:
        """Read labels and brackets that end in a role, then sentences; only sure names count there."""
        for label in self.said.label.finditer(run.chars):
            if label["role"]:
                stop = re.compile(r"[。）：]|$").search(run.chars, label.end())
                end = stop.start() if stop else len(run.chars)
                if run.chars[end : end + 1] == "：":  # the next label begins at a line break
                    last = bisect_right(run.breaks, end)
                    end = max(run.breaks[last - 1] if last else end, label.end())
                self._phrase(locator, run, label.end(), end, self.said.roles[label["role"]])
        for bracket in re.finditer(r"（([^（）]*(?:（[^（）]*）[^（）]*)*)）", run.chars):
            start, end = bracket.span(1)
            if not self.said.label.search(run.chars, start, end):
                self._phrase(locator, run, start, end, None)
        last = 0
        for verb in self.said.running.finditer(run.chars):
            self._sentence(locator, run, verb, max(last, verb.start() - _SENTENCE))
            last = verb.end()

    def _sentence(self, locator: str, run: _Run, verb: re.Match[str], earliest: int) -> None:
        if _within_bracket(run.chars, max(0, verb.start() - _SENTENCE), verb.start()):
            return  # within a bracket, which was read before
        after = run.chars[verb.end() : verb.end() + 1]
        word = verb["word"]
        if word not in ("牵头", "负责") and after not in ("", "，", "。", "；", "、", "）"):
            return
        begin = max(earliest, *(run.chars.rfind(c, earliest, verb.start()) + 1 for c in "。；：！？“”"))
        given = run.chars.rfind("由", begin, verb.start()) + 1
        members = list(_split(run, max(begin, given), verb.start()))
        sure: list[tuple[int, int]] = []
        for left, right in reversed(members):
            name = self.words.rest.sub("", run.chars[left:right])
            if self.words.vague.match(run.chars[left:right]) and not sure:
                continue
            if not surely_unit(name):
                break
            sure.append((left, right))
        self.lists += 1
        for left, right in reversed(sure):
            self._member(locator, run, left, right, self.said.roles[word])


def _unclear(written: str, span: Span) -> Finding:
    return Finding("note", "unit-unclear", f"单位名单中的“{written}”不像单位名称，未收录", span)


def _meet(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _within_bracket(text: str, start: int, end: int) -> bool:
    return text.rfind("（", start, end) > text.rfind("）", start, end)


def _open(text: str) -> int:
    return text.count("（") - text.count("）")


def _plausible(name: str) -> bool:
    """A name without a type (区发改) may stand in a list when it begins like one."""
    words = unit_words()
    if not re.fullmatch(r"[\u4e00-\u9fff（）A-Za-z·“”]{2,24}", name) or words.sentence.search(name):
        return False
    return bool(words.level.match(name) or words.starts.match(name)) or name.startswith(words.own)


def _and(*notes: str) -> str:
    return "；".join(filter(None, notes))


class _Names:
    """Makes names canonical with what the document itself attests."""

    def __init__(self, items: list[_Item], policy: Policy) -> None:
        self.words, self.policy = unit_words(), policy
        self.findings: list[Finding] = []
        self.attested = Counter(i.name for i in items if parts(i.name).level and parts(i.name).type_)
        heads = Counter(
            parts(i.name).level for i in items if not is_group(i.name) and not parts(i.name).branch
        )
        level, count = next(((h, n) for h, n in heads.most_common() if h), ("", 0))
        self.usual = level if count >= 5 and count >= 0.6 * heads.total() else ""

    def apply(self, items: list[_Item]) -> list[tuple[_Item, str]]:
        """Return each item with its canonical name; notes say what was changed."""
        done: list[tuple[_Item, str]] = []
        head, group = "", -1
        for item in items:
            head = head if item.group == group else ""
            group = item.group
            name, note = self._complete(item, head)
            done.append((replace(item, note=_and(note, item.note)), name))
            found = parts(name)
            if found.level and not found.branch and not is_group(name) and found.type_ in self.words.heads:
                head = (found.place or found.level) + ("委" if name.startswith(found.level + "委") else "")
        return self._unified(done)

    def _complete(self, item: _Item, head: str) -> tuple[str, str]:
        name, found = item.name, parts(item.name)
        if is_group(name):
            return name, ""
        note, level = "", head.removesuffix("委") or self.usual
        bare = not found.level and not found.branch and not name.startswith(self.words.own)
        field_first = self.words.starts.match(name) is not None or name in self.words.party
        if bare and field_first and name in self.words.party and head.endswith("委"):
            name, note = head + name, f"承前补“{head}”"
        elif bare and field_first and level and found.type_ in self.words.restored:
            name, note = level + name, f"承前补“{level}”" if head else f"按本文件通例补“{level}”"
        if not found.type_:
            begin = level + name if bare else name
            if full := self._only(
                a for a in self.attested if a.startswith(begin) and 0 < len(a) - len(name) <= 4
            ):
                self._truncated(item, full)
                return full, "原文漏字，据本文件其他条款补全"
            self._truncated(item, "")
        elif not note and bare:
            heads = (
                (a, (parts(a).level, parts(a).place)) for a in self.attested if a.endswith(name) and a != name
            )
            if full := self._only(a for a, known in heads if a.removesuffix(name) in known):
                return full, "原文略去辖区字，据本文件其他条款补全"
        return name, note

    def _only(self, candidates: Iterable[str]) -> str:
        """Return the one unit among the candidates, or nothing when there are several or none."""
        units = {self._key(name): name for name in candidates}
        return units.popitem()[1] if len(units) == 1 else ""

    def _truncated(self, item: _Item, full: str) -> None:
        said = f"“{item.written}”不完整" + (f"，按本文件其他条款读作“{full}”" if full else "，未能补全，照录")
        self.findings.append(Finding("warning" if full else "note", "unit-truncated", said, item.span))

    def _key(self, name: str) -> str:
        """Return what two written forms of one unit have in common."""
        for long, short in sorted(self.words.same_type.items(), key=lambda pair: -len(pair[0])):
            if name.endswith(long):
                name = name.removesuffix(long) + short
                break
        found = parts(name)
        if not found.type_ or is_group(name) or found.branch:
            return name
        state = "" if found.level else "国家"
        return name.replace(found.stem, field_key(found.stem.removeprefix(state)), 1)

    def _unified(self, done: list[tuple[_Item, str]]) -> list[tuple[_Item, str]]:
        counts = Counter(name for _, name in done)
        branches = {
            p.branch + p.stem.removesuffix("局") + "分局": n for n in counts if (p := parts(n)).branch
        }
        forms: dict[str, list[str]] = {}
        for name in counts:
            forms.setdefault(self._key(branches.get(name, name)), []).append(name)
        best = {
            name: max(same, key=lambda n: (counts[n], len(n), n)) for same in forms.values() for name in same
        }
        note = "同一单位的不同写法，统一为本文件通用名称"
        return [(i if best[n] == n else replace(i, note=_and(i.note, note)), best[n]) for i, n in done]

    def elsewhere(self, done: list[tuple[_Item, str]]) -> Iterator[Finding]:
        """Yield findings on branches of a place that the document does not otherwise know."""
        policy = self.policy
        branches = [
            item for item, name in done if parts(name).branch and parts(name).level not in ("", self.usual)
        ]
        if not branches or not self.usual:
            return
        listed = "".join(item.written for item, _ in done)
        own = "".join((policy.jurisdiction or "", policy.issuer or "", policy.title, *policy.addressees))
        squeezed = re.sub(r"\s", "", policy.text)
        for item in branches:
            place = parts(item.name).branch
            if place and place not in own and squeezed.count(place) <= listed.count(place):
                said = f"“{item.written}”所在地“{place}”未见于本文件其他地方，疑为他地单位，照录"
                yield Finding("warning", "unit-of-another-place", said, item.span)


def _first_leads(items: list[_Item], policy: Policy) -> list[_Item]:
    """Apply 排在首位的为牵头单位: to the whole document, or with 下同 from there on."""
    run = _run(policy.text, list(range(len(policy.text))), set())
    rule = _phrases().first_leads.search(run.chars)
    if rule is None:
        return items
    begin = run.at[rule.start()] if "下同" in run.chars[rule.end() : rule.end() + 10] else -1
    ends = {item.group: item.span.end for item in items}
    written_leads = {item.locator for item in items if item.role == "lead"}
    done: list[_Item] = []
    for item in items:
        first = not done or done[-1].group != item.group
        within = ends[item.group] >= begin - 40
        if first and within and item.role == "responsible" and item.locator not in written_leads:
            item = replace(item, role="lead", note=_and(item.note, "排在首位，依文件说明为牵头单位"))
        done.append(item)
    return done


def duties(policy: Policy) -> tuple[tuple[Duty, ...], tuple[Finding, ...]]:
    """Return who leads, answers for, supports and oversees each clause, and what looks wrong.

    Never raises on odd text. Without the document's text (bundled knowledge) there is nothing to read.
    """
    if not policy.text:
        return (), ()
    reader = _Reader(policy)
    for clause in policy.clauses:
        reader.clause(clause)
    names = _Names(reader.items, policy)
    done = names.apply(_first_leads(reader.items, policy))
    seen: set[tuple[str, str, str]] = set()
    orders: Counter[tuple[str, str]] = Counter()
    result: list[Duty] = []
    for item, name in done:
        if (item.locator, item.role, name) in seen:
            continue
        seen.add((item.locator, item.role, name))
        order = orders[item.locator, item.role]
        orders[item.locator, item.role] += 1
        result.append(
            Duty(Evidence(item.locator, item.span), name, item.role, order, item.written, item.note)
        )
    return tuple(result), (*reader.findings, *names.findings, *names.elsewhere(done))
