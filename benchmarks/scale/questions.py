"""Questions on invented notices, by kind, each with what a right answer holds."""

import random
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from benchmarks.scale.documents import Notice, Probe, notices

ABSENT = ("怎么补办护照？", "地铁票价是多少？", "彩票站加盟补多少钱？", "出租车起步价是几元？")
KINDS = ("amount", "lead", "list", "count", "place", "everywhere", "absent", "typed")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of one kind. What is not known of its answer is empty: words, clause, number, status."""

    kind: str
    question: str
    contains: tuple[str, ...] = ()
    clause: tuple[str, str] | None = None
    number: int | None = None
    status: str = ""


def questions(count: int, register: Path, seed: int, each: int) -> list[Asked]:
    """Return up to `each` questions of every kind on the first `count` notices, shuffled.

    Kinds: amount and lead of one measure; list and count of what a unit leads in a place; place, how many
    units lead there; everywhere, an amount without a place; absent, what no notice speaks of; typed, the
    operator's search as the question grows.
    """
    drawn = random.Random(f"{seed}/asked")
    wanted = set(drawn.sample(range(count), min(count, each)))
    led: Counter[tuple[str, str]] = Counter()
    chosen: list[Notice] = []
    for number, notice in enumerate(notices(count, register, seed)):
        led.update((notice.place, unit) for unit in notice.leads)
        if number in wanted:
            chosen.append(notice)
    drawn.shuffle(chosen)
    leading = Counter(place for place, _ in led)
    probes = list(chain.from_iterable(notice.probes for notice in chosen))
    drawn.shuffle(probes)
    amounts = [probe for probe in probes if probe.kind == "amount"][:each]
    leads = [probe for probe in probes if probe.kind == "lead"][:each]
    asked = [_known("amount", probe) for probe in amounts] + [_known("lead", probe) for probe in leads]
    asked += [_known("typed", probe) for probe in amounts]
    for notice in chosen:
        place, unit = notice.place, drawn.choice(notice.leads)
        total = led[place, unit]
        asked.append(Asked("list", f"{place}{unit[1:]}牵头哪些事项？", number=total, status="answered"))
        asked.append(Asked("count", f"{place}{unit[1:]}牵头几项？", number=total, status="answered"))
        asked.append(Asked("place", f"{place}有多少家牵头单位？", number=leading[place], status="answered"))
        asked.append(Asked("absent", place + drawn.choice(ABSENT), status="no_basis"))
        topic = drawn.choice(notice.probes).question.removeprefix(notice.place)
        asked.append(Asked("everywhere", topic))
    drawn.shuffle(asked)
    return asked


def _known(kind: str, probe: Probe) -> Asked:
    return Asked(kind, probe.question, probe.contains, (probe.source, probe.locator), status="answered")
