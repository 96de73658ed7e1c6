"""批量试问: many questions at once, one a line, and a table of the answers. Gradio lays it out."""

from datetime import date
from typing import Any

import gradio as gr

from qa.model import Answer
from ui import words
from ui.doors import Provider
from ui.settings import Settings

MOST = 50  # questions at a time; each takes some milliseconds, and others wait meanwhile
TITLE = "批量试问"
_COLUMNS = ("问题", "结果", "回答", "依据")
_WIDTHS = ("20%", "12%", "43%", "25%")
_EVERYWHERE = "全部地区"


def build(library: Provider, settings: Settings) -> Any:
    """Return the page, as Gradio's Blocks."""

    def answered(text: str, place: str) -> tuple[list[list[str]], str]:
        asked = [line.strip() for line in text.splitlines() if line.strip()]
        opened, longest = library(), settings.question_limit
        known = place if place in opened.jurisdictions() else None
        rows = []
        for question in asked[:MOST]:
            if len(question) > longest:
                rows.append([question[:60] + "…", "没有问", f"问题超过 {longest} 字", ""])
            else:
                rows.append(_row(opened.ask(question, as_of=date.today(), jurisdiction=known)))
        left = len(asked) - len(rows)
        return rows, f"共 {len(rows)} 问" + (f"，后面 {left} 问没有问：一次至多 {MOST} 问" if left else "")

    def places() -> gr.Dropdown:
        return gr.Dropdown([_EVERYWHERE, *library().jurisdictions()], value=_EVERYWHERE)

    with gr.Blocks(title=TITLE, analytics_enabled=False) as page:
        gr.Markdown(f"# {TITLE}\n一行一问，一次至多 {MOST} 问；各问互不相干。结果可以复制到表格里。")
        box = gr.Textbox(label="问题", lines=8, max_lines=16)
        place = gr.Dropdown([_EVERYWHERE], value=_EVERYWHERE, label="所在地区")
        send = gr.Button("提问", variant="primary")
        told = gr.Markdown()
        table = gr.Dataframe(
            headers=list(_COLUMNS), label="回答", interactive=False, wrap=True, column_widths=list(_WIDTHS)
        )
        send.click(
            answered,
            [box, place],
            [table, told],
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )
        page.load(places, None, place, queue=False, show_progress="hidden", api_visibility="private")
    return page


def _row(answer: Answer) -> list[str]:
    cited = "\n".join(f"《{c.policy}》{c.locator}" for c in answer.citations)
    return [answer.question, words.STATUS[answer.status], answer.answer, cited]
