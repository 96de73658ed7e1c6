"""Questions that a person would ask, made by rule from the store's facts, each tried before it is shown."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from graph.facts import Quantity
from qa.answers.base import full_name
from qa.corpus import ClauseText, Corpus
from qa.model import Answer
from qa.places import wide
from qa.text import HAN, display, tagged

LIMIT = 5
_GIVEN = MappingProxyType(
    {
        "reward": ("能拿多少奖励", "奖励"),
        "subsidy": ("能拿多少补贴", "补贴"),
        "rent_waiver": ("能免几个月房租", "房租减免"),
        "loan_limit": ("最多能贷多少", "贷款"),
    }
)
_WHO = re.compile(f"[{HAN}“”]{{4,14}}")  # no figures, no commas: what fits into a spoken sentence
_UNIT = re.compile(f"(?!各)[{HAN}]{{3,14}}")
_NOT_ASKED_BY = re.compile("政府|办事处|部门|机关|^各|我[省市县区]|上述|以上|该|其他|符合|的$")
_TITLE = re.compile(f"[{HAN}“”]{{4,12}}")
_DUTIES = range(2, 13)  # a list of so many can be read at a glance
_TRIES = 4  # questions of one kind tried in one place
_PLACES = 12  # places that one kind of question is looked for in
_DOCUMENTS = 8  # documents of one place that are read for it


@dataclass(frozen=True, slots=True)
class _Seed:
    """A question and what its answer must cite: the clause that it was made of, none for lists."""

    question: str
    key: tuple[str, str] | None


def examples(
    corpus: Corpus, ask: Callable[[str], Answer], place: str | None = None, limit: int = LIMIT
) -> tuple[str, ...]:
    """Return at most `limit` questions that the store answers, of one `place` or of all, kinds in turn.

    `ask` answers a question; one whose answer does not cite the clause that it was made of is dropped.
    """
    places = [name for name in corpus.jurisdictions if place is None or name == place]
    places.sort(key=lambda name: not name)  # documents without a place come last
    taken: dict[str, None] = {}
    used: set[tuple[str, str]] = set()
    for turn in range(limit):
        for number, kind in enumerate((_amounts, _whom, _validity, _lists, _ways)):
            if len(taken) == limit:
                return tuple(taken)
            first = (turn + number) % max(len(places), 1)
            if turn and kind is _lists:
                continue  # one will do
            seed = _tried(corpus, ask, kind, [*places[first:], *places[:first]], taken, used)
            if seed is not None:
                taken[seed.question] = None
                used.update([seed.key] if seed.key else ())
    return tuple(taken)


def _tried(
    corpus: Corpus,
    ask: Callable[[str], Answer],
    kind: Callable[[str, list[ClauseText]], Iterator[_Seed]],
    places: Iterable[str],
    taken: Iterable[str],
    used: set[tuple[str, str]],
) -> _Seed | None:
    """Return the first question of a kind that is answered as it should be, from the first place with one."""
    for place in islice(places, _PLACES):
        texts = [t for s in corpus.jurisdictions[place][:_DOCUMENTS] for t in corpus.clauses(s).values()]
        said = "" if wide(place) else place
        fresh = (s for s in kind(said, texts) if s.question not in taken and s.key not in used)
        for seed in islice(fresh, _TRIES):
            found = ask(seed.question)
            cited = {(c.source, c.locator) for c in found.citations}
            if found.status == "answered" and (seed.key in cited if seed.key else cited):
                return seed
    return None


def _amounts(place: str, texts: list[ClauseText]) -> Iterator[_Seed]:
    for text, given, who in _givings(texts):
        yield _Seed(f"{who}{f'在{place}' if place else ''}{_GIVEN[given.role][0]}？", text.key)


def _whom(place: str, texts: list[ClauseText]) -> Iterator[_Seed]:
    for text, given, who in _givings(texts):
        if text.units("lead") or text.units("responsible"):
            yield _Seed(f"{place}{who}的{_GIVEN[given.role][1]}，该找哪个单位？", text.key)


def _validity(place: str, texts: list[ClauseText]) -> Iterator[_Seed]:
    for text, given, who in _givings(texts):
        yield _Seed(f"{place}给{who}的{_GIVEN[given.role][1]}，现在还有效吗？", text.key)


def _lists(place: str, texts: list[ClauseText]) -> Iterator[_Seed]:
    led = Counter(unit for text in texts for unit in text.units("lead"))
    held = Counter(unit for text in texts for unit in text.units("responsible"))
    for counts, verb in ((led, "牵头哪些事项"), (held, "负责哪些事项")):
        for unit, count in sorted(counts.items(), key=lambda row: (-row[1], row[0])):
            if count in _DUTIES and _UNIT.fullmatch(unit):
                yield _Seed(f"{full_name(place, unit) if place else unit}{verb}？", None)


def _ways(place: str, texts: list[ClauseText]) -> Iterator[_Seed]:
    """Titles are written as things to do: 某县怎么加强企业融资支持？"""
    for text in texts:
        title = display(text.clause.title)
        if _TITLE.fullmatch(title) and tagged(title)[0][1] in ("v", "vn"):
            yield _Seed(f"{place}怎么{title}？", text.key)


def _givings(texts: list[ClauseText]) -> list[tuple[ClauseText, Quantity, str]]:
    """What is given to whom, one a clause and recipient; the shortest names first: people speak short."""
    found: dict[tuple[tuple[str, str], str], tuple[ClauseText, Quantity, str]] = {}
    for text in texts:
        for quantity in text.quantities:
            who = min(display(quantity.recipient).split("、"), key=len)
            if quantity.role in _GIVEN and _WHO.fullmatch(who) and not _NOT_ASKED_BY.search(who):
                found.setdefault((text.key, who), (text, quantity, who))
    return sorted(found.values(), key=lambda row: len(row[2]))
