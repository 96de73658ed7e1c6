"""Names of bodies that look wrong in their document: another place's, a former one, two ways of writing."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from graph.facts import Duty
from graph.findings.page import Page, quoted
from graph.review.signs import doubts
from graph.review.units import garbled, joined
from graph.units.names import is_group, parts
from graph.units.reforms import Change, changes
from graph.units.words import unit_words
from ingest.fold import fold
from ingest.gazetteer import gazetteer
from ingest.model import Clause, Finding

_LEAD_USUAL = 0.7  # share of the clauses with units that must name a lead before its absence is told
_SIBLINGS = 3
_NAMED = 4  # unknown units that are named
# Bodies that a reform renames; 工商联 is no 工商局.
_OFFICES = frozenset({"局", "分局", "总局", "委", "委员会", "厅", "部", "办", "办公室", "所", "大队", "支队"})


def check(page: Page) -> Iterator[Finding]:
    """Yield what looks wrong in the names of a document's units."""
    duties = [duty for duty in page.record.duties if duty.evidence.span is not None]
    if not duties:
        return
    yield from _elsewhere(page, duties)
    yield from _written_ways(duties)
    yield from _doubted(duties)
    yield from _former(page, duties)
    yield from _both_roles(duties)
    yield from _without_units(page, duties)
    yield from _without_lead(duties)


@cache
def _reforms() -> tuple[tuple[str, Change], ...]:
    """Former fields and what became of them; one that is also in use today is none."""
    current = {form for field in unit_words().fields for form in (*field.forms, *field.also)}
    return tuple((old, change) for change in changes() for old in change.old if old not in current)


def _elsewhere(page: Page, duties: list[Duty]) -> Iterator[Finding]:
    """A body that bears the name of a place outside the document's own."""
    policy, known = page.policy, gazetteer()
    if not policy.jurisdiction or (policy.jurisdiction not in known.codes and not policy.region):
        return
    own = (policy.jurisdiction, *policy.region)
    codes = [code for name in own for code in known.codes.get(name, ())]
    if not codes:
        return
    squeezed = "".join(policy.text.split())
    listed = "".join("".join(duty.written.split()) for duty in duties)
    for duty in duties:
        place = _place_in(duty.unit)
        if not place or any(place in name or name.startswith(place) for name in own):
            continue
        names = {place} if place in known.codes else set(known.stems.get(place, ()))
        if not names or any(_related(code, codes) for name in names for code in known.codes[name]):
            continue
        if squeezed.count(place) > listed.count(place):
            continue
        said = f"“{quoted(duty.written)}”冠有“{place}”，本文件别处没有提到这个地方，疑为套用他地文件时未改"
        yield Finding("error", "unit-of-another-place", said, duty.evidence.span)


def _place_in(unit: str) -> str:
    """Return the place that a unit's name bears, at its head or as a branch's."""
    name, known = parts(unit), gazetteer()
    if name.branch and (name.branch in known.stems or name.branch in known.codes):
        return name.branch
    for size in range(min(10, len(unit) - 2), 2, -1):
        if unit[:size] in known.codes:
            return unit[:size]
    return ""


def _related(code: str, own: list[str]) -> bool:
    """Say whether a place lies above or below one of the document's own (GB/T 2260 codes)."""

    def trimmed(c: str) -> str:
        return c[:2] if c.endswith("0000") else c[:4] if c.endswith("00") else c

    one = trimmed(code)
    lowest = max((trimmed(c) for c in own), key=len)
    return one.startswith(lowest) or lowest.startswith(one)


def _written_ways(duties: list[Duty]) -> Iterator[Finding]:
    """One unit under two names, both in full."""
    forms: dict[str, dict[str, list[Duty]]] = defaultdict(lambda: defaultdict(list))
    for duty in duties:
        written = re.sub(r"等.*$|（[^（）]*）$", "", fold("".join(duty.written.split())))
        if parts(written).type_ and _whole(duty.unit, written):
            forms[duty.unit][written].append(duty)
    for unit, ways in forms.items():
        if len(ways) < 2 or is_group(unit):
            continue
        ranked = sorted(ways.items(), key=lambda way: (-len(way[1]), way[0]))
        told = "、".join(f"“{name}”{len(same)} 处" for name, same in ranked)
        yield Finding(
            "note", "unit-two-ways", f"同一单位有 {len(ways)} 种写法：{told}", ranked[-1][1][0].evidence.span
        )


def _whole(unit: str, written: str) -> bool:
    """Say whether a name is written in full: with its level, its place, or its branch's place before it."""
    name, full = parts(written), parts(unit)
    return bool(name.level or name.place or name.branch or (full.branch and full.branch in written))


def _doubted(duties: list[Duty]) -> Iterator[Finding]:
    """Names that look misspelt or run together, and once a document those that no register knows."""
    wrong, run_together = garbled(duties), joined(duties)
    unknown: dict[str, Duty] = {}
    for duty in duties:
        if duty.unit in wrong:
            said = f"“{quoted(duty.written)}”与本文件多处出现的“{wrong[duty.unit]}”只差一个字，疑为笔误"
            yield Finding("warning", "unit-misspelt", said, duty.evidence.span)
        elif two := run_together.get(duty.unit) or _two_names(duty.unit):
            said = f"“{quoted(duty.written)}”像是两个单位连在一起：{two}"
            yield Finding("warning", "unit-joined", said, duty.evidence.span)
        elif parts(duty.unit).type_ in _OFFICES and _unknown(duty):
            unknown.setdefault(duty.unit, duty)
    if unknown:
        names = "、".join(f"“{name}”" for name in list(unknown)[:_NAMED])
        said = f"{len(unknown)} 个单位不在单位词表里：{names}{'等' if len(unknown) > _NAMED else ''}"
        yield Finding("note", "unit-unregistered", said, next(iter(unknown.values())).evidence.span)


@cache
def _two_names(unit: str) -> str:
    """Return two names that one is made of, when both are of known fields and the cut is after a 局 or 委."""
    starts = unit_words().starts
    for cut in re.finditer("[局委厅办](?=.{3,})", unit):
        one, other = unit[: cut.end()], unit[cut.end() :]
        stems = [parts(name).stem for name in (one, other)]
        if parts(other).type_ in _OFFICES and all(starts.fullmatch(stem) for stem in stems):
            return f"{one}、{other}"
    return ""


def _unknown(duty: Duty) -> bool:
    return doubts().reasons["unit-unknown"].format(duty.unit) in duty.reason


def _former(page: Page, duties: list[Duty]) -> Iterator[Finding]:
    """The name of a body that a reform has merged, in a document from after the reform."""
    units = {duty.unit for duty in duties}
    told: set[str] = set()
    for duty in duties:
        stem = parts(duty.unit).stem
        if parts(duty.unit).type_ not in _OFFICES:
            continue
        for old, change in _reforms():
            if stem != old or duty.unit in told:
                continue
            head = duty.unit[: duty.unit.find(stem)]
            today = head + change.new.forms[0] + parts(duty.unit).type_
            issued = (page.policy.date or "")[:4]
            if issued > str(change.year) or today in units:
                told.add(duty.unit)
                said = f"“{quoted(duty.written)}”是旧名称，现为“{today}”（{change.year}年{change.ground}）"
                yield Finding("warning", "unit-former-name", said, duty.evidence.span)


def _both_roles(duties: list[Duty]) -> Iterator[Finding]:
    leads = {(d.evidence.locator, d.unit) for d in duties if d.role == "lead"}
    for duty in duties:
        if duty.role in ("responsible", "support") and (duty.evidence.locator, duty.unit) in leads:
            role = "责任" if duty.role == "responsible" else "配合"
            said = f"{duty.evidence.locator} 里“{duty.unit}”既是牵头单位又是{role}单位"
            yield Finding("note", "unit-two-roles", said, duty.evidence.span)


def _siblings(clauses: tuple[Clause, ...]) -> dict[tuple[str, str], list[Clause]]:
    """Group the clauses that stand side by side; rows of tables are none."""
    found: dict[tuple[str, str], list[Clause]] = defaultdict(list)
    for clause in clauses:
        if "/表" not in clause.locator:
            found[clause.locator.split("/")[0] if not clause.parent else "", clause.parent or ""].append(
                clause
            )
    return found


def _without_units(page: Page, duties: list[Duty]) -> Iterator[Finding]:
    """A clause that gives something and names nobody, where nearly all clauses beside it do."""
    named = {duty.evidence.locator for duty in duties}
    gives = {m.evidence.locator for m in page.record.measures if m.kind == "incentive"}
    parents = {clause.parent for clause in page.policy.clauses}
    for group in _siblings(page.policy.clauses).values():
        bare = [c for c in group if c.locator not in named and c.locator not in parents]
        if len(group) - len(bare) < _SIBLINGS or len(bare) > 0.25 * len(group):
            continue
        for clause in bare:
            if clause.locator in gives:
                name = quoted(clause.title or clause.text, 16)
                said = f"{clause.locator}“{name}”给了支持，却没有写由谁负责；同级条款都写了"
                yield Finding("warning", "clause-without-unit", said, clause.span)


def _without_lead(duties: list[Duty]) -> Iterator[Finding]:
    """A clause without a lead unit, in a document whose other clauses nearly all have one."""
    roles: dict[str, set[str]] = defaultdict(set)
    first: dict[str, Duty] = {}
    for duty in duties:
        roles[duty.evidence.locator].add(duty.role)
        first.setdefault(duty.evidence.locator, duty)
    held = [locator for locator, said in roles.items() if said & {"lead", "responsible"}]
    leading = [locator for locator in held if "lead" in roles[locator]]
    if len(leading) < _SIBLINGS or len(leading) < _LEAD_USUAL * len(held):
        return
    for locator in held:
        if "lead" not in roles[locator]:
            said = f"本文件多数条款写明牵头单位，{locator} 没有写"
            yield Finding("warning", "lead-missing", said, first[locator].evidence.span)
