"""The tools of 政问 for assistants that speak the Model Context Protocol (extra ``mcp``).

Each gives what the HTTP API gives, in the same shape, with the clause word for word. Nothing is written.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from graph.storage.durable import StoreError
from ui.doors import Provider
from ui.http.comparing import ComparisonOut, comparison_out
from ui.settings import Settings
from ui.wire import AnswerOut, HitOut, UnitOut, answer_out, hit_out, unit_out

_ABOUT = (
    "政问就地方政府的政策文件回答问题。回答只来自库里的文件，每个回答附有逐字引用的条款（citations[].quote）。"
    "转述时请照录数字和单位名称，注明文件和条款位置；status 为 no_basis 时库里没有依据，请不要自己补充。"
)
_MOST = 30  # places in a comparison
_READING = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
Result = TypeVar("Result")

Words = Annotated[
    str, Field(min_length=1, description="日常的话，写全一句，最好带地名，如 鲁山县小升规奖励多少？")
]
Place = Annotated[str | None, Field(max_length=50, description="问题里没有地名时看哪个地方，如 鲁山县")]
Day = Annotated[
    str | None,
    Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="以哪一天为准判断是否有效，如 2022-07-15；默认今天"),
]


def server(library: Provider, settings: Settings, version: str) -> MCPServer:
    """Return the server with its tools; `library` is called anew for each use."""
    made = MCPServer("zhengwen", title="政问", instructions=_ABOUT, version=version, log_level="WARNING")

    def tool(title: str) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
        return made.tool(title=title, annotations=_READING, structured_output=True)

    @tool("提问")
    def ask(
        question: Words,
        context: Annotated[
            list[str] | None, Field(max_length=20, description="这次对话里先问过的话，早的在前")
        ] = None,
        as_of: Day = None,
        jurisdiction: Place = None,
    ) -> AnswerOut:
        """就政策文件提问：金额、条件、期限、牵头和责任单位、清单、计数、是否有效，得到有条款依据的回答。"""
        with _explained():
            answer = library().ask(
                _checked(question, settings),
                context=tuple(_checked(text, settings) for text in context or ()),
                as_of=_day(as_of),
                jurisdiction=jurisdiction,
            )
        return answer_out(answer)

    @tool("查找条款")
    def search(
        query: Annotated[str, Field(min_length=1, description="要找的话")],
        jurisdiction: Place = None,
        limit: Annotated[int, Field(ge=1, le=100, description="至多几条")] = 10,
    ) -> list[HitOut]:
        """按相关程度列出条款：文件、位置、标题、开头的话。要全文和依据时，用 ask 提问。"""
        with _explained():
            found = library().search(_checked(query, settings), jurisdiction=jurisdiction, limit=limit)
        return [hit_out(hit) for hit in found]

    @tool("单位职责")
    def unit(
        name: Annotated[str, Field(min_length=1, max_length=100, description="单位名称，如 鲁山县财政局")],
    ) -> UnitOut:
        """列出一个单位牵头、负责、配合的全部条款；清单是完整的，total 是条数。"""
        with _explained():
            view = library().unit(name)
        if view is None:
            raise ToolError(f"没有单位 {name}，或不止一个。写上区县，如 鲁山县财政局。")
        return unit_out(view)

    @tool("几个地方并列")
    def compare(
        topic: Annotated[str, Field(min_length=1, description="要比较的事，如 首次入规奖励")],
        jurisdictions: Annotated[
            list[str] | None, Field(max_length=_MOST, description="哪些地方；不写则是库里的全部")
        ] = None,
        as_of: Day = None,
    ) -> ComparisonOut:
        """把几个地方对同一件事的规定并列，一个地方一行，附条款；没有规定的地方照实写明。"""
        with _explained():
            opened, when = library(), _day(as_of)
            places = jurisdictions or list(opened.jurisdictions())
            if len(places) > _MOST:
                raise ToolError(f"地方超过 {_MOST} 个，请用 jurisdictions 指明。")
            return comparison_out(opened.compare(_checked(topic, settings), places, as_of=when), when)

    return made


@contextmanager
def _explained() -> Iterator[None]:
    """Tell an error of the store to the assistant in words."""
    try:
        yield
    except StoreError as error:
        raise ToolError(f"{error.what}。{error.remedy}。") from error


def _checked(text: str, settings: Settings) -> str:
    text = text.strip()
    if not text:
        raise ToolError("问题是空的，写一句完整的话再问。")
    if len(text) > settings.question_limit:
        raise ToolError(f"超过 {settings.question_limit} 字，拆成几个短问题再问。")
    return text


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise ToolError(f"“{text}”不是日期，写成 2022-07-15 的样子。") from None
