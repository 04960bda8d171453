"""The Image Viewer page: the browser part, the small windows around it, and who does what."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from traitlets import Dict, Unicode

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.pages import Edit
from workbench.domain.scan_batch.words import DocumentType
from workbench.errors import NotFoundError, RefusedError, WorkbenchError
from workbench.scanner.sane import Scanner
from workbench.services.image_import import Target
from workbench.services.image_store import Size
from workbench.services.scan_desk import ScanDesk
from workbench.widgets.image_batches.header import HeaderModel
from workbench.widgets.image_batches.header_view import HeaderWindow
from workbench.widgets.image_viewer.arrivals import Arrivals, BatchInbox
from workbench.widgets.image_viewer.clean_up import CLEANING, CleanUp
from workbench.widgets.image_viewer.departures import JPEG, PDF, Departures
from workbench.widgets.image_viewer.dialogs import DeletedDialog, HoldDialog, MoveDialog, NoteDialog
from workbench.widgets.image_viewer.drawing import draw
from workbench.widgets.image_viewer.import_dialog import ImportDialog
from workbench.widgets.image_viewer.model import ViewerModel
from workbench.widgets.image_viewer.scan_dialog import ScanDialog
from workbench.widgets.image_viewer.set_details import SetDetailsDialog
from workbench.widgets.kit.base import STATIC, Buffers, Content, Handler, KitWidget
from workbench.widgets.kit.download import Download
from workbench.widgets.kit.panel import stack
from workbench.widgets.kit.shell import Shell

MOST_PICTURES = 24


class Viewer(KitWidget):
    """The browser part (`kit/static/viewer.js`): it hears every event and draws the model."""

    state = Dict().tag(sync=True)
    _css = Unicode().tag(sync=True)

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._given = dict(handlers)
        super().__init__("viewer", _css=(STATIC / "viewer.css").read_text(encoding="utf-8"))

    def events(self) -> dict[str, Handler]:
        return self._given


class ImageViewerScreen:
    """`?batch=12` opens batch 12; `&set=34&image=56` a page of it."""

    def __init__(self, desk: Any, shell: Shell, scanner: Scanner | None = None) -> None:
        def actor() -> Actor:
            person: Actor = desk.actor
            return person

        self._scan_desk: ScanDesk = desk.scan_desk
        self._actor = actor
        self._shell = shell
        self._focus = 0
        self._place: dict[str, int] = {}
        self.model: ViewerModel | None = None
        self.viewer = Viewer({name: self._locked(handler) for name, handler in self._handlers().items()})
        self.arrivals = Arrivals(self._scan_desk, actor, self.arrived)
        self.download = Download()
        self.departures = Departures(
            self._scan_desk,
            actor,
            lambda document: self.download.offer(document.name, document.data, PDF),
            self._lay_out,
        )
        inbox = BatchInbox(self.arrivals, self._scan_desk.inbox, actor)
        self.importing = ImportDialog(
            self.arrivals,
            desk.settings.scratch,
            inbox,
            lambda: self.download.offer("separator-sheet.pdf", self._scan_desk.separator_sheet(), PDF),
        )
        self.scanning = ScanDialog(self.arrivals, scanner or Scanner(), self._scan_desk.profiles, actor)
        self.moving = MoveDialog(self._moved)
        self.holding = HoldDialog(lambda reason, day: self._do(lambda model: model.hold(reason, day)))
        self.noting = NoteDialog(self._noted)
        self.deleted = DeletedDialog(
            lambda images: self._do(lambda model: model.restore(images), follow=True)
        )
        self.cleaning = CleanUp(self._scan_desk, actor, self._cleaned)
        self.set_details = SetDetailsDialog(
            self._scan_desk, actor, lambda edit: self._do(lambda model: model.take(edit))
        )
        self.details = HeaderWindow(
            HeaderModel(self._scan_desk, actor), lambda _: self._do(lambda model: model.refresh())
        )
        self.widget = stack(
            self.viewer,
            self.download,
            self.importing,
            self.scanning,
            self.scanning.saving,
            self.moving,
            self.holding,
            self.noting,
            self.deleted,
            self.cleaning.cropping,
            self.set_details,
            self.details.widget,
        )

    def enter(self, params: Mapping[str, str]) -> str:
        batch_id = _number(params.get("batch"))
        if batch_id is None:
            raise NotFoundError("Which batch? Open the viewer from the Image Batches page.")
        with self.arrivals.lock:
            if self.model is None or self.model.batch_id != batch_id:
                if self.arrivals.running:
                    raise RefusedError("An import or scan is running. Wait for it, or cancel it first.")
                self.model = self.arrivals.model = ViewerModel(self._scan_desk, self._actor, batch_id)
            else:
                self.model.refresh()
            try:
                self._go_to(self.model, _number(params.get("set")), _number(params.get("image")))
            except NotFoundError as gone:  # deleted or moved since; the batch is there
                self.viewer.notify(str(gone), "warning")
            self.draw(follow=True)
        return f"Image Viewer [{batch_id}]"

    @staticmethod
    def _go_to(model: ViewerModel, set_id: int | None, image_id: int | None) -> None:
        if set_id is not None:
            model.open_set(set_id)
        if image_id is not None:
            model.look(image_id)

    def arrived(self) -> None:
        """Pages came in from an import or a scan."""
        self.draw(follow=True)

    def draw(self, *, follow: bool = False) -> None:
        """Hands the state to the browser; `follow`: it goes to the page that the model has in front."""
        if self.model is None:
            return
        self._focus += follow
        names = self._scan_desk.choices.names(self.model.batch.header)
        out = self.departures.blocker(len(self.model.images))
        self.viewer.state = draw(
            self.model, self._focus, names, dict.fromkeys(("export", "print"), out) if out else {}
        )

        self._keep_place(self.model)

    def _keep_place(self, model: ViewerModel) -> None:
        """In the address, so that whoever comes back after a lost session is at the same page (spec 5 row 36).

        Not while another screen is shown: pages of an import arrive behind its back.
        """
        place = {"batch": model.batch_id, "set": model.set_id, "image": model.image_id}
        known = {name: each for name, each in place.items() if each is not None}
        shown = self._shell.content is self.widget
        if shown and known != self._place:
            self._shell.address("image_viewer", **known)
        self._place = known if shown else {}

    def _lay_out(self, pictures: Sequence[bytes]) -> None:
        self.viewer.send({"kind": "print", "mime": JPEG}, buffers=list(pictures))

    def _handlers(self) -> dict[str, Handler]:
        return {
            "open_set": self._open_set,
            "step_set": self._step_set,
            "look": self._look,
            "pictures": self._pictures,
            "act": self._act,
        }

    def _locked(self, handler: Handler) -> Handler:
        def run(content: Content, buffers: Buffers) -> Any:
            with self.arrivals.lock:
                return handler(content, buffers)

        return run

    def _open_set(self, content: Content, _: Buffers) -> None:
        self._do(lambda model: model.open_set(_id(content.get("set"))), follow=True)

    def _step_set(self, content: Content, _: Buffers) -> None:
        step = 1 if content.get("step") == 1 else -1
        at_end = content.get("at_end") is True
        self._do(lambda model: model.step_set(step, at_end=at_end), follow=True)

    def _look(self, content: Content, _: Buffers) -> None:
        model = self._open_model()
        model.look(_id(content.get("image")))
        self._keep_place(model)

    def _pictures(self, content: Content, _: Buffers) -> None:
        """Answers with one message; a picture that cannot be had comes without bytes, and the person hears why."""
        model, size = self._open_model(), Size(str(content.get("size")))
        wanted = content.get("images")
        found: list[dict[str, Any]] = []
        buffers: list[bytes] = []
        for image_id in (wanted if isinstance(wanted, list) else [])[:MOST_PICTURES]:
            try:
                picture = model.picture(_id(image_id), size)
            except WorkbenchError as error:
                self.viewer.notify(str(error), "error")
                found.append({"id": image_id, "mime": "", "at": None})
                continue
            found.append({"id": image_id, "mime": picture.mime, "at": len(buffers)})
            buffers.append(picture.data)
        self.viewer.send({"kind": "pictures", "size": size.value, "images": found}, buffers=buffers)

    def _act(self, content: Content, _: Buffers) -> None:
        model = self._open_model()
        name = str(content.get("name"))
        images = [_id(each) for each in content.get("images") or []]
        front = content.get("image")
        if isinstance(front, int) and any(each.state.image_id == front for each in model.images):
            model.image_id = front
        if name in CLEANING:
            self.cleaning.act(model, images, content, self.viewer.notify)
            return
        if name in self._windows():
            self._windows()[name](images)
            return
        action = _ACTIONS.get(name)
        if action is None:
            return
        said = action(model, images, content)
        self.draw(follow=name in _FOLLOWED)
        if said:
            self.viewer.notify(said, "info")

    def _windows(self) -> dict[str, Callable[[list[int]], None]]:
        model = self._open_model()
        current = model.current_set
        proposed = Target.NEW_SET if model.new_set or current is None else Target.CURRENT_SET
        return {
            "import": lambda _: self.importing.ask(proposed),
            "scan": lambda _: self.scanning.ask(proposed),
            "ask_move": lambda images: self.moving.ask(model, images),
            "hold": lambda _: self.holding.ask(model.set_id or 0),
            "ask_note": lambda _: self.noting.ask(
                model.note_of_image(), current.state.note if current else ""
            ),
            "ask_restore": lambda _: self.deleted.ask(model),
            "export": self._export,
            "print": lambda images: self.departures.print(
                model.batch_id, model.outgoing(images), self.viewer.notify
            ),
            "set_details": lambda _: self.set_details.ask(model.batch_id, model.set_id or 0),
            "details": lambda _: self.details.update(model.batch_id),
        }

    def _cleaned(self, edit: Edit) -> None:
        """The person may have gone to another batch meanwhile."""
        with self.arrivals.lock:
            if self._open_model().batch_id == edit.batch_id:
                self._do(lambda model: model.take(edit))

    def _export(self, images: list[int]) -> None:
        model = self._open_model()
        wanted = model.outgoing(images)
        self.viewer.notify(
            f"Making a PDF of {len(wanted)} {'page' if len(wanted) == 1 else 'pages'} …", "info"
        )
        self.departures.export(model.batch_id, wanted, self.viewer.notify)

    def _moved(self, images: list[int], set_id: int | None) -> None:
        self._do(lambda model: model.move(images, set_id))

    def _noted(self, image_note: str, set_note: str) -> None:
        def note(model: ViewerModel) -> None:
            if image_note != model.note_of_image():
                model.note_image(image_note)
            if model.current_set is not None and set_note != model.current_set.state.note:
                model.note_set(set_note)

        self._do(note)

    def _do(self, change: Callable[[ViewerModel], None], *, follow: bool = False) -> None:
        with self.arrivals.lock:
            change(self._open_model())
            self.draw(follow=follow)

    def _open_model(self) -> ViewerModel:
        if self.model is None:
            raise NotFoundError("No batch is open.")
        return self.model


def _id(value: object) -> int:
    """An id from the browser, which can send anything."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise NotFoundError("The page was not found. It may have been deleted or moved.")
    return value


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


def _undo(model: ViewerModel, _images: list[int], _content: Content) -> str:
    label = model.undo()
    return f"Undone: {label}." if label else "There is nothing to undo."


def _redo(model: ViewerModel, _images: list[int], _content: Content) -> str:
    label = model.redo()
    return f"Done again: {label}." if label else "There is nothing to redo."


def _delete(model: ViewerModel, images: list[int], _content: Content) -> str:
    return f"{model.delete(images)}: in the recycle bin for 30 days. Undo with Ctrl+Z."


def _delete_set(model: ViewerModel, _images: list[int], _content: Content) -> str:
    if model.set_id is None:
        return ""
    return f"{model.delete_set(model.set_id)}: in the recycle bin for 30 days. Undo with Ctrl+Z."


def _move(model: ViewerModel, images: list[int], content: Content) -> str:
    before = content.get("before")
    model.move(images, _id(content.get("set")), before if isinstance(before, int) else None)
    return ""


def _rotate(model: ViewerModel, images: list[int], content: Content) -> str:
    degrees = content.get("degrees")
    model.rotate(images, degrees if isinstance(degrees, int) else 0)
    return ""


def _shift(model: ViewerModel, images: list[int], content: Content) -> str:
    model.shift(images, 1 if content.get("step") == 1 else -1)
    return ""


def _document(model: ViewerModel, content: Content) -> DocumentType | None:
    wanted = str(content.get("document") or "")
    return DocumentType(wanted) if wanted in {each.value for each in model.documents} else None


def _type(model: ViewerModel, images: list[int], content: Content) -> str:
    model.classify(images, _document(model, content))
    return ""


def _set_type(model: ViewerModel, _images: list[int], content: Content) -> str:
    model.classify_set(_document(model, content))
    return ""


def _shift_set(model: ViewerModel, _images: list[int], content: Content) -> str:
    model.shift_set(1 if content.get("step") == 1 else -1)
    return ""


def _new_set(model: ViewerModel, _images: list[int], _content: Content) -> str:
    model.begin_set()
    return "New set: it is stored when its first page comes. Import with I, scan with S."


def _split(model: ViewerModel, _images: list[int], _content: Content) -> str:
    model.split()
    return ""


def _merge(model: ViewerModel, _images: list[int], _content: Content) -> str:
    model.merge()
    return ""


def _release(model: ViewerModel, _images: list[int], _content: Content) -> str:
    model.release()
    return ""


_ACTIONS: dict[str, Callable[[ViewerModel, list[int], Content], str]] = {
    "undo": _undo,
    "redo": _redo,
    "delete": _delete,
    "delete_set": _delete_set,
    "move": _move,
    "rotate": _rotate,
    "shift": _shift,
    "type": _type,
    "set_type": _set_type,
    "shift_set": _shift_set,
    "new_set": _new_set,
    "split": _split,
    "merge": _merge,
    "release": _release,
}
# After these the page in front is the model's choice, not the browser's.
_FOLLOWED = {"undo", "redo", "delete", "delete_set", "move", "split", "merge"}
