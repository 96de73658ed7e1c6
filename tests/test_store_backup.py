"""Backup and restore: one file, checked when written and when read."""

import io
import os
import shutil
import tarfile

import pytest

from graph.storage.store import Store, StoreBusy, StoreDamaged, StoreError
from tests.made_records import small_record
from tests.test_store_faults import consistent, files, flip, put


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path / "store")
    put(store, small_record("a"), small_record("b", 5))
    return store


@pytest.mark.parametrize("name", ["all.tar", "all.tar.gz"])
def test_a_backup_restores_into_a_new_place(store, tmp_path, name):
    store.backup(tmp_path / name)
    assert [path.name for path in tmp_path.glob("*all*")] == [name]
    restored = Store.restore(tmp_path / "new", tmp_path / name)
    assert restored.generation.sources == ("a", "b")
    consistent(restored.generation)
    assert sorted(map(str, restored.generation.graph)) == sorted(map(str, store.generation.graph))


def test_restoring_brings_back_an_earlier_state_as_a_new_generation(store, tmp_path):
    store.backup(tmp_path / "b.tar")
    put(store, small_record("c"))
    reader = Store.open(store.path)
    restored = Store.restore(store.path, tmp_path / "b.tar")
    assert restored.generation.sources == ("a", "b")
    assert restored.generation.name == "g000003"
    consistent(reader.generation)
    assert reader.refresh()
    put(restored, small_record("d"))
    consistent(restored.generation)


def test_a_store_damaged_beyond_opening_is_restored(store, tmp_path):
    store.backup(tmp_path / "b.tar")
    for manifest in store.path.rglob("manifest.json"):
        manifest.unlink()
    for path in (store.path / "objects").rglob("*"):
        if path.is_file():
            path.write_bytes(b"")
    with pytest.raises(StoreDamaged):
        Store.open(store.path)
    consistent(Store.restore(store.path, tmp_path / "b.tar").generation)
    assert Store.open(store.path).warnings == ()


def test_a_damaged_backup_is_refused_and_nothing_changes(store, tmp_path):
    store.backup(tmp_path / "good.tar.gz")
    size, refused = (tmp_path / "good.tar.gz").stat().st_size, 0
    for number in range(12):
        bad = tmp_path / "bad.tar.gz"
        bad.write_bytes((tmp_path / "good.tar.gz").read_bytes())
        if number % 3 == 0:
            os.truncate(bad, size * number // 12)
        else:
            flip(bad, number * 1009 + 20)
        target = tmp_path / f"target{number}"
        shutil.copytree(store.path, target)
        before = files(target)
        try:
            # A bit may sit where it does not matter (padding, a date): then all must have come through.
            consistent(Store.restore(target, bad).generation)
        except StoreError:
            refused += 1
            assert [path for path in files(target) if path.name != "LOCK"] == before
        assert Store.open(target).generation.sources == ("a", "b")
    assert refused >= 8


@pytest.mark.parametrize(
    "name", ["parts/../../../evil", "parts//etc/evil", "parts/graph/evil", "parts/evil/x"]
)
def test_members_that_the_manifest_does_not_list_are_refused(store, tmp_path, name):
    store.backup(tmp_path / "b.tar")
    add(tmp_path / "b.tar", name)
    with pytest.raises(StoreError):
        Store.restore(tmp_path / "new", tmp_path / "b.tar")
    assert not list(tmp_path.rglob("evil"))
    assert not list((tmp_path / "new" / "generations").iterdir())


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "evil"])
def test_members_outside_the_known_folders_are_left_alone(store, tmp_path, name):
    store.backup(tmp_path / "b.tar")
    add(tmp_path / "b.tar", name)
    consistent(Store.restore(tmp_path / "new", tmp_path / "b.tar").generation)
    assert not list(tmp_path.rglob("evil"))


def add(path, name):
    with tarfile.open(path, "a") as archive:
        member = tarfile.TarInfo(name)
        member.size = 4
        archive.addfile(member, io.BytesIO(b"evil"))


def test_links_in_a_backup_are_refused(store, tmp_path):
    store.backup(tmp_path / "b.tar")
    with tarfile.open(tmp_path / "b.tar", "a") as archive:
        member = tarfile.TarInfo("parts/graph/link")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(member)
    with pytest.raises(StoreError, match="不是本程序"):
        Store.restore(tmp_path / "new", tmp_path / "b.tar")


def test_other_files_are_no_backups(store, tmp_path):
    (tmp_path / "x.tar").write_text("nothing")
    for name in ("x.tar", "missing.tar"):
        with pytest.raises(StoreError):
            Store.restore(store.path, tmp_path / name)
    with pytest.raises(StoreError, match="空的"):
        Store.open(tmp_path / "empty").backup(tmp_path / "y.tar")
    assert not (tmp_path / "y.tar").exists()


def test_restoring_waits_for_no_writer(store, tmp_path):
    store.backup(tmp_path / "b.tar")
    with store.write(), pytest.raises(StoreBusy):
        Store.restore(store.path, tmp_path / "b.tar")
