"""Deskew, despeckle, invert, crop (spec scan-batches 3.5): a recipe kept with the page, and a rendition made by it.

The original is never altered, and what a recipe made stays: undo and redo only change which recipe a page is
shown by.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.domain.identity import Actor
from workbench.domain.scan_batch import arrange
from workbench.domain.scan_batch.allowed import Action
from workbench.domain.scan_batch.cleaning import Cleaning, Cut, Step
from workbench.domain.scan_batch.pages import Edit, Pages
from workbench.domain.scan_batch.records import Image, Rendition, StoredPicture
from workbench.errors import NotFoundError, RefusedError
from workbench.images.intake import Intake
from workbench.images.outcome import Cleaned, Unclean
from workbench.images.store import ImageStore, Writing
from workbench.services.image_store import source_of
from workbench.services.scan_batches.desk import open_batch, work_on_batch
from workbench.services.scan_batches.editing import Editing
from workbench.storage import Database

MOST_PAGES = 500
_NOTHING = {
    Step.DESKEW: "There is nothing to deskew: the lines are level, or there are none.",
    Step.CROP: "There is nothing to crop: the content reaches the edges, or there is none.",
}


@dataclass(frozen=True, slots=True)
class _Wish:
    """A page as it was seen, and what is wanted of it. `measure`: what the page itself has to say of that."""

    image: Image
    recipe: Cleaning
    measure: Step | None = None


class ImageCleaning:
    """Each change gives back the `Edit` that it was; see `ImageSets.apply` for undo."""

    def __init__(self, database: Database, store: ImageStore) -> None:
        self._database = database
        self._store = store

    def toggle(self, actor: Actor, batch_id: int, image_ids: Collection[int], step: Step) -> Edit:
        """Does `step` to the pages that lack it; when none of them does, it is taken back from all.

        Raises RefusedError when there was nothing to straighten or to cut off on any of them.
        """
        images = self._see(actor, batch_id, image_ids)
        recipes = [Cleaning.read(each.state.cleaning) for each in images]
        if all(recipe.has(step) for recipe in recipes):
            back = [_Wish(image, recipe.without(step)) for image, recipe in zip(images, recipes, strict=True)]
            return self._clean(actor, batch_id, back, lambda pages: f"{step.value} taken back: {pages}")
        lacking = [
            (image, recipe) for image, recipe in zip(images, recipes, strict=True) if not recipe.has(step)
        ]
        edit = self._clean(
            actor, batch_id, [_with(image, recipe, step) for image, recipe in lacking],
            lambda pages: f"{step.value}: {pages}",
        )  # fmt: skip
        if edit.is_empty:
            raise RefusedError(_NOTHING[step])
        return edit

    def straighten(self, actor: Actor, batch_id: int, image_ids: Collection[int]) -> Edit:
        """Deskew as pages come in (spec 3.10, "auto-deskew"): what is level stays, and nothing is said of it."""
        lacking = [
            _Wish(image, recipe, Step.DESKEW)
            for image in self._see(actor, batch_id, image_ids)
            if not (recipe := Cleaning.read(image.state.cleaning)).has(Step.DESKEW)
        ]
        return self._clean(actor, batch_id, lacking, lambda pages: f"{Step.DESKEW.value}: {pages}")

    def by_hand(self, actor: Actor, batch_id: int, image_ids: Collection[int], turn: int, cut: Cut) -> Edit:
        """Straightens by `turn` hundredths of a degree clockwise and cuts off each side what `cut` says, both as a
        person sees the page. Nothing means: not straightened, not cropped.
        """
        wishes = [
            _Wish(
                each,
                replace(
                    Cleaning.read(each.state.cleaning),
                    turn=-turn if each.file.mirrored else turn,
                    cut=cut.seen_as_stored(each.state.rotation, mirrored=each.file.mirrored),
                ).checked(),
            )
            for each in self._see(actor, batch_id, image_ids)
        ]
        return self._clean(actor, batch_id, wishes, lambda pages: f"Crop and straighten: {pages}")

    def as_scanned(self, actor: Actor, batch_id: int, image_ids: Collection[int]) -> Edit:
        """Takes everything back; only the quarter turns stay."""
        wishes = [_Wish(each, Cleaning()) for each in self._see(actor, batch_id, image_ids)]
        return self._clean(actor, batch_id, wishes, lambda pages: f"As scanned: {pages}")

    def _see(self, actor: Actor, batch_id: int, image_ids: Collection[int]) -> list[Image]:
        """The pages, when the person may clean them up: before any work is done for them."""
        wanted = set(image_ids)
        if not wanted:
            raise RefusedError("Select at least one page.")
        if len(wanted) > MOST_PAGES:
            raise RefusedError(f"At most {MOST_PAGES} pages are cleaned up at once. Choose fewer.")
        with self._database.reading() as stores:
            opened = open_batch(stores, actor, batch_id)
            opened.require(actor, Action.CLEAN)
            images = [each for each in stores.image_sets.images(batch_id) if each.state.image_id in wanted]
        if len(images) != len(wanted):
            raise NotFoundError("The page was not found. It may have been deleted or moved.")
        return images

    def _clean(
        self, actor: Actor, batch_id: int, wishes: Sequence[_Wish], label: Callable[[str], str]
    ) -> Edit:
        with self._database.reading() as stores:
            known = stores.renditions.known([each.image.state.image_id for each in wishes])
        recipes = {each.image.state.image_id: each.recipe for each in wishes}
        work = [each for each in wishes if each.measure is not None or not _made(each, known)]
        if not work:
            return self._write(actor, batch_id, wishes, recipes, {}, label)
        with self._store.workspace() as folder, Intake(folder) as intake:
            done = intake.clean([self._order(each) for each in work])
            with self._store.writing(folder) as writing:
                new = _keep(writing, [each.image.state.image_id for each in work], done)
                recipes |= {
                    each.image.state.image_id: page.recipe for each, page in zip(work, done, strict=True)
                }
                return self._write(actor, batch_id, wishes, recipes, new, label)

    def _order(self, wish: _Wish) -> Unclean:
        path, page = source_of(self._store, wish.image.file)
        return Unclean(path, page, wish.recipe, wish.measure, wish.image.file.dpi)

    def _write(
        self,
        actor: Actor,
        batch_id: int,
        wishes: Sequence[_Wish],
        recipes: Mapping[int, Cleaning],
        new: Mapping[int, Rendition],
        label: Callable[[str], str],
    ) -> Edit:
        changed = [
            each for each in wishes if str(recipes[each.image.state.image_id]) != each.image.state.cleaning
        ]

        def change(now: Pages) -> Pages:
            for each in changed:
                image = arrange.live_image(now, each.image.state.image_id)
                if image.cleaning != each.image.state.cleaning:
                    raise RefusedError("Somebody else cleaned up the same page just now. Look again.")
                now = now.with_changed(images=[replace(image, cleaning=str(recipes[image.image_id]))])
            return now

        with self._database.transaction() as stores:
            opened = work_on_batch(stores, actor, batch_id)
            known = stores.renditions.known(new)
            for image_id, rendition in new.items():
                if (image_id, rendition.cleaning) not in known:
                    stores.renditions.add(image_id, rendition, actor.user_id)
            pages = "1 page" if len(changed) == 1 else f"{len(changed)} pages"
            return Editing.edit(stores, actor, opened, Action.CLEAN, label(pages), change)


def _with(image: Image, recipe: Cleaning, step: Step) -> _Wish:
    if step is Step.DESPECKLE:
        return _Wish(image, replace(recipe, despeckle=True))
    if step is Step.INVERT:
        return _Wish(image, replace(recipe, invert=True))
    return _Wish(image, recipe, measure=step)


def _made(wish: _Wish, known: Collection[tuple[int, str]]) -> bool:
    """Whether its rendition is there already, or none is needed."""
    return wish.recipe == Cleaning() or (wish.image.state.image_id, str(wish.recipe)) in known


def _keep(writing: Writing, image_ids: Sequence[int], done: Sequence[Cleaned]) -> dict[int, Rendition]:
    """The pictures of the pages that have some, on the disk when this returns."""
    pictures = {
        image_id: (page.recipe, page.pictures)
        for image_id, page in zip(image_ids, done, strict=True)
        if page.pictures is not None
    }
    kept = iter(writing.keep([each.path for _, made in pictures.values() for each in made]))
    new = {}
    for image_id, (recipe, made) in pictures.items():
        full, preview, thumbnail = (StoredPicture(next(kept).sha256, each.mime) for each in made)
        new[image_id] = Rendition(str(recipe), made[0].width, made[0].height, full, preview, thumbnail)
    return new
