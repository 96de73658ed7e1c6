"""A service of its own for a measurement, in a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def serving(store: Path, **settings: str) -> Iterator[str]:
    """Serve `store` with these ``ZHENGWEN_*`` settings on a free port; give the address."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    environment |= {f"ZHENGWEN_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "ui.cli", "serve", "--port", "0", "--store", str(store)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, "the service does not start"
            yield found.group()
        finally:
            process.terminate()
            process.wait(timeout=20)
