"""Completing names: short, cut and variant ones, only from what the document itself attests."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from graph.units.names import field_key, is_group, parts
from graph.units.reading import Item
from graph.units.words import unit_words
from ingest.model import Finding, Policy


def noted(*notes: str) -> str:
    """Return the notes on one item as one."""
    return "；".join(filter(None, notes))


class Names:
    """Makes names canonical with what the document itself attests."""

    def __init__(self, items: list[Item], policy: Policy) -> None:
        self.words, self.policy = unit_words(), policy
        self.findings: list[Finding] = []
        self.attested = Counter(i.name for i in items if parts(i.name).level and parts(i.name).type_)
        heads = Counter(
            parts(i.name).level for i in items if not is_group(i.name) and not parts(i.name).branch
        )
        level, count = next(((h, n) for h, n in heads.most_common() if h), ("", 0))
        self.usual = level if count >= 5 and count >= 0.6 * heads.total() else ""

    def apply(self, items: list[Item]) -> list[tuple[Item, str]]:
        """Return each item with its canonical name; notes say what was changed."""
        done: list[tuple[Item, str]] = []
        head, group = "", -1
        for item in items:
            head = head if item.group == group else ""
            group = item.group
            name, note = self._complete(item, head)
            done.append((replace(item, note=noted(note, item.note)) if note else item, name))
            found = parts(name)
            if found.level and not found.branch and not is_group(name) and found.type_ in self.words.heads:
                head = (found.place or found.level) + ("委" if name.startswith(found.level + "委") else "")
        return self._unified(done)

    def _complete(self, item: Item, head: str) -> tuple[str, str]:
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

    def _truncated(self, item: Item, full: str) -> None:
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

    def _unified(self, done: list[tuple[Item, str]]) -> list[tuple[Item, str]]:
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
        return [(i if best[n] == n else replace(i, note=noted(i.note, note)), best[n]) for i, n in done]

    def elsewhere(self, done: list[tuple[Item, str]]) -> Iterator[Finding]:
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
