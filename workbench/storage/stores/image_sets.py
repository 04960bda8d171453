"""Sets and images: read as one arrangement, written as the difference of two."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from workbench.domain.scan_batch.pages import OWN_FIELDS, Edit, ImageState, Pages, SetState
from workbench.domain.scan_batch.records import (
    DuplicatePlace,
    Image,
    ImageSet,
    NewImage,
    Rendition,
    StoredPicture,
)
from workbench.domain.scan_batch.words import CodingStatus, DocumentType, ImageSource
from workbench.errors import NotFoundError
from workbench.storage.clock import now
from workbench.storage.stores.base import Store
from workbench.storage.tables import batches as t
from workbench.storage.tables.office import users

_LIVE_SET = t.image_sets.c.deleted_at.is_(None)
_LIVE_IMAGE = t.images.c.deleted_at.is_(None)
_RENDITION = [
    t.image_renditions.c[name].label(f"made_{name}")
    for name in (
        "width", "height", "full_sha256", "full_mime", "preview_sha256", "preview_mime", "thumbnail_sha256",
        "thumbnail_mime",
    )
]  # fmt: skip


class ImageSetStore(Store):
    """Reads and writes `image_sets` and `images`."""

    def pages(self, batch_id: int) -> Pages:
        """The whole arrangement of a batch, with what lies in the recycle bin."""
        sets = self._connection.execute(sa.select(t.image_sets).where(t.image_sets.c.batch_id == batch_id))
        images = self._connection.execute(
            sa.select(t.images)
            .join(t.image_sets, t.image_sets.c.id == t.images.c.set_id)
            .where(t.image_sets.c.batch_id == batch_id)
        )
        return Pages.of(map(_set_state, sets), map(_image_state, images))

    def sets(self, batch_id: int) -> list[ImageSet]:
        """The live sets, in order."""
        holder = users.alias("holder")
        images = (
            sa.select(sa.func.count()).where(t.images.c.set_id == t.image_sets.c.id, _LIVE_IMAGE)
        ).scalar_subquery()
        rows = self._connection.execute(
            sa.select(
                t.image_sets,
                sa.func.coalesce(holder.c.name, "").label("held_by"),
                images.label("image_count"),
            )
            .outerjoin(holder, holder.c.id == t.image_sets.c.held_by_id)
            .where(t.image_sets.c.batch_id == batch_id, _LIVE_SET)
            .order_by(t.image_sets.c.seq)
        )
        return [_image_set(row) for row in rows]

    def state(self, set_id: int) -> SetState:
        """Raises NotFoundError."""
        row = self._connection.execute(sa.select(t.image_sets).where(t.image_sets.c.id == set_id)).first()
        if row is None:
            raise NotFoundError(f"Set {set_id} was not found.")
        return _set_state(row)

    def images(self, batch_id: int) -> list[Image]:
        """The live images, as they follow in the batch."""
        rows = self._connection.execute(
            self._images_select()
            .where(t.image_sets.c.batch_id == batch_id, _LIVE_IMAGE, _LIVE_SET)
            .order_by(t.image_sets.c.seq, t.images.c.page_no)
        )
        return [_image(row) for row in rows]

    def image(self, image_id: int) -> Image:
        """Raises NotFoundError. An image in the recycle bin is found too: `state.live` says so."""
        row = self._connection.execute(self._images_select().where(t.images.c.id == image_id)).first()
        if row is None:
            raise NotFoundError("The page was not found.")
        return _image(row)

    def batch_of_set(self, set_id: int) -> int:
        batch_id = self._connection.scalar(
            sa.select(t.image_sets.c.batch_id).where(t.image_sets.c.id == set_id)
        )
        if batch_id is None:
            raise NotFoundError(f"Set {set_id} was not found.")
        return int(batch_id)

    def images_of_set(self, set_id: int) -> list[Image]:
        rows = self._connection.execute(
            self._images_select().where(t.images.c.set_id == set_id, _LIVE_IMAGE).order_by(t.images.c.page_no)
        )
        return [_image(row) for row in rows]

    @staticmethod
    def _images_select() -> sa.Select[Any]:
        return (
            sa.select(t.images, t.image_sets.c.batch_id, *_RENDITION)
            .join(t.image_sets, t.image_sets.c.id == t.images.c.set_id)
            .outerjoin(
                t.image_renditions,
                (t.image_renditions.c.image_id == t.images.c.id)
                & (t.image_renditions.c.cleaning == t.images.c.cleaning),
            )
        )

    def add_set(self, batch_id: int, user_id: int, *, after_posting: bool) -> int:
        """A set that is not live yet: the edit that fills it brings it to life, its undo takes it back."""
        at = now()
        return self._insert(
            t.image_sets,
            {
                "batch_id": batch_id,
                "seq": 0,
                "added_after_posting": after_posting,
                "created_at": at,
                "created_by_id": user_id,
                "deleted_at": at,
                "deleted_by_id": user_id,
            },
        )

    def add_images(
        self, set_id: int, new: Sequence[NewImage], user_id: int, *, after_posting: bool
    ) -> list[int]:
        """Images that are not live yet, in order; gives their ids."""
        at = now()
        rows = [
            {
                "set_id": set_id,
                "page_no": page_no,
                "source": each.source,
                "original_name": each.original_name,
                "mime": each.mime,
                "byte_count": each.byte_count,
                "sha256": each.sha256,
                "page_in_file": each.page_in_file,
                "width": each.width,
                "height": each.height,
                "dpi": each.dpi,
                "rotation": each.rotation,
                "mirrored": each.mirrored,
                "preview_sha256": each.preview.sha256,
                "preview_mime": each.preview.mime,
                "thumbnail_sha256": each.thumbnail.sha256,
                "thumbnail_mime": each.thumbnail.mime,
                "full_sha256": each.full.sha256 if each.full else None,
                "full_mime": each.full.mime if each.full else None,
                "shown_as_is": each.shown_as_is,
                "added_after_posting": after_posting,
                "created_at": at,
                "created_by_id": user_id,
                "deleted_at": at,
                "deleted_by_id": user_id,
            }
            for page_no, each in enumerate(new, start=1)
        ]
        statement = sa.insert(t.images).returning(t.images.c.id, sort_by_parameter_order=True)
        return list(self._connection.scalars(statement, rows))

    def write(self, edit: Edit, user_id: int) -> None:
        """Puts the `after` of an edit in place of its `before`, which must be what is stored.

        Rows that move step aside first: two live rows are never at one place, not even between two statements.
        """
        before, after = edit.before, edit.after
        sets = [_set_columns(each) for each in after.sets.values()]
        images = [_image_columns(each) for each in after.images.values()]
        self._step_aside(t.image_sets, t.image_sets.c.seq, before.sets)
        self._step_aside(t.images, t.images.c.page_no, before.images)
        for live in (True, False):
            sets_turned = [
                key for key, each in after.sets.items() if each.live is live is not before.sets[key].live
            ]
            images_turned = [
                key for key, each in after.images.items() if each.live is live is not before.images[key].live
            ]
            self._recycle(t.image_sets, sets_turned, user_id, live=live)
            self._recycle(t.images, images_turned, user_id, live=live)
        for held in (True, False):
            sets_held = [
                key
                for key, each in after.sets.items()
                if each.on_hold is held is not before.sets[key].on_hold
            ]
            self._set_where(
                t.image_sets, sets_held, held_by_id=user_id if held else None, held_at=now() if held else None
            )
        self._update_each(t.image_sets, sets)
        self._update_each(t.images, images)

    def _step_aside(self, table: sa.Table, place: sa.Column[int], ids: Iterable[int]) -> None:
        """Negative ids are free places: no two rows share one."""
        self._set_where(table, list(ids), **{place.name: -table.c.id})

    def _recycle(self, table: sa.Table, ids: Sequence[int], user_id: int, *, live: bool) -> None:
        self._set_where(
            table, ids, deleted_at=None if live else now(), deleted_by_id=None if live else user_id
        )

    def _set_where(self, table: sa.Table, ids: Sequence[int], **values: Any) -> None:
        if ids:
            self._connection.execute(sa.update(table).where(table.c.id.in_(ids)).values(**values))

    def _update_each(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        """`rows` hold the id of the row as `row_id`, and its new values."""
        if rows:
            values: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0] if name != "row_id"}
            statement = sa.update(table).where(table.c.id == sa.bindparam("row_id")).values(**values)
            self._connection.execute(statement, rows)

    def duplicates(self, sha256s: Collection[str], practice_ids: Collection[int]) -> list[DuplicatePlace]:
        """Where these files already are, in live batches of these practices, oldest first."""
        rows = self._connection.execute(
            self._images_select()
            .join(t.image_batches, t.image_batches.c.id == t.image_sets.c.batch_id)
            .where(
                t.images.c.sha256.in_(sha256s),
                t.image_batches.c.practice_id.in_(practice_ids),
                t.image_batches.c.deleted_at.is_(None),
                _LIVE_IMAGE,
                _LIVE_SET,
            )
            .order_by(t.images.c.id)
        )
        return [
            DuplicatePlace(row.sha256, row.page_in_file, row.batch_id, row.set_id, row.id, row.page_no)
            for row in rows
        ]

    def known_hashes(self) -> set[str]:
        """Every file that a row names, in the recycle bin or not: the image store must keep these."""
        columns = (
            t.images.c.sha256,
            *(
                table.c[name]
                for table in (t.images, t.image_renditions)
                for name in ("preview_sha256", "thumbnail_sha256", "full_sha256")
            ),
        )
        every = sa.union(*(sa.select(column).where(column.is_not(None)) for column in columns))
        return set(self._connection.scalars(every))


def _document(value: str | None) -> DocumentType | None:
    return None if value is None else DocumentType(value)


def _set_state(row: Any) -> SetState:
    return SetState(
        set_id=row.id,
        seq=row.seq,
        live=row.deleted_at is None,
        on_hold=bool(row.on_hold),
        hold_reason=row.hold_reason,
        follow_up_on=row.follow_up_on,
        document_type=_document(row.document_type),
        note=row.note,
        **{name: getattr(row, name) for name in OWN_FIELDS},
    )


def _set_columns(state: SetState) -> dict[str, Any]:
    return {
        "row_id": state.set_id,
        "seq": state.seq,
        "on_hold": state.on_hold,
        "hold_reason": state.hold_reason,
        "follow_up_on": state.follow_up_on,
        "document_type": state.document_type,
        "note": state.note,
        **state.own_details,
    }


def _image_set(row: Any) -> ImageSet:
    return ImageSet(
        state=_set_state(row),
        batch_id=row.batch_id,
        coding_status=CodingStatus(row.coding_status),
        ignore_reason=row.ignore_reason,
        held_by=row.held_by,
        held_at=row.held_at,
        added_after_posting=bool(row.added_after_posting),
        image_count=row.image_count,
    )


def _image_state(row: Any) -> ImageState:
    return ImageState(
        image_id=row.id,
        set_id=row.set_id,
        page_no=row.page_no,
        live=row.deleted_at is None,
        rotation=row.rotation,
        cleaning=row.cleaning,
        document_type=_document(row.document_type),
        note=row.note,
    )


def _image_columns(state: ImageState) -> dict[str, Any]:
    return {
        "row_id": state.image_id,
        "set_id": state.set_id,
        "page_no": state.page_no,
        "rotation": state.rotation,
        "cleaning": state.cleaning,
        "document_type": state.document_type,
        "note": state.note,
    }


def _image(row: Any) -> Image:
    file = NewImage(
        sha256=row.sha256,
        original_name=row.original_name,
        mime=row.mime,
        byte_count=row.byte_count,
        width=row.width,
        height=row.height,
        preview=StoredPicture(row.preview_sha256, row.preview_mime),
        thumbnail=StoredPicture(row.thumbnail_sha256, row.thumbnail_mime),
        page_in_file=row.page_in_file,
        dpi=row.dpi,
        mirrored=bool(row.mirrored),
        full=StoredPicture(row.full_sha256, row.full_mime) if row.full_sha256 else None,
        shown_as_is=bool(row.shown_as_is),
        source=ImageSource(row.source),
    )
    return Image(
        state=_image_state(row),
        batch_id=row.batch_id,
        file=file,
        added_after_posting=bool(row.added_after_posting),
        created_at=row.created_at,
        rendition=_rendition(row),
    )


def _rendition(row: Any) -> Rendition | None:
    if row.made_width is None:
        return None
    return Rendition(
        row.cleaning,
        row.made_width,
        row.made_height,
        full=StoredPicture(row.made_full_sha256, row.made_full_mime),
        preview=StoredPicture(row.made_preview_sha256, row.made_preview_mime),
        thumbnail=StoredPicture(row.made_thumbnail_sha256, row.made_thumbnail_mime),
    )
