"""The end of a service: what it has begun to read is answered, nobody new is let in, and it ends in order."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.faults import asking, disks, uploads
from benchmarks.faults.commands import Bench
from tests.served import ROOT

SOON = 30.0


def test_a_question_on_its_way_is_answered_when_the_service_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.small_service", str(tmp_path / "store")]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        found = re.search(r"http://(\S+):(\d+)", process.stdout.readline())
        assert found
        at = (found[1], int(found[2]))
        body = json.dumps({"question": "首次入库奖励多少？"}).encode()
        head = (
            "POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(at, timeout=SOON) as asker:
            asker.sendall(head.encode() + body[:5])
            time.sleep(0.3)  # the service has read the head
            process.send_signal(signal.SIGTERM)
            refused(at)
            asker.sendall(body[5:])
            reply = http.client.HTTPResponse(asker)
            reply.begin()
            assert (reply.status, json.loads(reply.read())["status"]) == (200, "answered")
        _, errors = process.communicate(timeout=SOON)
        assert process.returncode in (0, -signal.SIGTERM), errors
        assert "Traceback" not in errors


def refused(at: tuple[str, int]) -> None:
    """Wait until nobody is let in."""
    for _ in range(200):
        try:
            socket.create_connection(at, timeout=1).close()
        except OSError:
            return
        time.sleep(0.05)
    pytest.fail("the service still lets in")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("faults"))


def test_uploads_of_a_killed_service_are_there_after_its_start(bench: Bench) -> None:
    row = uploads.kills(bench, 2, seed=7)
    assert (row.runs, row.lost, row.failures) == (2, 0, [])


def test_answers_through_publishes_belong_to_one_of_them(bench: Bench) -> None:
    for row in asking.publishes(bench, 2):
        assert (row.runs, row.failures) == (2, [])


def test_a_mixed_answer_is_seen() -> None:
    """The measure itself: an answer with the sum of one publish and the unit of another."""
    shown = {"question": "", "citations": [], "amounts": [], "reading": ""}
    one = {**shown, "answer": "给予31003万元补助", "lead_units": ["县冬至服务中心"]}
    two = {**shown, "answer": "给予31003万元补助", "lead_units": ["县谷雨服务中心"]}
    three = {**shown, "answer": "给予31003万元补助，给予31009万元补助", "lead_units": []}
    assert [bool(asking.mixed(json.dumps(answer).encode())) for answer in (one, two, three)] == [
        False, True, True,
    ]  # fmt: skip


def test_a_lost_permission_is_told_in_plain_words(bench: Bench) -> None:
    row = disks.no_permission(bench, 2, seed=3)
    assert (row.runs, row.lost, row.failures) == (2, 0, [])
