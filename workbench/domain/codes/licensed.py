"""Reads the code list that an office with a licence has downloaded as CSV.

Publishers name the columns differently, so the heading decides: one column whose name is or ends in
"code", one whose name holds "description", "definition", "meaning" or "text".
"""

import csv
from collections.abc import Iterable, Sequence

from workbench.errors import RefusedError

LONGEST_CODE = 10
_MEANING_WORDS = ("description", "definition", "meaning", "text")


def read_licensed_csv(lines: Iterable[str]) -> dict[str, str]:
    """Code to text of one list.

    Raises RefusedError when the heading names no code and text column, or a row has no fitting code:
    then nothing of the file should be used.
    """
    rows = csv.reader(lines)
    code_at, text_at = _columns(next(rows, []))
    meanings: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        code = row[code_at].strip().upper() if code_at < len(row) else ""
        text = " ".join(row[text_at].split()) if text_at < len(row) else ""
        if not (code.isascii() and code.isalnum() and len(code) <= LONGEST_CODE and text):
            raise RefusedError(f"Row {number} of the code list has no code or no text. Nothing was imported.")
        meanings[code] = text
    if not meanings:
        raise RefusedError("The code list holds no codes.")
    return meanings


def _columns(heading: Sequence[str]) -> tuple[int, int]:
    names = [name.strip().lstrip("\ufeff").lower() for name in heading]
    codes = [at for at, name in enumerate(names) if name.endswith("code")]
    texts = [at for at, name in enumerate(names) if any(word in name for word in _MEANING_WORDS)]
    texts = [at for at in texts if at not in codes]
    if not codes or not texts:
        raise RefusedError("The first row must name a code column and a description column.")
    return codes[0], texts[0]
