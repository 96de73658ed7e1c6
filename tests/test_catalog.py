"""The catalog: what it unpacks is what was packed, place by place."""

from hypothesis import given
from hypothesis import strategies as st

from graph.catalog import Catalog, Listing, PolicyRow, pack, write

NAMES = st.sampled_from(["甲县", "乙县", "n1", "n2", None])
COUNTS = st.tuples(*[st.integers(0, 9)] * 4)


@st.composite
def listings(draw: st.DrawFn) -> dict[str, Listing]:
    """Rows of a few documents, some without a jurisdiction."""
    found = {}
    for source in draw(st.sets(st.sampled_from(["n1", "n2", "n3", "甲县"]))):
        place = draw(NAMES)
        head = PolicyRow(source, f"{source}通知", None, None, place, "2024-01-01", "issued", 3, True)
        units = draw(st.dictionaries(st.sampled_from(["县财政局", "县司法局", "县统计局"]), COUNTS))
        found[source] = Listing(head, place or source, units)
    return found


@given(listings())
def test_rows_come_back_as_they_were(made: dict[str, Listing]) -> None:
    read = Catalog(write({source: pack(row) for source, row in made.items()}))
    assert dict(read) == made
    assert read.heads == {source: row.head for source, row in made.items()}


@given(listings())
def test_units_by_place_are_those_of_its_documents(made: dict[str, Listing]) -> None:
    read = Catalog(write({source: pack(row) for source, row in made.items()}))
    wanted: dict[str, dict[str, None]] = {}
    for _, row in sorted(made.items()):
        if row.head.jurisdiction:
            wanted.setdefault(row.place, {}).update(dict.fromkeys(row.units))
    for _, row in sorted(made.items()):  # a document without a place, as a place of its own, stands last
        if not row.head.jurisdiction:
            wanted.setdefault(row.place, {}).update(dict.fromkeys(row.units))
    assert {place: list(units) for place, units in read.units.items()} == {
        place: list(units) for place, units in wanted.items()
    }
    assert len(read.units) == len(wanted)
