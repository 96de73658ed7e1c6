"""Uvicorn's HTTP/1.1 with an end to its patience: who does not finish the head of a request is cut off.

Uvicorn limits how long a connection may idle between requests, not how long the first bytes of one may
take (slow loris). Bodies are limited by the guard.
"""

import asyncio
import sys
from http import HTTPStatus

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from ui.http.problems import problem

_LINGER = 2.0  # seconds to read on: who is cut off while sending does not see why
_UNREADABLE = problem(400, "请求不合 HTTP 的写法", "检查发送请求的程序")


def patient(seconds: float) -> type[H11Protocol]:
    """Return the protocol; the head of a request may take `seconds`."""

    class Patient(H11Protocol):
        _deadline: asyncio.TimerHandle | None = None
        _shut = False

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._deadline = self.loop.call_later(seconds, self._give_up)

        def data_received(self, data: bytes) -> None:
            if self._shut:
                return
            super().data_received(data)
            waiting = self.conn.their_state is h11.IDLE and not self.transport.is_closing()
            if waiting and self._deadline is None and self.conn.trailing_data[0]:
                self._deadline = self.loop.call_later(seconds, self._give_up)
            elif not waiting:
                self._relax()

        def connection_lost(self, exc: Exception | None) -> None:
            self._relax()
            super().connection_lost(exc)

        def send_400_response(self, msg: str) -> None:  # noqa: ARG002  English, and not what went wrong
            error = sys.exc_info()[1]
            large = getattr(error, "error_status_hint", 400) == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            told = problem(431, "请求头或地址太长", "缩短后再发") if large else _UNREADABLE
            headers = [*told.raw_headers, (b"connection", b"close")]
            for event in (
                h11.Response(status_code=told.status_code, headers=headers),
                h11.Data(data=bytes(told.body)),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
            self._shut = True
            self._relax()
            self.transport.write_eof()
            self.loop.call_later(_LINGER, self.transport.close)

        def _relax(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

        def _give_up(self) -> None:
            self._deadline = None
            self.transport.close()

    return Patient
