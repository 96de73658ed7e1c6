"""From likeness to pairs: each clause gets its best partner, a measure may be split, none is invented."""

from dataclasses import dataclass

import numpy as np

from qa.aligning.likeness import Matrix

_SHARE = 0.5  # of a measure's likeliest pair; a clause less likely than this is no part of a split measure


@dataclass(frozen=True, slots=True)
class Group:
    """One measure: the clauses of either document that rule on it, by their place; either may be empty.

    At most one side has more than one. `sure` is the least probability among the pairs.
    """

    one: tuple[int, ...]
    other: tuple[int, ...]
    sure: float


def groups(likely: Matrix, threshold: float) -> list[Group]:
    """Return all clauses of both documents in groups, in the first document's order.

    The likeliest pairs come first, each clause once. A clause left over joins the group of its best
    partner where that is nearly as likely and the group has one clause on the partner's side.
    What only the other document has follows its neighbour above.
    """
    partner: dict[int, list[int]] = {}  # clause of the first document → of the other
    holder: dict[int, list[int]] = {}
    order = np.dstack(np.unravel_index(np.argsort(-likely, axis=None, kind="stable"), likely.shape))[0]
    told = [(int(i), int(j)) for i, j in order if likely[i, j] >= threshold]
    for i, j in told:
        if i not in partner and j not in holder:
            partner[i], holder[j] = [j], [i]
    for i, j in told:
        joins = j in holder and i not in partner and len(partner[holder[j][0]]) == 1
        if joins and likely[i, j] >= _SHARE * likely[holder[j][0], j]:
            partner[i] = [j]
            holder[j].append(i)
        joined = i in partner and j not in holder and len(holder[partner[i][0]]) == 1
        if joined and likely[i, j] >= _SHARE * likely[i, partner[i][0]]:
            holder[j] = [i]
            partner[i].append(j)
    return _ordered(likely, partner, holder)


def _ordered(likely: Matrix, partner: dict[int, list[int]], holder: dict[int, list[int]]) -> list[Group]:
    found: list[Group] = []
    after: dict[int, list[Group]] = {}  # what only the other has, by the clause that it follows there
    for j in range(likely.shape[1]):
        if j not in holder:
            after.setdefault(j - 1, []).append(Group((), (j,), 0.0))
    found += _following(after, (-1,))
    for i in range(likely.shape[0]):
        if i not in partner:
            found.append(Group((i,), (), 0.0))
            continue
        others = tuple(sorted(partner[i]))
        mine = tuple(sorted(holder[others[0]])) if len(others) == 1 else (i,)
        if mine[0] == i:
            found.append(Group(mine, others, float(min(likely[a, b] for a in mine for b in others))))
            found += _following(after, others)
    return found


def _following(after: dict[int, list[Group]], places: tuple[int, ...]) -> list[Group]:
    """Take out what follows these clauses of the other document, and what follows that."""
    found: list[Group] = []
    for place in places:
        while place in after:
            found += after.pop(place)
            place += 1
    return found
