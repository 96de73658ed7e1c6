"""What a clause offers, ready to be reckoned with: each reward with its thresholds, caps and unit.

Built from the clause's extracted figures and the words printed around them; nothing here knows a
document. A figure's own words are what stands between the figure before it and itself.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from graph.facts import Quantity
from qa.corpus import ClauseText
from qa.entitlement.given import words
from qa.entitlement.limits import MONEY, Cap, Limit, cap_words, is_cap, is_limit, read_limit
from qa.text import plain

PER = re.compile(
    r"每(?:新)?[^，。；每]{0,10}?(?P<one>[1一])?(?P<unit>人次|人|名|位|立方米|平方米|平方公里|千瓦时|千瓦|兆瓦|公里|亩|吨|台|辆|套|户|家|件|项|"
    r"张|头|只|羽|间|所|个|场|株|艘|架|床|度|次|单)"
    r"(?!企业|单位|公司|主体|机构|项目|年|月)"
)
_BOUNDING = re.compile(
    r"\d[\d.]*(?:%|‰|万|亿|元)"
)  # figures that bound a reward when they stand in its words
_EACH = re.compile(
    r"每(?!年|月|季|家|户|个?企业|单位)[^，。；]{0,8}$"
)  # per some unit that is not known here
_RATE_GIVEN = re.compile("(?:的比例)?(?:给予|予以)?(?:补助|补贴|奖励|返还|贴息|资助|奖补)")
_FULL = re.compile(r"[。；;！\n]")


@dataclass(frozen=True, slots=True)
class Offer:
    """Something the clause gives.

    `words` say for what; `near` are those directly before the figure; `per` is the unit that it is
    given for (人, 亩), empty for a fixed sum; `row` numbers the coordinated row (分别给予 X、Y、Z) it
    stands in; `statement` counts full stops and semicolons before it.
    """

    quantity: Quantity
    words: str
    near: str
    after: str
    per: str
    further: bool
    stepwise: bool
    row: int | None
    statement: int
    limits: tuple[Limit, ...] = ()
    caps: tuple[Cap, ...] = ()
    term: Cap | None = None  # how long a monthly or yearly sum is paid
    staged: bool = False
    unread: bool = False  # its words print a figure that is none of its thresholds
    inherited: str = field(default="")  # words of the rate before, for a rate that names no base itself

    @property
    def surface(self) -> str:
        """The figure as printed, blanks dropped."""
        return plain(self.quantity.surface)

    @property
    def at_most(self) -> bool:
        """Whether the figure itself is an upper limit (最高50万元, 不超过30%)."""
        return self.quantity.role == "cap" or self.quantity.bound in ("at_most", "below")


def offers(text: ClauseText) -> list[Offer]:
    """Return what the clause offers, in its order."""
    whole = plain(text.text)
    found_at = list(places(whole, text.quantities))
    found: list[Offer] = []
    pending: list[Limit] = []
    last: Limit | None = None
    row, statement = 0, 0
    for i, (quantity, start) in enumerate(found_at):
        behind = behind_of(whole, found_at, i)
        if (now := len(_FULL.findall(whole[: max(start, 0)]))) != statement:
            statement = now
            pending.clear()
        if _is_per_unit(quantity, behind):
            continue
        if _is_given_rate(whole, quantity, start):
            quantity = replace(quantity, role="per_unit_rate")
            found_at[i] = (quantity, start)
        if is_limit(quantity):
            last = read_limit(whole, quantity, start, behind, last)
            pending.append(last)
        elif is_cap(quantity, behind) and (home := _home(found, whole, start)) is not None:
            cap = Cap(quantity, cap_words(behind))
            found = [replace(o, caps=(*o.caps, cap)) if o in home else o for o in found]
        elif _is_term(quantity):
            term = Cap(quantity, cap_words(behind))
            found = [replace(o, term=term) if o.statement == statement else o for o in found]
        elif _is_offer(quantity, behind):
            offer = _offer(whole, found_at, i, behind, found, row)
            row = offer.row or row
            found.append(_tied(offer, pending))
    return [_with_staging(_with_unread(offer), whole) for offer in found]


def places(whole: str, quantities: Sequence[Quantity]) -> Iterator[tuple[Quantity, int]]:
    """Find where each figure stands in the plain text; those that stand nowhere are left at -1."""
    cursor = 0
    for quantity in quantities:
        printed = plain(quantity.surface)
        at = whole.find(printed, cursor)
        if at < 0:
            at = whole.find(printed)
        else:
            cursor = at + len(printed)
        yield quantity, at


def behind_of(whole: str, places: Sequence[tuple[Quantity, int]], i: int) -> str:
    """Return the words between the figure before (or the last full stop) and figure `i`."""
    start = places[i][1]
    if start < 0:
        return plain(places[i][0].condition)
    floor = max((at + len(plain(q.surface)) for q, at in places[:i] if 0 <= at < start), default=0)
    return _FULL.split(whole[floor:start])[-1]


def _is_per_unit(quantity: Quantity, behind: str) -> bool:
    """每招用1名…: the 1 is a unit, not a figure of its own."""
    return (
        quantity.value == 1
        and words().unit_of(plain(quantity.surface)) != ""
        and re.search(r"每[^，。；]{0,10}$", behind) is not None
    )


def _is_given_rate(whole: str, quantity: Quantity, start: int) -> bool:
    """给予50%补助: a rate that is given, though it names no base beside it."""
    if start < 0 or quantity.unit not in ("percent", "permille") or quantity.role != "threshold":
        return False
    return _RATE_GIVEN.match(whole, start + len(plain(quantity.surface))) is not None


def _is_term(quantity: Quantity) -> bool:
    """期限不超过3年: how long a monthly or yearly sum is paid."""
    paid_for = quantity.role in ("limit", "valid_period", "cap")
    return paid_for and quantity.unit in ("month", "year") and not isinstance(quantity.value, str)


def _is_offer(quantity: Quantity, behind: str) -> bool:
    if isinstance(quantity.value, str):
        return False
    if quantity.role in ("rent_waiver", "rent_half"):
        return True
    if quantity.unit in ("percent", "permille"):
        return quantity.role == "per_unit_rate"
    if quantity.unit != "CNY" or quantity.role not in MONEY | {"cap"}:
        return False
    sure = quantity.role not in ("other", "target")
    return sure or words().has("clause.giving", behind) or words().has("clause.further", behind[-6:])


def _home(found: Sequence[Offer], whole: str, start: int) -> list[Offer] | None:
    """Return the rewards that a cap limits: the last one before it, or its whole row or statement."""
    if not found:
        return None
    last = found[-1]
    statement = len(_FULL.findall(whole[: max(start, 0)]))
    if statement > last.statement + 1:
        return None
    if statement == last.statement + 1 and not re.search(
        r"每(?:家|户|个)|单(?:个|户|家)|同一|累计|总额|最高|不超过", whole[max(0, start - 20) : start]
    ):
        return None
    tied = [o for o in found if o is last or (o.row is not None and o.row == last.row)]
    if _is_rate(last.quantity):
        tied = [o for o in found if _is_rate(o.quantity) and o.statement == last.statement]
    heads = [o for o in found if o.per and o.statement >= last.statement - (statement - last.statement)]
    return heads if last.per else tied


def _offer(
    whole: str, places: Sequence[tuple[Quantity, int]], i: int, behind: str, found: Sequence[Offer], row: int
) -> Offer:
    quantity, start = places[i]
    lists = words()
    end = start + len(plain(quantity.surface)) if start >= 0 else 0
    after = re.split(r"[，。；、]", whole[end : end + 14])[0] if start >= 0 else ""
    previous = found[-1] if found else None
    in_row = quantity.stage is not None
    same_row = in_row and previous is not None and previous.row is not None and (quantity.stage or 0) > 1
    # Words of a reward that stands behind thresholds begin where the reward before it ended.
    clause_words = _since(whole, places, i, found)
    own = plain(quantity.condition) if in_row else clause_words
    tail = re.split(r"[，；。]", clause_words)[-1]
    per = _per(quantity, clause_words, after, previous if same_row else None)
    return Offer(
        quantity=quantity,
        words=f"{own} {plain(quantity.recipient)}" if in_row or not own else own,
        near=behind,
        after=after,
        per=per,
        further=not same_row
        and any(word in tail for word in lists.list("clause.further"))
        and previous is not None,
        stepwise=lists.has("clause.stepwise", tail)
        or lists.has("clause.stepwise", behind)
        or (not per and _EACH.search(behind) is not None),
        row=(previous.row if same_row and previous else row + 1) if in_row else None,
        statement=len(_FULL.findall(whole[: max(start, 0)])),
        inherited=(previous.inherited or previous.words) if previous and _is_rate(quantity) else "",
    )


def _since(whole: str, places: Sequence[tuple[Quantity, int]], i: int, found: Sequence[Offer]) -> str:
    """Return the words from the reward before (or the full stop) up to figure `i`, thresholds included."""
    start = places[i][1]
    if start < 0:
        return plain(places[i][0].condition)
    ends = [
        at + len(plain(q.surface))
        for q, at in places[:i]
        if 0 <= at < start and any(o.quantity is q for o in found)
    ]
    caps = [at + len(plain(q.surface)) for q, at in places[:i] if 0 <= at < start and q.role == "cap"]
    floor = max([*ends, *caps], default=0)
    said = _FULL.split(whole[floor:start])[-1]
    if (
        floor and said == whole[floor:start]
    ):  # still the same sentence: what closes the reward before is not ours
        said = said.split("，", 1)[1] if "，" in said else said
    return said


def _is_rate(quantity: Quantity) -> bool:
    return quantity.role == "per_unit_rate" and quantity.unit in ("percent", "permille")


def _per(quantity: Quantity, own: str, after: str, previous: Offer | None) -> str:
    """Return the unit that a sum is given for: each person, each mu."""
    if quantity.unit != "CNY":
        return ""
    if quantity.periodicity.startswith("per_person"):
        return "人"
    if previous is not None and previous.per:
        return previous.per
    if match := re.match(r"[/每](人|名|亩|吨|平方米|千瓦时|千瓦|台|辆|套|户|家|件|项|个|头|只)", after):
        return words().same_unit(match[1])
    matches = [m for m in PER.finditer(own) if not re.search(r"每(?:家|户|个)?(?:企业|单位|年|月|季)", m[0])]
    if not matches:
        return ""
    last = matches[-1]
    if last["unit"] in ("家", "户", "个") and not last["one"] and quantity.role == "cap":
        return ""
    return words().same_unit(last["unit"])


def _tied(offer: Offer, pending: list[Limit]) -> Offer:
    """Give a reward its thresholds: in a row those its condition prints, else all since the last one."""
    if offer.row is not None:
        condition = plain(offer.quantity.condition)
        mine = [limit for limit in pending if plain(limit.quantity.surface) in condition]
        return replace(offer, limits=tuple(mine[-1:] if len({m.quantity.unit for m in mine}) == 1 else mine))
    limits = tuple(pending)
    pending.clear()
    return replace(offer, limits=limits)


def _with_unread(offer: Offer) -> Offer:
    said = offer.words
    for limit in offer.limits:
        said = said.replace(plain(limit.quantity.surface), " ")
    return replace(offer, unread=_BOUNDING.search(said) is not None)


def _with_staging(offer: Offer, whole: str) -> Offer:
    """Mark the steps of a staged reward: 按照受理、发行、上市三个节点."""
    if offer.row is None or offer.limits:
        return offer
    statement = _FULL.split(whole)[offer.statement] if offer.statement <= len(_FULL.findall(whole)) else whole
    return replace(offer, staged=words().has("clause.steps", statement))
