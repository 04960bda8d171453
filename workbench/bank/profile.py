"""Column profiles: what the columns of one bank's CSV or XLSX mean, saved once and used for every later file."""

from dataclasses import asdict, dataclass, field
from typing import Any

from workbench.bank.statement import BankFileError

# The words banks put above their columns, lower case; the first that fits wins.
_USUAL_HEADINGS = {
    "date": (
        "posting date",
        "posted date",
        "post date",
        "transaction date",
        "booking date",
        "date",
        "as of date",
    ),
    "amount": ("amount", "transaction amount", "amount (usd)"),
    "credit": ("credit", "credits", "credit amount", "deposit", "deposits", "money in"),
    "debit": ("debit", "debits", "debit amount", "withdrawal", "withdrawals", "money out"),
    "balance": ("balance", "running balance", "ledger balance", "running bal."),
    "bank_reference": (
        "bank reference",
        "reference",
        "reference number",
        "transaction id",
        "bank ref",
        "fitid",
    ),
    "customer_reference": (
        "customer reference",
        "check number",
        "check #",
        "check no",
        "slip number",
        "serial number",
    ),
    "type_code": ("type", "transaction type", "bai code", "type code"),
    "account": ("account", "account number", "account #"),
    "value_date": ("value date", "available date"),
}
_USUAL_TEXTS = (
    "description",
    "details",
    "detail",
    "memo",
    "addenda",
    "text",
    "narrative",
    "payee",
    "name",
    "remarks",
)


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """Attributes:
    name: what the office calls it.
    headings: the row of headings that the file must have, in order, blanks trimmed.
    date, amount, ...: heading of the column; empty when the bank has none. Either `amount` is given,
        signed, or `credit` and `debit`.
    texts: headings of the columns whose words make up the description.
    date_format: of `datetime.strptime`, e.g. `%m/%d/%Y`.
    negative_is_credit: for the bank that shows the account from its own side.
    account_number: of the account, when no column has it.
    """

    name: str
    headings: tuple[str, ...]
    date: str
    date_format: str = "%m/%d/%Y"
    amount: str = ""
    credit: str = ""
    debit: str = ""
    balance: str = ""
    bank_reference: str = ""
    customer_reference: str = ""
    type_code: str = ""
    account: str = ""
    value_date: str = ""
    texts: tuple[str, ...] = field(default=())
    negative_is_credit: bool = False
    decimal_comma: bool = False
    account_number: str = ""
    currency: str = "USD"

    def __post_init__(self) -> None:
        if not self.date or not (self.amount or self.credit or self.debit):
            raise BankFileError(
                "A column profile names a date column, and an amount or credit and debit columns."
            )
        used = {self.date, self.amount, self.credit, self.debit, self.balance, self.bank_reference}
        used |= {self.customer_reference, self.type_code, self.account, self.value_date, *self.texts}
        missing = used - set(self.headings) - {""}
        if missing:
            raise BankFileError(
                f"The column profile names columns that the file has not: {', '.join(sorted(missing))}."
            )

    def as_json(self) -> dict[str, Any]:
        """A JSON-able form, read back by `from_json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "ColumnProfile":
        """Raises BankFileError for a profile that says too little."""
        return cls(
            **{**values, "headings": tuple(values["headings"]), "texts": tuple(values.get("texts", ()))}
        )

    def fits(self, headings: tuple[str, ...]) -> bool:
        """Whether a file with these headings is the one that the profile was made for."""
        return _plain(self.headings) == _plain(headings)


def _plain(headings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(" ".join(heading.split()).lower() for heading in headings)


def suggest_profile(name: str, headings: tuple[str, ...], first_date: str = "") -> ColumnProfile | None:
    """A profile from the usual words above the columns, to be looked over by a person; None when they do not tell."""
    by_word = {word: heading for word, heading in zip(_plain(headings), headings, strict=True) if word}
    found: dict[str, Any] = {}
    for column, words in _USUAL_HEADINGS.items():
        heading = next((by_word[word] for word in words if word in by_word), "")
        found[column] = "" if heading in found.values() else heading
    if found["amount"]:
        found["credit"] = found["debit"] = ""
    texts = tuple(
        heading for word, heading in by_word.items() if any(usual in word for usual in _USUAL_TEXTS)
    )
    texts = tuple(text for text in texts if text not in found.values())
    if not found["date"] or not (found["amount"] or (found["credit"] and found["debit"])):
        return None
    return ColumnProfile(name, headings, texts=texts, date_format=_date_format(first_date), **found)


def _date_format(sample: str) -> str:
    if sample[4:5] == "-":
        return "%Y-%m-%d"
    if len(sample) == 8 and sample.isdigit():
        return "%Y%m%d"
    return "%m/%d/%y" if sample.count("/") == 2 and len(sample.rpartition("/")[2]) == 2 else "%m/%d/%Y"
