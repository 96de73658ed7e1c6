"""What a running service opens: files of the store, the program, Python, and temporary ones; nothing else."""

import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conftest import REPOSITORY
from tests.served import fetch, served

KEY = "a-key-for-the-tests"
OUTSIDE = (
    "/etc/passwd", "../../../../etc/passwd", "file:///etc/passwd", "/proc/self/environ", "..\\..\\x",
)  # fmt: skip
ALSO = (  # what Python itself looks up: kinds of files, the zone of the clock, the machine's name
    "/etc/mime.types", "/etc/apache", "/etc/httpd", "/usr/local/etc/httpd", "/usr/local/lib/netscape",
    "/etc/localtime", "/usr/share/zoneinfo", "/dev/null", "/proc/cpuinfo",
)  # fmt: skip


@pytest.fixture(scope="module")
def opened(five_store: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """The files that a service opened while it was asked for what is outside."""
    room = tmp_path_factory.mktemp("watched")
    store, listing = room / "store", room / "opened.txt"
    shutil.copytree(five_store, store)
    with served("tests.watched_service", str(store), str(listing), ZHENGWEN_API_KEY=KEY) as site:
        assert fetch(f"{site}/readyz").status == 200
        assert fetch(f"{site}/batch/").status == 200  # Gradio is imported now, which looks at this and that
        before = len(listing.read_text("utf-8").splitlines())
        for name in OUTSIDE:
            part = quote(name, safe="")
            for path in (
                f"/api/v1/policies/{part}", f"/api/v1/clauses/{part}", f"/api/v1/clauses/lushan/{part}",
                f"/api/v1/guides/{part}/{part}", f"/api/v1/units/{part}", f"/api/v1/search?q={part}",
                f"/api/v1/findings?source={part}", f"/guide/{part}/{part}", f"/documents/{part}",
                f"/documents/{part}/original", f"/duties/{part}", f"/zw/{part}", f"/batch/assets/{part}",
                f"/batch/static/{part}", f"/v1/models/{part}", f"/api/v1/graph?source={part}",
                f"/api/v1/policies/{part}/tree", f"/batch/gradio_api/file={part}",
                f"/sparql?query={quote('DESCRIBE <file://' + name + '>')}",
            ):  # fmt: skip
                reply = fetch(site + path)
                assert reply.status < 500, path
                assert b"root:" not in reply.body
            fetch(f"{site}/api/v1/ask", data={"question": f"打开 {name}", "jurisdiction": name[:50]})
            given = {"authorization": f"Bearer {KEY}"}
            assert fetch(f"{site}/api/v1/documents?name={part}", data=b"x", **given).status == 422
            assert fetch(f"{site}/api/v1/documents/{part}", method="DELETE", **given).status == 404
            load = f"LOAD <file://{name}>".encode()
            assert fetch(f"{site}/sparql", data=load, content_type="application/sparql-query").status == 400
        text = "示例县人民政府关于支持企业的通知\n\n一、奖励新企业\n对新入库企业奖励2万元。\n".encode()
        taken = fetch(f"{site}/api/v1/documents?name={quote('示例.txt')}", data=text, **given)
        assert taken.status == 201
        rows = listing.read_text("utf-8").splitlines()
    assert before < len(rows), "the watch saw nothing"
    return [(row.partition("\t")[0], row.partition("\t")[2]) for row in rows[before:]]


def test_nothing_outside_is_opened(
    opened: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    inside = (
        tmp_path_factory.getbasetemp(), REPOSITORY, sys.prefix, sys.base_prefix, tempfile.gettempdir(),
        sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"),
    )  # fmt: skip
    allowed = (*{str(Path(folder).resolve()) for folder in inside}, *map(str, inside), *ALSO)
    strange = {path for event, path in opened if path.startswith("/") and not path.startswith(allowed)}
    assert strange == set()


def test_nothing_is_run_and_nobody_is_called(opened: list[tuple[str, str]]) -> None:
    """But for reading a document in a process of its own, and Python's look-up of the processor."""
    run = {Path(path.removeprefix("!")).name for _, path in opened if path.startswith("!")}
    assert run <= {"uname", "python", "python3", Path(sys.executable).name}
