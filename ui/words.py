"""Chinese words for the closed vocabularies, shared by the terminal and the pages."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from qa.figurewords import GIVEN
from qa.model import Validity

VALIDITY: Mapping[str, str] = MappingProxyType(
    {"in_force": "有效", "expired": "已过期", "draft": "征求意见稿，尚未生效", "unknown": "文件未写明有效期"}
)
ROLES: Mapping[str, str] = MappingProxyType(
    {"lead": "牵头", "responsible": "责任", "support": "配合", "oversight": "监督"}
)
STATUS: Mapping[str, str] = MappingProxyType(
    {
        "answered": "有答案",
        "no_figure": "文件提到此事，但没有写明",
        "no_basis": "没有找到依据",
        "clarify": "请先选择",
    }
)
POLICY_STATUS: Mapping[str, str] = MappingProxyType(
    {"issued": "已印发", "draft": "征求意见稿", "repealed": "已废止"}
)
SEVERITY: Mapping[str, str] = MappingProxyType({"error": "错误", "warning": "警告", "note": "提示"})
FIGURES: Mapping[str, str] = MappingProxyType(
    {
        **GIVEN,
        "threshold": "门槛",
        "limit": "限定",
        "target": "目标",
        "deadline": "期限",
        "funding_share": "分担比例",
        "valid_period": "执行期",
        "valid_until": "执行到",
    }
)
NO_LEAD = "文件未明确牵头单位"
GIST = "编者要点（非原文）"


def validity_line(validity: Validity) -> str:
    """Say in one line whether a measure is in force, until when, and why."""
    dates = ""
    if validity.valid_from and validity.until:
        dates = f"{validity.valid_from} 至 {validity.until}"
    elif validity.until:
        dates = f"至 {validity.until}"
    elif validity.valid_from:
        dates = f"自 {validity.valid_from} 起"
    state = "" if validity.state == "draft" and "征求意见" in validity.note else VALIDITY[validity.state]
    return "；".join(part for part in (state, dates, validity.note.rstrip("。")) if part)


def listed(units: Sequence[str]) -> str:
    """Return units in their order, as a document lists them."""
    return "、".join(units)
