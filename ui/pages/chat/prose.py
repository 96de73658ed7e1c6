"""The answer's text, plain or simple Markdown, as safe HTML: paragraphs, lists, tables, bold."""

import re
from html import escape
from itertools import groupby

_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.、])\s+")
_NUMBERED = re.compile(r"^\s*\d")
_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
_LONG, _HEAD = 12, 8  # from how many items a list is folded, and how many then stand open
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def prose(text: str) -> str:
    """Return `text` as HTML; every character of it is escaped before any markup is added."""
    html = []
    for kind, lines in groupby(text.strip().splitlines(), key=_kind):
        block = list(lines)
        if kind in ("item", "numbered"):
            tag = "ul" if kind == "item" else "ol"
            html.append(_list(tag, [f"<li>{_inline(_ITEM.sub('', line))}</li>" for line in block]))
        elif kind == "row":
            html.append(_table(block))
        elif kind == "text":
            html.extend(f"<p>{_inline(line)}</p>" for line in block)
    return "".join(html)


def _list(tag: str, items: list[str]) -> str:
    """A long list shows its head; the rest is a tap away, and nothing is left out."""
    if len(items) <= _LONG:
        return f"<{tag}>{''.join(items)}</{tag}>"
    head, rest = items[:_HEAD], items[_HEAD:]
    start = f' start="{_HEAD + 1}"' if tag == "ol" else ""
    return (
        f"<{tag}>{''.join(head)}</{tag}><details class='zw-near'><summary>展开其余 {len(rest)} 项</summary>"
        f"<{tag}{start}>{''.join(rest)}</{tag}></details>"
    )


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
