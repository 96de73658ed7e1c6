"""Figures of invented sentences in many wordings and fields of policy, against the tables beside it."""

from pathlib import Path

import pytest

from graph.figures.quantities import quantities
from ingest.model import Clause, Policy, Span

TABLES = ("test_quantities_wordings.txt", "test_quantities_fields.txt")
FIELDS = ("surface", "value", "unit", "role", "bound", "recipient", "condition", "payer", "periodicity")


def cases() -> list[tuple[str, list[list[str]]]]:
    rows: list[tuple[str, list[list[str]]]] = []
    for line in "\n".join(Path(__file__).with_name(name).read_text("utf-8") for name in TABLES).splitlines():
        if line.startswith("# "):
            rows.append((line[2:], []))
        elif line.startswith("    "):
            cells = [cell.strip() for cell in line.split("|")]
            rows[-1][1].append(cells + [""] * (len(FIELDS) - len(cells)))
    return rows


CASES = cases()


def test_the_table_is_large_enough() -> None:
    assert len(CASES) >= 480
    figures = [row for _, rows in CASES for row in rows]
    assert len(figures) >= 1130
    assert sum(cell.startswith("!") for row in figures for cell in row) <= 36  # known misses


@pytest.mark.parametrize(("sentence", "expected"), CASES, ids=[sentence[:16] for sentence, _ in CASES])
def test_wording(sentence: str, expected: list[list[str]]) -> None:
    clause = Clause("一", "一", "", Span(0, len(sentence)), None, sentence, (Span(0, len(sentence)),))
    found = quantities(clause, Policy("made", "", sentence, "", date="2022-06-01"))
    assert [q.surface for q in found] == [row[0] for row in expected]
    for quantity, row in zip(found, expected, strict=True):
        for field, want in zip(FIELDS, row, strict=True):
            if want != "~" and not want.startswith("!"):
                assert str(getattr(quantity, field)) == want, (quantity.surface, field)
