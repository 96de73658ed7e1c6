"""Documents and clauses that the graph names by IRI: which they are."""

import re
from urllib.parse import unquote

_FACT = re.compile(r"[a-z]+$")  # duty/0, figure/3, span/…: names of facts are Latin, those of parts are not


def named(iri: str, base: str) -> tuple[str, str] | None:
    """Return the document and the locator that an IRI names (docs/model.md); None for anything else."""
    start = f"{base}/eli/cn-"
    if not iri.startswith(start):
        return None
    slug, _, rest = iri.removeprefix(start).partition("/")
    source = unquote(slug)
    if not rest:
        return source, ""
    part, _, below = rest.partition("/")
    if part == "annex":
        number, _, below = ("", "", below) if below == "s" or below.startswith("s/") else below.partition("/")
        label = f"附件{number}"
    elif part == "s":
        label, below = "正文", rest
    elif _FACT.match(part):
        return None
    else:
        label = unquote(part)
    place = unquote(below.removeprefix("s").removeprefix("/"))
    return source, f"{label}/{place}" if place else label
