"""The doors that a graph may lie behind, for tests that hold for each of them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph.quadstores.client import Place
from graph.quadstores.door import Quadstore, StaleGraph
from graph.quadstores.embedded import Embedded
from graph.quadstores.server import Server
from graph.storage.generations import Generation
from graph.storage.store import Store
from tests.standard_server import standard_server
from tests.virtuoso import clear, present, virtuoso


@dataclass(frozen=True)
class Doors:
    """Opens stores behind one door, which holds the graph of one store at a time."""

    quads: Quadstore
    place: Place | None = None

    def open(self, path: Path) -> Store:
        """Open a store; a server is emptied first when the store is new."""
        if self.place and not (path / "CURRENT").exists():
            clear(self.place)
        return Store.open(path, quads=self.quads)

    def lend(self, store: Store) -> Generation:
        """Return the store's generation with its graph there, whatever another store left."""
        assert store.generation is not None
        try:
            store.generation.graph.check()
        except StaleGraph:
            with store.write() as draft:
                draft.rebuild()
        return store.generation


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A Virtuoso for the whole run; missing it is an error in CI, a loud skip elsewhere."""
    if not present():
        message = "virtuoso-t is missing: make test installs it (scripts/virtuoso.sh)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as place:
        yield place


@pytest.fixture(scope="session")
def standard() -> Iterator[Place]:
    """A server that keeps to the book."""
    with standard_server() as place:
        yield place


@pytest.fixture(scope="module", params=["embedded", "virtuoso", "standard"])
def doors(request: pytest.FixtureRequest) -> Doors:
    """Each door in turn."""
    if request.param == "embedded":
        return Doors(Embedded())
    place = request.getfixturevalue("server" if request.param == "virtuoso" else "standard")
    return Doors(Server(place), place)


@contextmanager
def environment(patch: pytest.MonkeyPatch, place: Place) -> Iterator[None]:
    """Let the settings name this server."""
    values = {"": place.query, "_DATA": place.data, "_USER": place.user, "_PASSWORD": place.password}
    with patch.context() as within:
        for name, value in values.items():
            within.setenv(f"ZHENGWEN_GRAPH{name}", value)
        yield
