"""Words of the bank side: a line of a statement, its states, and the trace number that names an EFT (spec deposits 7)."""

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from workbench.domain.money import Cents


class BankLineState(StrEnum):
    """Where a line of the bank statement stands (spec deposits 7.3)."""

    UNMATCHED = "unmatched"
    PROPOSED = "proposed"
    MATCHED = "matched"
    MATCHED_WITH_DIFFERENCE = "matched with difference"
    SPLIT = "split"
    NOT_OURS = "not ours"
    TO_CHECK = "to check"


# States in which a line's money is explained; the rest makes up the unreconciled total.
SETTLED_STATES = frozenset(
    {
        BankLineState.MATCHED,
        BankLineState.MATCHED_WITH_DIFFERENCE,
        BankLineState.SPLIT,
        BankLineState.NOT_OURS,
    }
)


class DepositBankState(StrEnum):
    """Where a deposit stands towards the bank (spec deposits 7.3)."""

    NO_BANK_LINE = "no bank line yet"
    PROPOSED = "proposed"
    MATCHED = "matched"
    DIFFERENCE = "difference"
    ZERO_PAY = "zero-pay"
    CARD = "card (net of fee)"


class MatchStep(IntEnum):
    """How a match was found, in the order of spec deposits 7.2; `HAND` is a person's own."""

    TRACE_AND_AMOUNT = 1
    TRACE = 2
    PAYER_AMOUNT_DATE = 3
    AMOUNT_DATE = 4
    SEVERAL = 5
    CARD = 6
    HAND = 7


class MatchState(StrEnum):
    """A proposal waits for a person; `undone` keeps what was decided and taken back."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    UNDONE = "undone"


class DayState(StrEnum):
    """A bank day: locked once signed, open again only with a reason."""

    OPEN = "open"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class BankLine:
    """One movement on the account.

    Attributes:
        statement_no: 0-based position of its statement in the file.
        record: 1-based record, row or entry in the file, as a person counts them.
        amount_cents: signed, money in is positive.
        bank_reference: the bank's own reference (BAI2 field 16.5, CAMT AcctSvcrRef, OFX FITID).
        customer_reference: check or slip number (BAI2 16.6, CAMT EndToEndId, OFX CHECKNUM).
        description: the whole free text, addenda included.
    """

    statement_no: int
    record: int
    account: str
    posted_date: date
    amount_cents: Cents
    currency: str = "USD"
    value_date: date | None = None
    type_code: str = ""
    bank_reference: str = ""
    customer_reference: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """The re-association trace number (835 TRN02) with the payer's id (TRN03) and supplement (TRN04)."""

    number: str
    originator: str = ""
    supplement: str = ""


# CAQH CORE 370: the CCD+ addenda record carries the TRN segment of the 835, `TRN*1*trace*originator[*supplement]\`.
# Banks print it with `*`, `^` or `|` between the elements and end it with `\`, `~` or the end of the text.
_TRN = re.compile(
    r"\bTRN\s?(?P<sep>[*^|])1(?P=sep)"
    # Banks fold the text: a blank inside the trace is accepted only when the payer's id follows it.
    r"(?:(?P<folded>[^*^|\\~]{1,60})(?P=sep)\s?(?P<originator>[0-9A-Z]{9,10})(?:(?P=sep)(?P<supplement>[^*^|\\~\s]*))?"
    r"|(?P<number>[^*^|\\~\s]+))",
    re.IGNORECASE,
)
_NOT_A_LETTER_OR_DIGIT = re.compile(r"[^A-Z0-9]")


def read_traces(text: str) -> tuple[Trace, ...]:
    """Every TRN segment in a bank's free text, in order; an addenda text of a batch may hold several."""
    return tuple(
        Trace(
            (match["folded"] or match["number"]).strip(),
            match["originator"] or "",
            match["supplement"] or "",
        )
        for match in _TRN.finditer(text)
    )


def normal_trace(number: str) -> str:
    """A trace as it is compared: upper case, no punctuation, no leading zeros (spec deposits 7.2 row 1)."""
    return _NOT_A_LETTER_OR_DIGIT.sub("", number.upper()).lstrip("0")


_COMPANY_ID = re.compile(
    r"\b(?:CO|COMPANY|ORIG(?:INATOR)?|ORIG CO)\.? ?ID\W{0,3}(?P<id>[0-9A-Z]{9,10})\b", re.IGNORECASE
)
# Words that banks print around a payer's name; they name nobody.
_AROUND_NAMES = (
    "ACH CCD PPD CTX CREDIT DEBIT DEPOSIT DEP PAYMENT PAYMENTS PMT HCCLAIMPMT HCCLAIM CLAIM CLAIMS ELECTRONIC EFT "
    "PREAUTHORIZED DES ID INDN CO ORIG NAME ENTRY DESCR SEC TRACE TRN REF EED ADDENDA INFO PMTINFO FROM THE"
)
_NOT_A_NAME = frozenset(_AROUND_NAMES.split())
_CARD_WORDS = re.compile(
    r"\b(?:BANKCARD|BANK CARD|MERCH(?:ANT)?|VIRTUAL CARD|VCARD|CARD SETTLEMENT|MTOT DEP)\b", re.IGNORECASE
)
_BAI_CARD_CODES = frozenset({"146", "147"})
_NAME_WORDS = 3


def payer_key(description: str, originator: str) -> str:
    """How the bank names the payer: `ID ...` when a company id is told, else the first words that may be a name."""
    told = _COMPANY_ID.search(description)
    if originator or told:
        return f"ID {originator or (told['id'].upper() if told else '')}"
    before_addenda = re.split(r"\bTRN\s?[*^|]", description.upper())[0]
    words = [word for word in re.findall(r"[A-Z][A-Z&'-]+", before_addenda) if word not in _NOT_A_NAME]
    return " ".join(words[:_NAME_WORDS])


def names_card(type_code: str, description: str) -> bool:
    """Whether the line is a card processor's settlement, which comes net of a fee."""
    return type_code in _BAI_CARD_CODES or _CARD_WORDS.search(description) is not None
