"""How many real document numbers are read: ``python -m benchmarks.docnumbers [FILE]``.

Prints the share of strings that hold a number and are read to mark, year and serial, and the share
whose canonical form reads back to the same number.
"""

import re
import sys
from pathlib import Path

from ingest.document_number import format_number, parse_number

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "bench" / "docnumbers.txt"


def main(arguments: list[str]) -> int:
    file = Path(arguments[0]) if arguments else DEFAULT
    if not file.is_file():
        print(f"没有 {file}：请给出文号清单的路径", file=sys.stderr)
        return 1
    held = [s for line in file.read_text("utf-8").splitlines() if re.search(r"\d", s := line.strip())]
    missed, changed = [], []
    for string in held:
        number = parse_number(string)
        if number is None:
            missed.append(string)
            continue
        again = parse_number(format_number(number))
        if again is None or (again.mark, again.year, again.serial) != (
            number.mark,
            number.year,
            number.serial,
        ):
            changed.append(string)
    read = len(held) - len(missed)
    print(f"strings with a number  {len(held):8d}")
    print(f"read                   {100 * read / len(held):8.3f} %")
    print(f"canonical, read back   {100 * (read - len(changed)) / len(held):8.3f} %")
    for string in (*missed, *changed)[:20]:
        print(f"  not read: {string}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
