"""Decisions of officials: put into facts, graph and answers, kept when a document is read in anew."""

import functools
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.extract import extract
from graph.facts import Record
from graph.review import desk
from graph.review.applying import review, reviewed
from graph.review.changing import FIELDS
from graph.review.corrections import Correction, CorrectionError, decode, encode
from graph.review.keys import Key, keyed
from graph.storage.store import Draft, Store, StoreError
from ingest import parse
from ingest.model import RawDocument
from qa.corpus import Corpus
from qa.encoder import load_encoder
from qa.library import Library
from qa.model import Answer
from qa.verify import unfounded
from tests.made_records import records, small_record, words
from tests.served import fetch, served
from ui import cli
from ui.intake import alter, ingest, remove
from ui.review import said

HEAD = "云岭县人民政府关于印发产业扶持办法的通知\n\n云政〔2023〕4号\n\n各乡镇人民政府：\n\n请遵照执行。\n\n"
FIRST = (
    "对新投产的工业企业，给予20万元奖励；投资超过500万元的，另给予35万元奖励。"
    "（责任单位：县财政局、县统计局）"
)
SECOND = "对参加展会的外贸企业，给予3万元补助，县贸促会予以协助。（责任单位：县商务局、县财政局）"
TEXT = f"{HEAD}第一条 {FIRST}\n\n第二条 {SECOND}\n\n2023年3月1日\n"
SIGNED = {"by": "江某", "on": "2024-05-06", "note": "电话核实"}
CACHED = functools.cache(load_encoder)


def read(text: str = TEXT) -> Record:
    return extract(parse(RawDocument(text, "ab" * 32, "yunling")))


def key(record: Record, kind: str, printed: str) -> Key:
    return next(k for k, _ in keyed(record) if (k.kind, k.printed) == (kind, printed))


def one(record: Record, kind: str, printed: str, action: str, **fields: str) -> Correction:
    pairs = tuple(sorted(fields.items()))
    return Correction(key(record, kind, printed), action, "江某", "2024-05-06", "", pairs)  # type: ignore[arg-type]


# ---- keys


@given(records())
def test_every_fact_has_a_key_of_its_own(record: Record) -> None:
    keys = [found for found, _ in keyed(record)]
    assert len(set(keys)) == len(keys)


def test_print_lines_and_widths_do_not_change_a_key() -> None:
    broken = TEXT.replace("20万元奖励", "20万\n元奖励").replace("，另", ",另")
    assert {k.id for k, _ in keyed(read(broken))} == {k.id for k, _ in keyed(read())}


@given(st.lists(st.builds(Correction, st.builds(Key, words, words, st.just("duty"), words, words),
                          st.just("accept"), words, words, words), max_size=3).map(tuple))  # fmt: skip
def test_decisions_come_back_as_they_were(history: tuple[Correction, ...]) -> None:
    assert decode(encode(history)) == history


# ---- what a decision does to a record


def test_what_nobody_decided_about_stays_as_it_was() -> None:
    record = read()
    assert reviewed(record, ()) is record
    done = reviewed(record, (one(record, "quantity", "3万元", "accept"),))
    assert [q for q in done.quantities if not q.review] == [
        q for q in record.quantities if q.surface != "3万元"
    ]
    assert done.duties == record.duties


def test_accepted_is_sure_and_says_who_and_when() -> None:
    record = read(TEXT.replace("县统计局", "县旺才局"))
    assert min(d.confidence for d in record.duties) < 0.9
    done = reviewed(record, (one(record, "duty", "县旺才局", "accept"),))
    duty = next(d for d in done.duties if d.unit == "县旺才局")
    assert duty.confidence == 1.0
    assert duty.review
    assert (duty.review.state, duty.review.by, duty.review.on) == (
        "accepted",
        "江某",
        "2024-05-06",
    )
    assert "江某" not in duty.reason
    assert "2024-05-06" in duty.reason


def test_changed_keeps_what_is_printed_and_what_was_read() -> None:
    record = read()
    done = reviewed(record, (one(record, "duty", "县统计局", "change", role="lead", unit="县统计中心"),))
    duty = next(d for d in done.duties if d.review)
    assert (duty.unit, duty.role, duty.order, duty.written) == ("县统计中心", "lead", 0, "县统计局")
    assert dict(duty.review.before) == {"unit": "县统计局", "role": "responsible"}
    assert next((d.unit, d.order) for d in done.duties if d.role == "responsible") == ("县财政局", 0)


def test_a_figure_may_be_changed_to_what_the_clause_prints() -> None:
    record = read()
    done = reviewed(record, (one(record, "quantity", "20万元", "change", value="350000"),))
    figure = next(q for q in done.quantities if q.review)
    assert (figure.surface, figure.value) == ("35万元", 350000)
    assert figure.evidence.span
    assert figure.evidence.span.of(record.policy.text) == "35万元"
    assert dict(figure.review.before) == {"surface": "20万元", "value": "200000"}


@pytest.mark.parametrize(
    ("kind", "printed", "fields"),
    [
        ("quantity", "20万元", {"value": "400000"}),
        ("quantity", "20万元", {"surface": "40万元"}),
        ("quantity", "20万元", {"surface": "3万元"}),  # stands in the other clause
        ("quantity", "20万元", {"recipient": "员工40人以上的企业"}),
        ("quantity", "20万元", {"role": "gift"}),
        ("quantity", "20万元", {"colour": "red"}),
        ("quantity", "20万元", {"surface": ""}),
        ("duty", "县统计局", {"unit": ""}),
        ("duty", "县统计局", {"unit": "县" * 300}),
        ("duty", "县统计局", {"role": "牵头"}),
        ("measure", "", {"valid_until": "2026-12-31"}),
        ("measure", "", {"valid_from": "明年"}),
    ],
)
def test_what_the_text_does_not_say_is_refused(kind: str, printed: str, fields: dict[str, str]) -> None:
    record = read()
    done = review(record, (one(record, kind, printed, "change", **fields),))
    assert len(done.unmatched) == 1
    assert done.record.quantities == record.quantities


def test_a_rejected_fact_is_gone_and_may_come_back() -> None:
    record = read()
    no = one(record, "quantity", "3万元", "reject")
    done = review(record, (no,))
    assert "3万元" not in {q.surface for q in done.record.quantities}
    assert [item.fact.surface for item in done.items if item.rejected] == ["3万元"]
    back = reviewed(record, (no, one(record, "quantity", "3万元", "accept")))
    assert "3万元" in {q.surface for q in back.quantities}


def test_accepting_a_change_keeps_the_change() -> None:
    record = read()
    history = (
        one(record, "quantity", "3万元", "change", recipient="外贸企业"),
        replace(one(record, "quantity", "3万元", "accept"), by="河某"),
    )
    figure = next(q for q in reviewed(record, history).quantities if q.review)
    assert (figure.recipient, figure.review.by, figure.review.state) == ("外贸企业", "河某", "changed")


def test_added_facts_stand_in_their_place_with_the_words_of_the_text() -> None:
    record = read()
    new = Correction(Key("yunling", "第二条", "duty", "县贸促会", ""), "add", "江某", "2024-05-06", "",
                     (("role", "support"),))  # fmt: skip
    done = reviewed(record, (new,))
    duty = next(d for d in done.duties if d.review)
    assert (duty.unit, duty.role, duty.review.state) == ("县贸促会", "support", "added")
    assert duty.evidence.span
    assert duty.evidence.span.of(record.policy.text) == "县贸促会"
    none = review(record, (replace(new, key=replace(new.key, printed="县外事办")),))
    assert len(none.unmatched) == 1
    assert none.record.duties == record.duties


def test_an_added_fact_takes_the_place_of_the_programs_own() -> None:
    record = read()
    new = Correction(
        replace(key(record, "quantity", "3万元")), "add", "江某", "2024-05-06", "", (("role", "cap"),)
    )
    done = reviewed(record, (new,))
    assert [(q.surface, q.role) for q in done.quantities if q.surface == "3万元"] == [("3万元", "cap")]


# ---- when the document changes


def test_a_clause_with_another_number_keeps_its_decisions() -> None:
    record = read()
    history = (one(record, "quantity", "3万元", "change", recipient="外贸企业"),)
    moved = read(TEXT.replace("第二条 ", "第二条 对返乡创业人员，给予2万元补贴。\n\n第三条 "))
    done = review(moved, history)
    assert not done.unmatched
    figure = next(q for q in done.record.quantities if q.review)
    assert (figure.surface, figure.evidence.locator) == ("3万元", "第三条")


@pytest.mark.parametrize("action", ["accept", "change", "reject", "add"])
@pytest.mark.parametrize("text", [TEXT.replace("展会", "境外展会"), TEXT.replace("3万元", "4万元"), HEAD])
def test_a_decision_on_another_sentence_is_told_not_kept_silently(action: str, text: str) -> None:
    record = read()
    fields = {"recipient": "外贸企业"} if action in ("change", "add") else {}
    done = review(read(text), (one(record, "quantity", "3万元", action, **fields),))
    assert len(done.unmatched) == 1
    assert not any(q.review for q in done.record.quantities)
    assert [f.rule for f in done.record.policy.findings].count("correction-unmatched") == 1


def test_decisions_on_knowledge_without_text_hold_for_the_text() -> None:
    from graph.records import without_text

    record = read()
    bare = without_text(record)
    history = (one(bare, "quantity", "3万元", "change", recipient="外贸企业"),)
    assert next(q for q in reviewed(bare, history).quantities if q.review).recipient == "外贸企业"
    assert next(q for q in reviewed(record, history).quantities if q.review).recipient == "外贸企业"


@given(records(source="a"), st.data())
def test_no_decision_ever_raises_or_touches_other_facts(record: Record, data: st.DataObject) -> None:
    other = small_record("a")
    pool = [k for k, _ in (*keyed(other), *keyed(record))]
    fields = st.dictionaries(
        st.sampled_from(["unit", "role", "value", "recipient", "title"]), words, max_size=2
    )
    made = st.builds(
        Correction, st.sampled_from(pool), st.sampled_from(["accept", "change", "reject", "add"]),
        words, words, words, fields.map(lambda f: tuple(f.items())),
    )  # fmt: skip
    history = tuple(data.draw(st.lists(made, max_size=4)))
    done = review(record, history)
    decided = {id(d) for item in done.items for d in item.decisions} | {id(c) for c in done.unmatched}
    assert decided == {id(c) for c in history}
    assert all(item.fact is item.read for item in done.items if not item.decisions)
    assert {id(item.read) for item in done.items if item.read} == {id(fact) for _, fact in keyed(record)}


# ---- in the store


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.intake.indexing.load_encoder", CACHED)
    monkeypatch.setattr("qa.library.load_encoder", CACHED)
    monkeypatch.setattr("graph.knowledge.bundled", tuple)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / "yunling.txt").write_text(TEXT, encoding="utf-8")
    ingest([tmp_path / "yunling.txt"], tmp_path / "store")
    return tmp_path / "store"


def generation(store: Path):
    opened = Store.open(store).generation
    assert opened is not None
    return opened


def ident(store: Path, said: str) -> str:
    return next(
        row.id for row in desk.rows(generation(store), everything=True)
        if said in (getattr(row.fact, "surface", ""), getattr(row.fact, "unit", ""))
    )  # fmt: skip


def decide(store: Path, said: str, action: str, **fields: str) -> Correction:
    here = ident(store, said)
    return alter(lambda draft: desk.decide(draft, here, action, fields=fields, **SIGNED), store)[0]  # type: ignore[arg-type]


def again(store: Path, text: str) -> None:
    file = store.parent / "yunling.txt"
    file.write_text(text, encoding="utf-8")
    ingest([file], store)


def ask(store: Path, question: str) -> Answer:
    answer = Library.open(store).ask(question, as_of=date(2024, 5, 6))
    assert not unfounded(answer, Corpus(generation(store)))
    return answer


def test_decisions_outlive_reading_in_anew_backup_and_restore(store: Path, tmp_path: Path) -> None:
    decide(store, "3万元", "change", recipient="外贸企业")
    again(store, TEXT.replace("第二条 ", "第二条 对返乡创业人员，给予2万元补贴。\n\n第三条 "))
    Store.open(store).backup(tmp_path / "all.tar.gz")
    for opened in (generation(store), Store.restore(tmp_path / "other", tmp_path / "all.tar.gz").generation):
        assert not opened.damage()
        assert next(q for q in opened.record("yunling").quantities if q.review).recipient == "外贸企业"
        assert [entry.standing for entry in desk.history(opened)] == ["holds"]
    again(store, TEXT.replace("3万元", "4万元"))
    assert [entry.standing for entry in desk.history(generation(store))] == ["unmatched"]
    again(store, TEXT)
    assert [entry.standing for entry in desk.history(generation(store))] == ["holds"]


def test_a_removed_document_takes_its_decisions_along(store: Path) -> None:
    decide(store, "3万元", "accept")
    remove("yunling", store)
    assert desk.history(generation(store)) == ()
    with pytest.raises(StoreError):
        desk.rows(generation(store), "yunling")


def objects(store: Path) -> set[str]:
    return {path.name for path in (store / "objects").rglob("*") if path.is_file()}


def test_a_broken_off_decision_leaves_nothing_and_a_removed_one_goes_with_its_document(store: Path) -> None:
    before, here = objects(store), ident(store, "3万元")

    def broken(draft: Draft) -> None:
        desk.decide(draft, here, "accept", **SIGNED)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        alter(broken, store)
    assert objects(store) == before
    decide(store, "3万元", "accept")
    assert len(objects(store) - before) == 1
    remove("yunling", store)
    Store.open(store).prune()
    assert objects(store) == set()


def test_a_damaged_decision_is_told(store: Path) -> None:
    before = objects(store)
    decide(store, "3万元", "accept")
    (name,) = objects(store) - before
    next((store / "objects").rglob(name)).write_bytes(b"[]")
    assert any("核对记录" in damage.what for damage in generation(store).damage())
    with pytest.raises(StoreError, match="核对记录"):
        generation(store).record("yunling")


def test_what_no_longer_fits_is_in_the_health_report(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decide(store, "3万元", "accept")
    again(store, TEXT.replace("3万元", "4万元"))
    capsys.readouterr()
    cli.main(["check", "yunling", "--store", str(store)])
    assert "无法对应" in capsys.readouterr().out


def test_a_decision_that_cannot_be_taken_changes_nothing(store: Path) -> None:
    before = generation(store).name
    with pytest.raises(CorrectionError):
        decide(store, "20万元", "change", value="400000")
    with pytest.raises(CorrectionError):
        alter(lambda draft: desk.decide(draft, "yunling:0000000000", "accept", **SIGNED), store)
    assert generation(store).name == before


@pytest.mark.parametrize("signed", [{"by": " "}, {"by": "某" * 41}, {"on": "昨天"}, {"note": "长" * 501}])
def test_a_decision_is_signed(store: Path, signed: dict[str, str]) -> None:
    here = ident(store, "3万元")
    with pytest.raises(CorrectionError):
        alter(lambda draft: desk.decide(draft, here, "accept", **(SIGNED | signed)), store)


def test_answers_give_what_was_decided(store: Path) -> None:
    question = "云岭县参加展会的外贸企业补助多少"
    assert [a.recipient for a in ask(store, question).amounts] == ["参加展会的外贸企业"]
    decide(store, "3万元", "change", recipient="参展企业")
    assert [(a.surface, a.recipient) for a in ask(store, question).amounts] == [("3万元", "参展企业")]
    decide(store, "县商务局", "change", role="lead")
    assert ask(store, "云岭县参加展会的外贸企业补助由谁牵头").lead_units == ("县商务局",)
    decide(store, "3万元", "reject")
    assert not ask(store, question).amounts


def test_a_corrected_figure_is_the_one_that_is_answered(store: Path) -> None:
    """As if the program had read 3万元 as three yuan of no known role."""
    record = generation(store).as_read("yunling")
    misread = tuple(
        replace(q, value=3, role="other") if q.surface == "3万元" else q for q in record.quantities
    )
    alter(lambda draft: draft.put(replace(record, quantities=misread), TEXT.encode(), "yunling.txt"), store)
    question = "云岭县参加展会的外贸企业补助多少"
    assert 30000 not in {amount.value for amount in ask(store, question).amounts}
    decide(store, "3万元", "change", value="30000", role="subsidy")
    amounts = ask(store, question).amounts
    assert [(a.surface, a.value, a.role) for a in amounts] == [("3万元", 30000, "subsidy")]


def test_doubtful_facts_come_first_and_leave_the_list_when_decided(store: Path) -> None:
    again(store, TEXT.replace("县统计局", "县旺才局"))
    found = desk.rows(generation(store))
    assert [row.fact.confidence for row in found] == sorted(row.fact.confidence for row in found)
    assert any("旺才" in row.fact.reason for row in found)
    decide(store, "县旺才局", "accept")
    assert not any("旺才" in row.fact.reason for row in desk.rows(generation(store)))


def test_a_store_written_before_decisions_existed_is_read(store: Path) -> None:
    import hashlib

    folder = store / "generations" / generation(store).name
    data = (folder / "manifest.json").read_bytes()
    old = data.replace(b'"format":3', b'"format":1').replace(b',"history":""', b"")
    assert old != data
    (folder / "manifest.json").write_bytes(old)
    (folder / "manifest.sha256").write_text(hashlib.sha256(old).hexdigest() + "\n")
    assert generation(store).record("yunling").quantities
    decide(store, "3万元", "accept")
    assert generation(store).manifest.format == 3


# ---- the command


def zhengwen(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = cli.main(["review", *arguments])
    told = capsys.readouterr()
    return status, told.out, told.err


def test_the_command_lists_decides_and_remembers(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = ["--store", str(store)]
    assert zhengwen(capsys, *here)[1] == "没有可疑的事实\n"
    again(store, TEXT.replace("县统计局", "县旺才局"))
    status, out, _ = zhengwen(capsys, "yunling", *here)
    found = out.split()[0]
    assert status == 0
    assert "缘由：“县旺才局”" in out
    assert "第一条" in out
    sign = ["--by", "江某", "--on", "2024-05-06", "--note", "电话核实"]
    assert zhengwen(capsys, "--change", found, "单位=县统计局", "作用=牵头", *sign, *here)[1].startswith(
        "已改正"
    )
    row = next(r for r in rows(capsys, *here, "--all") if r["id"] == found)
    assert (row["fields"]["unit"], row["fields"]["role"]) == ("县统计局", "lead")
    assert row["review"]["before"] == {"unit": "县旺才局", "role": "responsible"}
    assert zhengwen(capsys, "--accept", found, *sign, *here)[0] == 0
    assert zhengwen(capsys, "--reject", found, *sign, *here)[0] == 0
    assert (
        zhengwen(capsys, "--add", "yunling", "第二条", "单位", "县贸促会", "作用=配合", *sign, *here)[0] == 0
    )
    out = zhengwen(capsys, "--history", *here)[1]
    assert re.findall("改正|确认|驳回|补充", out) == ["改正", "确认", "驳回", "补充"]
    assert out.count("其后另有决定") == 2
    assert "电话核实" in out


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict]:
    return [json.loads(line) for line in zhengwen(capsys, "--json", *arguments)[1].splitlines()]


@pytest.mark.parametrize(
    ("arguments", "status", "what"),
    [
        (["--accept", "yunling:0000000000", "--by", "江某"], 1, "没有编号"),
        (["--accept", "nowhere:0000000000", "--by", "江某"], 1, "没有编号"),
        (["--accept", "yunling:0000000000"], 2, "谁核对"),
        (["--change", "yunling:0000000000", "企业", "--by", "江某"], 2, "字段=值"),
        (["--add", "yunling", "第一条", "--by", "江某"], 2, "四样"),
        (["--add", "yunling", "第一条", "期限", "一年", "--by", "江某"], 2, "不能补充"),
        (["--add", "yunling", "第九条", "单位", "县贸促会", "--by", "江某"], 1, "没有条款"),
        (["--add", "yunling", "第一条", "单位", "县贸促会", "--by", "江某"], 1, "不在"),
        (["--add", "yunling", "第一条", "单位", "县财政局", "--by", "江某"], 1, "已有"),
        (["--add", "elsewhere", "第一条", "单位", "县财政局", "--by", "江某"], 1, "没有文件"),
        (["--history", "--accept", "a:b", "--by", "江某"], 2, "一次只能"),
        (["nowhere"], 1, "没有这份文件"),
    ],
)
def test_the_command_says_what_is_wrong(
    store: Path, arguments: list[str], status: int, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    got, _, errors = zhengwen(capsys, *arguments, "--store", str(store))
    assert got == status
    assert what in errors.splitlines()[0]
    assert errors.splitlines()[1].startswith("办法：")


def test_every_word_of_the_vocabularies_has_a_chinese_one() -> None:
    for fields in FIELDS.values():
        assert set(fields) <= set(said().fields)
        assert {word for words in fields.values() for word in words} - {""} <= set(said().values)
    assert len(set(said().values.values())) == len(said().values)


# ---- over HTTP


def test_review_over_http(store: Path) -> None:
    key = "a-key-for-the-tests"
    decide(store, "3万元", "accept")
    with served("tests.small_service", str(store), ZHENGWEN_API_KEY=key) as address:
        site, signed = f"{address}/api/v1/review", {"authorization": f"Bearer {key}"}
        for url in (site, f"{site}/history"):
            assert fetch(url).status == 401
        found = fetch(f"{site}?everything=true", **signed).json
        figure = next(row for row in found if row["fields"].get("surface") == "20万元")
        body = {"action": "change", "by": "江某", "on": "2024-05-06", "fields": {"recipient": "新办工业企业"}}
        url = f"{site}/{quote(figure['id'])}"
        assert fetch(url, data=body).status == 401
        assert fetch(url, data=body, **signed).json["standing"] == "holds"
        assert fetch(f"{site}/yunling:0000000000", data=body, **signed).status == 404
        wrong = fetch(url, data=body | {"fields": {"value": "7"}}, **signed)
        assert wrong.status == 422
        assert wrong.json["remedy"]
        assert fetch(url, data=body | {"colour": "red"}, **signed).status == 422
        new = {"source": "yunling", "locator": "第二条", "kind": "duty", "words": "县贸促会", "by": "江某"}
        assert fetch(site, data=new | {"on": "2024-05-06"}, **signed).status == 201
        history = fetch(f"{site}/history?source=yunling", **signed).json
        assert [row["action"] for row in history] == ["accept", "change", "add"]
        assert fetch(f"{site}?source=nowhere", **signed).status == 404
