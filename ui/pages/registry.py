"""The pages of the service, in the order of the navigation. A new page is one module and one row."""

from collections.abc import Callable
from dataclasses import dataclass

from ui.doors import Provider
from ui.pages.chat import ask
from ui.settings import Settings


@dataclass(frozen=True, slots=True)
class Page:
    """A web page: its path without the leading slash, its title, and what lays it out in open Blocks."""

    path: str
    title: str
    build: Callable[[Provider, Settings], None]


PAGES: tuple[Page, ...] = (Page("", "问政策", ask.build),)
