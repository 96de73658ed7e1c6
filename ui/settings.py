"""Settings, read once from the environment (``ZHENGWEN_*``) and passed on as values."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from graph.storage.durable import KEEP
from qa.milvus.server import parse

_PREFIX = "ZHENGWEN_"
_HOST = re.compile(r"\*|(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_ORIGIN = re.compile(r"\*|https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")
Network = IPv4Network | IPv6Network


def _listed(value: Any) -> Any:
    """Split what an environment variable lists with commas or blanks; nothing listed is None."""
    if not isinstance(value, str):
        return value
    return tuple(part for part in re.split(r"[,，\s]+", value) if part) or None


def _host(name: str) -> str:
    if not _HOST.fullmatch(name.lower()):
        raise PydanticCustomError(
            "host", "里的“{name}”不是主机名，写成 zw.example.gov.cn 的样子", {"name": name}
        )
    return name.lower()


def _origin(name: str) -> str:
    if not _ORIGIN.fullmatch(name.lower()):
        raise PydanticCustomError(
            "origin", "里的“{name}”不是来源，写成 https://zw.example.gov.cn 的样子", {"name": name}
        )
    return name.lower()


def _network(name: Any) -> Any:
    try:
        return ip_network(name)
    except ValueError:
        raise PydanticCustomError(
            "network", "里的“{name}”不是网段，写成 10.0.0.0/8 的样子", {"name": str(name)}
        ) from None


_Hosts = Annotated[
    tuple[Annotated[str, BeforeValidator(_host)], ...] | None, NoDecode, BeforeValidator(_listed)
]
_Origins = Annotated[
    tuple[Annotated[str, BeforeValidator(_origin)], ...] | None, NoDecode, BeforeValidator(_listed)
]


def _index(setting: str | None) -> str | None:
    if setting is not None:
        try:
            parse(setting)
        except ValueError:
            raise PydanticCustomError(
                "index", "不是索引服务器的地址，写成 milvus:http://127.0.0.1:19530 或 milvus:文件.db 的样子"
            ) from None
    return setting


_Networks = Annotated[
    tuple[Annotated[Network, BeforeValidator(_network)], ...] | None, NoDecode, BeforeValidator(_listed)
]


class SettingsError(Exception):
    """A setting with a value that cannot be used: says which, why, and what to do (in Chinese)."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}。{remedy}")
        self.what, self.remedy = what, remedy


class Settings(BaseSettings):
    """What the operator of a service may set; each field is an environment variable.

    `store` is the folder of the knowledge store, `model` another sentence-transformers model
    (a folder or a name; None takes the bundled one), `api_key` opens the writing endpoints
    (None keeps them shut), `question_limit` is in characters, `body_limit` and
    `upload_limit` (documents sent in with the key) in bytes, `sparql_seconds` the time a query may run.
    `workers` is where many documents are read (ui.intake.workers.chosen).
    `graph` is the query address of a SPARQL 1.1 server that holds the graph (None: it lies in the store),
    `graph_data` its address of the Graph Store HTTP Protocol, `graph_user` and `graph_password` who writes
    there; graph.quadstores.choice reads these four itself.
    `keep` is the number of generations of the store that are left to go back to (the current one counts).
    `fetch_private` lets `ingest` fetch addresses of an inner network. `ledger` is the file of accounts and
    records (None: in the store's folder), `https` tells that a proxy in front speaks https, `log` writes a
    line for each request to standard error.

    Against misuse: `rate` is how many requests an address may send in a minute (0: any number), `proxies`
    the networks whose X-Forwarded-For is believed, `hosts` further names of this service, `cors_origins`
    whose pages may call the API, `concurrency` how many questions are worked on at once and `queue` how
    many may wait, `read_seconds` how long a client may take to send a request. `assistant_key` is asked
    for by /v1 (None: open).

    `index` names the Milvus server that is searched instead of files in the store's folder (docs/scaling.md).
    """

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="ignore")

    store: Path = Path("store")
    model: str | None = None
    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(7860, ge=0, le=65535)
    api_key: SecretStr | None = Field(None, min_length=16)
    title: str = Field("问政策", min_length=1, max_length=20)
    question_limit: int = Field(500, ge=20, le=10_000)
    body_limit: int = Field(1_000_000, ge=10_000)
    upload_limit: int = Field(50_000_000, ge=10_000)
    fetch_private: bool = False
    workers: str | None = None
    keep: int = Field(KEEP, ge=1, le=1000)
    graph: str | None = None
    graph_data: str | None = None
    graph_user: str | None = None
    graph_password: SecretStr | None = None
    sparql_seconds: float = Field(5.0, gt=0, le=600)
    ledger: Path | None = None
    https: bool = False
    log: bool = False
    rate: int = Field(600, ge=0, le=1_000_000)
    proxies: _Networks = None
    hosts: _Hosts = None
    cors_origins: _Origins = None
    concurrency: int = Field(8, ge=1, le=64)
    queue: int = Field(200, ge=0, le=10_000)
    read_seconds: float = Field(30.0, gt=0, le=600)
    assistant_key: SecretStr | None = Field(None, min_length=16)
    index: Annotated[str | None, AfterValidator(_index)] = None

    @property
    def ledger_file(self) -> Path:
        """The file of accounts and records."""
        return self.ledger or self.store / "service.sqlite3"

    @field_validator(
        "model",
        "api_key",
        "ledger",
        "assistant_key",
        "index",
        "graph",
        "graph_data",
        "graph_user",
        "graph_password",
        mode="before",
    )
    @classmethod
    def _blank_is_none(cls, value: Any) -> Any:
        """Read an empty variable as not set, which is what a line ``ZHENGWEN_MODEL=`` means."""
        return None if isinstance(value, str) and not value.strip() else value


def read_settings(**overrides: Any) -> Settings:
    """Return the settings of this process; `overrides` that are not None win (command line).

    Raises SettingsError naming the variable, its value's fault, and what to write instead.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        raise _explain(error) from None


_FAULTS = {
    "int_parsing": "不是整数",
    "float_parsing": "不是数字",
    "bool_parsing": "应为 1 或 0",
    "greater_than": "太小，应大于 {gt}",
    "greater_than_equal": "太小，不能小于 {ge}",
    "less_than_equal": "太大，不能大于 {le}",
    "too_short": "太短，至少 {min_length} 个字符",
    "string_too_short": "太短，至少 {min_length} 个字符",
    "string_too_long": "太长，至多 {max_length} 个字符",
}


def _explain(error: ValidationError) -> SettingsError:
    """Tell the first fault in words; the value itself is left out where it may be a secret."""
    fault = error.errors(include_url=False)[0]
    name = _PREFIX + str(fault["loc"][0]).upper()
    reason = _FAULTS.get(fault["type"], fault["msg"]).format(**fault.get("ctx", {}))
    hidden = fault["type"] in ("host", "origin", "network", "index")
    shown = "" if hidden or "KEY" in name or "PASSWORD" in name else f"“{fault['input']}”"
    return SettingsError(f"设置 {name} 的值{shown}{reason}", f"请改正环境变量 {name}，或删去它以使用默认值")
