"""Documents' N-Quads on their way to the graph: a few wait in memory, many in a file without a name."""

from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

_IN_MEMORY = 4_000_000  # bytes


class Spool:
    """N-Quads by document; what was put last counts. A file on disk ends with the process that made it."""

    def __init__(self, folder: Path) -> None:
        """`folder` is where the file will lie."""
        self._file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(  # noqa: SIM115 – see `close`
            max_size=_IN_MEMORY, dir=str(folder)
        )
        self._at: dict[str, tuple[int, int]] = {}  # where each document's begin, and how many bytes, in order
        self._end = 0
        self.size = 0  # bytes that count

    def __contains__(self, source: object) -> bool:
        return source in self._at

    @property
    def sources(self) -> tuple[str, ...]:
        """The documents, in the order in which they were put."""
        return tuple(self._at)

    def put(self, source: str, quads: bytes) -> None:
        """Keep a document's N-Quads; each of their lines is ended."""
        self.drop(source)
        self._file.seek(self._end)
        self._file.write(quads)
        self._at[source] = self._end, len(quads)
        self._end += len(quads)
        self.size += len(quads)

    def drop(self, source: str) -> None:
        """Forget a document's N-Quads, if there are any."""
        self.size -= self._at.pop(source, (0, 0))[1]

    def get(self, source: str) -> bytes:
        """Return a document's N-Quads."""
        at, size = self._at[source]
        self._file.seek(at)
        return self._file.read(size)

    def whole(self) -> IO[bytes]:
        """Return all N-Quads as one stream, to be read before anything else is put."""
        if self.size < self._end:  # some do not count any more: the others move up
            self._end = 0
            for source in self.sources:
                self.put(source, self.get(source))
            self._file.truncate(self._end)
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Let go of everything."""
        self._file.close()
