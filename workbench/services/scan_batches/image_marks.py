"""Turning, classifying, noting and holding: what leaves every page where it is (spec 3.5)."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date

from workbench.domain.identity import Actor
from workbench.domain.scan_batch import arrange
from workbench.domain.scan_batch.allowed import Action
from workbench.domain.scan_batch.pages import Edit, ImageState
from workbench.domain.scan_batch.words import DOCUMENT_TYPES, NOTE_LENGTH, REASON_LENGTH, DocumentType
from workbench.errors import RefusedError
from workbench.services.scan_batches.desk import OpenBatch
from workbench.services.scan_batches.editing import Arrange, Editing
from workbench.storage import Stores


class ImageMarks(Editing):
    """Each change gives back the `Edit` that it was; see `ImageSets.apply` for undo."""

    def rotate(self, actor: Actor, batch_id: int, image_ids: Collection[int], degrees: int) -> Edit:
        """Turns images clockwise by a multiple of 90; the files stay as they are."""
        return self._mark(
            actor,
            batch_id,
            Action.ROTATE,
            f"Rotate {degrees}°",
            image_ids,
            lambda image: arrange.rotated(image, degrees),
        )

    def classify(
        self, actor: Actor, batch_id: int, image_ids: Collection[int], document: DocumentType | None
    ) -> Edit:
        """Says what images are; None: the same as their set."""
        return self._mark(
            actor,
            batch_id,
            Action.MARK,
            f"Document type: {document.value if document else 'of the set'}",
            image_ids,
            lambda image: replace(image, document_type=document),
            document,
        )

    def note_image(self, actor: Actor, batch_id: int, image_id: int, note: str) -> Edit:
        text = _text(note, NOTE_LENGTH, "note")
        return self._mark(
            actor, batch_id, Action.MARK, "Note", [image_id], lambda image: replace(image, note=text)
        )

    def classify_set(self, actor: Actor, batch_id: int, set_id: int, document: DocumentType | None) -> Edit:
        """What the images of the set are, unless one says otherwise."""

        def change(_stores: Stores, opened: OpenBatch) -> tuple[str, Arrange]:
            _require_fitting(opened, document)
            label = f"Document type of set {set_id}"
            return label, lambda now: now.with_changed(
                [replace(arrange.live_set(now, set_id), document_type=document)]
            )

        return self.prepare(actor, batch_id, Action.MARK, change)

    def note_set(self, actor: Actor, batch_id: int, set_id: int, note: str) -> Edit:
        text = _text(note, NOTE_LENGTH, "note")
        return self.change(
            actor,
            batch_id,
            Action.MARK,
            f"Note on set {set_id}",
            lambda now: now.with_changed([replace(arrange.live_set(now, set_id), note=text)]),
        )

    def hold(
        self, actor: Actor, batch_id: int, set_id: int, reason: str, follow_up_on: date | None = None
    ) -> Edit:
        """Takes the set out of "next to work" until it is released."""
        text = _text(reason, REASON_LENGTH, "reason")
        if not text:
            raise RefusedError("Give a reason for the hold.")
        return self._hold(actor, batch_id, set_id, f"Hold set {set_id}", text, follow_up_on)

    def release(self, actor: Actor, batch_id: int, set_id: int) -> Edit:
        return self._hold(actor, batch_id, set_id, f"Release set {set_id}", "", None)

    def _hold(
        self, actor: Actor, batch_id: int, set_id: int, label: str, reason: str, follow_up_on: date | None
    ) -> Edit:
        return self.change(
            actor,
            batch_id,
            Action.HOLD,
            label,
            lambda now: arrange.held(now, set_id, reason, follow_up_on),
            reason=reason,
        )

    def _mark(
        self,
        actor: Actor,
        batch_id: int,
        action: Action,
        label: str,
        image_ids: Collection[int],
        change: Callable[[ImageState], ImageState],
        document: DocumentType | None = None,
    ) -> Edit:
        def prepare(_stores: Stores, opened: OpenBatch) -> tuple[str, Arrange]:
            _require_fitting(opened, document)
            return label, lambda now: arrange.change_images(now, image_ids, change)

        return self.prepare(actor, batch_id, action, prepare)


def _require_fitting(opened: OpenBatch, document: DocumentType | None) -> None:
    if document is not None and document not in DOCUMENT_TYPES[opened.batch.batch_type]:
        raise RefusedError(f"{document.value} is not a document of a {opened.batch.batch_type.value} batch.")


def _text(text: str, length: int, what: str) -> str:
    trimmed = text.strip()
    if len(trimmed) > length:
        raise RefusedError(f"The {what} is longer than {length} characters.")
    return trimmed
