"""What stands below a list and goes on with the clause that the list stands in."""

from ingest.lexicon import patterns
from ingest.lines import Row
from ingest.model import LineKind
from ingest.outline import Node
from ingest.titles import Look, guess


def find_tails(
    nodes: list[Node], rows: list[Row], folded: str, lasts: list[int]
) -> dict[int, tuple[int, int]]:
    """Return last item → (the row where the tail begins, the row where it ends).

    Two signs. （一）…；（二）…；（三）…。 is a list, and a new line after its full stop (前款规定的…)
    goes on with the clause above. And where items without titles have no unit list but for one
    below the last of them, that list is of the clause above, for all its items. Items with titles may
    well answer for themselves: theirs must be the way of the whole document. Items may have items of
    their own; only the last one ends in the list.
    """
    groups: dict[tuple[int | None, object], list[int]] = {}
    for k, node in enumerate(nodes):
        groups.setdefault((node.parent, node.key), []).append(k)
    parents = {n.parent for n in nodes}
    shared = _shared(nodes, rows, folded, lasts, groups)
    found: dict[int, tuple[int, int]] = {}
    for (parent, _), members in groups.items():
        last = members[-1]
        if parent is None or len(members) < 2 or last in parents:
            continue
        begins = None
        if all(_semicolon(rows, folded, nodes[k].row, lasts[k]) for k in members[:-1]):
            begins = _after_stop(rows, folded, nodes[last].row, lasts[last])
        else:
            begins = _units_for_all(nodes, rows, folded, members, lasts, shared)
        if begins is not None:
            found[last] = (begins, lasts[last])
    return found


def tails_of(tails: dict[int, tuple[int, int]], nodes: list[Node], k: int) -> tuple[int, int]:
    """Return the rows below its lists that belong to clause `k`, or (0, 0)."""
    return next((rows for item, rows in reversed(tails.items()) if nodes[item].parent == k), (0, 0))


def _after_stop(rows: list[Row], folded: str, first: int, last: int) -> int | None:
    """Return the row after the one that ends the last item, when text or units stand there."""
    for i in range(first, last):
        if rows[i].s < rows[i].e and folded[rows[i].e - 1] == "。":
            below = rows[i + 1 : last]
            return i + 1 if any(r.kind in (LineKind.TEXT, LineKind.UNITS) for r in below) else None
    return None


def _units_for_all(
    nodes: list[Node], rows: list[Row], folded: str, members: list[int], lasts: list[int], shared: set[object]
) -> int | None:
    """Return the row of the unit list that stands once below items, or None."""
    ends = [nodes[k].row for k in members[1:]] + [lasts[members[-1]]]
    unit_rows = [
        [i for i in range(nodes[k].row, end) if rows[i].kind is LineKind.UNITS]
        for k, end in zip(members, ends, strict=True)
    ]
    if any(unit_rows[:-1]) or not unit_rows[-1]:
        return None
    first = unit_rows[-1][0]
    texts = (LineKind.TEXT, LineKind.TABLE)
    if any(r.kind in texts and not _other(folded, r) for r in rows[first : lasts[members[-1]]]):
        return None
    while first - 1 > nodes[members[-1]].row and (
        rows[first - 1].kind is LineKind.BLANK or _other(folded, rows[first - 1])
    ):
        first -= 1
    for k in members:
        row, m = rows[nodes[k].row], nodes[k].marker
        line = folded[m.end : row.e]
        if patterns().unit_label.search(line):
            return None
        if guess(line, len(line), m.style, not line.endswith("。")).look not in (Look.ITEM, Look.NONE):
            return first if nodes[k].key in shared else None
    return first


def _other(folded: str, row: Row) -> bool:
    """Say whether a line goes with the unit list beside it (责任领导：…, 完成时限：…)."""
    return patterns().other_label.match(folded, row.s, row.e) is not None


def _shared(
    nodes: list[Node],
    rows: list[Row],
    folded: str,
    lasts: list[int],
    groups: dict[tuple[int | None, object], list[int]],
) -> set[object]:
    """Return the kinds of number below which a unit list never stands but once, after the last item.

    Nor may one stand in their running text; and a clause beside the one above must have a list of its own.
    """
    parents = {n.parent for n in nodes}
    listed = [_listed(rows, folded, n.row, lasts[k]) for k, n in enumerate(nodes)]
    own = {(n.parent, n.key) for k, n in enumerate(nodes) if listed[k] and k not in parents}
    fits: dict[object, bool] = {}
    for (parent, key), members in groups.items():
        alone = parent is None or len(members) < 2 or any(listed[k] for k in members[:-1])
        above = parent is not None and (nodes[parent].parent, nodes[parent].key) in own
        carried = any(listed[k] for k in members)
        fits[key] = fits.get(key, True) and not (carried and (alone or not above))
    return {key for key, fit in fits.items() if fit}


def _listed(rows: list[Row], folded: str, first: int, last: int) -> bool:
    """Say whether rows ``[first, last)`` name units by a label, on a line of its own or in the text."""
    return any(patterns().unit_label.search(folded, r.s, r.e) for r in rows[first:last] if r.s < r.e)


def _semicolon(rows: list[Row], folded: str, first: int, last: int) -> bool:
    """Say whether the text in rows ``[first, last)`` ends with a semicolon."""
    for i in range(last - 1, first - 1, -1):
        if rows[i].kind in (LineKind.TEXT, LineKind.CLAUSE) and rows[i].s < rows[i].e:
            return folded[rows[i].e - 1] == "；"
    return False
