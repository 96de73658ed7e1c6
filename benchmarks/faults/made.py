"""What every fault is tried on: documents of our own by seed, and what must hold of a store afterwards."""

import random
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from graph.rdf.triples import triples
from graph.storage.durable import StoreError
from graph.storage.generations import Generation
from qa.segments import segments

SUBJECTS = ("养殖", "纺织", "软件", "物流", "旅游", "制茶", "竹编", "光伏")
UNITS = ("县财政局", "县统计局", "县商务局", "县科技局", "县税务局", "县林业局")


@dataclass
class Row:
    """One line of the table; `hit` counts the runs in which the fault really struck or was told."""

    fault: str
    runs: int = 0
    hit: int = 0
    old: int = 0
    new: int = 0
    failures: list[str] = field(default_factory=list)
    lost: int = 0
    note: str = ""


def document(seed: int) -> str:
    """Return a made-up measure of eight clauses."""
    chance = random.Random(seed)
    lines = [f"样县关于扶持{chance.choice(SUBJECTS)}行业的办法（第{seed}号）", ""]
    for number, numeral in enumerate("一二三四五六七八", 1):
        lead, *others = chance.sample(UNITS, 3)
        lines += [
            f"{numeral}、{chance.choice(SUBJECTS)}扶持之{number}",
            f"对新办的{chance.choice(SUBJECTS)}店铺给予{chance.randrange(1, 90)}万元补助，每店限一次。",
            f"牵头单位：{lead}",
            f"责任单位：{'、'.join(others)}",
        ]
    return "\n".join(lines) + "\n"


def write_documents(folder: Path, numbers: range) -> set[str]:
    """Write made-up documents into a folder; return their short names."""
    folder.mkdir(parents=True)
    for number in numbers:
        (folder / f"made{number:03d}.txt").write_text(document(number), encoding="utf-8")
    return {f"made{number:03d}" for number in numbers}


def wrong(generation: Generation) -> str:
    """Say what does not fit together in a generation; empty when it is whole."""
    expected = {str(quad) for source in generation.sources for quad in triples(generation.record(source))}
    if set(map(str, generation.graph)) != expected:
        return "graph and records differ"
    for source in generation.sources:
        generation.original(source)
    indexed = {
        s for segment, gone in segments(generation.part("dense")) for s in segment.sources if s not in gone
    }
    if differ := indexed ^ set(generation.sources):
        return f"index and records differ: {sorted(differ)}"
    return "; ".join(map(str, generation.damage()))


def wrong_or_error(generation: Generation) -> bool:
    """Say whether a generation is not whole, or cannot even be read."""
    try:
        return bool(wrong(generation))
    except (StoreError, OSError, ValueError):
        return True


def zhengwen(*words: str | Path) -> list[str]:
    """Return the command line of the program."""
    return [sys.executable, "-m", "ui.cli", *map(str, words)]


def run_whole(command: list[str]) -> None:
    """Run a command undisturbed."""
    subprocess.run(command, check=True, capture_output=True)


def table(rows: list[Row]) -> str:
    """Return the table in Markdown."""
    lines = [
        "| fault | runs | struck | old state | new state | documents lost | failures |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {r.fault} | {r.runs} | {r.hit} | {r.old or '–'} | {r.new or '–'} | {r.lost} | {len(r.failures)} |"
        for r in rows
    ]
    return "\n".join(lines)
