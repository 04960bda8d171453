"""The words of the scan desk. Values are the users' words: they are stored, shown and exported as they are."""

from enum import StrEnum


class BatchType(StrEnum):
    """The kind of work; it decides which header fields are used (spec 1.7)."""

    CHARGE = "Charge"
    PAYMENT = "Payment"


class BatchStatus(StrEnum):
    """Spec 2.1. Linked and finished are derived, never stored."""

    UNPOSTED = "Unposted"
    POSTED = "Posted"


class CodingStatus(StrEnum):
    """How far a charge set is keyed (spec 2.3); only Complete flows into a case."""

    NOT_CODED = "Not Coded"
    IN_PROGRESS = "In Progress"
    ON_HOLD = "On Hold"
    IGNORED = "Ignored"
    COMPLETE = "Complete"


class ImageSource(StrEnum):
    SCANNED = "scanned"
    IMPORTED = "imported"


class DocumentType(StrEnum):
    """What a page is (spec 1.4): per image, with a default on its set."""

    ANESTHESIA_RECORD = "Anesthesia record"
    ENCOUNTER_FORM = "Encounter form"
    PRE_AUTHORIZATION = "Pre-authorization"
    FACE_SHEET = "Face sheet"
    EOB = "EOB"
    CHECK = "Check"
    DEPOSIT_SLIP = "Deposit slip"
    CORRESPONDENCE = "Correspondence"
    OTHER = "Other"


# In the order of the number keys of the viewer (D, then 1 to 5).
DOCUMENT_TYPES: dict[BatchType, tuple[DocumentType, ...]] = {
    BatchType.CHARGE: (
        DocumentType.ANESTHESIA_RECORD,
        DocumentType.ENCOUNTER_FORM,
        DocumentType.PRE_AUTHORIZATION,
        DocumentType.FACE_SHEET,
        DocumentType.OTHER,
    ),
    BatchType.PAYMENT: (
        DocumentType.EOB,
        DocumentType.CHECK,
        DocumentType.DEPOSIT_SLIP,
        DocumentType.CORRESPONDENCE,
        DocumentType.OTHER,
    ),
}


class CaseStatus(StrEnum):
    UNSUBMITTED = "Unsubmitted"
    SUBMITTED = "Submitted"
    ON_HOLD = "On Hold"
    REVERSED = "Reversed"


class PaymentBatchStatus(StrEnum):
    OPEN = "Open"
    POSTED = "Posted"


class PaymentKind(StrEnum):
    INSURANCE = "Insurance"
    GUARANTOR = "Guarantor"
    COLLECTIONS = "Collections"


# The activity line that carries the attachment icon (spec 1.1, 3.8).
ACTIVITY_CODES: dict[PaymentKind, str] = {
    PaymentKind.INSURANCE: "IPYMT",
    PaymentKind.GUARANTOR: "GPYMT",
    PaymentKind.COLLECTIONS: "EPYMT",
}
SERVICE_FEE_CODE = "SVCFE"


class TargetKind(StrEnum):
    """What an image set can be attached to; EOB deposits are tied from the deposit desk as well."""

    CASE = "case"
    PAYMENT = "payment"
    DEPOSIT = "deposit"


# Offered when a set is put on hold; any other text is a reason too (spec 6.4, Kofax's default notes).
HOLD_REASONS = ("Illegible", "Missing page", "Missing document", "Poor scan", "Skewed image", "Question")
# Spec 2.3.
IGNORE_REASONS = ("Duplicate", "Not billable", "Blank", "Wrong practice")

DESCRIPTION_LENGTH = 255
REASON_LENGTH = 255
NOTE_LENGTH = 1000
RECYCLE_DAYS = 30
IMAGES_PER_BATCH = 2000
LARGEST_PROC_COUNT = 9999
ACCOUNTING_DAYS_AHEAD = 14
