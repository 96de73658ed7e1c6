"""The kind under which a figure is kept, and how often it is due."""

import re

from graph.facts import Periodicity, QuantityKind, QuantityRole
from graph.figures.amounts import Figure
from graph.figures.place import Place
from graph.figures.words import words


def kind(figure: Figure, what: QuantityRole) -> QuantityKind:
    """Return the kind under which a figure of this role is kept."""
    family = figure.family
    if family in ("date", "period"):
        return "date" if what in ("deadline", "valid_until", "threshold") else "period"
    if family == "count" or family == "doubling":
        return "threshold" if what == "threshold" else "target"
    if family == "ratio":
        return "ratio"
    known: dict[str, QuantityKind] = {
        "money": "money",
        "rate": "rate",
        "duration": "duration",
        "frequency": "frequency",
    }
    return known[family]


def periodicity(figure: Figure, printed: str, place: Place, what: QuantityRole) -> Periodicity:
    """Return how often the figure is due, from the figure itself and the words just before it."""
    near = place.near[-16:] + printed
    if figure.family == "money" and not re.search(
        r"每|年|月|\d", place.near
    ):  # 每人每月 before the verb of giving
        near = re.split(r"\d", place.before)[-1][-24:] + printed
    order: tuple[Periodicity, ...] = (
        "per_person_year",
        "per_person_month",
        "per_person",
        "per_month",
        "per_quarter",
        "per_year",
    )
    if figure.family in ("period",) or what in ("funding_share", "valid_until"):
        return ""
    if what in ("rent_waiver", "rent_half") or (what == "valid_period" and figure.family == "duration"):
        return ""
    if what == "threshold" and figure.family in ("count", "duration", "rate"):
        return ""
    if figure.family == "date":
        return "per_year" if printed.startswith("每年") else "per_month" if printed.startswith("每月") else ""
    if re.search("每[^，；、每]{0,4}1[人名](?=[^人名]*$)", near):
        return "per_person"
    for name in order:
        if any(word in near for word in words("periods", name)):
            return name
    if what in ("reward", "subsidy", "per_unit_rate") and "一次性" in place.near + place.after[:14]:
        return "once"
    if what == "target" and re.search("每年|年均", place.before):
        return "per_year"
    return ""
