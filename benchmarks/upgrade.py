"""Upgrade and going back, tried as docs/deployment.md has them: ``python -m benchmarks.upgrade COMMIT …``.

The program of each commit is installed and makes a store with documents, an account, opinions and a decision.
The last commit of this checkout takes its place, and what must have stayed is looked for; then the old one
comes back. Both stand on the packages of this environment. Exit status 1 when something is not as told there.
"""

import argparse
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.facts import LIMIT, table
from benchmarks.faults.made import wrong
from graph.storage.generations import read_manifest
from graph.storage.store import Store
from tests.served import fetch

PROJECT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted((PROJECT / "tests" / "made_policies").glob("*.txt"))
QUESTION = {"question": "购买冷藏车补助多少", "as_of": "2024-10-01"}
TABLES = ("account", "feedback", "audit")  # of the ledger


class Unlike(Exception):  # noqa: N818 – told as one
    """The program did not do what the document says."""


class Installation:
    """A program in a venv, and the store that it keeps."""

    def __init__(self, room: Path) -> None:
        self.room, self.venv, self.store = room, room / "venv", room / "store"
        ours = ("ZHENGWEN_", "PYTHONPATH")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}

    def install(self, commit: str) -> None:
        """Install the program of a commit, its dependencies lent by this environment, and use it."""
        tree, venv = self.room / f"tree-{commit}", self.room / f"venv-{commit}"
        tree.mkdir()
        packed = subprocess.run(["git", "archive", commit], cwd=PROJECT, capture_output=True, check=True)
        subprocess.run(["tar", "x", "-C", tree], input=packed.stdout, check=True)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
        (lent,) = venv.glob("lib/python*/site-packages")
        (lent / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
        words = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--ignore-installed", tree]
        pip = [sys.executable, "-m", "pip", "--python", venv / "bin" / "python", "install", *words]
        subprocess.run(pip, env=self.environment, capture_output=True, check=True, timeout=LIMIT)
        shutil.rmtree(tree)
        self.use(commit)

    def use(self, commit: str) -> None:
        """Let `venv` be the program of a commit that is installed."""
        self.venv.unlink(missing_ok=True)
        self.venv.symlink_to(f"venv-{commit}")

    def call(self, *words: str | Path, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run the installed program over the store."""
        command = [self.venv / "bin" / "python", "-m", "ui.cli", *words, "--store", self.store]
        return subprocess.run(
            command, cwd=self.room, env=self.environment, input=typed, capture_output=True, text=True,
            timeout=LIMIT, check=False,
        )  # fmt: skip

    def run(self, *words: str | Path, typed: str = "") -> str:
        """Run it and return what it prints; raises Unlike when it refuses."""
        done = self.call(*words, typed=typed)
        if done.returncode:
            raise Unlike(f"zhengwen {' '.join(map(str, words))}: {done.stderr.strip()}")
        return done.stdout

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Run the service and yield its address; raises Unlike when it does not start."""
        command = [self.venv / "bin" / "zhengwen", "serve", "--port", "0", "--store", self.store]
        with (
            tempfile.TemporaryFile("w+") as errors,
            subprocess.Popen(
                command, cwd=self.room, env=self.environment, text=True, stdout=subprocess.PIPE, stderr=errors
            ) as process,
        ):
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            try:
                if found is None:
                    errors.seek(0)
                    raise Unlike(f"no service: {errors.read()}")
                yield found.group()
            finally:
                process.terminate()

    def answer(self) -> dict[str, Any]:
        """Return the service's answer, but for its time, and let it keep an opinion."""
        with self.serving() as site:
            reply = fetch(f"{site}/api/v1/ask", data=QUESTION)
            if reply.status != 200 or reply.json["status"] != "answered":
                raise Unlike(f"no answer: {reply.status} {reply.text}")
            kept = fetch(f"{site}/api/v1/feedback", data={"useful": True, "question": QUESTION["question"]})
            if (kept.status, fetch(f"{site}/readyz").status) != (201, 200):
                raise Unlike(f"no opinion kept, or not ready: {kept.status} {kept.text}")
        answer: dict[str, Any] = reply.json
        del answer["elapsed_ms"]
        return answer

    def left(self) -> dict[str, int]:
        """Return how much people left: rows of the ledger, and decisions that hold."""
        with closing(sqlite3.connect(self.store / "service.sqlite3")) as ledger:
            counts = {name: ledger.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TABLES}  # noqa: S608
        told = self.run("review", "--history", "--json").splitlines()
        return counts | {"decisions": sum(json.loads(line)["standing"] == "holds" for line in told)}

    @property
    def form(self) -> int:
        """The format of the store's current generation."""
        return read_manifest(self.store / "generations" / (self.store / "CURRENT").read_text().strip()).format


def old(site: Installation, commit: str) -> None:
    """Install the old program and let people work with it: two generations, an account, a decision."""
    site.install(commit)
    site.run("ingest", *DOCUMENTS[:-2])
    site.run("user", "add", "张三", "--role", "admin", typed="一个很长的口令 2026\n")
    fact = json.loads(site.run("review", "--all", "--json").splitlines()[0])["id"]
    site.run("review", "--accept", fact, "--by", "张三")


def whole(store: Path) -> None:
    """Look whether graph, index, records and originals tell of the same documents; raises Unlike."""
    opened = Store.open(store)
    assert opened.generation is not None
    if found := "; ".join(opened.warnings) or wrong(opened.generation):
        raise Unlike(found)


def stayed(before: dict[str, int], after: dict[str, int]) -> str:
    """Return what people left; raises Unlike when any of it is gone."""
    if any(after[name] < count for name, count in before.items()):
        raise Unlike(f"people left {before}, and now there is {after}")
    return ", ".join(f"{name} {count}" for name, count in after.items())


def trial(commit: str, room: Path) -> Iterator[tuple[str, str]]:
    """Upgrade from a commit and go back; yield each step with what was seen. Raises Unlike."""
    site, file = Installation(room), room / "before.tar.gz"
    old(site, commit)
    first, left, form = site.answer(), site.left(), site.form
    yield f"{commit}: two generations", f"format {form}, {stayed(left, left)}"

    site.run("backup", file)
    site.install("HEAD")
    after = site.answer()
    if after["citations"][0]["locator"] != first["citations"][0]["locator"]:
        raise Unlike(f"another clause: {after['citations'][0]}")
    yield "the new program serves", f"same clause; {stayed(left, site.left())}"
    site.run("audit", "--verify")
    told = site.run("ingest", *DOCUMENTS[:-1]).splitlines()
    whole(site.store)
    done = ", ".join(
        f"{word} {sum(line.startswith(word) for line in told)}" for word in ("更新", "新增", "未变")
    )
    yield (
        "and reads in",
        f"{done}; format {site.form}, graph, index and records whole; {stayed(left, site.left())}",
    )

    new = site.form
    site.use(commit)
    refused = site.call("ask", QUESTION["question"])
    if (refused.returncode == 1) != (new != form) or "Traceback" in refused.stderr:
        raise Unlike(f"the old program on format {new}: {refused.returncode} {refused.stderr}")
    yield (
        "the old program on the new store",
        refused.stderr.replace(str(room), "").replace("\n", " ") or "answers: the format is the same",
    )
    if not refused.returncode:
        site.run("ingest", DOCUMENTS[-1])
        site.use("HEAD")
        site.answer()
        whole(site.store)
        yield "the old program reads in, the new one serves", stayed(left, site.left())
        site.use(commit)
    site.run("restore", file)
    if site.answer() != first:
        raise Unlike("the old program does not answer as before")
    yield "restored, the old program serves", f"the answer of before; {stayed(left, site.left())}"


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("commit", nargs="+", help="commits whose programs are the old ones")
    args = parser.parse_args(arguments)
    rows: list[tuple[str, str]] = []
    good = True
    for commit in args.commit:
        with tempfile.TemporaryDirectory(prefix="zhengwen-upgrade-") as room:
            try:
                rows.extend(trial(commit, Path(room)))
            except Unlike as error:
                rows.append((f"{commit}: NOT AS IT SHOULD BE", str(error)))
                good = False
    print(table(("step", "seen"), rows))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
