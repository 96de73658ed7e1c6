"""The HTTP API against its own description: ``python -m benchmarks.contract [--cases N] [--shared DIR]``.

Schemathesis makes requests from /openapi.json, right ones and wrong ones, always the same for a seed, and
holds every reply to the description: no 5xx, a listed status, a listed format, the described shape. The
service is one of its own over the five policies, with a key, so that writing is tried as well.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from benchmarks.facts import missing, options, stores, table
from benchmarks.serving import serving

CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "allow_header_conformance",
)
_SEED = 20261120
_KEY = "a-key-for-the-measurement"


@dataclass(slots=True)
class Tried:
    """What came of one operation: requests sent, replies by status, breaches of the description."""

    name: str
    group: str
    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    breaches: dict[str, str] = field(default_factory=dict)  # kind of breach -> the first one in words


def try_out(address: str, cases: Mapping[str, int] | int, key: str | None = None) -> Iterator[Tried]:
    """Try each operation with about so many requests (by group, or for each operation).

    A third is right by the description, a third is wrong, a third is right and about what exists.
    """
    load_all_checks()
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    known = _known(address)
    for found in schema.get_all_operations():
        operation = found.ok()
        group = operation.tags[0] if operation.tags else ""
        tried = Tried(f"{operation.method.upper()} {operation.path}", group)
        number = cases if isinstance(cases, int) else cases[group]
        there = {name: value for name, value in known.items() if f"{{{name}}}" in operation.path}
        ways: list[dict[str, Any]] = [{}, {"generation_mode": GenerationMode.NEGATIVE}]
        if there:
            ways.append({"path_parameters": there})
        for way in ways:
            _run(operation, tried, way, address, number // len(ways), key)
        yield tried


def groups(address: str) -> Counter[str]:
    """Return how many operations each group has."""
    paths = _get(f"{address}/openapi.json")["paths"]
    return Counter(operation["tags"][0] for methods in paths.values() for operation in methods.values())


def _get(url: str) -> Any:
    with urlopen(url, timeout=30) as reply:  # noqa: S310  our own service
        return json.load(reply)


def _known(address: str) -> dict[str, str]:
    """Return names that exist, for the parts of addresses."""
    source = _get(f"{address}/api/v1/policies?limit=1")[0]["source"]
    rows = _get(f"{address}/api/v1/clauses/{quote(source)}?limit=1000")
    locator = max(rows, key=lambda row: len(row["text"]))["locator"]
    return {"source": source, "locator": locator, "name": _get(f"{address}/api/v1/units?limit=1")[0]}


def _run(
    operation: schemathesis.APIOperation,
    tried: Tried,
    way: dict[str, Any],
    address: str,
    cases: int,
    key: str | None,
) -> None:
    checks = CHECKS.get_by_names(list(CHECKED))
    headers = {"Authorization": f"Bearer {key}"} if key else {}

    def once(case: schemathesis.Case) -> None:
        reply = case.call(base_url=address, headers=headers, timeout=60)
        tried.sent += 1
        tried.statuses[reply.status_code] += 1
        try:
            case.validate_response(reply, checks=checks)
        except FailureGroup as group:
            for failure in group.exceptions:
                told = f"{failure} | {case.as_curl_command()[:600]}"
                tried.breaches.setdefault(type(failure).__name__, told)

    bounded = settings(
        max_examples=max(1, cases),
        phases=[Phase.explicit, Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    with suppress(Unsatisfiable):  # nothing can be wrong about a request without parameters
        seeded(_SEED)(bounded(given(operation.as_strategy(**way))(once)))()


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = options(__doc__)
    parser.add_argument("--cases", type=int, default=2_000, help="requests for each group of endpoints")
    args = parser.parse_args(arguments)
    if missing(args.shared):
        return 2
    with (
        stores(args.shared, {"five": None}) as lent,
        serving(lent["five"], api_key=_KEY, rate="0") as address,
    ):
        cases = {group: args.cases // number + 1 for group, number in groups(address).items()}
        tried = list(try_out(address, cases, _KEY))
    rows = []
    for each in tried:
        statuses = ", ".join(f"{status}: {number}" for status, number in sorted(each.statuses.items()))
        server = sum(number for status, number in each.statuses.items() if status >= 500)
        rows.append((f"{each.group} {each.name}", each.sent, server, len(each.breaches), statuses))
    print(table(("endpoint", "requests", "5xx", "breaches", "replies by status"), rows))
    for each in tried:
        for kind, told in each.breaches.items():
            print(f"\n{each.name}: {kind}\n{told}")
    return 1 if any(each.breaches for each in tried) else 0


if __name__ == "__main__":
    sys.exit(main())
