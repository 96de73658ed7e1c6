"""The whole service over the small invented library: python -m tests.small_service STORE [PORT]."""

import sys
from pathlib import Path

from tests.small_library import SmallLibrary
from ui.app import create_app, serve
from ui.settings import Settings

if __name__ == "__main__":
    library = SmallLibrary()
    settings = Settings(store=Path(sys.argv[1]), port=int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    serve(lambda: create_app(settings, lambda: library), settings)
