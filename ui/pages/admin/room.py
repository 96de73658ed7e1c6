"""The frame of every page of 管理: the tabs, who is signed in, and the token that forms bring back."""

from dataclasses import dataclass
from typing import Any

from fastapi.responses import HTMLResponse

from ui.frame import page, templates
from ui.ledger.accounts import ROLES, Account, Role
from ui.ledger.database import local_time
from ui.versions import number


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of 管理; it is shown to those who may open it."""

    path: str
    title: str
    role: Role = "editor"


TABS = (
    Tab("/admin", "概览"),
    Tab("/admin/upload", "上传"),
    Tab("/admin/review", "核对"),
    Tab("/admin/generations", "版本"),
    Tab("/admin/feedback", "反馈"),
    Tab("/admin/users", "用户与密钥", "admin"),
    Tab("/admin/audit", "操作记录", "admin"),
)


_NOTICES = {
    "password": "密码已改，原来的登录都已失效。",
    "user-add": "账号已建好。",
    "user-remove": "账号已删除。",
    "key-revoke": "密钥已停用。",
}


def view(template: str, account: Account, tab: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page of 管理: its template extends ``admin/frame.html`` and fills the block ``content``.

    `tab` is the path of the tab it belongs to. The template gets `account` and `csrf` besides `values`.
    """
    return page(
        template, status, here="/admin", tab=tab, account=account, csrf=account.csrf,
        tabs=[row for row in TABS if account.may(row.role)], roles=ROLES, **values,
    )  # fmt: skip


def install() -> None:
    """Make the filters of these pages known to the templates."""
    templates().filters.update(local_time=local_time, version=number)


def notice(done: str) -> str:
    """Return what a page says after a deed; `done` is the deed's name in the audit log."""
    return _NOTICES.get(done, "")
