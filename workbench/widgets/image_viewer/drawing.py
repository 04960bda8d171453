"""What the browser part of the viewer draws, as plain JSON: one picture of the model's state."""

from datetime import datetime
from typing import Any

from workbench.domain.scan_batch.records import Image, ImageSet
from workbench.domain.scan_batch.words import DocumentType
from workbench.images.limits import PREVIEW_SIDE
from workbench.widgets.image_viewer.model import ViewerModel
from workbench.widgets.kit.typed import date_text


def draw(model: ViewerModel, focus: int, names: dict[str, str], blocked: dict[str, str]) -> dict[str, Any]:
    """The state for `viewer.js`.

    `focus` grows when the page in front was chosen by Python, so that the browser follows; `names` are
    those of the header's practice, facility, payer and plan; `blocked` says why further controls are grey.
    """
    current = model.current_set
    return {
        "title": f"Image Viewer [{model.batch_id}]",
        "focus": focus,
        "set": model.set_id,
        "image": model.image_id,
        "held": current is not None and current.state.on_hold,
        "total": model.image_count,
        "sets": [_set(model, each) for each in model.sets],
        "images": [_image(each, current) for each in model.images],
        "documents": [document.value for document in model.documents],
        "blocked": model.blockers() | blocked,
        "facts": facts(model, names),
        "empty": _empty(model),
    }


def facts(model: ViewerModel, names: dict[str, str]) -> list[tuple[str, str]]:
    """Batch Details in short (spec 3.4): the fields that its type uses, then the stamps."""
    batch = model.batch
    shown: list[tuple[str, object]] = [
        ("Practice", names.get("practice_id", "")),
        ("Batch Type", batch.batch_type.value),
        ("Status", batch.status.value),
        ("Description", batch.header.description),
        ("Facility", names.get("facility_id", "")),
        ("Date of Service", date_text(batch.header.date_of_service)),
        ("Charge Received", date_text(batch.header.charge_received)),
        ("Payer", names.get("payer_id", "")),
        ("Plan", names.get("plan_id", "")),
        ("Created", _stamp(model, batch.created_at, batch.created_by)),
        ("Updated", _stamp(model, batch.updated_at, batch.updated_by)),
        ("Posted", _stamp(model, batch.posted_at, batch.posted_by)),
    ]
    current = model.current_set
    if current is not None:
        shown += [
            *model.own_details(),
            ("Set on hold", current.state.hold_reason),
            ("Note on set", current.state.note),
            ("Coding Status", current.coding_status.value if batch.batch_type == "Charge" else ""),
        ]
    return [(label, str(value)) for label, value in shown if value]


def _stamp(model: ViewerModel, moment: datetime | None, who: str) -> str:
    return "" if moment is None else f"{moment.astimezone(model.clock):%m/%d/%Y %H:%M} by {who}"


def _set(model: ViewerModel, each: ImageSet) -> dict[str, Any]:
    state = each.state
    return {
        "id": state.set_id,
        "count": each.image_count,
        "hold": state.hold_reason,
        "note": state.note,
        "late": each.added_after_posting,
        "types": _mix(model, each),
        "attached": model.attached_to(state.set_id),
    }


def _mix(model: ViewerModel, each: ImageSet) -> str:
    """The document types of a set's pages, each with its count."""
    counts: dict[str, int] = {}
    for image in model.images_of(each.state.set_id):
        document = _document(image, each)
        if document is not None:
            counts[document.value] = counts.get(document.value, 0) + 1
    return " · ".join(f"{count} {name}" if count > 1 else name for name, count in counts.items())


def _document(image: Image, of: ImageSet | None) -> DocumentType | None:
    return image.state.document_type or (of.state.document_type if of else None)


def _image(image: Image, of: ImageSet | None) -> dict[str, Any]:
    state, shown = image.state, image.shown
    document = _document(image, of)
    return {
        "id": state.image_id,
        "no": state.page_no,
        "rotation": state.rotation,
        "mirrored": image.file.mirrored,
        "cleaning": state.cleaning,
        "width": shown.width,
        "height": shown.height,
        "previewWidth": _preview_width(shown.width, shown.height),
        "type": document.value if document else "",
        "ownType": state.document_type.value if state.document_type else "",
        "note": state.note,
        "late": image.added_after_posting,
    }


def _preview_width(width: int, height: int) -> int:
    """As `images.raster` makes previews: halved until no side is longer than 2,200 pixels."""
    while max(width, height) > PREVIEW_SIDE:
        width, height = (width + 1) // 2, (height + 1) // 2
    return width


def _empty(model: ViewerModel) -> str:
    if model.new_set:
        return "New set. It is stored when its first page comes.\nImport files with I, scan with S, or drop or paste files here."
    return "No page yet. Import files with I, scan with S, or drop or paste files here."
