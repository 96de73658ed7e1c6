"""What the service remembers: accounts, sessions, keys, the audit log, feedback; also under faults."""

import io
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graph.storage.store import Store
from tests.ledgers import CHEAP, PASSWORD, Hand, made
from tests.served import ROOT
from ui.cli import main
from ui.ledger import Ledger
from ui.ledger.accounts import SCRYPT, Account, AccountError, Accounts, Cost
from ui.ledger.audit import Filter
from ui.ledger.database import Database, LedgerError
from ui.ledger.schema import STEPS
from ui.ledger.sessions import ABSOLUTE, IDLE, csrf

OTHER = "傍晚的山路有月光和风声"


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "service.sqlite3"


@pytest.fixture
def ledger(file: Path, clock: Hand) -> Ledger:
    return made(file, clock)


def stored(ledger: Ledger) -> bytes:
    """All bytes on the disk."""
    ledger.close()
    return b"".join(path.read_bytes() for path in ledger.path.parent.glob(ledger.path.name + "*"))


# accounts


def test_a_password_opens_its_own_account_only(ledger: Ledger) -> None:
    ledger.accounts.add("赵强", OTHER, "editor")
    assert ledger.accounts.check("李明", PASSWORD) == Account("李明", "admin")
    assert ledger.accounts.check("赵强", OTHER) == Account("赵强", "editor")
    assert ledger.accounts.check("赵强", PASSWORD) is None
    assert ledger.accounts.check("无名", PASSWORD) is None
    assert ledger.accounts.check("", "") is None


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("李明", PASSWORD),
        ("", PASSWORD),
        ("a/b", PASSWORD),
        ("名" * 41, PASSWORD),
        ("新人", "太短了"),
        ("新人", "密" * 201),
        ("新人", "一一一一一一一一一一一二"),
        ("a-very-long-name", "A-very-long-name"),
    ],
)
def test_bad_names_and_passwords_are_refused(ledger: Ledger, name: str, password: str) -> None:
    before = ledger.accounts.all()
    with pytest.raises(AccountError) as told:
        ledger.accounts.add(name, password, "editor")
    assert told.value.remedy
    assert ledger.accounts.all() == before


def test_a_name_is_one_however_it_is_typed(ledger: Ledger) -> None:
    ledger.accounts.add("Wang Wu", PASSWORD, "editor")
    assert ledger.accounts.check(" ｗang wu ", PASSWORD) == Account("Wang Wu", "editor")
    with pytest.raises(AccountError):
        ledger.accounts.add("WANG WU", PASSWORD, "editor")


def test_no_password_token_or_key_is_stored(ledger: Ledger) -> None:
    token = ledger.sessions.begin(Account("李明", "admin"))
    key = ledger.keys.add("公文系统", "editor", "李明")
    kept = stored(ledger)
    for secret in (PASSWORD, token, csrf(token), key):
        assert secret.encode() not in kept


def test_the_same_password_has_another_hash_in_each_account(ledger: Ledger, file: Path) -> None:
    ledger.close()
    with sqlite3.connect(file) as rows:
        assert len({tuple(row) for row in rows.execute("SELECT salt, digest FROM account")}) == 2
    rows.close()


def test_a_new_password_ends_all_sessions_of_the_account_alone(ledger: Ledger) -> None:
    mine, other = (ledger.sessions.begin(Account(name, "editor")) for name in ("李明", "王芳"))
    ledger.accounts.change("李明", OTHER)
    assert ledger.accounts.check("李明", PASSWORD) is None
    assert ledger.accounts.check("李明", OTHER)
    assert ledger.sessions.find(mine) is None
    assert ledger.sessions.find(other)


def test_an_account_taken_away_is_gone_with_its_sessions(ledger: Ledger) -> None:
    token = ledger.sessions.begin(Account("王芳", "editor"))
    ledger.accounts.remove("王芳")
    assert ledger.sessions.find(token) is None
    assert ledger.accounts.check("王芳", PASSWORD) is None
    with pytest.raises(AccountError):
        ledger.accounts.remove("王芳")


def test_the_last_admin_stays(ledger: Ledger) -> None:
    with pytest.raises(AccountError):
        ledger.accounts.remove("李明")
    assert ledger.accounts.check("李明", PASSWORD)


def test_a_hash_made_at_a_lower_cost_is_renewed_at_the_next_sign_in(file: Path, ledger: Ledger) -> None:
    dearer = Accounts(Database(file, Hand()), Cost(32, 8, 1))
    assert dearer.check("李明", "falsch falsch falsch") is None
    assert dearer.check("李明", PASSWORD)
    ledger.close()
    with sqlite3.connect(file) as rows:
        found = dict(rows.execute("SELECT name, n FROM account").fetchall())
    rows.close()
    assert found == {"李明": 32, "王芳": CHEAP.n}
    assert dearer.check("李明", PASSWORD)


def test_hashes_cost_what_they_should() -> None:
    assert (SCRYPT.n * SCRYPT.r * 128, SCRYPT.n * SCRYPT.p) >= (32 << 20, 3 << 15)


# sessions


def test_a_session_ends_when_it_is_not_used(ledger: Ledger, clock: Hand) -> None:
    token = ledger.sessions.begin(Account("李明", "admin"))
    clock.later(seconds=IDLE.total_seconds() - 1)
    assert ledger.sessions.find(token)  # used: the time runs anew
    clock.later(seconds=IDLE.total_seconds() - 1)
    assert ledger.sessions.find(token)
    clock.later(seconds=IDLE.total_seconds())
    assert ledger.sessions.find(token) is None


def test_a_session_ends_at_last_however_much_it_is_used(ledger: Ledger, clock: Hand) -> None:
    token = ledger.sessions.begin(Account("李明", "admin"))
    for _ in range(int(ABSOLUTE / IDLE) * 2 - 1):
        clock.later(seconds=IDLE.total_seconds() / 2)
        assert ledger.sessions.find(token)
    clock.later(seconds=IDLE.total_seconds() / 2)
    assert ledger.sessions.find(token) is None


def test_a_session_that_was_ended_or_never_begun_is_none(ledger: Ledger) -> None:
    token, other = (ledger.sessions.begin(Account("李明", "admin")) for _ in range(2))
    assert token != other
    ledger.sessions.end(token)
    assert ledger.sessions.find(token) is None
    assert ledger.sessions.find("") is None
    found = ledger.sessions.find(other)
    assert found == Account("李明", "admin", csrf=csrf(other))
    assert other not in repr(found)
    assert csrf(other) not in repr(found)


# keys


def test_a_key_works_until_it_is_revoked(ledger: Ledger, clock: Hand) -> None:
    key = ledger.keys.add("公文系统", "editor", "李明")
    assert ledger.keys.find(key) == Account("公文系统", "editor", program=True)
    assert ledger.keys.find(key[:-1]) is None
    [row] = ledger.keys.all()
    assert key.startswith(row.start)
    assert row.used
    clock.later(hours=1)
    ledger.keys.find(key)
    assert ledger.keys.all()[0].used > row.used
    assert ledger.keys.revoke(row.id) == "公文系统"
    assert ledger.keys.revoke(row.id) is None
    assert ledger.keys.find(key) is None
    assert not ledger.keys.any()


# throttle


def test_waits_grow_and_end(ledger: Ledger, clock: Hand) -> None:
    waits = []
    for _ in range(14):
        wait = ledger.throttle.begin("李明", "10.0.0.1")
        waits.append(wait)
        clock.later(seconds=wait)
        if wait:
            assert ledger.throttle.begin("李明", "10.0.0.1") == 0
    assert waits[:7] == [0, 0, 0, 1, 2, 4, 8]
    assert max(waits) == 300
    assert waits == sorted(waits)


def test_a_stranger_cannot_lock_a_name_out(ledger: Ledger, clock: Hand) -> None:
    for number in range(100):
        ledger.throttle.begin("李明", f"10.0.1.{number}")
        clock.later(seconds=16)
    ledger.throttle.begin("李明", "10.0.2.1")
    assert 0 < ledger.throttle.begin("李明", "10.0.0.9") <= 16


def test_another_name_from_elsewhere_does_not_wait(ledger: Ledger) -> None:
    while ledger.throttle.begin("李明", "10.0.0.1") == 0:
        pass
    assert ledger.throttle.begin("王芳", "10.0.0.2") == 0
    assert ledger.throttle.begin("王芳", "10.0.0.1") > 0
    ledger.throttle.clear("李明", "10.0.0.1")
    assert ledger.throttle.begin("李明", "10.0.0.1") == 0


def test_attempts_at_the_same_moment_count_one_by_one(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: ledger.throttle.begin("李明", "10.0.0.1"), range(40)))
    assert waits.count(0) == 3


# audit


def test_the_log_tells_what_was_done_the_newest_first(ledger: Ledger, clock: Hand) -> None:
    ledger.audit.write("李明", "ingest", subject="qingshi", detail="青石.pdf", request="r1")
    clock.later(days=1)
    ledger.audit.write("王芳", "accept", subject="qingshi 附件2/四 q1", outcome="failed")
    first, second = ledger.audit.rows()
    assert (second.at, second.who, second.subject, second.request) == (
        "2026-03-02T01:00:00.000Z", "李明", "qingshi", "r1",
    )  # fmt: skip
    for chosen in (
        Filter(who="王芳"),
        Filter(actions=("accept", "change")),
        Filter(subject="附件2/四"),
        Filter(outcome="failed"),
        Filter(since="2026-03-03"),
    ):
        assert ledger.audit.rows(chosen) == [first]
        assert ledger.audit.count(chosen) == 1
    assert ledger.audit.rows(Filter(until="2026-03-03")) == [second]
    assert ledger.audit.rows(Filter(who="' OR 1 --")) == []


def test_pages_of_the_log_leave_nothing_out(ledger: Ledger) -> None:
    for number in range(25):
        ledger.audit.write("李明", "accept", subject=str(number))
    seen, before = [], None
    while page := ledger.audit.rows(before=before, limit=7):
        seen += [row.subject for row in page]
        before = page[-1].id
    assert seen == [str(number) for number in reversed(range(25))]


@pytest.fixture
def log(ledger: Ledger) -> Ledger:
    for number in range(10):
        ledger.audit.write("李明", "accept", subject=f"q{number}")
    assert ledger.audit.verify().broken is None
    return ledger


@pytest.mark.parametrize(
    "deed", ["UPDATE audit SET who = '王芳' WHERE id = 5", "DELETE FROM audit WHERE id = 5"]
)
def test_rows_can_only_be_added(log: Ledger, file: Path, deed: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        sqlite3.connect(file).execute(deed)


@pytest.mark.parametrize(
    ("deed", "broken"),
    [
        ("UPDATE audit SET who = '王芳' WHERE id = 5", 5),
        ("UPDATE audit SET at = '2025-01-01T00:00:00.000Z' WHERE id = 1", 1),
        ("UPDATE audit SET mark = (SELECT mark FROM audit WHERE id = 9) WHERE id = 10", 10),
        ("DELETE FROM audit WHERE id = 5", 5),
        ("DELETE FROM audit WHERE id = 1", 1),
        ("DELETE FROM audit WHERE id > 8", 9),
        ("CREATE TABLE c AS SELECT * FROM audit; UPDATE c SET id = id + 10;"
         "INSERT INTO audit SELECT * FROM c", 11),
        ("UPDATE audit SET id = id + 100 WHERE id > 7", 8),
    ],
)  # fmt: skip
def test_tampering_shows_where_it_begins(log: Ledger, file: Path, deed: str, broken: int) -> None:
    log.close()
    with sqlite3.connect(file) as rows:
        rows.executescript("DROP TRIGGER audit_stands; DROP TRIGGER audit_stays;")
        rows.executescript(deed)
    rows.close()
    verdict = log.audit.verify()
    assert (verdict.broken, verdict.rows) == (broken, broken - 1)


def test_words_cannot_be_moved_from_one_field_to_the_next(log: Ledger, file: Path) -> None:
    log.audit.write("李明", "accept", subject="ab", detail="c")
    log.close()
    with sqlite3.connect(file) as rows:
        rows.executescript("DROP TRIGGER audit_stands;")
        rows.execute("UPDATE audit SET subject = 'a', detail = 'bc' WHERE id = 11")
    rows.close()
    assert log.audit.verify().broken == 11


def test_a_deed_and_its_row_are_kept_together_or_not_at_all(ledger: Ledger) -> None:
    def deed() -> None:
        with ledger.together():
            ledger.accounts.add("赵强", OTHER, "editor")
            ledger.audit.write("李明", "user-add", subject="赵强")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        deed()
    assert "赵强" not in {row.name for row in ledger.accounts.all()}
    assert ledger.audit.count() == 0


WRITER = """
import sys
from pathlib import Path
from ui.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    ledger.audit.write(sys.argv[2], "accept", subject=str(number))
    print(number, flush=True)
"""


def writer(file: Path, who: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(file), who, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_write_at_once_and_the_chain_holds(file: Path) -> None:
    writers = [writer(file, who, 150) for who in ("甲", "乙")]  # the file is made by either of them
    for process in writers:
        process.communicate(timeout=60)
        assert process.returncode == 0
    ledger = Ledger(file)
    assert ledger.audit.verify().broken is None
    for who in ("甲", "乙"):
        found = [int(row.subject) for row in ledger.audit.each(Filter(who=who))]
        assert found == list(reversed(range(150)))


def test_threads_write_at_once_and_the_chain_holds(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: ledger.audit.write("李明", "accept", subject=str(n)), range(200)))
    assert {int(row.subject) for row in ledger.audit.each()} == set(range(200))
    assert ledger.audit.verify().broken is None


@pytest.mark.parametrize("after", [1, 7, 40])
def test_a_killed_writer_loses_nothing_that_it_acknowledged(file: Path, after: int) -> None:
    with writer(file, "甲", 100_000) as process:
        assert process.stdout is not None
        for _ in range(after):
            process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
        acknowledged = after + len(process.stdout.read().splitlines())
    ledger = Ledger(file)
    assert ledger.audit.count() >= acknowledged
    assert ledger.audit.verify().broken is None
    ledger.audit.write("甲", "accept")


# feedback


def test_feedback_is_kept_without_personal_data(ledger: Ledger, clock: Hand) -> None:
    ledger.feedback.add(
        useful=False, question="我电话13800138000，开店奖多少", why="发到abc@example.cn",
        cited=["qingshi 附件2/四"], status="answered", generation="g000001",
    )  # fmt: skip
    clock.later(days=10)
    ledger.feedback.add(useful=True, question="首次入库奖多少")
    assert b"13800138000" not in stored(ledger)
    new, old = ledger.feedback.rows()
    assert (old.question, old.why, old.cited) == (
        "我电话［电话］，开店奖多少",
        "发到［邮箱］",
        ("qingshi 附件2/四",),
    )
    assert ledger.feedback.counts() == (1, 1)
    assert ledger.feedback.counts("2026-03-10") == (1, 0)
    assert ledger.feedback.rows(useful=False) == [old]
    assert ledger.feedback.rows(before=new.id) == [old]
    assert list(ledger.feedback.each()) == [new, old]


def test_feedback_does_not_grow_without_end(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.ledger.feedback._MOST", 5)
    for number in range(12):
        ledger.feedback.add(useful=True, question=str(number) * 3000)
    rows = ledger.feedback.rows()
    assert [row.question[:2] for row in rows] == ["11", "10", "99", "88", "77"]
    assert all(len(row.question) <= 1000 for row in rows)


# the file


def test_nothing_is_opened_before_it_is_needed(tmp_path: Path) -> None:
    Ledger(tmp_path / "new" / "service.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_for_its_owner_alone(ledger: Ledger, file: Path) -> None:
    assert {oct(path.stat().st_mode & 0o777) for path in file.parent.glob("service*")} == {"0o600"}
    ledger.copy(file.parent / "copy")
    assert (file.parent / "copy").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_none_is_told_and_left_as_it_is(file: Path) -> None:
    file.write_bytes(b"no database at all " * 500)
    ledger = Ledger(file)
    for use in (ledger.accounts.any, ledger.audit.ready, ledger.audit.verify, ledger.feedback.counts):
        with pytest.raises(LedgerError, match="损坏"):
            use()
    assert file.read_bytes() == b"no database at all " * 500


def test_damage_in_the_middle_is_told(log: Ledger, file: Path) -> None:
    log.close()
    data = bytearray(file.read_bytes())
    for at in range(4096, len(data)):
        data[at] ^= 0x5A
    file.write_bytes(data)
    with pytest.raises(LedgerError, match="损坏"):
        log.audit.verify()


def test_a_file_put_back_from_a_copy_is_taken_up_while_running(log: Ledger, file: Path) -> None:
    copy = file.parent / "copy"
    log.copy(copy)
    log.audit.write("李明", "ingest")
    file.unlink()
    for beside in file.parent.glob(file.name + "-*"):
        beside.unlink()
    copy.rename(file)
    assert log.audit.count() == 10
    assert log.accounts.check("李明", PASSWORD)
    assert log.audit.verify().broken is None


def test_a_file_taken_away_is_made_anew(log: Ledger, file: Path) -> None:
    for path in file.parent.glob(file.name + "*"):
        path.unlink()
    log.audit.write("李明", "ingest")
    assert Ledger(file).audit.count() == 1
    assert not log.accounts.any()


def test_another_programs_database_is_refused(file: Path) -> None:
    with sqlite3.connect(file) as rows:
        rows.execute("CREATE TABLE mine (x)")
    rows.close()
    with pytest.raises(LedgerError, match="别的程序"):
        Ledger(file).accounts.any()


def test_a_file_of_a_later_version_is_refused(ledger: Ledger, file: Path) -> None:
    ledger.close()
    with sqlite3.connect(file) as rows:
        rows.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    rows.close()
    with pytest.raises(LedgerError, match="更新"):
        ledger.accounts.any()


def test_an_earlier_version_is_brought_up_whole_or_not_at_all(
    log: Ledger, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.close()
    bad = "ALTER TABLE account ADD COLUMN phone TEXT;\nCREATE TABLE account (x);"
    monkeypatch.setattr("ui.ledger.database.STEPS", (*STEPS, bad))
    with pytest.raises(LedgerError):
        log.accounts.any()
    monkeypatch.setattr("ui.ledger.database.STEPS", (*STEPS, "ALTER TABLE account ADD COLUMN phone TEXT;"))
    assert len(log.accounts.all()) == 2
    assert log.audit.verify().rows == 10
    log.close()
    with sqlite3.connect(file) as rows:
        assert "phone" in {row[1] for row in rows.execute("PRAGMA table_info(account)")}
        assert rows.execute("PRAGMA user_version").fetchone() == (len(STEPS) + 1,)
    rows.close()


HOLDER = """
import sqlite3, sys
rows = sqlite3.connect(sys.argv[1], isolation_level=None)
rows.execute("BEGIN IMMEDIATE")
print(1, flush=True)
sys.stdin.read()
"""


def test_a_writer_that_dies_holds_no_one_up(ledger: Ledger, file: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    assert ledger.accounts.any()  # reading goes on
    timer = threading.Timer(0.3, holder.kill)
    timer.start()
    ledger.audit.write("李明", "ingest")  # waits for its turn
    holder.communicate()
    assert ledger.audit.count() == 1


# the store around it


def test_the_store_and_the_ledger_leave_each_other_alone(
    five_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tmp_path / "whole.tar"
    Store.open(five_store).backup(whole)
    store = tmp_path / "store"
    Store.restore(store, whole)
    ledger = made(store / "service.sqlite3")
    ledger.audit.write("李明", "ingest")
    opened = Store.open(store)
    assert opened.warnings == ()
    assert main(["backup", str(tmp_path / "b.tar"), "--store", str(store)]) == 0
    assert "service.sqlite3" in capsys.readouterr().out
    assert main(["remove", "luoyang", "--store", str(store)]) == 0
    ledger.audit.write("李明", "remove")
    assert main(["restore", str(tmp_path / "b.tar"), "--store", str(store)]) == 0
    assert "没有动" in capsys.readouterr().out
    opened.refresh()
    opened.prune()
    assert Store.open(store).warnings == ()
    generation = Store.open(store).generation
    assert generation is not None
    assert len(generation.sources) == 5
    assert ledger.audit.count() == 2  # the backup did not turn it back
    assert ledger.audit.verify().broken is None
    kept = Ledger(tmp_path / "b.tar.service.sqlite3", Hand(), CHEAP)
    assert kept.audit.count() == 1
    assert kept.accounts.check("李明", PASSWORD)


# the commands


def test_accounts_by_command(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHENGWEN_LEDGER", str(file))

    def user(*words: str, typed: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        status = main(["user", *words])
        return status, "".join(capsys.readouterr())

    assert "还没有账号" in user("list")[1]
    assert user("add", "李明", "--role", "admin", typed="short\n")[0] == 1
    assert user("add", "李明", "--role", "admin", typed=PASSWORD + "\n")[0] == 0
    status, key = user("key", "公文系统", "--role", "editor")
    assert status == 0
    assert Ledger(file).keys.find(key.split()[0]) == Account("公文系统", "editor", program=True)
    assert user("password", "李明", typed=OTHER)[0] == 0
    assert Ledger(file).accounts.check("李明", OTHER) == Account("李明", "admin")
    assert user("remove", "李明")[0] == 1
    assert user("revoke", "1")[0] == 0
    assert user("revoke", "1")[0] == 1
    assert user("add")[0] == 2
    listed = user("list")[1]
    assert "李明" in listed
    assert "已停用" in listed
    assert main(["audit"]) == 0
    assert "停用密钥" in capsys.readouterr().out
    assert main(["audit", "--csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5
    assert main(["audit", "--verify"]) == 0
    assert Ledger(file).audit.verify().mark in capsys.readouterr().out
    with sqlite3.connect(file) as rows:
        rows.executescript("DROP TRIGGER audit_stands; UPDATE audit SET who = '别人' WHERE id = 2")
    rows.close()
    assert main(["audit", "--verify"]) == 1
    assert "第 2 条" in capsys.readouterr().err
