"""placeholder"""
from ingest.model import Clause, Paragraph
def jurisdiction(text: str, title: str, issuer: str|None, addressees: tuple[str, ...], clauses: list[Clause], paragraphs: list[Paragraph]) -> tuple[str | None, tuple[str, ...]]:
    return None, ()
