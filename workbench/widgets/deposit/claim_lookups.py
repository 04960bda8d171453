"""What the look-ups of the claim editor offer while one types: payers, and codes in plain words."""

from workbench.domain.codes import CodeBook, CodeList
from workbench.services.deposit_desk.claim_editing import Surroundings
from workbench.widgets.kit.form import Option

CODE_LENGTH = 5


def find_payers(around: Surroundings, text: str, limit: int) -> tuple[list[Option], int]:
    """Payers of our claim first, with their level, then all the others by name."""
    words = text.casefold()
    levels = {payer_id: level for level, (payer_id, _) in around.payers.items()}
    found = [
        Option(number, name, levels.get(number, ""))
        for number, name in around.payer_names.items()
        if words in name.casefold()
    ]
    found.sort(key=lambda option: (not option.hint, option.text))
    return found[:limit], len(found)


def find_codes(book: CodeBook, code_list: CodeList, text: str, limit: int) -> tuple[list[Option], int]:
    """By code or by words of the meaning; a code that no list knows can be taken all the same."""
    found = [Option(code, code, meaning) for code, meaning in book.find(code_list, text)]
    own = text.strip().upper()
    is_code = own.isascii() and own.isalnum() and len(own) <= CODE_LENGTH
    if is_code and own not in {option.value for option in found}:
        # Last, so that Enter after a word takes what the words say.
        found.insert(len(found) if not own.isdigit() else 0, Option(own, own, "Code not in our list"))
    return found[:limit], len(found)
