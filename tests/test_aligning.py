"""Documents side by side: the right clauses together, no invented partner, true marks."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.aligning import judged, labels
from graph.storage.generations import Generation
from graph.storage.store import Store
from qa.aligning.align import align, sides
from qa.aligning.differing import Own, marks, runs
from qa.aligning.sheet import Sheet, compared
from qa.text import display
from ui import cli
from ui.intake import ingest

MADE = Path(__file__).parent / "made_policies"


def store_of(folder: Path, texts: dict[str, str]) -> Generation:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    ingest([folder / f"{name}.txt" for name in texts], folder / "store")
    generation = Store.open(folder / "store").generation
    assert generation is not None
    return generation


def changed(text: str) -> str:
    """Return yunxi.txt as a neighbour would issue it.

    A figure and a unit are others, 三 is left out, 五 stands before 四, and 一 is two clauses.
    """
    numbers = "一二三四五六七八九十"
    head, *clauses = re.split(r"(?m)^[一二三四五六七八九十]+、", text)
    one, two, _three, four, five, *rest = clauses
    first, second = one.split("；", 1)
    second, units = second.split("\n\n", 1)
    one = f"{first}。\n\n{units}"
    more = f"奖励持续增收\n\n{second}\n\n{units}"
    two = two.replace("9%", "12%").replace("县科技局", "县商务局")
    order = [one, more, two, five, four, *rest]
    return head + "".join(f"{number}、{clause}" for number, clause in zip(numbers, order, strict=False))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    text = (MADE / "yunxi.txt").read_text("utf-8")
    return store_of(
        tmp_path_factory.mktemp("made"),
        {
            "yunxi": text,
            "twin": text.replace("云溪", "白石").replace("云政", "白政"),
            "other": changed(text.replace("云溪", "青坪").replace("云政", "青政")),
            "songgang": (MADE / "songgang.txt").read_text("utf-8"),
        },
    )


def together(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """Return the second document's clauses beside each clause of the first."""
    return {
        cell.piece.locator: tuple(other.piece.locator for other in row.cells[1])
        for row in sheet.rows
        for cell in row.cells[0]
    }


def test_each_clause_stands_in_exactly_one_row(made: Generation) -> None:
    for pair in (("yunxi", "other"), ("other", "yunxi"), ("yunxi", "songgang"), ("yunxi", "twin", "other")):
        sheet = compared(made, pair)
        for at, side in enumerate(sheet.sides):
            shown = [cell.piece.locator for row in sheet.rows for cell in row.cells[at]]
            assert sorted(shown) == sorted(piece.locator for piece in side.pieces)


def test_another_places_name_alone_makes_no_difference(made: Generation) -> None:
    sheet = compared(made, ("yunxi", "twin"))
    assert {row.state for row in sheet.rows} == {"same"}
    assert not any(
        run.marked for row in sheet.rows for cells in row.cells for cell in cells for run in cell.runs
    )


def test_a_left_out_a_moved_and_a_split_clause_are_told_as_such(made: Generation) -> None:
    beside = together(compared(made, ("yunxi", "other")))
    assert beside["正文/三"] == ()
    assert beside["正文/四"] == ("正文/五",)
    assert beside["正文/五"] == ("正文/四",)
    assert beside["正文/一"] == ("正文/一", "正文/二")
    assert beside["正文/六"] == ("正文/六",)


def test_changed_figure_and_unit_are_told_with_both_values(made: Generation) -> None:
    sheet = compared(made, ("yunxi", "other"))
    row = next(row for row in sheet.rows if any(cell.piece.locator == "正文/二" for cell in row.cells[0]))
    told = {(change.kind, *change.values) for change in row.changes}
    assert told == {("figure", "9%", "12%"), ("unit", "县科技局", "县商务局")}
    assert set(row.kinds) == {"figure", "unit"}
    assert [run.text for cell in row.cells[1] for run in cell.runs if run.marked] == ["12%"]


def test_documents_on_other_things_get_no_partners(made: Generation) -> None:
    sheet = compared(made, ("other", "songgang"))
    paired = [row for row in sheet.rows if all(row.cells)]
    assert len(paired) <= 1  # 规上 enterprises are in both


def test_three_documents_stand_in_one_row(made: Generation) -> None:
    sheet = compared(made, ("yunxi", "twin", "other"))
    row = next(row for row in sheet.rows if any(cell.piece.locator == "正文/六" for cell in row.cells[0]))
    assert [[cell.piece.locator for cell in cells] for cells in row.cells] == [["正文/六"]] * 3
    lone = next(row for row in sheet.rows if any(cell.piece.locator == "正文/三" for cell in row.cells[0]))
    assert lone.missing == (2,)
    assert lone.state == "same"


def test_held_out_pairs_of_the_reference_documents(five_store: Path) -> None:
    generation = Store.open(five_store).generation
    assert generation is not None
    held = [label for label in labels() if label.use == "held"]
    named = tuple(dict.fromkeys(name for label in held for name in (label.one, label.other)))
    opened = dict(zip(named, sides(generation, named), strict=True))
    told = [judged(label, opened) for label in held]
    right, wrong, missed = (sum(row[at] for row in told) for at in range(3))
    assert right / (right + wrong) >= 0.95
    assert right / (right + missed) >= 0.80


def test_alignment_does_not_depend_on_which_document_comes_first(five_store: Path) -> None:
    generation = Store.open(five_store).generation
    assert generation is not None
    one, other = sides(generation, ("lushan", "zhanhe"))

    def links(pairs: Sequence[object], turned: bool) -> set[tuple[str, str]]:
        return {
            (b.locator, a.locator) if turned else (a.locator, b.locator)
            for pair in pairs
            for a in pair.one  # type: ignore[attr-defined]
            for b in pair.other  # type: ignore[attr-defined]
        }

    assert links(align(one, other), False) == links(align(other, one), True)


TEXTS = st.text(alphabet="对企业给予奖励万元，。；12345%县区财政局的", max_size=60)
NONE = Own.of("")


@given(TEXTS, TEXTS)
def test_marks_cover_the_texts_and_leave_only_what_both_hold(one: str, other: str) -> None:
    found = marks(one, other, NONE, NONE)
    if found is None:
        return
    here, there = found
    assert (len(here), len(there)) == (len(one), len(other))
    assert "".join(run.text for run in runs(one, here)) == one
    left = [char for char, odd in zip(one, here, strict=True) if not odd]
    right = [char for char, odd in zip(other, there, strict=True) if not odd]
    assert abs(len(left) - len(right)) <= 3 * (1 + sum(run.marked for run in runs(one, here)))


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert marks(text, text, NONE, NONE) == ([False] * len(text), [False] * len(text))


def test_words_are_marked_whole() -> None:
    one, other = "对新建厂房的企业，按投资额的5%给予补助。", "对新建厂房的企业，按投资额的15%给予补助。"
    found = marks(one, other, NONE, NONE)
    assert found is not None
    assert [run.text for run in runs(other, found[1]) if run.marked] == ["15%"]


def test_print_makes_no_difference() -> None:
    one, other = "对企业(个体工商户),给予奖励。", "对企业（个体工商户），给予奖励。"
    assert marks(one, other, NONE, NONE) == ([False] * len(one), [False] * len(other))


def test_moved_sentences_are_not_marked() -> None:
    one = "每年组织企业参加产品展销会三次。对参展企业给予展位补贴。"
    other = "对参展企业给予展位补贴。每年组织企业参加产品展销会三次。"
    found = marks(one, other, NONE, NONE)
    assert found is not None
    assert not any(found[0])
    assert display(one) == one


def test_the_command_tells_what_differs(made: Generation, capsys: pytest.CaptureFixture[str]) -> None:
    store = str(made.path.parent.parent)
    assert cli.main(["compare", "yunxi", "other", "--store", store]) == 0
    out = capsys.readouterr().out
    assert "按比例补助：云溪县 9%，青坪县 12%" in out
    assert "只在云溪县 1 项，只在青坪县 0 项" in out
    assert cli.main(["compare", "yunxi", "twin", "other", "--json", "--store", store]) == 0
    assert json.loads(capsys.readouterr().out)[0]["documents"] == ["yunxi", "twin", "other"]


@pytest.mark.parametrize("sources", [["yunxi"], ["yunxi", "yunxi"], ["yunxi", "gone"]])
def test_the_command_refuses_what_it_cannot_compare(
    made: Generation, sources: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["compare", *sources, "--store", str(made.path.parent.parent)]) == 1
    assert capsys.readouterr().err.count("\n") == 2
