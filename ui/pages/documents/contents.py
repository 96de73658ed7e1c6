"""The table of contents of a document: its parts and clauses, as nested lists of links."""

from html import escape

from graph.printed import Node, tree
from ingest.model import Policy
from qa.text import display
from ui.pages.ways import anchor

_FEW_WORDS = 16  # characters of a clause without a title


def contents(policy: Policy) -> str:
    """Return the list; rows of tables and items of which none has a title are left out."""
    return _list(tree(policy), 0)


def _list(nodes: tuple[Node, ...], depth: int) -> str:
    if depth > 1 and not any(node.title for node in nodes):
        return ""
    rows = "".join(_row(node, depth) for node in nodes)
    return f"<ol>{rows}</ol>" if rows else ""


def _row(node: Node, depth: int) -> str:
    name = node.title or (display(node.clause.text)[:_FEW_WORDS] if node.clause else "")
    name = name + "…" if not node.title and len(name) == _FEW_WORDS else name
    number = node.number if not name.startswith(node.number) else ""
    place = escape(anchor(node.locator))
    link = f'<a href="{place}"><span>{escape(number)}</span> {escape(display(name))}</a>'
    return f"<li>{link}{_list(node.children, depth + 1)}</li>"
