"""A running service as one who signed in sees it: uploads by the form and by the API, questions."""

import http.client
import json
import os
import re
import secrets
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks.faults.made import zhengwen
from ui.ledger import Ledger
from ui.ledger.sessions import csrf

KEY = "a-key-for-the-faults"
_BROKEN = (OSError, http.client.HTTPException)


@dataclass(slots=True)
class Client:
    """One who is signed in by a session of the ledger; `port` is where the service answers now."""

    token: str
    port: int = 0

    def send(self, files: list[tuple[str, bytes]]) -> int:
        """Send files by the form of 管理; return the status, 0 where no answer came."""
        mark = secrets.token_hex(16)
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{csrf(self.token)}\r\n'.encode()
        ]
        for name, data in files:
            head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
            parts.append(head.encode() + data + b"\r\n")
        body = b"".join([*parts, f"--{mark}--\r\n".encode()])
        kind = f"multipart/form-data; boundary={mark}"
        return self._ask("POST", "/admin/upload", body, {"content-type": kind})[0]

    def put(self, name: str, data: bytes) -> int:
        """Send a file by the API; return the status, 0 where no answer came."""
        headers = {"x-api-key": KEY, "content-type": "application/octet-stream"}
        return self._ask("POST", f"/api/v1/documents?name={quote(name)}", data, headers)[0]

    def line(self) -> str | None:
        """Return the line of uploads as the page shows it; None where no answer came."""
        status, body = self._ask("GET", "/admin/upload/line")
        return body.decode() if status == 200 else None

    def ask(self, question: str) -> tuple[int, bytes]:
        """Ask a question; return status and body."""
        body = json.dumps({"question": question}).encode()
        return self._ask("POST", "/api/v1/ask", body, {"content-type": "application/json"})

    def get(self, path: str) -> tuple[int, bytes]:
        """Fetch a page; return status and body."""
        return self._ask("GET", path)

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {"cookie": f"zhengwen={self.token}", **(headers or {})})
            reply = connection.getresponse()
            return reply.status, reply.read()
        except _BROKEN:
            return 0, b""
        finally:
            connection.close()


def signed_in(store: Path) -> Client:
    """Make an account for the service over `store`, and sign it in."""
    ledger = Ledger(store / "service.sqlite3")
    account = ledger.accounts.add("操作员", secrets.token_urlsafe(16), "editor")
    client = Client(ledger.sessions.begin(account))
    ledger.close()
    return client


def start(store: Path, client: Client, **settings: str) -> subprocess.Popen[str]:
    """Start a service over `store` and wait until it answers; tell the client where."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "ZHENGWEN_API_KEY": KEY, "ZHENGWEN_RATE": "0"}
    environment |= {f"ZHENGWEN_{name.upper()}": value for name, value in settings.items()}
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            zhengwen("serve", "--port", "0", "--store", store), env=environment, text=True,
            stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip
        assert process.stdout is not None
        found = re.search(r"http://\S+:(\d+)", process.stdout.readline())
        if found is None:
            process.kill()
            errors.seek(0)
            raise SystemExit(f"the service does not start: {errors.read()}")
    client.port = int(found[1])
    return process


def stop(process: subprocess.Popen[str], *, kill: bool = False) -> None:
    """End a service: in order, or as a fault does."""
    process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
    process.wait(30)
    assert process.stdout is not None
    process.stdout.close()
