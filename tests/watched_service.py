"""The service with every file that Python opens written down: python -m tests.watched_service STORE LIST."""

import os
import sys
from pathlib import Path

from ui.app import create_app, serve
from ui.settings import Settings

_FILES = ("open", "os.listdir", "os.scandir", "os.remove", "os.rename", "os.mkdir", "shutil.rmtree")
_OUTWARD = ("subprocess.Popen", "os.system", "os.exec", "socket.connect", "socket.getaddrinfo")

if __name__ == "__main__":
    store, told = sys.argv[1:]
    listing = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        """Write down what is opened, run or connected to."""
        if event in _FILES:
            what = arguments[0]
            path = os.fsdecode(what) if isinstance(what, str | bytes | os.PathLike) else ""
            if path:
                os.write(listing, f"{event}\t{path}\n".encode("utf-8", "replace"))
        elif event in _OUTWARD:
            os.write(listing, f"{event}\t!{arguments[0]}\n".encode("utf-8", "replace"))

    sys.addaudithook(watch)
    settings = Settings(store=Path(store), port=0)
    serve(lambda: create_app(settings), settings)
