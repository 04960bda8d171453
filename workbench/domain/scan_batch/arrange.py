"""Splitting, merging, moving, ordering and deleting: pure functions from one arrangement of a batch to the next.

Every image of a batch is in exactly one set before and after. Texts of `RefusedError` are for the clerk.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from workbench.domain.scan_batch.pages import ImageState, Pages, SetState
from workbench.errors import NotFoundError, RefusedError


def split(pages: Pages, image_id: int, new_set_id: int) -> Pages:
    """Images from `image_id` on become the set `new_set_id`, placed right after theirs (key X)."""
    image = live_image(pages, image_id)
    tail = [each for each in pages.of_set(image.set_id) if each.page_no >= image.page_no]
    if image.page_no == 1:
        raise RefusedError("This is already the first page of its set.")
    old = pages.sets[image.set_id]
    pages = _insert_set(pages, new_set_id, old.seq + 1, like=old)
    return _renumber(_rehome(pages, tail, new_set_id, first_page=1), [image.set_id])


def merge(pages: Pages, set_id: int, *, keep_this: bool = False) -> Pages:
    """The pages of the set go to the end of the set before it, which stays (key M).

    `keep_this`: the set itself stays instead, at the place of the one before: it is the coded one.
    A hold, a note or details are not lost by merging: the set that stays takes over what it has not itself.
    """
    this = live_set(pages, set_id)
    if this.seq == 1:
        raise RefusedError(f"Set {set_id} is the first set; there is none before it to merge with.")
    before = pages.live_sets()[this.seq - 2]
    ordered = [*pages.of_set(before.set_id), *pages.of_set(set_id)]
    stays, goes = (this, before) if keep_this else (before, this)
    pages = _rehome(pages, ordered, stays.set_id, first_page=1)
    kept = replace(
        stays,
        seq=before.seq,
        on_hold=stays.on_hold or goes.on_hold,
        hold_reason=stays.hold_reason or goes.hold_reason,
        follow_up_on=stays.follow_up_on or goes.follow_up_on,
        note=stays.note or goes.note,
        # As a whole: a plan without its payer would be nobody's.
        **(stays if any(stays.own_details.values()) else goes).own_details,
    )
    return _resequence(pages.with_changed([kept, replace(goes, live=False)]))


def move(pages: Pages, image_ids: Collection[int], target_set_id: int, position: int | None = None) -> Pages:
    """The images, in their present order, go into the target set before its page `position` (None: at the end).

    A target that is not live yet comes to life after the last set (or after the set the images come
    from); a set left empty stays: it may be about to receive pages.
    """
    chosen = in_reading_order(pages, image_ids)
    if not pages.sets[target_set_id].live:
        source = pages.sets[chosen[-1].set_id]
        pages = _insert_set(pages, target_set_id, source.seq + 1, like=source)
    taken = {each.image_id for each in chosen}
    staying = [each for each in pages.of_set(target_set_id) if each.image_id not in taken]
    before = [each for each in staying if position is None or each.page_no < position]
    after = staying[len(before) :]
    pages = _rehome(pages, [*before, *chosen, *after], target_set_id, first_page=1)
    return _renumber(pages, {each.set_id for each in chosen})


def reorder(pages: Pages, set_id: int, image_ids: Sequence[int]) -> Pages:
    """The set's images in the order given, which must name each of them once."""
    present = pages.of_set(live_set(pages, set_id).set_id)
    if sorted(image_ids) != sorted(each.image_id for each in present):
        raise RefusedError(f"The pages of set {set_id} have changed. Look again and repeat the move.")
    return _rehome(pages, [pages.images[each] for each in image_ids], set_id, first_page=1)


def move_set(pages: Pages, set_id: int, seq: int) -> Pages:
    """The set becomes the `seq`-th of the batch."""
    others = [each for each in pages.live_sets() if each.set_id != live_set(pages, set_id).set_id]
    place = max(0, min(seq - 1, len(others)))
    return _numbered_sets(pages, [*others[:place], pages.sets[set_id], *others[place:]])


def delete_images(pages: Pages, image_ids: Collection[int]) -> Pages:
    """The images go to the recycle bin, remembering their place; a set left empty stays."""
    chosen = in_reading_order(pages, image_ids)
    pages = pages.with_changed(images=[replace(each, live=False) for each in chosen])
    return _renumber(pages, {each.set_id for each in chosen})


def delete_sets(pages: Pages, set_ids: Collection[int]) -> Pages:
    """The sets go to the recycle bin with their images."""
    gone = [live_set(pages, set_id) for set_id in set_ids]
    images = [replace(image, live=False) for each in gone for image in pages.of_set(each.set_id)]
    return _resequence(pages.with_changed([replace(each, live=False) for each in gone], images))


def empty_sets(pages: Pages) -> list[int]:
    return [each.set_id for each in pages.live_sets() if not pages.of_set(each.set_id)]


def append(pages: Pages, set_id: int, image_ids: Sequence[int]) -> Pages:
    """Images that are not live yet come to the end of the set; a set that is not live yet, to the end of the batch."""
    if not pages.sets[set_id].live:
        pages = _insert_set(pages, set_id, len(pages.live_sets()) + 1, like=pages.sets[set_id])
    new = [replace(pages.images[each], live=True) for each in image_ids]
    return _rehome(pages, new, set_id, first_page=len(pages.of_set(set_id)) + 1)


def restore_images(pages: Pages, image_ids: Collection[int]) -> Pages:
    """Images back from the recycle bin, each to the end of its set, which comes back with it if it is gone."""
    for image_id in sorted(image_ids):
        image = pages.images.get(image_id)
        if image is None or image.live:
            raise NotFoundError("The page is not in the recycle bin.")
        pages = append(pages, image.set_id, [image_id])
    return pages


def change_images(
    pages: Pages, image_ids: Iterable[int], change: Callable[[ImageState], ImageState]
) -> Pages:
    """The live images, each changed by `change`, which leaves set and page number alone."""
    return pages.with_changed(images=[change(live_image(pages, each)) for each in image_ids])


def rotated(image: ImageState, degrees: int) -> ImageState:
    """Turned clockwise by a multiple of 90 degrees."""
    if degrees % 90:
        raise RefusedError("A page can be turned by quarter turns only.")
    return replace(image, rotation=(image.rotation + degrees) % 360)


def held(pages: Pages, set_id: int, reason: str, follow_up_on: date | None) -> Pages:
    """The set on hold for `reason`; an empty reason releases it."""
    state = replace(
        live_set(pages, set_id), on_hold=bool(reason), hold_reason=reason, follow_up_on=follow_up_on
    )
    return pages.with_changed([state])


def live_set(pages: Pages, set_id: int) -> SetState:
    found = pages.sets.get(set_id)
    if found is None or not found.live:
        raise NotFoundError(f"Set {set_id} was not found.")
    return found


def live_image(pages: Pages, image_id: int) -> ImageState:
    found = pages.images.get(image_id)
    if found is None or not found.live:
        raise NotFoundError("The page was not found. It may have been deleted or moved.")
    return found


def in_reading_order(pages: Pages, image_ids: Collection[int]) -> list[ImageState]:
    """The live images as they follow in the batch: by set, then by page. At least one."""
    if not image_ids:
        raise RefusedError("Select at least one page.")
    chosen = [live_image(pages, each) for each in set(image_ids)]
    return sorted(chosen, key=lambda each: (pages.sets[each.set_id].seq, each.page_no))


def _insert_set(pages: Pages, set_id: int, seq: int, *, like: SetState) -> Pages:
    new = replace(pages.sets[set_id], live=True, document_type=like.document_type)
    others = pages.live_sets()
    return _numbered_sets(pages, [*others[: seq - 1], new, *others[seq - 1 :]])


def _numbered_sets(pages: Pages, ordered: Sequence[SetState]) -> Pages:
    return pages.with_changed(sets=[replace(each, seq=seq) for seq, each in enumerate(ordered, start=1)])


def _resequence(pages: Pages) -> Pages:
    return _numbered_sets(pages, pages.live_sets())


def _rehome(pages: Pages, ordered: Sequence[ImageState], set_id: int, *, first_page: int) -> Pages:
    return pages.with_changed(
        images=[
            replace(each, set_id=set_id, page_no=page_no)
            for page_no, each in enumerate(ordered, start=first_page)
        ]
    )


def _renumber(pages: Pages, set_ids: Iterable[int]) -> Pages:
    for set_id in set_ids:
        pages = _rehome(pages, pages.of_set(set_id), set_id, first_page=1)
    return pages
