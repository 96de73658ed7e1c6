"""The guide as plain text, for copying and for the terminal; what is not given is said to be not given."""

from collections.abc import Iterator, Sequence

from graph.figures.topics import is_party
from ingest.numerals import to_han
from qa.answers.base import NO_LEAD, caution
from qa.guide.model import Gift, Guide, NoGuide, Said

NOT_GIVEN = "文件未写明"
NOT_HELD = "本库未收原文，请查看文件"
STAR = "＊"
DOUBT = f"{STAR}对象或条件由程序推得，还没有人核对，以原文为准。"
ABOVE = "见“给多少”各项所列"
_GENERAL = "，适用对象以该条为准"
_STATE = {
    "in_force": "仍在文件写明的期限内",
    "expired": "文件写明的期限已过",
    "draft": "所在文件是征求意见稿，尚未正式印发",
    "unknown": "文件未写明有效期，申领前请向单位确认",
}
PARTS = (
    ("audience", "谁可以申领"),
    ("amount", "给多少"),
    ("condition", "有什么条件"),
    ("validity", "到什么时候"),
    ("window", "申报时间"),
    ("where", "到哪里申报"),
    ("materials", "要什么材料"),
    ("process", "怎么办理"),
    ("units", "找哪个单位"),
    ("payer", "谁出钱"),
)
LABELS = dict(PARTS)


def missing(guide: Guide) -> tuple[str, ...]:
    """Return the parts that the document does not give, by their keys in `PARTS`."""
    given = {
        "audience": bool(guide.audience or guide.who),
        "amount": any(item.gifts for item in guide.items),
        "condition": bool(guide.conditions) or any(g.condition for item in guide.items for g in item.gifts),
        "validity": any(item.validity.state != "unknown" for item in guide.items),
        "window": bool(guide.window),
        "where": bool(guide.where),
        "materials": bool(guide.materials),
        "process": bool(guide.process),
        "units": bool(guide.lead_units or guide.responsible_units or guide.support_units),
        "payer": bool(guide.payers),
    }
    return tuple(key for key, _ in PARTS if not given[key])


def validity_of(guide: Guide) -> Iterator[str]:
    """Yield the state of the measure; of each item where they differ."""
    if guide.validity.state != "unknown" or all(i.validity.state == "unknown" for i in guide.items):
        yield _state(guide.validity.state, guide.validity.note)
        return
    for at, item in enumerate(guide.items, 1):
        yield f"第{to_han(at)}项：{_state(item.validity.state, item.validity.note)}"


def _state(state: str, note: str) -> str:
    return (
        _STATE[state]
        + (f"（{note.rstrip('。')}）" if note and state in ("in_force", "expired") else "")
        + "。"
    )


def units_of(guide: Guide) -> Iterator[str]:
    """Yield who leads, who answers and who supports; a lead only where one is written."""
    if "units" in guide.missing:
        yield f"{NOT_GIVEN}责任单位，可拨打政务服务便民热线咨询。"
        return
    yield f"牵头单位：{'、'.join(guide.lead_units)}" if guide.lead_units else NO_LEAD
    if guide.responsible_units:
        yield f"责任单位：{'、'.join(guide.responsible_units)}"
    if guide.support_units:
        yield f"配合单位：{'、'.join(guide.support_units)}"
    if guide.units_locator != guide.locator:
        yield f"单位写在上一级条款：{guide.units_locator}"


def gift_line(gift: Gift) -> str:
    """Say one sum in one line: 一次性奖励5万元：新入库的工业企业."""
    whom = "，".join(dict.fromkeys(filter(None, (gift.recipient, gift.condition))))
    caps = f"；限额：{'、'.join(gift.caps)}" if gift.caps else ""
    doubt = STAR if gift.doubt else ""
    return f"{sum_of(gift)}{'：' if whom else ''}{whom}{caps}{doubt}"


def doubtful(guide: Guide) -> bool:
    """Tell whether any sum of the guide waits for an official."""
    return any(gift.doubt for item in guide.items for gift in item.gifts)


def sum_of(gift: Gift) -> str:
    """Say what is given: 每台补贴1.2万元, 按购机价的15%补助."""
    if gift.role == "per_unit_rate":
        again = "再" if gift.kind.startswith("再") else ""
        return f"{gift.each}{again}按{gift.base}{'的' if gift.base else ''}{gift.figure}补助"
    if gift.role == "tax_threshold":
        return f"{gift.base}{gift.figure}免税"
    return f"{gift.each}{gift.kind}{gift.figure}"


def text_of(guide: Guide) -> str:
    """Return the whole guide as plain text."""
    parts = (_head(guide), _sections(guide), _units(guide), _payers(guide), _missing(guide), _basis(guide))
    return "\n".join(line for part in parts for line in part)


def checked(guide: Guide) -> str:
    """Return what the gate checks: all but the names of clause, document and units.

    Without a text, who pays is told as it was extracted: no gist could bear it out.
    """
    payers = _words(guide.payers) if guide.verbatim else ()
    return "\n".join((*_sections(guide), *payers, *(item.said.words for item in guide.items)))


def _sections(guide: Guide) -> Iterator[str]:
    yield from _part(guide, "audience", [*filter(None, [audience_of(guide)]), *_words(guide.who)])
    yield from _part(guide, "amount", [gift_line(g) for item in guide.items for g in item.gifts])
    if doubtful(guide):
        yield DOUBT
    yield from _part(guide, "condition", _words(guide.conditions) or [ABOVE])
    yield from _part(guide, "validity", list(validity_of(guide)), always=True)
    for key, said in (("window", guide.window), ("where", guide.where), ("materials", guide.materials)):
        yield from _part(guide, key, _words(said))
    yield from _part(guide, "process", _words(guide.process))


def _head(guide: Guide) -> Iterator[str]:
    place = f"{guide.jurisdiction} " if guide.jurisdiction else ""
    yield f"申报指南　{place}{guide.title or guide.locator}"
    if guide.validity.state in ("expired", "draft"):
        yield caution(guide.validity)


def _units(guide: Guide) -> Iterator[str]:
    yield from _part(guide, "units", list(units_of(guide)), always=True)


def _payers(guide: Guide) -> Iterator[str]:
    yield from _part(guide, "payer", _words(guide.payers))


def _missing(guide: Guide) -> Iterator[str]:
    if told := not_given(guide):
        yield f"【{told[0]}】"
        yield told[1]


def _basis(guide: Guide) -> Iterator[str]:
    yield "【依据】"
    number = f"（{guide.number}）" if guide.number else ""
    yield f"《{guide.policy}》{number} {guide.locator}"
    for item in guide.items:
        told = "原文" if guide.verbatim else "编者要点（非原文）"
        where = f"{item.said.locator}，" if item.said.locator != guide.locator else ""
        yield f"{where}{told}：{item.said.words}"


def not_given(guide: Guide) -> tuple[str, str] | None:
    """Say that parts are missing, and which: the document does not give them, or its text is not held."""
    names = [LABELS[key] for key in guide.missing if key not in ("validity", "units")]
    return (NOT_GIVEN if guide.verbatim else NOT_HELD, "、".join(names)) if names else None


def audience_of(guide: Guide) -> str:
    """Say who may claim; some sums may be for whoever meets their condition."""
    open_to_all = any(
        not is_party(g.recipient) and not item.audience for item in guide.items for g in item.gifts
    )
    return "；".join(guide.audience) + ("；其余以各项条件为准" if guide.audience and open_to_all else "")


def _words(said: Sequence[Said]) -> list[str]:
    return [f"{one.words}（{one.locator}{_GENERAL if one.general else ''}）" for one in said]


def _part(guide: Guide, key: str, lines: Sequence[str], *, always: bool = False) -> Iterator[str]:
    if key in guide.missing and not always:
        return
    yield f"【{LABELS[key]}】"
    if len(lines) == 1 or always:
        yield from lines
    else:
        yield from (f"{at}. {line}" for at, line in enumerate(lines, 1))


def advice(found: NoGuide) -> str:
    """Say what to do where a clause gives nothing to claim."""
    return (
        f"可以向{'、'.join(found.units[:3])}咨询。" if found.units else "请换一条给奖励、补贴或减免的条款。"
    )
