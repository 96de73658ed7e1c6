"""Counts and times of requests, as the text that Prometheus reads (exposition format 0.0.4)."""

import os
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LIMITS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds
_AREAS = (
    ("/v1/", "assistant"),
    ("/api/v1/ask", "ask"),
    ("/ask", "ask"),
    ("/batch/gradio_api/run/predict", "ask"),
    ("/api/v1/search", "search"),
    ("/api/v1/documents", "writing"),
    ("/api/v1/", "reading"),
    ("/sparql", "sparql"),
    ("/desk", "desk"),
    ("/documents", "pages"),
    ("/duties", "pages"),
    ("/guide/", "pages"),
    ("/admin", "admin"),
    ("/sign-", "admin"),
    ("/batch/assets/", "files"),
    ("/batch/static/", "files"),
    ("/zw/", "files"),
)


class Metrics:
    """Requests by area of the service and status; no address, question or name is kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._within: Counter[tuple[str, float]] = Counter()
        self._seconds: Counter[str] = Counter()
        self._gauges: dict[str, tuple[str, Callable[[], float]]] = {"process_resident_memory_bytes": (
            "Resident memory size in bytes.", _resident,
        )}  # fmt: skip

    def gauge(self, name: str, about: str, read: Callable[[], float]) -> None:
        """Have a number told as it is when it is asked for."""
        self._gauges[name] = about, read

    def count(self, path: str, status: int, seconds: float) -> None:
        """Count one request that was answered with `status` after `seconds`."""
        area = next((name for start, name in _AREAS if path.startswith(start)), "other")
        with self._lock:
            self._requests[area, status] += 1
            self._seconds[area] += seconds  # type: ignore[assignment]  # a Counter adds floats as well
            for limit in _LIMITS:
                if seconds <= limit:
                    self._within[area, limit] += 1

    def text(self) -> str:
        """Return everything counted since the start."""
        with self._lock:
            requests, within, seconds = dict(self._requests), dict(self._within), dict(self._seconds)
        lines = ["# TYPE zhengwen_requests_total counter"]
        for (area, status), number in sorted(requests.items()):
            lines.append(f'zhengwen_requests_total{{area="{area}",status="{status}"}} {number}')
        lines.append("# TYPE zhengwen_request_seconds histogram")
        for area in sorted(seconds):
            total = sum(number for (name, _), number in requests.items() if name == area)
            for limit in _LIMITS:
                number = within.get((area, limit), 0)
                lines.append(f'zhengwen_request_seconds_bucket{{area="{area}",le="{limit}"}} {number}')
            lines.append(f'zhengwen_request_seconds_bucket{{area="{area}",le="+Inf"}} {total}')
            lines.append(f'zhengwen_request_seconds_sum{{area="{area}"}} {seconds[area]:.6f}')
            lines.append(f'zhengwen_request_seconds_count{{area="{area}"}} {total}')
        for name, (about, read) in self._gauges.items():
            lines += [f"# HELP {name} {about}", f"# TYPE {name} gauge", f"{name} {read():g}"]
        return "\n".join(lines) + "\n"


def _resident() -> float:
    with Path("/proc/self/statm").open() as file:
        return int(file.read().split()[1]) * float(os.sysconf("SC_PAGE_SIZE"))
