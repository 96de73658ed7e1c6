"""The dense index on disk: its rows are those of what is there, and files once written never change."""

import gc
import hashlib
import weakref
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import segments
from qa.segments import Owned

DIMENSIONS = 16
NAMES = tuple("abcdefghij")


def owned(source: str, rows: int, seed: int = 0) -> Owned:
    vectors = np.random.default_rng([ord(source[0]), rows, seed]).normal(size=(rows, DIMENSIONS))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Owned(source, vectors.astype(np.float16), tuple(f"{source}/{row // 2}" for row in range(rows)))


def update(folder: Path, *added: Owned, removed: frozenset[str] = frozenset(), by: str = "m") -> None:
    gone = {document.source for document in added} | removed
    segments.update(folder, by, DIMENSIONS, removed=gone, added=added)


def living(folder: Path) -> dict[str, tuple[bytes, list[str]]]:
    found = {}
    for segment, gone in segments.segments(folder):
        for source in segment.sources:
            if source not in gone:
                assert source not in found, "a document stands in two segments"
                start, end = segment.span(source)
                found[source] = np.asarray(segment.vectors[start:end]).tobytes(), list(segment.owners(source))
    return found


def prints(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


steps = st.lists(
    st.tuples(st.dictionaries(st.sampled_from(NAMES), st.integers(1, 9)), st.sets(st.sampled_from(NAMES))),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(steps=steps)
def test_rows_are_those_of_what_is_there(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[dict[str, int], set[str]]]
) -> None:
    folder = tmp_path_factory.mktemp("segments") / "dense"
    held: dict[str, Owned] = {}
    update(folder)
    for turn, (added, removed) in enumerate(steps):
        fresh = [owned(source, rows, turn) for source, rows in added.items()]
        before = prints(folder)
        update(folder, *fresh, removed=frozenset(removed))
        held = {s: d for s, d in held.items() if s not in removed} | {d.source: d for d in fresh}
        after = prints(folder)
        shared = (before.keys() & after.keys()) - {"index.json"}
        assert all(before[name] == after[name] for name in shared), "a written file was changed"
    assert living(folder) == {s: (d.vectors.tobytes(), list(d.owners)) for s, d in held.items()}
    assert len(segments.segments(folder)) < segments.TOGETHER * 2
    assert not [path for path in folder.iterdir() if path.suffix in (".part", ".new")]


def test_one_document_more_writes_one_document(tmp_path: Path) -> None:
    update(tmp_path, *(owned(name, 400) for name in NAMES))
    large = {name for name in prints(tmp_path) if name != "index.json"}
    update(tmp_path, owned("z", 3))
    added = [path for path in tmp_path.iterdir() if path.name not in {*large, "index.json"}]
    assert sum(path.stat().st_size for path in added) < 3 * DIMENSIONS * 2 + 400
    assert large <= {path.name for path in tmp_path.iterdir()}


def test_many_small_segments_become_one(tmp_path: Path) -> None:
    for turn in range(40):
        update(tmp_path, owned(NAMES[turn % 10] + str(turn), 3, turn))
        assert len(segments.segments(tmp_path)) < segments.TOGETHER
    assert len(living(tmp_path)) == 40


def test_a_segment_half_of_which_is_gone_is_written_anew(tmp_path: Path) -> None:
    update(tmp_path, *(owned(name, 4) for name in NAMES))
    update(tmp_path, removed=frozenset(NAMES[:4]))
    (segment, gone), *others = segments.segments(tmp_path)
    assert (len(segment.vectors), gone, others) == (40, frozenset(NAMES[:4]), [])
    update(tmp_path, removed=frozenset(NAMES[:5]))
    (segment, gone), *others = segments.segments(tmp_path)
    assert (len(segment.vectors), gone, others) == (20, frozenset(), [])


def test_an_index_made_by_another_model_is_begun_anew(tmp_path: Path) -> None:
    update(tmp_path, owned("a", 4))
    update(tmp_path, owned("b", 4), by="other")
    assert segments.made_by(tmp_path) == "other"
    assert set(living(tmp_path)) == {"b"}


def test_a_large_segment_is_searched_by_its_coarse_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "COARSE_ROWS", 4000)
    documents = [owned(name, 500) for name in NAMES]
    update(tmp_path, *documents)
    assert list(tmp_path.glob("*.faiss"))
    (segment, _), *_ = segments.segments(tmp_path)
    rows = np.concatenate([document.vectors for document in documents]).astype(np.float32)
    asked = rows[::50]
    hits = 0
    for vector in asked:
        found = segment.nearest(vector, 10)
        exact = np.argsort(-(rows @ vector), kind="stable")[:10]
        hits += len({row for row, _ in found} & set(exact.tolist()))
        assert found[0][1] == pytest.approx(1.0, abs=2e-3)
        assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert hits > 0.7 * 10 * len(asked)  # two bytes a row; a real one has a byte for eight numbers


@given(st.integers(1, 900), st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_the_cosine_of_a_row_is_the_same_whatever_stands_beside_it(rows: int, seed: int) -> None:
    """Else documents that say the same would change places with the number of the machine's cores."""
    held = owned("a", rows, seed).vectors
    vector = held[-1].astype(np.float32)
    found = segments.cosines(held, vector)
    assert found == pytest.approx(held.astype(np.float64) @ vector, abs=1e-5)
    assert [segments.cosines(held[at : at + 1], vector)[0] for at in range(rows)] == found.tolist()


def test_generations_share_what_they_have_open(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    update(old, owned("a", 4))
    new.mkdir()
    for path in old.iterdir():
        (new / path.name).hardlink_to(path)
    (mine, _), *_ = segments.segments(old)
    update(new, owned("b", 4))
    assert segments.segments(new)[0][0] is mine
    assert set(living(old)) == {"a"}


def test_a_segment_is_closed_with_its_last_user(tmp_path: Path) -> None:
    """A service takes up generation after generation: none may wait for the garbage collector."""
    update(tmp_path / "dense", owned("a", 3))
    gc.disable()
    try:
        ((segment, _),) = segments.segments(tmp_path / "dense")
        assert segment.owners("a")
        left = weakref.ref(segment)
        del segment
        assert left() is None
    finally:
        gc.enable()
