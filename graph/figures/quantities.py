"""The figures of a clause: value, unit, role, bound, recipient, condition, payer, periodicity.

`quantities` reads one clause. The work is done in four steps, each in its own module: fold the text
(``text``), find figures (``finding``), read the frame of giving around each
(``frames``, ``rows``), tell role and setting (``roles``, ``context``).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from graph.facts import Bound, Evidence, Quantity, QuantityRole
from graph.figures.amounts import Figure
from graph.figures.context import setting
from graph.figures.elliptic import in_short, said_of
from graph.figures.finding import figures, may_hold_figures
from graph.figures.frames import Frame, frames, gives
from graph.figures.funds import shared_payer
from graph.figures.kinds import kind, periodicity
from graph.figures.place import Place
from graph.figures.roles import role
from graph.figures.rows import rows
from graph.figures.sharing import in_rows
from graph.figures.site import Found, Setting, Site, party_of
from graph.figures.tables import cells, in_cell
from graph.figures.text import Folded, fold, parts, sentences
from graph.figures.words import has, words
from ingest.model import Clause, LineKind, Policy

_BREAK = 4  # characters by which a line break with its blanks widens a figure's place at most
_HOW = re.compile(r"分(?:[一二三四五六两\d]|期|批)")  # 分三年发放: how, not who


def quantities(clause: Clause, policy: Policy) -> tuple[Quantity, ...]:
    """Return the figures of `clause` in the order of the text.

    Args:
        clause: a clause with its own running text; empty text gives no figures.
        policy: the document that it belongs to; its date gives the year of months and quarters
            printed without one.

    Money is in yuan, rates in percent or permille, dates in ISO 8601. `confidence` is below 1 where
    recipient or condition was carried over, or the role is unsure. Never raises on odd text.
    """
    if not may_hold_figures(clause.text):
        return ()
    year = int(policy.date[:4]) if policy.date and policy.date[:4].isdigit() else None
    heading = _heading(clause, policy)
    row = cells(clause, policy)
    if not row:
        folded = fold(clause.text)
        facts = [_fact(item, clause, folded) for item in _read(folded.text, year, heading)]
        return tuple(fact for fact in facts if not _bridges(fact, clause, policy))
    facts = []
    for cell in row:
        folded = fold(clause.text[cell.start : cell.end])
        whole = Folded(folded.text, [cell.start + place for place in folded.origin])
        found = [_fact(in_cell(item, cell), clause, whole) for item in _read(folded.text, year, heading)]
        facts += (replace(fact, sentence=clause.text.strip()) for fact in found)
    return tuple(facts)


def _bridges(fact: Quantity, clause: Clause, policy: Policy) -> bool:
    """Tell whether number and unit stand on both sides of a table or a unit list: that is no figure."""
    span = fact.evidence.span
    if span is None or len(span) <= len(fact.surface) + _BREAK:
        return False
    tables = (line.span for line in policy.lines if line.kind is LineKind.TABLE)
    return any(span.start < other.start < span.end for other in (*clause.units, *tables))


def _heading(clause: Clause, policy: Policy) -> str:
    """Return the titles that a clause stands under and its own, the nearest one last."""
    titles, parent = [clause.title], clause.parent
    while parent:
        above = next((other for other in policy.clauses if other.locator == parent), None)
        titles.append(above.title if above else "")
        parent = above.parent if above else None
    return "；".join(reversed(titles))


def _read(text: str, year: int | None, heading: str) -> list[Found]:
    """Read the figures of a folded text, sentence by sentence."""
    found = figures(text, year)
    read: list[Found] = []
    if not found:
        return read
    carried, unread = Setting(), (0, 0)
    for start, end in sentences(text):
        own = [figure for figure in found if start <= figure.start < end]
        if not own:
            unread = start, end
            continue
        if unread[1] == start > 0:
            carried = _carry(text, *unread)
        result = list(_sentence(text, start, end, own, heading))
        following = text[end:][:160]
        result = [_paid(item, following) for item in result]
        result = [_carried(item, carried) for item in result]
        carried = next((item.setting for item in reversed(result) if item.setting.recipient), carried)
        read.extend(_spoken_once(result))
    return read


def _sentence(text: str, start: int, end: int, own: Sequence[Figure], heading: str) -> Iterator[Found]:
    """Read the figures of one sentence, in order."""
    around = [frame for frame in frames(text, start, end) if _offers(text[frame.predicate : frame.end])]
    segments = list(parts(text, start, end, "，；："))
    read: list[Found] = []
    for i, figure in enumerate(own):
        part = next(((a, b) for a, b in segments if a <= figure.start < b), (start, end))
        frame = next((f for f in around if f.start <= figure.start < f.end), None)
        previous = own[i - 1] if i else None
        site = _site(text, figure, previous, (start, end), part, frame, around)
        site = replace(site, place=replace(site.place, heading=heading))
        earlier = tuple((f.site.figure, f.role) for f in read if f.site.frame == frame)
        what = role(figure, site.place)
        if what in ("cap", "other") and frame is None and previous and read[-1].role == "loan_limit":
            what = "loan_limit"
        if previous and read and _same_row(text, previous, figure):
            what = read[-1].role
        short = in_short(what, figure, site, read)
        what = short.role if short else what
        if what == "valid_period" and read and read[-1].role == "deadline" and _again(site.place.before):
            what = "deadline"
        figure = _reached(figure, what, site.place, read[-1].site.figure if read else None)
        same_part = read and (read[-1].site.part == part or read[-1].role == "target")
        site = replace(
            site,
            figure=figure,
            role=what,
            earlier=earlier,
            before_it=read[-1].setting.recipient if same_part else "",
        )
        found = setting(site)
        if short:
            found = said_of(short, found)
        if previous and read and site.place.in_topic and _same_row(text, previous, figure):
            found = read[-1].setting
        read.append(Found(site, what, found))
    yield from in_rows(text, (start, end), read)


def _again(before: str) -> bool:
    """Tell whether a day is said in short after another (…截止日期为5月31日，第二批为9月30日)."""
    return re.fullmatch(r"[^，；\d]{1,10}[为至到]", before) is not None


def _offers(text: str) -> bool:
    return gives(text) or (text.startswith(("可申", "可以申")) and has(text, "roles", "loan"))


def _reached(figure: Figure, what: QuantityRole, place: Place, previous: Figure | None) -> Figure:
    """Let a threshold that must be reached be at least that much; a row shares its bound."""
    if what != "threshold" or figure.bound != "exact" or figure.family not in ("money", "rate", "count"):
        return figure
    if place.before.endswith(words("bounds", "reach")):
        return replace(figure, bound="at_least")
    if previous and previous.family == figure.family and place.near in ("、", "和", "或", "及"):
        return replace(figure, bound=previous.bound)
    return figure


def _same_row(text: str, previous: Figure, figure: Figure) -> bool:
    return len(rows(text, [previous, figure])) == 1


def _site(
    text: str,
    figure: Figure,
    previous: Figure | None,
    sentence: tuple[int, int],
    part: tuple[int, int],
    frame: Frame | None,
    around: Sequence[Frame],
) -> Site:
    """Gather the words around a figure."""
    begin = part[0]
    if (
        previous
        and previous.end > begin
        and re.match("[、，和及与或并且（）；]", text[previous.end : figure.lead] or "、")
    ) or (previous and previous.end > begin and previous.family not in ("money", "rate")):
        begin = previous.end
    in_topic = frame is not None and figure.start < frame.predicate
    if frame is not None and not in_topic:
        begin = max(begin, frame.predicate)
    left = text[part[0] : figure.start]
    bracket = left.rfind("（")
    in_bracket = bracket >= 0 and "）" not in left[bracket:]
    after = text[figure.end : part[1]]
    if in_bracket:
        begin = max(begin, part[0] + bracket + 1)
    statement = next(
        (text[a:b] for a, b in parts(text, *sentence, "；") if a <= figure.start < b), text[slice(*sentence)]
    )
    place = Place(
        before=text[part[0] : figure.start],
        after=after,
        near=text[begin : figure.start],
        sentence=text[slice(*sentence)],
        statement=statement,
        in_topic=in_topic,
        in_predicate=frame is not None and not in_topic,
        in_bracket=in_bracket,
        relative=not in_topic and frame is None and _relative(figure, left, after),
    )
    if frame is None and figure.family in ("date", "period"):
        frame = next((f for f in around if f.start >= figure.end), None)
    return Site(text, figure, "other", place, sentence, part, frame, ())


def _relative(figure: Figure, left: str, after: str) -> bool:
    """Tell whether a figure stands in a relative clause (…达到5亿元以上的企业)."""
    if re.match("的(?:企业|项目|单位|园区|产业)", after) and re.search("(?:过|达|达到|满)$", left):
        return True
    if re.match("(?:的|时|的时候)$|且", after) and not gives(left[-20:]):
        return True
    if (
        re.search("(?:对|将|把|对于)[^，]{0,30}$", left)
        and re.match("[^，、；]{0,12}的", after)
        and figure.bound != "exact"
    ):
        return True
    return re.match(
        "(?:的|[^，、；]{0,10}的)(?:[^，、；]{0,12})(?:企业|单位|个人|项目|机构|人员|小微企业|贷款)", after
    ) is not None and (figure.bound != "exact" and not re.search("发放|提供", left))


def _paid(item: Found, following: str) -> Found:
    """Add the payer that the sentence, or the funding sentence after it, names."""
    if item.setting.payer or item.role not in ("reward", "subsidy", "per_unit_rate"):
        return item
    payer = shared_payer(item.site.text[item.site.figure.end : item.site.sentence[1]], following)
    return replace(item, setting=replace(item.setting, payer=payer)) if payer else item


def _spoken_once(found: Sequence[Found]) -> Iterator[Found]:
    """Let a row of labelled sums share the period said with the first (本科每人每月600元，硕士900元)."""
    previous: Found | None = None
    for item in found:
        near = item.site.place.near
        if previous and item.role == previous.role and item.role in ("reward", "subsidy") and len(near) <= 8:
            said = re.search("每[人生户名]每?[年月]?", previous.site.place.near)
            if said and "每" not in near and "一次性" not in near:
                place = replace(item.site.place, near=near + said.group())
                item = replace(item, site=replace(item.site, place=place))
        yield item
        previous = item


def _carry(text: str, start: int, end: int) -> Setting:
    """Return the setting that a sentence without figures hands on to the next."""
    framed = list(frames(text, start, end))
    party = party_of(framed[-1]) if framed else None
    if party and party.recipient and len(party.recipient) <= 40:
        return Setting(party.recipient)
    return Setting()


def _carried(item: Found, carried: Setting) -> Found:
    """Fill an empty recipient of a sum from the sentence before; this is a doubt."""
    dated = item.site.figure.family == "period" and "期" in item.site.place.before
    needy = (item.role in ("cap", "per_unit_rate") or dated) and not item.setting.recipient
    if (
        not needy
        or item.site.frame
        or not carried.recipient
        or re.match("20|全|到", item.site.text[item.site.sentence[0] :][:2])
    ):
        return item
    return replace(item, setting=replace(item.setting, recipient=carried.recipient, confidence=0.6))


def _fact(item: Found, clause: Clause, folded: Folded) -> Quantity:
    """Write a read figure as a fact with its evidence."""
    figure, site, what = item.site.figure, item.site, item.role
    start, end = folded.place(figure.start, figure.end)
    first, last = folded.place(*site.sentence)
    surface = clause.text[start:end]
    confidence = item.setting.confidence
    if not figure.sure:
        confidence = min(confidence, 0.7)
    if what == "other":
        confidence = min(confidence, 0.5)
    return Quantity(
        evidence=Evidence(clause.locator, clause.locate(start, end)),
        surface=surface,
        kind=kind(figure, what),
        value=figure.value,
        unit=figure.unit,
        role=what,
        bound=_bound(figure, what, site.place.before),
        recipient="" if _HOW.match(item.setting.recipient) else item.setting.recipient,
        condition=item.setting.condition,
        payer=item.setting.payer,
        periodicity=periodicity(figure, surface, site.place, what),
        sentence=clause.text[first:last].strip(),
        stage=item.stage,
        confidence=confidence,
    )


def _bound(figure: Figure, what: QuantityRole, site_before: str) -> Bound:
    if figure.bound == "exact" and figure.family != "period" and what in ("deadline", "valid_until", "cap"):
        return "at_most"
    if figure.bound == "exact" and re.search(
        r"不得?(?:超过|高于)(?:[^，；、\d]{1,24}|[^，；]{1,24}[的数量])$", site_before
    ):
        return "at_most"
    if figure.bound == "exact" and re.search(
        r"不得?(?:低于|少于)(?:[^，；、\d]{1,24}|[^，；]{1,24}[的数量])$", site_before
    ):
        return "at_least"
    return figure.bound
