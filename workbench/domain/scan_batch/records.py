"""Batches, sets, images and work batches as they are read: plain values that screens may hold on to."""

from dataclasses import dataclass
from datetime import date, datetime

from workbench.domain.money import Cents
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.pages import ImageState, SetState
from workbench.domain.scan_batch.words import (
    BatchStatus,
    BatchType,
    CaseStatus,
    CodingStatus,
    ImageSource,
    PaymentBatchStatus,
    PaymentKind,
    TargetKind,
)


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture in the image store that a browser shows as it is."""

    sha256: str
    mime: str


@dataclass(frozen=True, slots=True)
class NewImage:
    """One page whose files are already safe in the image store: what an import or a scan hands over.

    Attributes:
        sha256: of the original file, unaltered (spec 5 row 28); pages of one PDF or TIFF share it.
        mime, byte_count: of that file.
        page_in_file: 1-based.
        width, height: pixels of the page as it lies in the file, before mirroring and rotation.
        dpi: None when the file does not say.
        rotation, mirrored: what shows it upright as found at import (EXIF, PDF): mirrored first, then turned
            clockwise by `rotation` degrees.
        preview, thumbnail: renditions for the viewer, not turned.
        full: the page in full size as a picture of its own; None: the file itself when `shown_as_is`, else
            it is drawn on demand.
    """

    sha256: str
    original_name: str
    mime: str
    byte_count: int
    width: int
    height: int
    preview: StoredPicture
    thumbnail: StoredPicture
    page_in_file: int = 1
    dpi: int | None = None
    rotation: int = 0
    mirrored: bool = False
    full: StoredPicture | None = None
    shown_as_is: bool = False
    source: ImageSource = ImageSource.IMPORTED


@dataclass(frozen=True, slots=True)
class Rendition:
    """What the recipe `cleaning` makes of an image; safe in the image store. Not mirrored and not turned upright."""

    cleaning: str
    width: int
    height: int
    full: StoredPicture
    preview: StoredPicture
    thumbnail: StoredPicture


@dataclass(frozen=True, slots=True)
class ScanBatch:
    """One image batch. `version` guards the header, `revision` counts every change of its sets and images."""

    batch_id: int
    header: BatchHeader
    practice_id: int
    batch_type: BatchType
    status: BatchStatus
    created_at: datetime
    created_by: str
    updated_at: datetime | None
    updated_by: str
    posted_at: datetime | None
    posted_by: str
    deleted_at: datetime | None
    version: int
    revision: int


@dataclass(frozen=True, slots=True)
class ImageSet:
    state: SetState
    batch_id: int
    coding_status: CodingStatus
    ignore_reason: str
    held_by: str
    held_at: datetime | None
    added_after_posting: bool
    image_count: int


@dataclass(frozen=True, slots=True)
class Image:
    """`rendition` is what is shown in place of the file, when the page was cleaned up."""

    state: ImageState
    batch_id: int
    file: NewImage
    added_after_posting: bool
    created_at: datetime
    rendition: Rendition | None = None

    @property
    def shown(self) -> NewImage | Rendition:
        """Where the size and the pictures that a person sees come from."""
        return self.rendition or self.file


@dataclass(frozen=True, slots=True)
class DuplicatePlace:
    """Where the same picture already is."""

    sha256: str
    page_in_file: int
    batch_id: int
    set_id: int
    image_id: int
    page_no: int


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One row of the Scan Batches, Charge Batches or Payment Batches tab (spec 3.2, 3.6, 3.7)."""

    batch_id: int
    practice: str
    time_zone: str
    created_at: datetime
    description: str
    batch_type: BatchType
    facility: str
    payer: str
    plan: str
    date_of_service: date | None
    status: BatchStatus
    posted_at: datetime | None
    created_by: str
    sets: int
    images: int
    on_hold: int
    empty_sets: int
    attached: int
    ignored: int
    added_after_posting: int
    linked_to: tuple[int, ...]
    amount_cents: Cents
    version: int

    @property
    def finished(self) -> bool:
        return self.sets > 0 and self.attached + self.ignored >= self.sets


@dataclass(frozen=True, slots=True)
class SetRow:
    """One row of the Sets area, or of the unattached-set queue."""

    set_id: int
    batch_id: int
    seq: int
    images: int
    coding_status: CodingStatus
    on_hold: bool
    hold_reason: str
    note: str
    added_after_posting: bool
    patient: str
    attached_to: tuple[str, ...]
    waiting_since: datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """`settled`: the case is submitted, or the payment or deposit posted: only a supervisor detaches it."""

    attachment_id: int
    set_id: int
    kind: TargetKind
    target_id: int
    attached_at: datetime
    attached_by: str
    settled: bool = False

    @property
    def words(self) -> str:
        return f"{self.kind.value} {self.target_id}"


@dataclass(frozen=True, slots=True)
class ChargeBatch:
    charge_batch_id: int
    practice_id: int
    expected_case_count: int
    expected_proc_count: int | None
    date_of_service: date | None
    facility_id: int | None
    accounting_date: date | None
    charge_received: date | None
    description: str
    created_at: datetime
    created_by: str
    version: int
    cases: int
    submitted: int
    on_hold: int
    reversed: int

    @property
    def finished(self) -> bool:
        """As many cases as expected, none of them still open."""
        return self.cases >= self.expected_case_count > 0 and self.submitted + self.reversed == self.cases


@dataclass(frozen=True, slots=True)
class Case:
    case_id: int
    charge_batch_id: int
    status: CaseStatus
    date_of_service: date | None
    facility_id: int | None
    charge_received: date | None
    patient_last: str
    patient_first: str
    imported_set_id: int | None
    version: int


@dataclass(frozen=True, slots=True)
class PaymentBatch:
    payment_batch_id: int
    practice_id: int
    status: PaymentBatchStatus
    accounting_date: date | None
    expected_count: int | None
    expected_cents: Cents | None
    payer_id: int | None
    plan_id: int | None
    description: str
    created_at: datetime
    created_by: str
    posted_at: datetime | None
    version: int
    payments: int
    total_cents: Cents


@dataclass(frozen=True, slots=True)
class Payment:
    payment_id: int
    payment_batch_id: int
    kind: PaymentKind
    amount_cents: Cents | None
    payer_id: int | None
    plan_id: int | None
    check_number: str
    posted: bool
