"""Which buttons each kind of deposit error has: every kind can be settled where it is shown (spec deposits 3.1, 3.3)."""

from workbench.services.deposit_desk.errors import why_not_ignore

Way = tuple[str, str]

COMPARE: Way = ("compare", "Compare")
EDIT: Way = ("edit", "Edit Claim")
FIND: Way = ("find", "Attach/Find a Claim")
HEADER: Way = ("header", "Edit")
BALANCING: Way = ("balancing", "Balancing")
LIST: Way = ("list", "List Claims")

# The way that settles the kind, by the name of its button; IGNORE comes after it where it is allowed.
_WAY_OF: dict[str, Way] = {
    "PAYER_MISMATCH": ("payer", "Choose Payer"),
    "PAYEE_NOT_OURS": ("practice", "Assign Practice"),
    "DUPLICATE_DEPOSIT": COMPARE,
    "DUPLICATE_FUZZY": COMPARE,
    "FILE_SEEN": COMPARE,
    "CLAIM_ALREADY_PAID": COMPARE,
    "PROVIDER_ADJUSTMENT": ("provider", "Apply, Report or Ignore"),
    "TX_UNBALANCED": BALANCING,
    "PAYMENT_METHOD_MISMATCH": HEADER,
    "CLAIM_NOT_FOUND": FIND,
    "RECEIPT_NOT_APPLIED": FIND,
    "REVERSAL_NO_ORIGINAL": FIND,
    "REVERSAL_AMOUNT_DIFF": EDIT,
    "CLAIM_LEVEL_ADJUSTMENT": ("spread", "Spread Over Lines"),
    "CARRIER_PAYMENT_MISMATCH": EDIT,
    "PAYER_LEVEL_MISMATCH": ("claim_payer", "Payer of Claims"),
    "CLAIM_UNBALANCED": EDIT,
    "LINE_UNBALANCED": EDIT,
    "UNREADABLE_AMOUNT": EDIT,
    "MISSING_REMIT_STATUS": EDIT,
    "PR_SUM_DIFF": EDIT,
    "PATIENT_NAME_MISMATCH": FIND,
    "DOS_MISMATCH": FIND,
    "PROCEDURE_CODE_CONFLICT": ("map", "Map Procedure"),
    "UNMAPPED_CARC": ("effect", "Choose Effect"),
    "MISSING_PAYMENT_TYPE": ("effect", "Choose Payment Type"),
    "OVER_ADJUST": EDIT,
    "SECONDARY_FIRST": EDIT,
    "CREDIT_CREATED": LIST,
    "REVERSAL_ALONE": LIST,
    "ZERO_PAY_DENIAL": LIST,
    "NOT_FOR_POSTING": LIST,
    "CR_GROUP": LIST,
    "UNKNOWN_GROUP": LIST,
}
# Of each claim in the list of a kind: what its button does there.
_CLAIM_WAYS = {EDIT: EDIT, FIND: FIND, LIST: EDIT, COMPARE: EDIT}


def error_actions(code: str, *, of_deposit: bool = False) -> list[Way]:
    """The buttons of an error of this kind, beside the one that shows its claims.

    `of_deposit`: it is about no claim; what is keyed is then in the details of the deposit.
    """
    way = [_WAY_OF[code]] if code in _WAY_OF else []
    if of_deposit and way == [EDIT]:
        way = [HEADER]
    return way if why_not_ignore(code) else [*way, ("ignore", "Ignore")]


def claim_way(code: str) -> Way:
    """The button of a single claim in the list of its errors."""
    return _CLAIM_WAYS.get(_WAY_OF.get(code, LIST), EDIT)


def kind_name(code: str) -> str:
    """`CLAIM_NOT_FOUND` as the panel names it: `Claim not found`."""
    return code.replace("_", " ").capitalize()
