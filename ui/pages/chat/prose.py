"""The answer's text, plain or simple Markdown, as safe HTML: paragraphs, lists, tables, bold."""

import re
from html import escape
from itertools import groupby

_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.、])\s+")
_NUMBERED = re.compile(r"^\s*\d")
_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def prose(text: str) -> str:
    """Return `text` as HTML; every character of it is escaped before any markup is added."""
    html = []
    for kind, lines in groupby(text.strip().splitlines(), key=_kind):
        block = list(lines)
        if kind in ("item", "numbered"):
            tag = "ul" if kind == "item" else "ol"
            items = "".join(f"<li>{_inline(_ITEM.sub('', line))}</li>" for line in block)
            html.append(f"<{tag}>{items}</{tag}>")
        elif kind == "row":
            html.append(_table(block))
        elif kind == "text":
            html.extend(f"<p>{_inline(line)}</p>" for line in block)
    return "".join(html)


def _kind(line: str) -> str:
    if not line.strip():
        return "blank"
    if line.lstrip().startswith("|"):
        return "row"
    if _ITEM.match(line):
        return "numbered" if _NUMBERED.match(line) else "item"
    return "text"


def _inline(text: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", escape(text.strip().lstrip("#").strip()))


def _table(lines: list[str]) -> str:
    rows = [
        [_inline(cell) for cell in line.strip().strip("|").split("|")]
        for line in lines
        if not _RULE.match(line)
    ]
    head, *body = rows or [[]]
    cells = "".join(f"<th scope='col'>{cell}</th>" for cell in head)
    rest = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in body)
    return (
        "<div class='zw-scroll' tabindex='0' role='region' aria-label='对照表'>"
        f"<table><thead><tr>{cells}</tr></thead><tbody>{rest}</tbody></table></div>"
    )
