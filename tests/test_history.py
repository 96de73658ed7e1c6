"""Versions of the store: the journal, what differs between two, going back, also when killed meanwhile."""

import json
import random
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.changes import Change, inside, values
from graph.facts import Record
from graph.review.keys import keyed
from graph.storage.durable import KEEP
from graph.storage.store import Cause, Store, StoreBusy, StoreError
from tests.made_records import small_record
from tests.test_store_faults import consistent, files, flip
from ui import versions
from ui.cli import main
from ui.intake import ingest, remove, roll_back

ROOT = Path(__file__).parent.parent


def put(store, *rows, cause=Cause("ingest", "甲")):  # noqa: B008
    with store.write(cause) as draft:
        for record in rows:
            draft.put(record, record.policy.text.encode(), f"{record.policy.source}.txt")
        index = draft.part("lexical")
        (index / "new").write_text(",".join(draft.sources))
        (index / "new").replace(index / "sources")


def content(generation):
    return {source: generation.record(source) for source in generation.sources}


# --- the journal ---------------------------------------------------------------------------------


def test_the_journal_tells_when_why_by_whom_and_what(tmp_path):
    store = Store.open(tmp_path)
    put(store, small_record("a"), small_record("b"))
    put(store, small_record("a", 4), small_record("c"))
    with store.write(Cause("remove", "乙")) as draft:
        draft.remove("b")
    third, second, first = store.history()
    assert (first.name, first.cause, first.added) == ("g000001", Cause("ingest", "甲"), ("a", "b"))
    assert (second.added, second.replaced, second.removed) == (("c",), ("a",), ())
    assert (third.cause, third.removed, third.documents) == (Cause("remove", "乙"), ("b",), 2)
    assert all(line.kept and line.at.endswith("+00:00") for line in (first, second, third))
    assert [line.at for line in (first, second, third)] == sorted(line.at for line in store.history())


def test_the_same_document_again_publishes_nothing_and_writes_no_line(tmp_path):
    (tmp_path / "a.txt").write_text("关于发放补贴的通知\n一、对新开业的企业给予2万元补贴。", encoding="utf-8")
    first = ingest([tmp_path / "a.txt"], tmp_path / "store")
    before = (tmp_path / "store" / "HISTORY").read_bytes()
    assert ingest([tmp_path / "a.txt"], tmp_path / "store").generation == first.generation
    assert (tmp_path / "store" / "HISTORY").read_bytes() == before


def test_manifests_do_not_depend_on_the_clock(tmp_path):
    """The same content gives the same manifest, whenever and by whomever it was published."""
    for name, by in (("x", "甲"), ("y", "乙")):
        put(Store.open(tmp_path / name), small_record("a"), cause=Cause("ingest", by))
    documents = [Store.open(tmp_path / name).generation.documents for name in ("x", "y")]
    assert documents[0] == documents[1]
    assert b"ingest" not in (tmp_path / "x" / "generations" / "g000001" / "manifest.json").read_bytes()


def test_only_the_last_generations_are_kept_and_the_journal_remembers_the_others(tmp_path):
    store = Store.open(tmp_path, keep=2)
    for number in range(5):
        put(store, small_record("a", number + 1))
    assert [line.kept for line in store.history()] == [True, True, False, False, False]
    with pytest.raises(StoreError, match="没有保留版本"), store.write(Cause("rollback", of="g000001")):
        pass
    assert store.generation.name == "g000005"
    assert KEEP >= 2


@pytest.mark.parametrize("tail", [b'{"name":"g0000', b"\xff\xfe\n", b"[1]\n", b"{}\n"])
def test_a_torn_or_strange_line_is_passed_over(tmp_path, tail):
    store = Store.open(tmp_path)
    put(store, small_record("a"))
    with (tmp_path / "HISTORY").open("ab") as stream:
        stream.write(tail)
    put(store, small_record("b"))
    assert [line.name for line in Store.open(tmp_path).history()] == ["g000002", "g000001"]


def test_a_line_of_a_generation_that_never_came_is_not_told(tmp_path):
    store = Store.open(tmp_path)
    put(store, small_record("a"))
    with (tmp_path / "HISTORY").open("a") as stream:
        stream.write(json.dumps({"name": "g000002", "added": ["幽灵"]}) + "\n")
    assert [line.name for line in store.history()] == ["g000001"]
    put(store, small_record("b"))
    assert store.history()[0].added == ("b",)


def test_a_store_without_a_journal_still_tells_its_generations(tmp_path):
    store = Store.open(tmp_path)
    put(store, small_record("a"))
    (tmp_path / "HISTORY").unlink()
    (line,) = store.history()
    assert (line.name, line.at, line.documents, line.kept) == ("g000001", "", 1, True)


def test_a_restored_backup_is_told(tmp_path):
    store = Store.open(tmp_path / "store")
    put(store, small_record("a"))
    store.backup(tmp_path / "b.tar")
    put(store, small_record("b"))
    restored = Store.restore(tmp_path / "store", tmp_path / "b.tar", "丙")
    line = restored.history()[0]
    assert (line.cause, line.removed, line.documents) == (Cause("restore", "丙"), ("b",), 1)


# --- what differs --------------------------------------------------------------------------------


def facts_of(record):
    return Counter((kind_of(key), values(fact)) for key, fact in keyed(record))


def kind_of(key):
    return key.kind


def clauses_of(record):
    return Counter((clause.locator, clause.title, clause.text) for clause in record.policy.clauses)


@st.composite
def edited(draw):
    """Two states of a document: clauses put in, taken out, reworded; facts dropped, changed, doubled."""
    before = small_record("a", draw(st.integers(0, 5)), mark=draw(st.sampled_from("甲乙")))
    base = small_record("a", draw(st.integers(0, 5)), mark=draw(st.sampled_from("甲乙")))
    kept = draw(st.lists(st.booleans(), min_size=5, max_size=5))
    clauses = tuple(c for c, keep in zip(base.policy.clauses, kept, strict=False) if keep)
    if draw(st.booleans()):
        clauses = tuple(replace(c, locator=f"正文/{i + 1}") for i, c in enumerate(clauses))
    duties = tuple(
        replace(d, unit=draw(st.sampled_from([d.unit, "市水利局"])))
        for d in base.duties
        if draw(st.booleans())
    )
    quantities = (
        base.quantities * draw(st.integers(0, 2))
        if draw(st.booleans())
        else tuple(replace(q, role=draw(st.sampled_from(["reward", "cap"]))) for q in base.quantities)
    )
    return before, Record(replace(base.policy, clauses=clauses), duties, quantities)


@given(edited())
def test_nothing_differs_from_itself(pair):
    for record in pair:
        assert inside(record, record).empty


def mirrored(change):
    return Counter((kind, values_of(row.after), values_of(row.before)) for kind, row in change.facts)


def values_of(fact):
    return fact and values(fact)


@given(edited())
def test_the_difference_leads_from_one_state_to_the_other_and_back(pair):
    before, after = pair
    there, back = inside(before, after), inside(after, before)
    facts, clauses = facts_of(before), clauses_of(before)
    for kind, row in there.facts:
        facts.subtract([(kind, values(row.before))] if row.before else [])
        facts.update([(kind, values(row.after))] if row.after else [])
    for row in there.clauses:
        for side, sign in ((row.before, clauses.subtract), (row.after, clauses.update)):
            sign([(side.locator, side.title, side.text)] if side else [])
    assert +facts == facts_of(after)
    assert -facts == Counter()
    assert +clauses == clauses_of(after)
    assert mirrored(there) == Counter(
        (kind, values_of(r.before), values_of(r.after)) for kind, r in back.facts
    )
    assert Counter((r.before, r.after) for r in there.clauses) == Counter(
        (r.after, r.before) for r in back.clauses
    )


def test_a_clause_put_in_before_others_moves_them_and_changes_none():
    base = small_record("a", 3)
    clauses = base.policy.clauses
    grown = (
        replace(clauses[0], title="新的", text="新的一条"),
        *(replace(c, locator=f"正文/{i + 2}") for i, c in enumerate(clauses)),
    )
    moved = {clause.locator: f"正文/{i + 2}" for i, clause in enumerate(clauses)}
    duties = tuple(
        replace(d, evidence=replace(d.evidence, locator=moved[d.evidence.locator])) for d in base.duties
    )
    after = Record(replace(base.policy, clauses=grown), duties, ())
    change = inside(replace(base, quantities=()), after)
    assert [row.after.text for row in change.clauses if row.before is None] == ["新的一条"]
    assert all(row.before.text == row.after.text for row in change.clauses if row.before)
    assert change.facts == ()


def test_a_changed_figure_is_one_change_and_an_official_s_word_is_told():
    base = small_record("a", 1)
    (figure,) = base.quantities
    change = inside(base, replace(base, quantities=(replace(figure, recipient="个人"),)))
    assert change.facts == (("quantity", Change(figure, replace(figure, recipient="个人"))),)
    assert inside(base, replace(base, quantities=(replace(figure, confidence=0.1),))).empty


# --- going back ----------------------------------------------------------------------------------


def test_going_back_publishes_the_old_content_as_a_new_generation(tmp_path):
    store = Store.open(tmp_path)
    put(store, small_record("a"))
    old = content(store.generation)
    put(store, small_record("a", 5), small_record("b"))
    reader = Store.open(tmp_path).generation
    with store.write(Cause("rollback", "丁", of="g000001")):
        pass
    assert store.generation.name == "g000003"
    assert content(store.generation) == old
    consistent(store.generation)
    assert content(reader).keys() == {"a", "b"}  # who was reading goes on
    line = store.history()[0]
    assert (line.cause.of, line.replaced, line.removed) == ("g000001", ("a",), ("b",))
    with store.write(Cause("rollback", of="g000002")):
        pass
    assert content(store.generation) == content(reader)
    assert store.generation.damage() == ()


def test_a_damaged_generation_is_refused_and_nothing_changes(tmp_path):
    store = Store.open(tmp_path)
    put(store, small_record("a"))
    put(store, small_record("a", 5))
    for number, name in enumerate(files(tmp_path / "generations" / "g000001" / "graph")):
        path = tmp_path / "generations" / "g000001" / "graph" / name
        if path.stat().st_nlink == 1:
            flip(path, number)
    before = content(store.generation)
    with pytest.raises(StoreError, match="损坏"), store.write(Cause("rollback", of="g000001")):
        pass
    again = Store.open(tmp_path)
    assert (again.generation.name, content(again.generation)) == ("g000002", before)


def test_indexes_go_back_with_the_documents(tmp_path):
    from qa.library import Library

    store, text = tmp_path / "store", "沙岭县新开业补贴办法\n一、对新开业的书店给予{}万元补贴。"
    for sum_ in ("2", "7"):
        (tmp_path / "书店.txt").write_text(text.format(sum_), encoding="utf-8")
        first = ingest([tmp_path / "书店.txt"], store, by="甲")
    assert "7万元" in Library.open(store).ask("新开业的书店补贴多少").answer
    roll_back("g000001", store, by="甲")
    assert "2万元" in Library.open(store).ask("新开业的书店补贴多少").answer
    roll_back(first.generation, store)
    assert "7万元" in Library.open(store).ask("新开业的书店补贴多少").answer
    with pytest.raises(StoreError, match="现在的版本"):
        roll_back("g000004", store)
    remove("书店", store, by="乙")
    lines = Store.open(store).history()
    assert [versions.what(line) for line in lines[:3]] == ["删去文件", "退回到版本 2", "退回到版本 1"]


CHILD = """
import sys
from pathlib import Path
from graph.storage.store import Cause, Store
store = Store.open(Path(sys.argv[1]))
print("ready", flush=True)
for i in range(1000):
    of = store.history()[1].name
    with store.write(Cause("rollback", "x", of=of)):
        pass
    print(store.generation.name, flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_roll_back_leaves_the_old_state_or_the_new_one(tmp_path, seed):
    store = Store.open(tmp_path)
    put(store, small_record("a"))
    put(store, small_record("a", 6), small_record("b", 20))
    states = {"a": None, "ab": None}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    chance = random.Random(seed)  # noqa: S311
    assert child.stdout.readline() == "ready\n"
    acknowledged = "g000002"
    for _ in range(chance.randrange(3)):
        acknowledged = child.stdout.readline().strip()
    try:
        child.wait(timeout=chance.random() * 0.3)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
    acknowledged = (child.communicate()[0].split() or [acknowledged])[-1]
    after = Store.open(tmp_path)
    assert after.warnings == ()
    assert after.generation.name >= acknowledged
    assert "".join(after.generation.sources) in states
    consistent(after.generation)
    assert after.generation.damage() == ()
    names = [line.name for line in after.history()]
    assert names[0] == after.generation.name
    assert all(newer > older for newer, older in pairwise(names))
    put(after, small_record("after"))
    consistent(after.generation)
    assert not [path for path in (tmp_path / "generations").iterdir() if path.name.startswith(".")]


def test_a_second_writer_waits(tmp_path):
    store = Store.open(tmp_path)
    put(store, small_record("a"))
    put(store, small_record("b"))
    with store.write(Cause("rollback", of="g000001")):
        other = Store.open(tmp_path)
        with pytest.raises(StoreBusy), other.write():
            pass


# --- the commands --------------------------------------------------------------------------------


def test_history_diff_and_rollback_at_the_command_line(tmp_path, capsys):
    paper, store = tmp_path / "青岭.txt", ["--store", str(tmp_path / "store")]
    for sum_ in ("3", "9"):
        paper.write_text(f"青岭县奖励办法\n一、对获奖的茶园给予{sum_}万元奖励。", encoding="utf-8")
        assert main(["ingest", str(paper), *store]) == 0
    capsys.readouterr()
    assert main(["history", *store]) == 0
    newest, oldest = capsys.readouterr().out.splitlines()
    assert "更新 1 份：青岭" in newest
    assert "新增" in oldest
    assert main(["diff", "1", *store]) == 0
    told = capsys.readouterr().out
    assert "- 一、对获奖" in told or "- " in told
    assert "3万元" in told
    assert "9万元" in told
    assert main(["diff", "1", "2", "--json", *store]) == 0
    assert json.loads(capsys.readouterr().out)[0]["source"] == "青岭"
    assert main(["rollback", "1", *store]) == 0
    assert "新版本 3" in capsys.readouterr().out
    assert main(["diff", "1", *store]) == 0
    assert "没有不同" in capsys.readouterr().out
    for wrong, status in (("x", 2), ("99", 1), ("3", 1)):
        assert main(["rollback", wrong, *store]) == status
        assert "错误：" in capsys.readouterr().err
