"""Opening what a command or the service works on, with errors told as refusals."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from typing import TYPE_CHECKING

from ui.doors import Library
from ui.refusal import Refusal
from ui.settings import Settings, SettingsError, read_settings

if TYPE_CHECKING:  # imported by the commands that need it
    from graph.storage.generations import Generation
    from graph.storage.store import Store


def settings_of(args: argparse.Namespace) -> Settings:
    """Return the settings with the options of the command line; raise Refusal for a bad value."""
    try:
        settings = read_settings(
            store=args.store, host=getattr(args, "host", None), port=getattr(args, "port", None)
        )
    except SettingsError as error:
        raise Refusal(error.what, error.remedy, status=2) from error
    if settings.index:
        from qa.index import choose

        choose(settings.index)
    return settings


def open_library(settings: Settings) -> Library:
    """Open the knowledge of the store; an empty one gets the bundled knowledge, stale indexes are renewed."""
    from qa.library import Library as Opened
    from qa.library import StaleIndexError

    _furnish(settings)
    try:
        return Opened.open(settings.store, model=settings.model)
    except StaleIndexError as stale:  # after an upgrade, or with another ZHENGWEN_MODEL
        from ui.intake import start

        print(f"{stale.what}，正在重新建立……", file=sys.stderr, flush=True)
        start(settings.store, model=settings.model, keep=settings.keep)
        return Opened.open(settings.store, model=settings.model)


def _furnish(settings: Settings) -> None:
    """Put the bundled knowledge into a store that has nothing yet."""
    from graph.storage.store import Store

    if Store.open(settings.store, budget=0).generation is None:
        from ui.intake import start

        start(settings.store, model=settings.model, keep=settings.keep)


def open_generation(settings: Settings) -> "Generation":
    """Return the current generation of the store; raise Refusal where nothing was read in yet."""
    from graph.storage.store import Store

    with store_explained():
        _furnish(settings)
        return current(Store.open(settings.store))


def current(store: "Store") -> "Generation":
    """Return the store's current generation; raise StoreError where nothing was read in yet."""
    from graph.storage.durable import StoreError

    if store.generation is None:
        raise StoreError("还没有文件", store.path, "先用 zhengwen ingest 读入文件")
    return store.generation


def person() -> str:
    """Return who runs this command, for the store's journal; empty where the system does not say."""
    try:
        return getuser()
    except (OSError, KeyError):
        return ""


@contextmanager
def store_explained() -> Iterator[None]:
    """Turn an error of the store or of the embedding model into a Refusal."""
    from graph.storage.durable import StoreError
    from qa.encoder import EncoderError

    try:
        yield
    except StoreError as error:
        raise Refusal(f"{error.where}：{error.what}", error.remedy) from error
    except EncoderError as error:
        raise Refusal(f"语义模型装不上（{error}）", "检查 ZHENGWEN_MODEL，或去掉它改用自带的模型") from error
