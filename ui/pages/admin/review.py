"""核对: doubtful facts one after the other, decisions on them, and what the program did not find."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from graph.review.changing import FIELDS
from graph.review.corrections import CorrectionError
from graph.review.desk import Row
from graph.review.keys import KINDS, Kind, facts
from graph.review.keys import printed as printed_words
from graph.storage.durable import StoreError
from ui.http.signing import Refused, audited, signed_in
from ui.ledger.accounts import Account
from ui.pages.admin.deciding import Queue, Taken, Wanted, alike, save
from ui.pages.admin.room import view
from ui.pages.chat.clauses import marked
from ui.review import add, said, shown, told
from ui.service import Service
from ui.times import now

_HERE = "/admin/review"
_PAGE = 20
_MOST = 200  # decisions that are saved at once


class DecisionIn(BaseModel):
    """A decision as the page's script sends it."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(max_length=400)
    action: Literal["accept", "change", "reject", "withdraw"]
    seen: int = Field(0, ge=0)
    fields: dict[str, str] = Field(default_factory=dict, max_length=20)


def router(service: Service) -> APIRouter:
    """Return the pages below ``/admin/review``."""
    routes = APIRouter(include_in_schema=False)
    person = signed_in(service)
    Signed = Annotated[Account, Depends(person)]  # noqa: N806 – a type
    queue = Queue()

    @routes.get(_HERE)
    def review(
        account: Signed, source: str = "", kind: str = "", skip: int = 0, saved: str = "", wrong: str = ""
    ) -> Response:
        generation = service.generation()
        rows = queue.rows(generation, source, kind)
        here = rows[max(0, skip) :][:_PAGE]
        return view(
            "admin/review.html", account, _HERE, source=source, kind=kind, skip=max(0, skip), saved=saved,
            wrong=wrong, facts=list(_cards(here, rows)),
            left=len(rows), page=_PAGE, decided=queue.decided(generation),
            counts=_titled(generation.record, queue.counts(generation)), kinds=said().kinds,
            all=sum(queue.counts(generation).values()),
        )  # fmt: skip

    @routes.post(_HERE)
    async def decide(request: Request, account: Signed) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        return await _plain(service, account, form)

    @routes.post(_HERE + "/decisions")
    def decide_many(given: Annotated[list[DecisionIn], Field(max_length=_MOST)], account: Signed) -> Response:
        wanted = [Wanted(row.id, row.action, row.seen, row.fields) for row in given]
        try:
            taken = _saved(service, account, wanted)
        except StoreError as error:
            return JSONResponse({"what": error.what, "remedy": error.remedy}, status_code=409)
        return JSONResponse([{"id": row.id, "state": row.state, "told": row.told} for row in taken])

    @routes.get(_HERE + "/clause")
    def clause(account: Signed, source: str, locator: str = "") -> Response:
        return _clause(service, account, source, locator)

    @routes.post(_HERE + "/clause")
    def add_missed(
        account: Signed, source: Annotated[str, Form()], locator: Annotated[str, Form()],
        kind: Annotated[Literal["duty", "quantity"], Form()], words: Annotated[str, Form()] = "",
        role: Annotated[str, Form()] = "", recipient: Annotated[str, Form()] = "",
    ) -> Response:  # fmt: skip
        if not words.strip():
            return _clause(service, account, source, locator, "没有写漏读的文字")
        fields = {"role": role} if kind == "duty" and role else {}
        if kind == "quantity":
            fields = {name: value for name, value in (("role", role), ("recipient", recipient)) if value}
        try:
            with audited(service, account, "add", f"{source} {locator}", words.strip()):
                add(
                    service.settings,
                    source,
                    locator,
                    kind,
                    words,
                    by=account.name,
                    on=_today(),
                    fields=fields,
                )
        except (CorrectionError, StoreError) as error:
            return _clause(service, account, source, locator, f"{error.what}。{error.remedy}")
        return _clause(service, account, source, locator, done=f"已补充“{words.strip()}”，回答从现在起用它")

    return routes


async def _plain(service: Service, account: Account, form: Mapping[str, str]) -> Response:
    """Take the decision of a form sent without the script."""
    action, ident = form.get("action", ""), form.get("id", "")
    fields = dict(_changed(form)) if action == "change" else {}
    back = "&".join(f"{name}={_quoted(form.get(name, ''))}" for name in ("source", "kind", "skip"))
    back = f"{_HERE}?{back}"
    if action not in ("accept", "change", "reject", "withdraw", "accept-alike"):
        raise Refused(422, "没有选决定", "按“确认”“改正”或“驳回”")
    if action == "change" and not fields:
        return RedirectResponse(f"{back}&wrong={_quoted('没有改动，没有存')}", status_code=303)
    ids = form.get("alike", "").split() if action == "accept-alike" else [ident]
    verb: Any = "accept" if action == "accept-alike" else action
    wanted = [Wanted(row, verb, 1 if verb == "withdraw" else 0, fields) for row in ids[:_MOST]]
    try:
        taken = await run_in_threadpool(_saved, service, account, wanted)
    except StoreError as error:
        return RedirectResponse(f"{back}&wrong={_quoted(f'{error.what}。{error.remedy}')}", status_code=303)
    wrong = next((row.told for row in taken if row.state != "saved"), "")
    count = sum(row.state == "saved" for row in taken)
    return RedirectResponse(f"{back}&saved={count}&wrong={_quoted(wrong)}", status_code=303)


def _saved(service: Service, account: Account, wanted: Sequence[Wanted]) -> list[Taken]:
    """Take decisions and write each into the audit log."""
    service.ledger.audit.ready()
    taken = save(service.settings, wanted, by=account.name, on=_today())
    for row, done in zip(wanted, taken, strict=True):
        outcome = "done" if done.state == "saved" else "refused"
        detail = "，".join(f"{name}={value}" for name, value in row.fields.items()) or done.told
        service.ledger.audit.write(account.name, row.action, subject=row.id, outcome=outcome, detail=detail)
    return taken


def _cards(rows: Sequence[Row], all_rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Yield what the template shows of each fact."""
    same = alike(all_rows)
    for row in rows:
        yield {
            "row": row,
            "kind": said().kinds[row.kind],
            "told": told(row.fact),
            "sentence": Markup(marked(row.sentence, [printed_words(row.fact)])),  # noqa: S704 – it escapes
            "fields": list(_fields(row)),
            "alike": same[row.id],
        }


def _fields(row: Row) -> Iterator[tuple[str, str, str, list[tuple[str, str]]]]:
    """Yield name, label, value and (where it is closed) the choices of each field that may be changed."""
    for name, closed in FIELDS[row.kind].items():
        value = getattr(row.fact, name)
        choices = [(word, shown(word) if word else "（无）") for word in closed]
        yield name, said().fields[name], "" if value is None else str(value), choices


def _changed(form: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the fields of a form that differ from what they were when the page was made."""
    for name, value in form.items():
        if name.startswith("new-") and value.strip() != form.get("old-" + name[4:], "").strip():
            yield name[4:], value.strip()


def _titled(record: Any, counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    return [(name, record(name).policy.title, count) for name, count in counts.items()]


def _clause(
    service: Service, account: Account, source: str, locator: str, wrong: str = "", done: str = ""
) -> Response:
    """A clause with all that was read in it, and a form for what was not."""
    generation = service.generation()
    if source not in generation:
        raise Refused(404, "没有这份文件", "可能已被删去，请回到核对页")
    record = generation.record(source)
    clauses = record.policy.clauses
    chosen = next((row for row in clauses if row.locator == locator), clauses[0] if clauses else None)
    found = [] if chosen is None else [
        (kind, fact) for kind, fact in _read(record) if fact.evidence.locator == chosen.locator
    ]  # fmt: skip
    words = [printed_words(fact) for kind, fact in found if kind in ("duty", "quantity")]
    body = Markup(marked(_text(record.policy.text, chosen) if chosen else "", words))  # noqa: S704 – it escapes
    return view(
        "admin/review_clause.html", account, _HERE, 422 if wrong else 200, policy=record.policy,
        source=source, clause=chosen, body=body, facts=[(said().kinds[k], told(f)) for k, f in found],
        uses={kind: [(w, shown(w)) for w in FIELDS[kind]["role"]] for kind in ("duty", "quantity")},
        wrong=wrong, done=done,
    )  # fmt: skip


def _text(text: str, clause: Any) -> str:
    """Return what a clause prints: its running text and, below, its lists of units."""
    return "\n".join(filter(None, (clause.text, *(unit.of(text) for unit in clause.units))))


def _read(record: Any) -> Iterator[tuple[Kind, Any]]:
    for kind in KINDS:
        yield from ((kind, fact) for fact in facts(record, kind))


def _today() -> str:
    return now().date().isoformat()


def _quoted(text: str) -> str:
    return quote(text, safe="")
