"""Reading duties: units and their roles, out of unit lines, brackets and running text."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from graph.facts import Role
from graph.units.lists import LONGEST, Run, members, run_of, unclosed, within_bracket
from graph.units.names import looks_like_unit, parts, surely_unit
from graph.units.phrases import phrases
from graph.units.tables import unit_cells
from graph.units.words import unit_words
from ingest.model import Clause, Finding, LineKind, Policy, Span

_PAGE = re.compile(r"(?<=\n)[ \t\u3000]*[-—–－]+ *\d+ *[-—–－]+[ \t\u3000]*(?=\n|$)")
_NUMBER = re.compile(
    r"\d{1,2}[.、．]|（[\d一二三四五六七八九十]{1,2}）|[①-⑳]|[一二三四五六七八九]是(?=[省市县区州旗])"
)
_SENTENCE = 400  # how far before a verb its list may begin


@dataclass(frozen=True, slots=True)
class Item:
    """A member of a list, before its name is made canonical."""

    locator: str
    role: Role
    name: str  # folded, without 等有关单位
    written: str
    span: Span
    group: int  # number of the list that it stands in
    note: str = ""


class Reader:
    """Collects the items of one policy, clause by clause."""

    def __init__(self, policy: Policy) -> None:
        self.policy, self.words, self.said = policy, unit_words(), phrases()
        self.items: list[Item] = []
        self.findings: list[Finding] = []
        self.lists = 0
        self.listed = False  # within a unit line, where everything ought to be a unit
        pages = [(line.span.start, line.span.end) for line in policy.lines if line.kind is LineKind.PAGE]
        pages += [found.span() for found in _PAGE.finditer(policy.text)]
        self.skip = {i for page in pages for i in range(*page)}
        self.cells: dict[str, list[tuple[Span, Role]]] = {}
        for locator, cell, role in unit_cells(policy):
            self.cells.setdefault(locator, []).append((cell, role))

    def clause(self, clause: Clause) -> None:
        """Read a clause's unit lines and its text; items come in document order."""
        begin, self.listed = len(self.items), True
        for span in clause.units:
            run = run_of(span.of(self.policy.text), list(range(span.start, span.end)), self.skip)
            self._labelled(clause.locator, run)
        for cell, role in self.cells.get(clause.locator, ()):
            run = run_of(cell.of(self.policy.text), list(range(cell.start, cell.end)), self.skip)
            self._phrase(clause.locator, run, 0, len(run.chars), role)
        middle, self.listed = len(self.items), False
        self._titled(clause)
        at = [i for piece in clause.pieces for i in range(piece.start, piece.end)]
        if len(at) == len(clause.text):
            self._text(clause.locator, run_of(clause.text, at, self.skip))
        seen: set[Span] = set()
        fresh = [*self.items[begin:middle]]
        for item in self.items[middle:]:
            if item.span not in seen and not any(_meet(item.span, span) for span in clause.units):
                fresh.append(item)
            seen.add(item.span)
        self.items[begin:] = sorted(fresh, key=lambda item: item.span)

    def _titled(self, clause: Clause) -> None:
        """Read 县财政局：负责…, where names of units are the title and what they do is the text."""
        text, span = self.policy.text, clause.title_span
        if span is None or text[span.end : span.end + 1] not in ("：", ":"):
            return
        run = run_of(span.of(text), list(range(span.start, span.end)), self.skip)
        does = self.said.does.match(clause.text)
        named = list(members(run, 0, len(run.chars)))
        if does is None or not all(surely_unit(run.chars[left:right]) for left, right in named):
            return
        verb = next(
            (w for w in ("牵头", "配合", "协助", "参与", "督促", "监督", "指导") if w in does.group()), "负责"
        )
        self.lists += 1
        for left, right in named:
            self._member(clause.locator, run, left, right, self.said.roles.get(verb, "oversight"))

    def _labelled(self, locator: str, run: Run) -> None:
        labels = list(self.said.label.finditer(run.chars))
        if not labels:
            self._phrase(locator, run, 0, len(run.chars), "responsible")
        elif labels[0].start() > 0:
            self._phrase(locator, run, 0, labels[0].start(), None)
        ends = [label.start() for label in labels[1:]] + [len(run.chars)]
        for label, end in zip(labels, ends, strict=False):
            if role := label["role"] or label["boxed"]:
                self._phrase(locator, run, label.end(), end, self.said.roles[role])

    def _phrase(self, locator: str, run: Run, start: int, end: int, default: Role | None) -> None:
        """Read ``A牵头，B、C配合`` or a bare list, which gets the default role."""
        if rule := self.said.first_leads.search(run.chars, start, end):
            end = max((run.chars.rfind(c, start, rule.start()) for c in "，。；（"), default=start)
            end = max(end, start)
        begin = start
        for verb in self.said.verb.finditer(run.chars, start, end):
            if within_bracket(run.chars, max(start, verb.start() - LONGEST), verb.start()):
                continue  # 县财政局（牵头） says it of one member
            role = self.said.roles[verb["word"]]
            if default is not None and default != role and begin == start:  # 牵头单位：甲局，乙局配合
                begin = max(run.chars.rfind(c, start, verb.start()) for c in "，；由") + 1 or start
                self._list(locator, run, start, begin, default)
            self._list(locator, run, begin, verb.start(), role)
            begin = verb.end()
        if default is not None:
            self._list(locator, run, begin, end, default)

    def _list(self, locator: str, run: Run, start: int, end: int, role: Role) -> None:
        self.lists += 1
        host = self.said.with_others.search(run.chars, start, end)
        for left, right in members(run, start, end):
            joint = next(self._joints(run.chars[left:right]), None)
            if joint is not None:  # 甲局、乙局协同丙局
                self.items = [replace(i, role="support") if i.group == self.lists else i for i in self.items]
                self._member(locator, run, left, left + joint[0], "support")
                left += joint[1]
            other = host is not None and left >= host.end() and role != "oversight"
            self._member(locator, run, left, right, "support" if other else role)

    def _joints(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where 协同 and the like stand between two names."""
        for found in self.said.with_host.finditer(text):
            if surely_unit(text[: found.start()]) and surely_unit(text[found.end() :]):
                yield found.span()

    def _member(self, locator: str, run: Run, start: int, end: int, role: Role) -> None:
        if end - start > LONGEST:
            if self.listed:
                self.findings.append(_unclear(run.raw[start : start + 12] + "…", run.span(start, end)))
            return
        given = run.chars.rfind("由", start, end) + 1
        if given and looks_like_unit(self.words.rest.sub("", run.chars[given:end])):
            start = given
        while start < end and run.chars[start] in "由请及和与：“，。":
            start += 1
        while start < end and (run.chars[end - 1] in "。，；：”" or unclosed(run.chars[start:end]) < 0):
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
        self.items.append(Item(locator, role, name, written, span, self.lists, note))

    def _text(self, locator: str, run: Run) -> None:
        """Read labels and brackets that end in a role, then sentences; only sure names count there."""
        for label in self.said.label.finditer(run.chars):
            if role := label["role"] or label["boxed"]:
                end = _list_end(run.chars, label.end())
                if run.chars[end : end + 1] == "：":  # the next label begins at a line break
                    last = bisect_right(run.breaks, end)
                    end = max(run.breaks[last - 1] if last else end, label.end())
                self._phrase(locator, run, label.end(), end, self.said.roles[role])
        for bracket in re.finditer(r"（([^（）]*(?:（[^（）]*）[^（）]*)*)）", run.chars):
            start, end = bracket.span(1)
            if not self.said.label.search(run.chars, start, end):
                self._phrase(locator, run, start, end, None)
        self._hosts(locator, run)
        last = 0
        for verb in self.said.running.finditer(run.chars):
            self._sentence(locator, run, verb, max(last, verb.start() - _SENTENCE))
            last = verb.end()

    def _sentence(self, locator: str, run: Run, verb: re.Match[str], earliest: int) -> None:
        if within_bracket(run.chars, max(0, verb.start() - _SENTENCE), verb.start()):
            return  # within a bracket, which was read before
        word = verb["word"]
        if word not in (None, "牵头", "负责", "组织实施", "配合") and not self._ends(run.chars, verb.end()):
            return
        role = self.said.roles.get(verb["named"] or word or "", "responsible")
        if word == "负责" and self.said.oversees.match(run.chars, verb.end()):
            role = "oversight"
        if word == "负责" and run.chars.startswith("牵头", verb.end()):
            role = "lead"
        self.lists += 1
        for left, right in self._sure(run, earliest, verb.start()):
            self._member(locator, run, left, right, role)

    def _ends(self, chars: str, at: int) -> bool:
        """Say whether a verb ends its sentence, or is followed by what the work is."""
        return chars[at : at + 1] in ("", *"，。；、）") or chars.startswith(self.said.goes_on, at)

    def _sure(self, run: Run, earliest: int, end: int) -> list[tuple[int, int]]:
        """Return the names right before `end` in its sentence, of which every one is surely a unit's."""
        begin = max(earliest, *(run.chars.rfind(c, earliest, end) + 1 for c in "。；：！？“”"))
        given = run.chars.rfind("由", begin, end) + 1
        sure: list[tuple[int, int]] = []
        for left, right in reversed(list(members(run, max(begin, given), end))):
            if number := _NUMBER.match(run.chars, left, right):
                left = number.end()
            name = self.words.rest.sub("", run.chars[left:right])
            if self.words.vague.match(run.chars[left:right]) and not sure:
                continue
            if not surely_unit(name):
                break
            sure.append((left, right))
        return sure[::-1]

    def _hosts(self, locator: str, run: Run) -> None:
        """Read 由甲局会同乙局办理…: at the head of a clause, or after 由."""
        for joint in self.said.with_others.finditer(run.chars):
            hosts = self._sure(run, max(0, joint.start() - _SENTENCE), joint.start())
            stop = re.compile(r"[，。；：]|$").search(run.chars, joint.end())
            end = stop.start() if stop else len(run.chars)
            if "解释" in run.chars[joint.end() : end]:
                continue
            if not hosts and not run.chars[: joint.start()].endswith(("牵头，", "负责，")):
                continue
            if hosts and hosts[0][0] > 0 and run.chars[hosts[0][0] - 1] != "由":
                continue
            self.lists += 1
            for left, right in hosts:
                self._member(locator, run, left, right, "responsible")
            for left, right in members(run, joint.end(), end):
                if not (size := _name_at_head(run.chars[left:right])):
                    break
                self._member(locator, run, left, left + size, "support")


def _list_end(chars: str, start: int) -> int:
    """Return where a labelled list ends: at a full stop, a further label, the bracket it stands in."""
    depth = 0
    for i in range(start, len(chars)):
        depth += (chars[i] == "（") - (chars[i] == "）")
        if depth < 0 or chars[i] in "。：":
            return i
    return len(chars)


def _name_at_head(text: str) -> int:
    """Return the length of the unit's name that `text` opens with (县财政局|组织评审), or 0."""
    rest = re.search("等(?!级)", text)
    if re.search("[有相]关", text[: rest.start() if rest else None]):
        return 0
    sizes = [n for n in range(rest.start() if rest else min(len(text), 30), 2, -1) if surely_unit(text[:n])]
    sizes = [n for n in sizes if text[n - 1 : n + 1] not in unit_words().no_ends]
    solid = [n for n in sizes if parts(text[:n]).type_ in unit_words().solid]
    return next(iter((*solid, *sizes)), 0)


def _unclear(written: str, span: Span) -> Finding:
    return Finding("note", "unit-unclear", f"单位名单中的“{written}”不像单位名称，未收录", span)


def _meet(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _plausible(name: str) -> bool:
    """A name without a type (区发改) may stand in a list when it begins like one."""
    words = unit_words()
    if not re.fullmatch(r"[\u4e00-\u9fff（）A-Za-z·“”]{2,24}", name) or words.sentence.search(name):
        return False
    return bool(words.level.match(name) or words.starts.match(name)) or name.startswith(words.own)
