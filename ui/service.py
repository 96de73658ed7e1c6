"""What every page and endpoint of a running service works with."""

from collections.abc import Callable
from dataclasses import dataclass

from graph.storage.generations import Generation
from ui.doors import Provider
from ui.ledger import Ledger
from ui.settings import Settings


@dataclass(frozen=True, slots=True)
class Service:
    """The settings and what is open: `library` answers, `generation` is the store as it is now.

    Both are called anew for each request; they raise StoreError where nothing can be opened. `ledger` is what
    the service itself remembers; it is opened at its first use, and answering needs nothing of it.
    """

    settings: Settings
    library: Provider
    generation: Callable[[], Generation]
    ledger: Ledger
