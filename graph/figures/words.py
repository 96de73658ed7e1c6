"""The word lists that figures are read with: units, bounds, verbs of giving, nouns of recipients.

They stand in ``data/lexicon/quantities.toml``, each group with its ground, so that an official
can correct them. They are read once, at first use.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from data import table


@cache
def _groups() -> dict[str, Any]:
    return table("lexicon", "quantities.toml")


@cache
def words(group: str, name: str) -> tuple[str, ...]:
    """Return the words of a list, e.g. ``words("give", "reward")``; KeyError when there is none."""
    return tuple(_groups()[group][name])


@cache
def units(kind: str) -> tuple[tuple[str, str], ...]:
    """Return (printed, unit) pairs of a kind of unit (money, rate, duration, count), longest first."""
    forms_of: dict[str, list[str]] = _groups()["units"][kind]
    pairs = [(printed, unit) for unit, forms in forms_of.items() for printed in forms]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@cache
def unit_word(unit: str) -> str:
    """Return how a unit is written after a number (元 for CNY); nothing for dates and ratios."""
    kinds: dict[str, dict[str, list[str]]] = _groups()["units"]
    return next((forms[unit][-1] for name, forms in kinds.items() if name != "ground" and unit in forms), "")


def either(forms: Iterable[str]) -> str:
    """Return a regular expression for any of `forms`, longest first."""
    return "|".join(re.escape(form) for form in sorted(set(forms), key=lambda form: (-len(form), form)))


@cache
def any_of(group: str, name: str) -> str:
    """Return a regular expression for any word of a list."""
    return either(words(group, name))


@cache
def pattern(group: str, *names: str) -> re.Pattern[str]:
    """Return a compiled pattern that finds any word of the lists `names` of `group`."""
    return re.compile("|".join(f"(?:{either(words(group, name))})" for name in names))


def has(text: str, group: str, *names: str) -> bool:
    """Tell whether a word of the lists occurs in `text`."""
    return pattern(group, *names).search(text) is not None
