"""Answers in the form of OpenAI's chat completions, for programs that know no other: ``/v1``.

No language model stands behind it. The last user message is the question, the user messages before it are
the context; system messages and what an assistant said before are not read. The reply is the same checked
answer as that of ``/api/v1/ask``: its text with the clauses as footnotes, the clauses as ``citations``, and
the whole of it as ``zhengwen``.
"""

import json
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from qa.text import display
from ui.doors import Provider
from ui.http.problems import ProblemError, day
from ui.settings import Settings
from ui.wire import AnswerOut, CitationOut, answer_out

MODEL = "zhengwen"
_FOOTNOTES = 10  # clauses quoted below the text; all of them are in `citations`
_CONTEXT = 20
_PIECE = 40  # characters of a streamed piece
_EVENTS = "text/event-stream"


class _In(BaseModel):
    model_config = ConfigDict(extra="ignore")


class PartIn(_In):
    """A part of a message; only text is read."""

    type: str = Field(description="text; others are not read")
    text: str = Field("", description="The text")


class MessageIn(_In):
    """A message of the conversation; what users say is read, nothing else."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"] = Field(
        description="Who speaks"
    )
    content: str | list[PartIn] | None = Field(None, description="What is said")

    def said(self) -> str:
        """Return the text of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text").strip()
        return (self.content or "").strip()


class StreamOptions(_In):
    """How a streamed reply ends."""

    include_usage: bool = Field(False, description="Numbers in a piece of their own at the end")


class FormatIn(_In):
    """The format of the text; only plain text is given."""

    type: Literal["text"] = Field(description="text")


class ChatIn(_In):
    """A conversation; fields that steer a language model are accepted and mean nothing here."""

    model: Literal["zhengwen"] = Field(description="zhengwen")
    messages: list[MessageIn] = Field(min_length=1, max_length=1000, description="Oldest first")
    stream: bool | None = Field(None, description="The reply in pieces, as server-sent events")
    stream_options: StreamOptions | None = Field(None, description="How a streamed reply ends")
    n: Literal[1] | None = Field(None, description="One reply; there is no other")
    response_format: FormatIn | None = Field(None, description="The format of the text")
    as_of: str | None = Field(
        None,
        pattern=r"^\d{4}-\d{2}-\d{2}$",
        description="Day for which validity is told; default today",
        json_schema_extra={"format": "date"},
    )
    jurisdiction: str | None = Field(
        None, max_length=50, description="Place to take when the question names none"
    )


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class MessageOut(_Out):
    """The reply."""

    role: Literal["assistant"] = Field(default="assistant", description="assistant")
    content: str = Field(description="The answer, Markdown, with the clauses as footnotes")
    refusal: None = Field(default=None, description="null: a refusal is an answer like any other")


class ChoiceOut(_Out):
    """The only choice."""

    index: int = Field(default=0, description="0")
    message: MessageOut
    finish_reason: Literal["stop"] = Field(default="stop", description="stop")
    logprobs: None = Field(default=None, description="null")


class UsageOut(_Out):
    """Sizes; a token is a character here."""

    prompt_tokens: int = Field(description="Characters of the question and its context")
    completion_tokens: int = Field(description="Characters of the reply")
    total_tokens: int = Field(description="Both")


class ChatOut(_Out):
    """A reply in the form of OpenAI's chat completions, with the whole answer beside it."""

    id: str = Field(description="Made for this reply")
    object: Literal["chat.completion"] = Field(default="chat.completion", description="chat.completion")
    created: int = Field(description="Seconds since 1970")
    model: str = Field(description="zhengwen")
    system_fingerprint: str = Field(description="The store's generation")
    choices: list[ChoiceOut] = Field(description="One")
    usage: UsageOut
    citations: list[CitationOut] = Field(description="The clauses that the answer stands on")
    zhengwen: AnswerOut = Field(description="The answer as /api/v1/ask gives it")


class ModelOut(_Out):
    """The only model."""

    id: str = Field(description="zhengwen")
    object: Literal["model"] = Field(default="model", description="model")
    created: int = Field(default=0, description="0")
    owned_by: str = Field(default=MODEL, description="zhengwen")


class ModelsOut(_Out):
    """The list of models."""

    object: Literal["list"] = Field(default="list", description="list")
    data: list[ModelOut] = Field(description="One")


def router(library: Provider, settings: Settings) -> APIRouter:
    """Return the endpoints; with ZHENGWEN_ASSISTANT_KEY they ask for it."""
    routes = APIRouter(prefix="/v1", tags=["助手"], dependencies=[Depends(_allowed(settings))])

    @routes.post(
        "/chat/completions",
        summary="一段对话的回答（OpenAI 的格式）",
        response_model=ChatOut,
        responses={200: {"content": {_EVENTS: {"schema": {"type": "string"}}}}},
    )
    def complete(asked: ChatIn) -> Any:
        question, context = _question(asked.messages, settings.question_limit)
        opened = library()
        answer = answer_out(
            opened.ask(
                question,
                context=context,
                as_of=day(asked.as_of) or date.today(),
                jurisdiction=asked.jurisdiction or None,
            )
        )
        reply = _reply(answer, sum(map(len, (*context, question))), opened.generation)
        if not asked.stream:
            return reply
        usage = asked.stream_options is not None and asked.stream_options.include_usage
        return StreamingResponse(_pieces(reply, usage=usage), media_type=_EVENTS)

    @routes.get("/models", summary="可选的模型：只有一个")
    def models() -> ModelsOut:
        return ModelsOut(data=[ModelOut(id=MODEL)])

    @routes.get("/models/{model}", summary="一个模型")
    def model(model: Annotated[str, Path(description="zhengwen")]) -> ModelOut:
        if model != MODEL:
            raise ProblemError(404, f"没有模型 {model}", f"用 {MODEL}")
        return ModelOut(id=MODEL)

    return routes


def _allowed(settings: Settings) -> Callable[..., None]:
    bearer = HTTPBearer(auto_error=False, scheme_name="AssistantKey", description="ZHENGWEN_ASSISTANT_KEY")

    def allowed(given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> None:
        key = settings.assistant_key
        shown = given.credentials.encode() if given else b""
        if key and not secrets.compare_digest(shown, key.get_secret_value().encode()):
            raise ProblemError(401, "密钥不对", "用请求头 Authorization: Bearer 密钥")

    return allowed


def _question(messages: Sequence[MessageIn], limit: int) -> tuple[str, tuple[str, ...]]:
    """Return the last thing that the user says, and what the user said before; raise ProblemError."""
    said = [message.said() for message in messages if message.role == "user"]
    if not said or not said[-1]:
        raise ProblemError(400, "没有问题：最后一条用户消息是空的，或没有用户消息", "写一句完整的话再问")
    if len(said[-1]) > limit:
        raise ProblemError(400, f"问题超过 {limit} 字", "拆成几个短问题再问")
    earlier = [text for text in said[:-1] if 0 < len(text) <= limit]
    return said[-1], tuple(earlier[-_CONTEXT:])


def _reply(answer: AnswerOut, asked: int, generation: str) -> ChatOut:
    text = "\n\n".join([answer.answer, *_footnotes(answer.citations)])
    return ChatOut(
        id=f"chatcmpl-{secrets.token_hex(12)}",
        created=int(time.time()),
        model=MODEL,
        system_fingerprint=generation,
        choices=[ChoiceOut(message=MessageOut(content=text))],
        usage=UsageOut(prompt_tokens=asked, completion_tokens=len(text), total_tokens=asked + len(text)),
        citations=answer.citations,
        zhengwen=answer,
    )


def _footnotes(citations: Sequence[CitationOut]) -> list[str]:
    """Return the clauses word for word (line breaks of print left out), each with its place."""
    if not citations:
        return []
    lines = [f"[{number}] {_footnote(each)}" for number, each in enumerate(citations[:_FOOTNOTES], 1)]
    left = len(citations) - _FOOTNOTES
    return ["依据：", *lines, *([f"另有 {left} 条，见 citations。"] if left > 0 else [])]


def _footnote(citation: CitationOut) -> str:
    number = f"（{citation.number}）" if citation.number else ""
    place = f"《{citation.policy}》{number} {citation.locator} {citation.title}".rstrip()
    if citation.quote:
        return f"{place}：“{display(citation.quote)}”"
    return f"{place}：{citation.gist}（编者要点，非原文）" if citation.gist else place


async def _pieces(reply: ChatOut, *, usage: bool) -> AsyncIterator[str]:
    """Yield the reply as server-sent events; the clauses come with the last piece."""
    head = reply.model_dump(include={"id", "created", "model", "system_fingerprint"})
    head["object"] = "chat.completion.chunk"
    content = reply.choices[0].message.content

    def event(delta: dict[str, str], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _event({**head, "choices": [choice], **more})

    yield event({"role": "assistant", "content": ""})
    for start in range(0, len(content), _PIECE):
        yield event({"content": content[start : start + _PIECE]})
    whole = reply.model_dump(mode="json", by_alias=True, include={"citations", "zhengwen"})
    yield event({}, "stop", **whole)
    if usage:
        yield _event({**head, "choices": [], "usage": reply.usage.model_dump()})
    yield "data: [DONE]\n\n"


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
