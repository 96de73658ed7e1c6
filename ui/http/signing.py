"""Who is asking, and may they: sessions for pages, keys for programs, and what keeps strangers' forms out.

A state is changed only by a request that bears a program's key, or a session's cookie together with the
token that its own pages bear (``csrf`` in a form, ``X-CSRF-Token`` in a header), sent by a page of this host.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from ui.frame import page
from ui.http.journal import name_account, request_id
from ui.http.problems import ProblemError, problem
from ui.ledger.accounts import ROLES, Account, Role
from ui.ledger.database import LedgerError
from ui.ledger.sessions import ABSOLUTE
from ui.service import Service

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
HOME = "/admin"


class SignInNeeded(Exception):  # noqa: N818  an answer, not a defect
    """A page for people who signed in; `path` is where they wanted to go."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Refused(Exception):  # noqa: N818  as above
    """A page or form that is refused: status, what is wrong, what to do (Chinese)."""

    def __init__(self, status: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.status, self.what, self.remedy = status, what, remedy


def signed_in(service: Service, role: Role = "editor") -> Callable[..., object]:
    """Return what a page depends on: gives the Account, else leads to ``/sign-in``.

    A form that changes something is refused without its token; put ``account.csrf`` into a hidden
    field ``csrf``, or into the header ``X-CSRF-Token`` of a fetch.
    """

    async def person(request: Request) -> Account:
        account = await run_in_threadpool(_session, service, request)
        if account is None:
            raise SignInNeeded(_wanted(request))
        if request.method not in _READING:
            fault = _foreign(request) or await _unmarked(request, account)
            if fault:
                raise Refused(403, fault, "回到原来的页面，刷新后再试")
        if not account.may(role):
            raise Refused(403, f"这一页要{ROLES[role]}才能用", "请管理员来做，或换一个账号登录")
        return account

    return person


def require(service: Service, role: Role = "editor") -> Callable[..., object]:
    """Return what an endpoint of the API depends on: gives the Account of a key or of a session."""
    bearer = HTTPBearer(auto_error=False, description="密钥：ZHENGWEN_API_KEY，或 zhengwen user key 所给的")
    Given = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]  # noqa: N806  a type

    async def allowed(request: Request, given: Given) -> Account:
        if given:
            account = await run_in_threadpool(_program, service, given.credentials)
        else:
            account = await run_in_threadpool(_person, service, request)
            if request.method not in _READING:
                fault = _foreign(request) or await _unmarked(request, account)
                if fault:
                    raise ProblemError(403, fault, "用请求头 X-CSRF-Token 带上页面里的值")
        if not account.may(role):
            raise ProblemError(403, f"要{ROLES[role]}的权限", "换用有权限的账号或密钥")
        return account

    return allowed


@contextmanager
def audited(
    service: Service, account: Account, action: str, subject: str, detail: str = ""
) -> Iterator[Callable[[str, str], None]]:
    """Log a deed with its outcome; nothing is done where the log cannot be written (LedgerError).

    Gives a function that says subject and detail better once they are known.
    """
    service.ledger.audit.ready()
    told = [subject, detail]

    def note(subject: str, detail: str = "") -> None:
        told[:] = [subject, detail]

    outcome = "failed"
    try:
        yield note
        outcome = "done"
    finally:
        service.ledger.audit.write(
            account.name, action, subject=told[0], outcome=outcome, detail=told[1], request=request_id()
        )


def begin(service: Service, request: Request, response: Response, account: Account) -> None:
    """Start a new session; one that the browser had is ended."""
    leave(service, request, response)
    token = service.ledger.sessions.begin(account)
    secure = _secure(service, request)
    response.set_cookie(
        _cookie(secure=secure), token, max_age=int(ABSOLUTE.total_seconds()),
        path="/", httponly=True, samesite="lax", secure=secure,
    )  # fmt: skip


def leave(service: Service, request: Request, response: Response) -> None:
    """End the browser's session, if it has one."""
    secure = _secure(service, request)
    token = request.cookies.get(_cookie(secure=secure))
    if token:
        service.ledger.sessions.end(token)
        response.delete_cookie(_cookie(secure=secure), path="/", httponly=True, samesite="lax", secure=secure)


def local(path: str) -> str:
    """Return `path` if it is one of this host, else the first page of administration."""
    parts = urlsplit(path)
    fine = path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable() and "\\" not in path
    return path if fine and not parts.scheme and not parts.netloc else HOME


def foreign(request: Request) -> bool:
    """Tell whether a request that changes something was sent by a page of another host."""
    return bool(_foreign(request))


def install(api: FastAPI) -> None:
    """Tell people what a page needs or why it is refused."""

    async def sign_in(_request: Request, error: Exception) -> Response:
        assert isinstance(error, SignInNeeded)  # noqa: S101  registered for this class alone
        return RedirectResponse("/sign-in?next=" + quote(error.path, safe=""), status_code=303)

    async def refused(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)  # noqa: S101  registered for this class alone
        return page("admin/refused.html", error.status, here=HOME, what=error.what, remedy=error.remedy)

    async def unreadable(request: Request, error: Exception) -> Response:
        assert isinstance(error, LedgerError)  # noqa: S101  registered for this class alone
        if request.url.path.startswith("/api/"):
            return problem(503, error.what, error.remedy)
        return page("admin/refused.html", 503, here=HOME, what=error.what, remedy=error.remedy)

    api.add_exception_handler(LedgerError, unreadable)
    api.add_exception_handler(SignInNeeded, sign_in)
    api.add_exception_handler(Refused, refused)


def _program(service: Service, shown: str) -> Account:
    key = service.settings.api_key
    if key and secrets.compare_digest(shown.encode("utf-8", "replace"), key.get_secret_value().encode()):
        return _told(Account("ZHENGWEN_API_KEY", "admin", program=True))
    account = service.ledger.keys.find(shown)
    if account is None:
        raise _shut(service, "密钥不对")
    return _told(account)


def _person(service: Service, request: Request) -> Account:
    account = _session(service, request)
    if account is None:
        raise _shut(service, "没有给出密钥")
    return account


def _shut(service: Service, told: str) -> ProblemError:
    ledger = service.ledger
    if service.settings.api_key is None and not ledger.accounts.any() and not ledger.keys.any():
        return ProblemError(403, "没有开放写入", "请管理员建立账号或密钥，或设置 ZHENGWEN_API_KEY")
    return ProblemError(401, told, "用请求头 Authorization: Bearer 密钥")


def _session(service: Service, request: Request) -> Account | None:
    token = request.cookies.get(_cookie(secure=_secure(service, request)))
    account = service.ledger.sessions.find(token) if token else None
    return _told(account) if account is not None else None


def _told(account: Account) -> Account:
    name_account(account.name)
    return account


def _secure(service: Service, request: Request) -> bool:
    return service.settings.https or request.url.scheme == "https"


def _cookie(*, secure: bool) -> str:
    # A browser takes a __Host- cookie only over https, for this host alone and for all its paths.
    return "__Host-zhengwen" if secure else "zhengwen"


def _wanted(request: Request) -> str:
    if request.method not in _READING:
        return HOME
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _foreign(request: Request) -> str:
    """Return why a request was not sent by a page of this host, or nothing."""
    told = "请求来自别的网站"
    site = request.headers.get("sec-fetch-site")  # sent over https and to the own machine
    if site is not None:
        return "" if site in ("same-origin", "none") else told
    origin = request.headers.get("origin")
    return told if origin is not None and urlsplit(origin).netloc != request.headers.get("host") else ""


async def _unmarked(request: Request, account: Account) -> str:
    """Return why a request does not bear the token of the session, or nothing."""
    shown = request.headers.get("x-csrf-token")
    if shown is None and request.headers.get("content-type", "").startswith(_FORMS):
        value = (await request.form()).get("csrf")
        shown = value if isinstance(value, str) else None
    given, wanted = (shown or "").encode("utf-8", "replace"), account.csrf.encode()
    return "" if secrets.compare_digest(given, wanted) else "这一页已过期"
