"""A service of its own for a measurement, in a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Running:
    """A service that answers at `address`."""

    address: str
    process: int

    def worked(self) -> float:
        """Return the seconds of processor that it has taken since its start, all threads together (Linux)."""
        counts = Path(f"/proc/{self.process}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(counts[11]) + int(counts[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(store: Path, **settings: str) -> Iterator[Running]:
    """Serve `store` with these ``ZHENGWEN_*`` settings on a free port."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    environment |= {f"ZHENGWEN_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "ui.cli", "serve", "--port", "0", "--store", str(store)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, "the service does not start"
            yield Running(found.group(), process.pid)
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def serving(store: Path, **settings: str) -> Iterator[str]:
    """Serve as `running` does; give the address alone."""
    with running(store, **settings) as service:
        yield service.address
