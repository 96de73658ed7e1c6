"""问政策: the citizen's chat page. Gradio takes questions and gives cards; the cards are HTML of our own.

The server keeps nothing of a conversation: the page sends the place and the earlier questions along (see
ask.js), so that neither a restart nor a second window mixes anything up.
"""

import logging
from collections.abc import Iterable
from datetime import date
from html import escape
from secrets import token_hex
from typing import Any

import gradio as gr
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ui.doors import Provider
from ui.pages.chat import cards
from ui.settings import Settings

_EVERYWHERE = "全部地区"
_CONTEXT = 6  # earlier questions passed on; older ones no longer say what "there" means
_DEFECT = "服务出了错，已经记录。请稍后再问，或拨打 12345。"
_CAVEAT = "回答依据所列条款给出，以文件原文和主管单位的解释为准。"
_SENT = "(typed) => window.zhengwen ? window.zhengwen.sent(typed) : typed"
_LOG = logging.getLogger(__name__)


class _Sent(BaseModel):
    """What the page sends: the question, the chosen place, the earlier questions, oldest first."""

    model_config = ConfigDict(extra="forbid")

    question: str
    place: str = ""
    earlier: list[str] = Field(default_factory=list, max_length=50)


def build(library: Provider, settings: Settings) -> None:
    """Lay out the page inside the open Blocks and wire its events."""

    def answer(sent: str) -> tuple[Any, ...]:
        asked = _read(sent)
        question = asked.question.strip()
        if not question:
            return gr.skip(), gr.skip()
        key = token_hex(4)
        if len(question) > settings.question_limit:
            told = f"问题超过 {settings.question_limit} 字，请拆成几个短问题再问。"
            return cards.failure(question[:60] + "…", told, key=key), ""
        try:
            opened = library()
            place = asked.place if asked.place in opened.jurisdictions() else None
            earlier = [e for e in asked.earlier if 0 < len(e.strip()) <= settings.question_limit]
            found = opened.ask(question, context=earlier[-_CONTEXT:], as_of=date.today(), jurisdiction=place)
            card = cards.turn(question, found, opened, key=key, place=place)
        except Exception:  # noqa: BLE001  whoever asked must be told, whatever went wrong
            _LOG.exception("a question could not be answered")
            card = cards.failure(question, _DEFECT, key=key)
        return card, ""

    def greet() -> tuple[str, str]:
        opened = library()  # the store may have changed since the page was laid out
        return _where(opened.jurisdictions()), _welcome(opened.examples())

    gr.HTML(_header(settings.title), elem_id="zw-header", apply_default_css=False)
    with gr.Row(elem_id="zw-composer"):
        where = gr.HTML(_where(library().jurisdictions()), elem_id="zw-where", apply_default_css=False)
        box = gr.Textbox(
            label="您的问题", show_label=False, container=False, placeholder="写下您的问题",
            lines=1, max_lines=4, elem_id="zw-box",
            html_attributes=gr.InputHTMLAttributes(enterkeyhint="send", autocomplete="off"),
        )  # fmt: skip
        send = gr.Button("提问", variant="primary", elem_id="zw-send")
    welcome = gr.HTML(_welcome(library().examples()), elem_id="zw-log", apply_default_css=False)
    inbox = gr.HTML("", elem_id="zw-inbox", apply_default_css=False)  # ask.js takes the cards from here
    gr.HTML(f"<p class='zw-foot'>{_CAVEAT}</p>", apply_default_css=False)
    quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    gr.on([box.submit, send.click], answer, box, [inbox, box], js=_SENT, **quiet)
    page: Any = gr.context.Context.root_block
    page.load(greet, None, [where, welcome], **quiet)


def _read(sent: str) -> _Sent:
    try:
        return _Sent.model_validate_json(sent or "")
    except ValidationError:
        return _Sent(question=str(sent or ""))  # without our script: the words alone


def _header(title: str) -> str:
    return (
        f"<header class='zw-head'><h1>{escape(title)}</h1>"
        "<p>用平常的话问，按政策文件的条款答，原文随时可看。</p></header>"
    )


def _where(places: Iterable[str]) -> str:
    options = "".join(f"<option>{escape(place)}</option>" for place in places)
    return (
        "<div class='zw-where'><label for='zw-place'>所在地区</label>"
        f"<select id='zw-place'><option value=''>{_EVERYWHERE}</option>{options}</select>"
        "<button type='button' class='zw-plainbutton' data-clear hidden>清空对话</button></div>"
    )


def _welcome(examples: Iterable[str]) -> str:
    return (
        "<section class='zw-welcome' aria-label='怎样提问'>"
        "<p>奖励、补贴、减免多少，找哪个单位，什么时候截止，都可以直接问。</p>"
        f"{cards.chips(examples, label='可以这样问')}</section>"
    )
