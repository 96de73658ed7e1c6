"""Figures of invented sentences in many wordings, against the table beside this file."""

from pathlib import Path

import pytest

from graph.figures.quantities import quantities
from ingest.model import Clause, Policy, Span

TABLE = Path(__file__).with_name("test_quantities_wordings.txt")
FIELDS = ("surface", "value", "unit", "role", "bound", "recipient", "condition", "payer", "periodicity")


def cases() -> list[tuple[str, list[list[str]]]]:
    rows: list[tuple[str, list[list[str]]]] = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            rows.append((line[2:], []))
        elif line.startswith("    "):
            cells = [cell.strip() for cell in line.split("|")]
            rows[-1][1].append(cells + [""] * (len(FIELDS) - len(cells)))
    return rows


CASES = cases()


def test_the_table_is_large_enough() -> None:
    assert len(CASES) >= 140
    assert sum(len(rows) for _, rows in CASES) >= 300


@pytest.mark.parametrize(("sentence", "expected"), CASES, ids=[sentence[:16] for sentence, _ in CASES])
def test_wording(sentence: str, expected: list[list[str]]) -> None:
    clause = Clause("一", "一", "", Span(0, len(sentence)), None, sentence, (Span(0, len(sentence)),))
    found = quantities(clause, Policy("made", "", sentence, "", date="2022-06-01"))
    assert [q.surface for q in found] == [row[0] for row in expected]
    for quantity, row in zip(found, expected, strict=True):
        for field, want in zip(FIELDS, row, strict=True):
            if want != "~":
                assert str(getattr(quantity, field)) == want, (quantity.surface, field)
