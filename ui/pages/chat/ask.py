"""问政策: the citizen's chat page. Gradio holds the conversation; the cards are HTML of our own."""

import logging
from datetime import date
from html import escape
from secrets import token_hex
from typing import Any

import gradio as gr

from ui.doors import Provider
from ui.pages.chat import cards
from ui.settings import Settings

_EVERYWHERE = "全部地区"
_CONTEXT = 6  # earlier questions passed on; older ones no longer say what "there" means
_DEFECT = "服务出了错，已经记录。请稍后再问，或拨打 12345。"
_CAVEAT = "回答依据所列条款给出，以文件原文和主管单位的解释为准。"
_LOG = logging.getLogger(__name__)


def build(library: Provider, settings: Settings) -> None:
    """Lay out the page inside the open Blocks and wire its events."""

    def answer(question: str, place: str, asked: list[str]) -> tuple[Any, ...]:
        question = (question or "").strip()
        if not question:
            return gr.skip(), gr.skip(), gr.skip()
        key = token_hex(4)
        if len(question) > settings.question_limit:
            told = f"问题超过 {settings.question_limit} 字，请拆成几个短问题再问。"
            return cards.failure(question[:60] + "…", told, key=key), "", asked
        try:
            opened = library()
            where = place if place in opened.jurisdictions() else None
            found = opened.ask(question, context=asked[-_CONTEXT:], as_of=date.today(), jurisdiction=where)
            card = cards.turn(question, found, opened, key=key)
        except Exception:  # noqa: BLE001  whoever asked must be told, whatever went wrong
            _LOG.exception("a question could not be answered")
            card = cards.failure(question, _DEFECT, key=key)
        return card, "", [*asked, question]

    def greet(chosen: str) -> tuple[Any, str]:
        opened = library()  # the store may have changed since the page was laid out
        known = list(opened.jurisdictions())
        update = gr.update(choices=[_EVERYWHERE, *known])
        if chosen in known:  # else the value stays: somebody may have chosen before this arrives
            update["value"] = chosen
        return update, _welcome(opened.examples())

    gr.HTML(_header(settings.title), elem_id="zw-header", apply_default_css=False)
    choices = [_EVERYWHERE, *library().jurisdictions()]
    place = gr.Dropdown(choices, value=_EVERYWHERE, label="所在地区", elem_id="zw-place", filterable=False)
    remembered = gr.BrowserState(_EVERYWHERE, storage_key="zw-place", secret="not a secret")  # noqa: S106
    welcome = gr.HTML(_welcome(library().examples()), elem_id="zw-log", apply_default_css=False)
    inbox = gr.HTML("", elem_id="zw-inbox", apply_default_css=False)  # ask.js takes the cards from here
    with gr.Row(elem_id="zw-composer"):
        box = gr.Textbox(
            label="您的问题", show_label=False, container=False, placeholder="在这里写下您的问题",
            lines=1, max_lines=4, elem_id="zw-box",
            html_attributes=gr.InputHTMLAttributes(enterkeyhint="send", autocomplete="off"),
        )  # fmt: skip
        send = gr.Button("提问", variant="primary", elem_id="zw-send")
    gr.HTML(f"<p class='zw-foot'>{_CAVEAT}</p>", apply_default_css=False)
    asked = gr.State([])
    quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    gr.on([box.submit, send.click], answer, [box, place, asked], [inbox, box, asked], **quiet)
    place.input(lambda chosen: chosen, place, remembered, **quiet)
    page: Any = gr.context.Context.root_block
    page.load(greet, remembered, [place, welcome], **quiet)


def _header(title: str) -> str:
    return (
        f"<header class='zw-head'><h1>{escape(title)}</h1>"
        "<p>用平常的话问，按政策文件的条款答，原文随时可看。</p></header>"
    )


def _welcome(examples: Any) -> str:
    return (
        "<section class='zw-welcome'><h2>想问什么？</h2>"
        "<p>奖励、补贴、减免多少，找哪个单位，什么时候截止，都可以直接问。</p>"
        f"{cards.chips(examples, label='可以这样问')}</section>"
    )
