"""A document whose text is not held: its clauses by number and title, with gists and facts of them."""

from collections.abc import Collection
from html import escape

from graph.facts import Duty, Quantity, Record
from graph.marking import Mark, kind_of
from graph.printed import Node, tree
from ui.pages.documents.facts import classes, told, word
from ui.pages.documents.text import gist_html, tools


def outline(record: Record, guided: Collection[str]) -> str:
    """Return the clauses with what is known of them; clauses in `guided` get a link to their guide."""
    return "".join(_part(record, node, guided) for node in tree(record.policy))


def _part(record: Record, node: Node, guided: Collection[str]) -> str:
    if node.clause is not None:
        return f'<section class="zw-part">{_clause(record, node, 1, guided)}</section>'
    below = "".join(_clause(record, child, 1, guided) for child in node.children)
    title = escape(f"{node.number} {node.title}".strip())
    return f'<section class="zw-part" id="{escape(node.locator)}"><h2>{title}</h2>{below}</section>'


def _clause(record: Record, node: Node, depth: int, guided: Collection[str]) -> str:
    level, where = min(depth + 2, 6), escape(node.locator)
    gist = next((gist.text for gist in record.gists if gist.locator == node.locator), "")
    made = tools(record.policy.source, node.locator, guided)
    head = f'<h{level} class="zw-heading zw-name">{escape(f"{node.number} {node.title}".strip())}</h{level}>'
    body = (gist_html(gist) if gist else "") + _facts(record, node.locator)
    below = "".join(_clause(record, child, depth + 1, guided) for child in node.children)
    given = f'class="zw-clause zw-d{min(depth, 4)}" id="{where}" tabindex="-1"'
    return f"<div {given}>{made}{head}{body}</div>{below}"


def _facts(record: Record, locator: str) -> str:
    facts: list[Duty | Quantity] = [*record.quantities, *record.duties]
    rows = "".join(_row(fact) for fact in facts if fact.evidence.locator == locator)
    return f'<ul class="zw-known">{rows}</ul>' if rows else ""


def _row(fact: Duty | Quantity) -> str:
    shown = fact.unit if isinstance(fact, Duty) else "".join(fact.surface.split())
    mark = Mark(0, 0, kind_of(fact), fact)
    given = f'data-word="{escape(word(mark))}" aria-description="{escape(told(mark))}"'
    return f'<li><mark class="{classes(mark)}" {given} tabindex="0">{escape(shown)}</mark></li>'
