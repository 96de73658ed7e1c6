"""A comparison as an HTML table: a row a place, each with its clause; on a telephone a block a place."""

from html import escape

from qa.comparing import Comparison, Row
from ui import words
from ui.pages.chat.clauses import marked

_SILENT = {
    "silent": "已收录的文件中没有这方面的规定。",
    "not_held": "没有收录这个地方的文件。",
    "found": "",
}


def table(comparison: Comparison) -> str:
    """Return the whole comparison; every text from a document is escaped."""
    head = "".join(
        f"<th scope='col'>{name}</th>" for name in ("地方", "规定", "数额", "单位", "有效性", "条款")
    )
    rows = "".join(_row(row) for row in comparison.rows)
    caption = f"<caption>{escape(comparison.topic)}</caption>"
    return f"<table class='zw-compare'>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(row: Row) -> str:
    place = f"<th scope='row'>{escape(row.jurisdiction)}</th>"
    if row.citation is None:
        return f"<tr>{place}<td class='zw-none' colspan='5'>{_SILENT[row.state]}</td></tr>"
    surfaces = [amount.surface for amount in row.amounts]
    lead = words.listed(row.lead_units) or words.NO_LEAD
    others = f"；责任单位：{words.listed(row.responsible_units)}" if row.responsible_units else ""
    state = row.validity.state
    cells = (
        ("规定", marked(row.words, surfaces)),
        ("数额", escape("、".join(dict.fromkeys(surfaces)))),
        ("单位", escape(f"牵头单位：{lead}{others}")),
        ("有效性", f"<span class='zw-valid zw-{state}'>{escape(words.validity_line(row.validity))}</span>"),
        ("条款", escape(f"《{row.citation.policy}》{row.citation.locator} {row.citation.title}".rstrip())),
    )
    told = "".join(
        f"<td data-label='{name}'>{html}</td>" if html else "<td class='zw-empty'>—</td>"
        for name, html in cells
    )
    return f"<tr>{place}{told}</tr>"
