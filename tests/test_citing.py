"""What documents of a store are to one another: fed in any order, taken out again."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import permutations
from pathlib import Path
from unittest.mock import patch

import pytest

from graph.citing import Citations
from graph.storage.store import Store
from qa.library import Library
from ui.intake import ingest, remove

OLD = """柳溪县人民政府办公室关于印发柳溪县茶叶产业扶持办法的通知
柳政办〔2021〕8号

各乡镇人民政府：

现将《柳溪县茶叶产业扶持办法》印发给你们，请认真贯彻执行。

柳溪县人民政府办公室
2021年3月1日

柳溪县茶叶产业扶持办法

第一条 对新建茶园的农户，每亩补贴300元。

第二条 本办法自印发之日起施行，有效期五年。
"""
NEW = """柳溪县人民政府办公室关于支持茶叶产业的若干措施
柳政办〔2024〕15号

各乡镇人民政府：

为促进茶叶产业发展，制定如下措施。

一、对新建茶园的农户，每亩补贴500元。

二、本措施自2024年5月1日起施行，《柳溪县茶叶产业扶持办法》（柳政办〔2021〕8号）同时废止。

柳溪县人民政府办公室
2024年4月10日
"""
PART = """柳溪县人民政府关于修改茶园管理规定的决定
柳政发〔2024〕20号

一、将《柳溪县茶园管理规定》第五条停止执行。

二、本决定自2024年7月1日起施行。

柳溪县人民政府
2024年6月3日
"""
QUESTION = "柳溪县茶叶产业扶持办法现在还有效吗？"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    for name, text in (("old", OLD), ("new", NEW), ("part", PART)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    with patch("graph.knowledge.bundled", return_value=()):
        yield tmp_path


def read_in(folder: Path, names: Sequence[str]) -> Path:
    store = folder / "-".join(names)
    for name in names:
        ingest([folder / f"{name}.txt"], store)
    return store


def citations(store: Path) -> Citations:
    generation = Store.open(store).generation
    assert generation is not None
    return Citations(generation)


@pytest.mark.parametrize("names", list(permutations(("old", "new"))))
def test_a_repeal_holds_in_whatever_order_the_two_came(folder: Path, names: tuple[str, ...]) -> None:
    store = read_in(folder, names)
    found = citations(store)
    repeal = found.repeal("old")
    assert repeal is not None
    assert (repeal.source, repeal.number, repeal.locator) == ("new", "柳政办〔2024〕15号", "正文/二")
    assert repeal.since == date(2024, 5, 1)
    (link,) = found.cited_by("old", "repeals")
    assert (link.citing, link.since, link.reference.target) == ("new", date(2024, 5, 1), "old")
    assert [r.target for r in found.cites("new")] == ["old"]
    assert found.repeal("new") is None

    library = Library.open(store)
    before = library.ask(QUESTION, as_of=date(2024, 4, 30))
    after = library.ask(QUESTION, as_of=date(2024, 5, 1))
    assert before.validity.state == "in_force"
    assert after.validity.state == "expired"
    assert after.validity.until == "2024-04-30"
    assert "柳政办〔2024〕15号" in after.answer
    assert "new" in {citation.source for citation in after.citations if citation.verified}
    told = library.ask("柳溪县新建茶园每亩补贴多少钱？", as_of=date(2024, 6, 1))
    for amount in told.amounts:
        assert amount.value == 500 or told.validity.state == "expired"

    remove("new", store)
    assert citations(store).repeal("old") is None
    assert Library.open(store).ask(QUESTION, as_of=date(2024, 5, 1)).validity.state == "in_force"


def test_some_articles_stopped_leave_the_document_standing(folder: Path) -> None:
    found = citations(read_in(folder, ["part", "old"]))
    assert found.repeal("old") is None
    (reference,) = found.cites("part")
    assert (reference.relation, reference.target) == ("amends", None)
    assert reference.title == "柳溪县茶园管理规定"


def test_a_document_that_is_not_in_the_store_is_known_by_the_one_that_repeals_it(folder: Path) -> None:
    library = Library.open(read_in(folder, ["new"]))
    ended = library.ask(QUESTION, as_of=date(2024, 9, 1))
    assert ended.validity.state == "expired"
    assert "已经废止" in ended.answer
    assert [c.locator for c in ended.citations] == ["正文/二"]
    assert ended.citations[0].verified
    assert "将要废止" in library.ask(QUESTION, as_of=date(2024, 4, 20)).answer
    other = library.ask("柳溪县支持茶叶产业的若干措施还有效吗", as_of=date(2024, 9, 1))
    assert "已经废止" not in other.answer
