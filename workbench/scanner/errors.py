"""What goes wrong at a scanner, in words for the person beside it.

`scanimage` exits with the SANE status and names it for each page (SANE standard 1.06, 4.2.7).
"""

from workbench.errors import RefusedError

STATUS_GOOD, STATUS_CANCELLED, STATUS_END_OF_PAGE, STATUS_NO_DOCUMENTS = 0, 2, 5, 7

_WORDS = {
    1: "The scanner cannot do this. Choose other settings.",
    3: "The scanner is busy. Wait until it is free, then scan again.",
    4: "The scanner does not accept these settings, or is not connected.",
    6: "Paper is jammed in the feeder. Clear it, then scan the rest.",
    8: "The scanner's cover is open. Close it, then scan the rest.",
    9: "The connection to the scanner broke. Check the cable and that it is switched on.",
    10: "The scanner is out of memory. Choose a lower resolution.",
    11: "This computer may not use the scanner. Ask your administrator.",
}
FEEDER_EMPTY = "The feeder is empty. Put the paper in, then scan again."
CANCELLED = "The scan was cancelled."
NO_ANSWER = "The scanner does not answer. Check that it is switched on and connected."


# How `scanimage` words a status in what it says (sane_strstatus of sane-backends).
_SAID = {
    "Operation not supported": 1,
    "Device busy": 3,
    "Invalid argument": 4,
    "Document feeder jammed": 6,
    "Document feeder out of documents": STATUS_NO_DOCUMENTS,
    "Scanner cover is open": 8,
    "Error during device I/O": 9,
    "Out of memory": 10,
    "Access to resource has been denied": 11,
}


class ScannerError(RefusedError):
    """A scan ended otherwise than well. Pages that were handed out before are whole.

    Attributes:
        status: the SANE status, or None when the scanner did not say one.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


def scanner_error(status: int, whole_pages: int) -> ScannerError:
    """The error for a SANE status, which tells how many pages are safe."""
    words = _WORDS.get(status, "The scan failed. Check the scanner, then scan again.")
    if whole_pages:
        pages = "1 page is" if whole_pages == 1 else f"{whole_pages} pages are"
        words += f" {pages} safe."
    return ScannerError(words, status)


def status_said(text: str) -> int | None:
    """The SANE status that a line of `scanimage` names, or None."""
    return next((status for words, status in _SAID.items() if words in text), None)
