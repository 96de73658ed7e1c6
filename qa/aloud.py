"""The reading text 朗读稿: two sentences of an answer that an operator can read to the caller."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.answers.base import NO_LEAD
from qa.answers.premise import CORRECTION
from qa.corpus import Corpus
from qa.figurewords import GIVEN, PERIODS, base, bounded
from qa.model import Amount, Answer
from qa.spoken import spoken
from qa.text import display, grams, plain
from qa.verify import HOTLINE, unfounded

LENGTH = 120  # characters of the whole text, about half a minute of speech
_LONG = 30  # characters of a condition from which on the clause is referred to instead
_LEAST = 16  # characters below which the start of a sentence says nothing yet
_NAMED = 5  # units named where units are what is asked for
_ITEMS = 3  # items of a list that are named
_MORE = "其余请看条款"
_ASIDE = (
    "注意：",
    "说明：",
)  # a warning, a unit's new name: shown, told by the second sentence or not at all
_CALL = f"打{HOTLINE}"
_REVIEW = "是否符合其他条件，以主管部门审核为准"  # said last of what is worked out, where there is room
_MONEY = ("CNY", "percent", "permille")
_ROW = re.compile(r"^- \*\*(?P<place>.+?)\*\*(?:（.*?）)?：(?P<told>.*)$")
_QUOTES = re.compile("[“”‘’\"']")
_LED = re.compile(rf"牵头单位：|{NO_LEAD}|没有写明责任单位")


def reading(answer: Answer, corpus: Corpus) -> str:
    """Return what is read aloud of a verified answer: what, for whom and when; then who, and until when.

    At most `LENGTH` characters, without brackets and signs. It passes the same gate as the answer: a
    text with a figure that the cited clauses do not hold is never returned.
    """
    for text in _attempts(answer):
        if unfounded(replace(answer, answer=text.replace(_CALL, "")), corpus):
            continue
        if len(said := spoken(text)) <= LENGTH:
            return said
    return "请看屏幕上的条款原文。" if answer.citations else _ask(answer)


def _attempts(answer: Answer) -> Iterator[str]:
    """Yield texts to try: the fullest ending that leaves the first sentence whole goes first."""
    if answer.status == "no_basis":
        yield _refused(answer)
    elif answer.status == "clarify":
        yield f"这件事几个地方规定不同，请问您问的是哪里？{_choices(answer)}"
        yield "请问您问的是哪个地方？"
    else:
        cut = list[str]()
        for units, dated in ((3, True), (2, True), (1, True), (1, False)):
            ending = _then(answer, units, dated=dated)
            cut.append(f"{_closed(_first(answer, LENGTH - len(ending) - 1))}{ending}")
            if _MORE not in cut[-1]:
                yield cut[-1]
        yield from reversed(cut)


def _first(answer: Answer, room: int) -> str:
    """Say the figure or the rule, with whom and condition, in about `room` characters."""
    lines = [line for line in answer.answer.splitlines() if line.strip() and not line.startswith(_ASIDE)]
    note = CORRECTION if lines and lines[0].startswith(CORRECTION) else ""
    lines = [lines[0].removeprefix(note), *lines[1:]] if lines else [""]
    if rows := [found for line in lines if (found := _ROW.match(line))]:
        return _beside(answer, rows, room)
    head = next((line for line in lines if line), "")
    where, colon, told = head.partition("：")
    start = f"{note}{_place(answer)}"
    if answer.status == "no_figure":
        return f"{start}{_title(answer)}文件提到了，但没有写具体数额"
    if answer.number is not None and answer.sparql and not answer.amounts and not _LED.search(head):
        return f"{note}{_list(answer, head, room - len(note))}"
    if not answer.amounts and _LED.search(head):
        return f"{start}{_title(answer)}{_all_units(answer)}"
    if not colon or len(where) > _LONG:
        return note + _fit(_sentences(head), answer.question, room - len(note))
    if answer.steps:
        return start + _worked_out(_sentences(told), room - len(start))
    said = _told(answer, told, room - len(start))
    return start + (f"{_title(answer)}有规定，具体请看条款" if said == _MORE else said)


def _worked_out(parts: Sequence[str], room: int) -> str:
    """Say the result and how it comes about; that an office decides goes first where there is no room."""
    if len("；".join(parts)) > room and parts[-1:] == [_REVIEW]:
        parts = parts[:-1]
    return "；".join(_within(parts, room))


def _told(answer: Answer, told: str, room: int) -> str:
    """Say the sentences that hold the figures; where they are too long, the figures one by one."""
    parts = _sentences(told)
    if len("；".join(parts)) <= room:
        return "；".join(parts)
    given = _given(answer.amounts)
    if given and all(amount.unit in _MONEY for amount in given):
        surfaces = [plain(amount.surface) for amount in given]
        telling = [part for part in parts if any(surface in plain(part) for surface in surfaces)]
        if telling and len("；".join(telling)) <= room:
            return "；".join(telling)
        if listed := _listed(given, answer.question, room):
            return listed
    return _fit(parts, answer.question, room)


def _given(amounts: Sequence[Amount]) -> list[Amount]:
    return [amount for amount in amounts if amount.role in GIVEN and amount.role != "tax_threshold"]


def _listed(given: Sequence[Amount], question: str, room: int) -> str:
    """List figures with whom they are for, those nearest to the question first where not all fit."""
    whole = "；".join(_pieces(given))
    if len(whole) <= room:
        return whole
    nearest = sorted(given, key=lambda a: -_shared(question, f"{a.recipient}{a.condition}"))
    for count in range(len(given) - 1, 0, -1):
        kept = [amount for amount in given if amount in nearest[:count]]
        said = "；".join([*_pieces(kept), _MORE])
        if len(said) <= room:
            return said
    return ""


def _pieces(amounts: Sequence[Amount]) -> list[str]:
    told, whom = [], ""
    for amount in amounts:
        told.append(_piece(amount, "" if amount.recipient == whom else amount.recipient))
        whom = amount.recipient
    return told


def _piece(amount: Amount, recipient: str) -> str:
    """Say one figure: 首次认定的平台，奖励30万元; 按投资额的10%补助; 最高50万元."""
    condition, of = base(amount.condition) if amount.role == "per_unit_rate" else (amount.condition, "")
    if amount.role == "cap":
        return f"{recipient}{PERIODS.get(amount.periodicity, '')}最高{plain(amount.surface)}"
    if len(condition) > _LONG:
        condition = "符合条款条件的"
    lead = "，".join(filter(None, (recipient, condition)))
    return f"{lead}{'，' if lead else ''}{_sum(amount, of)}"


def _sum(amount: Amount, of: str = "") -> str:
    figure = bounded(amount)
    if amount.role == "per_unit_rate":
        return f"按{of}{'的' if of else ''}{figure}补助"
    return f"{PERIODS.get(amount.periodicity, '')}{GIVEN.get(amount.role, '')}{figure}"


def _list(answer: Answer, head: str, room: int) -> str:
    """Say how many, and the first ones by their titles."""
    said = head.rstrip("：。").replace(" ", "")
    titles = [display(citation.title) for citation in answer.citations if citation.title]
    if head.endswith("：") and titles:
        named = [*titles[:_ITEMS]]
        while named and len(said) + len("、".join(named)) + 6 > room:
            named.pop()
        if named:
            said += f"，有{'、'.join(named)}{'等' if len(titles) > len(named) else ''}"
    return said if len(said) <= room else "；".join(_within(_sentences(head), room)) or said[:room]


def _beside(answer: Answer, rows: Sequence[re.Match[str]], room: int) -> str:
    """Say each place with its figures, or with its own words where it has none."""
    by_place = {citation.jurisdiction: (citation.source, citation.locator) for citation in answer.citations}
    each = max(12, room // len(rows))
    long, short = [], []
    for row in rows:
        place, key = row["place"], by_place.get(row["place"])
        given = _given([a for a in answer.amounts if (a.source, a.locator) == key])
        if given and key:
            long.append(f"{place}，{'，'.join(_pieces(given))}")
            near = [_shared(answer.question, f"{a.recipient}{a.condition}") for a in given]
            best = [amount for amount, shared in zip(given, near, strict=True) if shared == max(near)]
            short.append(f"{place}，{'、'.join(dict.fromkeys(_sum(amount) for amount in best[:_ITEMS]))}")
        else:
            said = _fit(_sentences(row["told"]), answer.question, each - len(place) - 1)
            told = f"{place}，{said}" if key else f"{place}没有这方面的规定"
            long.append(told)
            short.append(told)
    return "；".join(long) if len("；".join(long)) <= room else "；".join(_within(short, room)) or _MORE


def _then(answer: Answer, units: int, *, dated: bool) -> str:
    """Say which unit, and whether it still holds."""
    said = []
    head = answer.answer.removeprefix(CORRECTION).strip().partition("\n")[0]
    several = _ROW.match(head) or answer.number is not None
    one = ("：" in head and not several) or bool(answer.steps and answer.amounts)
    if one and (answer.amounts or not _LED.search(head)):
        said.append(_who(answer, units))
    note = answer.validity.note.partition("：")[2].rstrip("。") if dated else ""
    if note in plain(head):
        note = ""  # said in the first sentence
    if note and "期" not in note:
        note = f"期限{note}"
    states = {
        "draft": "这份文件是征求意见稿，还没有正式印发",
        "expired": f"{note}，已经过期" if note else "现在已经过期",
        "in_force": f"{note}，目前有效" if note else "目前有效",
        "unknown": "文件没有写明有效期" if one else "",
    }
    if not (answer.validity.state == "draft" and "征求意见稿" in head):
        said.append(states[answer.validity.state])
    return _closed("，".join(filter(None, said)))


def _who(answer: Answer, units: int) -> str:
    """Name who leads; where none is written, who answers for it, in the document's order."""
    if answer.lead_units:
        return f"由{'、'.join(answer.lead_units)}牵头"
    if answer.responsible_units:
        more = "等" if len(answer.responsible_units) > units else ""
        return f"文件没有明确牵头单位，责任单位有{'、'.join(answer.responsible_units[:units])}{more}"
    return f"文件没有写责任单位，可以{_CALL}咨询"


def _all_units(answer: Answer) -> str:
    """Name who leads and who answers for it, as far as one breath goes."""
    if not (answer.lead_units and answer.responsible_units):
        return _who(answer, _NAMED)
    more = "等" if len(answer.responsible_units) > _NAMED else ""
    return f"{_who(answer, _NAMED)}，责任单位有{'、'.join(answer.responsible_units[:_NAMED])}{more}"


def _refused(answer: Answer) -> str:
    """Say that nothing applies, and whom to ask."""
    first, ask = display(re.split(r"[。\n]", answer.answer)[0]), _ask(answer)
    room = LENGTH - len(ask) - 1
    return _closed(first if len(first) <= room else "没有找到能回答这个问题的条款") + ask


def _ask(answer: Answer) -> str:
    found = re.search(r"可向(?P<unit>[^，。]{2,30}?)或拨打", answer.answer)
    if found:
        return f"可以咨询{found['unit']}，或者{_CALL}。"
    return f"可以{_CALL}咨询。" if HOTLINE in answer.answer else ""


def _choices(answer: Answer) -> str:
    return f"可以选{'、'.join(answer.choices[:6])}。" if answer.choices else ""


def _place(answer: Answer) -> str:
    place = answer.citations[0].jurisdiction if answer.citations else None
    return f"按{place}的文件，" if place else "按文件，"


def _title(answer: Answer) -> str:
    title = display(answer.citations[0].title) if answer.citations else ""
    return f"{title}这一项，" if title else "这一条，"


def _sentences(text: str) -> list[str]:
    """Part words at full stops and semicolons, the marks left out."""
    parts = (
        part.removeprefix("原文：").removeprefix("内容：") for part in re.split("[。；;！？]", display(text))
    )
    return [part for part in parts if part.strip("，、 ")]


def _shared(question: str, words: str) -> int:
    """Count the pairs of characters that a question and some words share, quotation marks left out."""
    asked, told = (set(grams(_QUOTES.sub("", plain(text)))) for text in (question, words))
    return len(asked & told)


def _within(parts: Sequence[str], room: int) -> list[str]:
    """Return the first parts that fit into `room`, told as incomplete where some do not."""
    kept = list(parts)
    while kept and len("；".join(kept)) > room:
        kept = [*kept[: -2 if kept[-1] == _MORE else -1], _MORE]
        if kept == [_MORE]:
            return []
    return kept


def _fit(parts: Sequence[str], question: str, room: int) -> str:
    """Return the parts nearest to the question that fit; one that is too long ends at a comma."""
    nearest = sorted(range(len(parts)), key=lambda at: -_shared(question, parts[at]))
    for count in range(len(parts), 0, -1):
        said = "；".join(parts[at] for at in sorted(nearest[:count]))
        if len(said) <= room:
            return said
    cut, closing = parts[nearest[0]] if parts else "", f"，{_MORE}"
    for mark in ("，", "、"):
        said = cut
        while len(said) + len(closing) > room and mark in said:
            said = said.rpartition(mark)[0]
        if _LEAST <= len(said) <= room - len(closing):
            return f"{said}{closing}"
    return _MORE


def _closed(text: str) -> str:
    text = text.rstrip("，；、：")
    return text if not text or text.endswith(("。", "！", "？")) else f"{text}。"
