"""Where a figure stands: the words around it that its role hangs on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands: the words around it that its role hangs on.

    `before` and `after` are the rest of its part between commas; `near` is what stands between it
    and the figure before; `sentence` the whole sentence; `in_topic` and `in_predicate` tell its
    side of the frame.
    """

    before: str
    after: str
    near: str
    sentence: str
    statement: str
    in_topic: bool
    in_predicate: bool
    in_bracket: bool = False
    relative: bool = False
    heading: str = ""  # the titles that it stands under, the nearest one last

    @property
    def part(self) -> str:
        """Return the part between commas without the figure."""
        return self.before + self.after
