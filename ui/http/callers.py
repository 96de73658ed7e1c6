"""Who calls, and by which name: addresses behind trusted proxies, and the Host header."""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

from ui.settings import Network, Settings

_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  compared with, not listened on
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


class Callers:
    """Tells the caller's address and whether the name that was called is ours."""

    def __init__(self, settings: Settings) -> None:
        self._proxies: tuple[Network, ...] = settings.proxies or ()
        names = {"localhost", *(settings.hosts or ())}
        if settings.host in _EVERYWHERE:
            names |= {socket.gethostname().lower(), socket.gethostname().lower().partition(".")[0]}
        else:
            names.add(settings.host.lower())
        self._names = frozenset(name for name in names if not name.startswith("*."))
        self._tails = tuple(name[1:] for name in names if name.startswith("*."))

    def known(self, host: str | None) -> bool:
        """Say whether a Host header names this service; an address always does.

        A page of another site can make a browser call us by its own name (DNS rebinding), never by an
        address. HTTP/1.0 sends no Host.
        """
        if host is None or "*" in self._names:
            return True
        name = _without_port(host).lower().rstrip(".")
        return name in self._names or name.endswith(self._tails) or _address(name.strip("[]")) is not None

    def placed(self, scope: Scope) -> Scope:
        """Return the scope with the caller's own address and scheme where a trusted proxy tells them."""
        peer = scope.get("client")
        if not peer or not self._trusted(peer[0]):
            return {**scope}
        headers = Headers(scope=scope)
        placed = {**scope, "client": (self._behind(peer[0], headers.getlist("x-forwarded-for")), 0)}
        if headers.get("x-forwarded-proto", "").strip().lower() in ("http", "https"):
            placed["scheme"] = headers["x-forwarded-proto"].strip().lower()
        return placed

    def exempt(self, scope: Scope) -> bool:
        """Say whether the caller is a program of this machine itself, and none that speaks for others."""
        peer = scope.get("client")
        address = _address(peer[0]) if peer else None
        headers = Headers(scope=scope)
        return address is not None and address.is_loopback and not any(name in headers for name in _FORWARDED)

    def _behind(self, peer: str, lists: Sequence[str]) -> str:
        """Return the last address of the chain that no trusted proxy wrote of itself."""
        found = peer
        for written in reversed(",".join(lists).split(",")):
            address = _address(written.strip())
            if address is None:
                break
            found = str(address)
            if not self._trusted(found):
                break
        return found

    def _trusted(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self._proxies)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        read = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (read.ipv4_mapped or read) if isinstance(read, IPv6Address) else read


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
