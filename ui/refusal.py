"""How a command stops: what is wrong and what to do, in Chinese, with the exit status."""


class Refusal(Exception):  # noqa: N818  a refusal is an answer, not a defect
    """A command that cannot be carried out; `status` is 1 for a reasoned refusal, 2 for wrong use."""

    def __init__(self, what: str, remedy: str, *, status: int = 1) -> None:
        super().__init__(f"{what}。{remedy}")
        self.what, self.remedy, self.status = what, remedy, status
