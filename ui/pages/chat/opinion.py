"""What the reader thought of an answer: 有用 or 没用, and why; sent by ask.feedback.js."""

import json
from html import escape

from qa.model import Answer

REASONS = ("答非所问", "数字不对", "过期了", "看不懂")
MOST = 200  # characters of the free text


def form(answer: Answer, *, key: str) -> str:
    """Return the two buttons, and what 没用 opens."""
    cited = json.dumps([f"{c.source} {c.locator}" for c in answer.citations[:20]], ensure_ascii=False)
    asked = escape(answer.resolved or answer.question)
    reasons = "".join(
        f"<label><input type='radio' name='why-{key}' value='{why}'> {why}</label>" for why in REASONS
    )
    about = f"data-question='{asked}' data-status='{answer.status}' data-cited='{escape(cited)}'"
    opens = f"aria-expanded='false' aria-controls='why-{key}'"
    return (
        f"<form class='zw-opinion' {about}>"
        "<div role='group' aria-label='这个回答有用吗？'><span aria-hidden='true'>这个回答有用吗？</span>"
        "<button type='button' data-useful='yes' aria-pressed='false'>有用</button>"
        f"<button type='button' data-useful='no' aria-pressed='false' {opens}>没用</button></div>"
        f"<fieldset id='why-{key}' hidden><legend>哪里不好？</legend><div class='zw-reasons'>{reasons}</div>"
        f"<label for='more-{key}'>补充说明（可不填，至多 {MOST} 字）</label>"
        f"<textarea id='more-{key}' maxlength='{MOST}' rows='2' aria-describedby='hint-{key}'></textarea>"
        f"<p class='zw-hint' id='hint-{key}'>请不要写姓名、电话、身份证号等个人信息。</p>"
        "<button type='submit' class='zw-copy'>提交</button></fieldset>"
        "<p class='zw-thanks' role='status'></p></form>"
    )
