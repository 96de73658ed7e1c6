"""The names (IRIs) of policies, parts, clauses and units."""

import functools
import re
from urllib.parse import quote, unquote

from pyoxigraph import NamedNode

from graph.rdf.vocabulary import DEFAULT_BASE
from ingest.gazetteer import gazetteer
from ingest.model import Policy

_FACT = re.compile(r"[a-z]+$")  # duty/0, figure/3, span/…: names of facts are Latin, those of parts are not


def policy_iri(source: str, base: str = DEFAULT_BASE) -> NamedNode:
    """Return the name of a policy, which is also the name of its graph.

    It is made from the document's short name alone: two files that print the same document number
    (a draft and its reissue) stay two resources, and removing one never touches the other.
    """
    return NamedNode(f"{base}/eli/cn-{slug(source)}")


def place_key(policy: Policy) -> str:
    """Return what the jurisdiction is called in IRIs: its GB/T 2260 code where there is one.

    A name that several places share (鼓楼区) has a code only when the text names the city above
    it. A place without a code goes by its name, a document without a place by its own.
    """
    name = policy.jurisdiction
    if not name:
        return slug(policy.source)
    known = gazetteer()
    codes = known.codes.get(name, ())
    if policy.region:
        codes = tuple(code for code in codes if policy.region[0] in known.above(code))
    return codes[0] if len(codes) == 1 else slug("".join((*policy.region[:1], name)))


def unit_iri(unit: str, place: str, base: str = DEFAULT_BASE) -> NamedNode:
    """Return the name of a unit; `place` is a `place_key`: 县财政局 of one county is not another's."""
    return NamedNode(f"{base}/org/{place}/{slug(unit)}")


@functools.lru_cache(maxsize=4096)  # a document names its clauses and units many times
def slug(name: str) -> str:
    """Return a name as one segment of an IRI (percent-encoded, so that any name gives one)."""
    return quote(name, safe="")


@functools.lru_cache(maxsize=4096)
def place(policy: NamedNode, locator: str) -> NamedNode:
    """Return the name of the part or clause of `policy` that `locator` points at."""
    part, _, rest = locator.partition("/")
    annex = re.fullmatch(r"附件([0-9]*)", part)
    path = f"/annex/{annex[1]}".rstrip("/") if annex else "" if part == "正文" else f"/{slug(part)}"
    return NamedNode(policy.value + path + (f"/s/{quote(rest, safe='/')}" if rest else ""))


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
