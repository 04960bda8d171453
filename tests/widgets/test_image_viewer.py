"""The viewer's model and screen without a browser: what is in front, edits, undo, blockers, what a browser may send."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.builders import Office, actor
from tests.images import pictures
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.words import BatchType, DocumentType
from workbench.errors import NotFoundError, RefusedError
from workbench.images.intake import Incoming
from workbench.images.store import ImageStore
from workbench.services.image_import import Target
from workbench.services.image_store import Size
from workbench.services.scan_desk import ScanDesk, furnish
from workbench.widgets.image_viewer.model import ViewerModel
from workbench.widgets.image_viewer.view import ImageViewerScreen
from workbench.widgets.kit.shell import Shell


@dataclass
class Scene:
    office: Office
    desk: ScanDesk
    scratch: Path
    clerk: Actor

    def batch(self, *pages_of_sets: int, kind: BatchType = BatchType.PAYMENT) -> int:
        """A batch with so many pages in each set."""
        batch_id = self.desk.batches.create(self.clerk, BatchHeader("Mail", self.office.north, kind))
        for count in pages_of_sets:
            fax = pictures.tiff(tuple(range(count)))
            list(self.desk.imports.run(self.clerk, batch_id, [Incoming("fax.tif", fax)], Target.NEW_SET))
        return batch_id

    def viewer(self, *pages_of_sets: int) -> ViewerModel:
        return ViewerModel(self.desk, lambda: self.clerk, self.batch(*pages_of_sets))


@pytest.fixture
def scene(office: Office, tmp_path: Path) -> Iterator[Scene]:
    desk = furnish(office.database, ImageStore(tmp_path / "images"))
    yield Scene(office, desk, tmp_path / "scratch", office.north_clerk)
    desk.files.close()


def shape(model: ViewerModel) -> list[int]:
    return [each.image_count for each in model.sets]


def in_front(model: ViewerModel) -> tuple[int, int]:
    """1-based places of the set in the batch and of the page in the set; page 0: none."""
    sets = [each.state.set_id for each in model.sets]
    page = next((each.state.page_no for each in model.images if each.state.image_id == model.image_id), 0)
    return sets.index(model.set_id) + 1, page  # type: ignore[arg-type]


def ids(model: ViewerModel) -> list[int]:
    return [each.state.image_id for each in model.images]


def test_it_opens_at_the_first_page_of_the_first_set(scene: Scene) -> None:
    assert in_front(scene.viewer(3, 2)) == (1, 1)


def test_an_empty_batch_has_nothing_in_front(scene: Scene) -> None:
    model = scene.viewer()
    assert (model.set_id, model.image_id, model.images) == (None, None, ())
    assert model.blockers()["rotate"] == "There is no page here."
    assert model.blockers()["hold"] == "There is no set yet."
    assert "import" not in model.blockers()


def test_stepping_through_sets_stops_at_the_ends(scene: Scene) -> None:
    model = scene.viewer(2, 3)
    model.step_set(1)
    assert in_front(model) == (2, 1)
    model.step_set(1)
    assert in_front(model) == (2, 1)
    model.step_set(-1, at_end=True)
    assert in_front(model) == (1, 2)


def test_split_goes_with_the_page_and_merge_comes_back_with_it(scene: Scene) -> None:
    model = scene.viewer(4)
    third = ids(model)[2]
    model.look(third)
    model.split()
    assert (shape(model), in_front(model), model.image_id) == ([2, 2], (2, 1), third)
    model.merge()
    assert (shape(model), in_front(model), model.image_id) == ([4], (1, 3), third)
    model.undo()
    assert (shape(model), in_front(model)) == ([2, 2], (2, 1))
    model.undo()
    assert shape(model) == [4]
    model.redo()
    assert shape(model) == [2, 2]


def test_deleting_shows_the_next_page_and_undo_brings_it_back(scene: Scene) -> None:
    model = scene.viewer(3)
    pages = ids(model)
    model.look(pages[1])
    assert model.delete([pages[1]]) == "Delete 1 page"
    assert (ids(model), model.image_id) == ([pages[0], pages[2]], pages[2])
    model.undo()
    assert (ids(model), model.image_id) == (pages, pages[1])


def test_deleted_pages_come_back_with_their_set(scene: Scene) -> None:
    model = scene.viewer(2, 2)
    gone, kept = ids(model)
    model.delete([gone])
    model.step_set(1)
    of_set = ids(model)
    model.delete_set(model.set_id or 0)
    deleted = model.deleted_pages()
    assert {page.image_id for page in deleted} == {gone, *of_set}
    assert [page.name for page in deleted] == ["fax.tif"] * 3
    model.restore([gone, of_set[1]])
    assert (shape(model), ids(model), model.image_id) == ([2, 1], [kept, gone], gone)
    model.undo()
    assert shape(model) == [1]
    scene.clerk = scene.office.south_clerk
    with pytest.raises(NotFoundError):
        model.deleted_pages()


def test_deleting_a_set_shows_the_next_one(scene: Scene) -> None:
    model = scene.viewer(1, 2, 3)
    model.step_set(1)
    model.delete_set(model.set_id or 0)
    assert (shape(model), in_front(model)) == ([1, 3], (2, 1))
    model.undo()
    assert shape(model) == [1, 2, 3]


def test_shifting_pages_up_and_down(scene: Scene) -> None:
    model = scene.viewer(4)
    a, b, c, d = ids(model)
    model.shift([b, c], 1)
    assert ids(model) == [a, d, b, c]
    model.shift([b, c], 1)
    assert ids(model) == [a, d, b, c]
    model.shift([b, c], -1)
    assert ids(model) == [a, b, c, d]
    model.shift([a], -1)
    assert ids(model) == [a, b, c, d]


def test_moving_pages_between_sets_and_to_a_new_one(scene: Scene) -> None:
    model = scene.viewer(3, 1)
    first, second, third = ids(model)
    other = model.sets[1].state.set_id
    model.move([first, third], other)
    assert (shape(model), ids(model)) == ([1, 3], [second])
    model.move([second], None)
    assert sorted(shape(model)) == [0, 1, 3]


def test_sets_are_put_in_order(scene: Scene) -> None:
    model = scene.viewer(1, 2, 3)
    model.shift_set(-1)
    assert shape(model) == [1, 2, 3]
    model.shift_set(1)
    assert (shape(model), in_front(model)) == ([2, 1, 3], (2, 1))
    model.undo()
    assert shape(model) == [1, 2, 3]


def test_marks_are_kept_and_undone(scene: Scene) -> None:
    model = scene.viewer(2)
    page = ids(model)[0]
    model.classify([page], DocumentType.CHECK)
    model.note_image("Look at line 2")
    model.note_set("Ask the payer")
    model.hold("Missing page")
    current = model.current_set
    assert current is not None
    assert (current.state.note, current.state.hold_reason) == ("Ask the payer", "Missing page")
    assert (model.images[0].state.document_type, model.note_of_image()) == (
        DocumentType.CHECK,
        "Look at line 2",
    )
    for _ in range(4):
        model.undo()
    again = model.current_set
    assert again is not None
    assert (again.state.note, again.state.on_hold, model.note_of_image()) == ("", False, "")
    assert model.undo() is None


def test_two_hundred_steps_can_be_undone(scene: Scene) -> None:
    model = scene.viewer(1)
    for _ in range(55):
        model.rotate(ids(model), 90)
    assert model.images[0].state.rotation == 55 * 90 % 360
    for _ in range(55):
        assert model.undo() == "Rotate 90°"
    assert model.images[0].state.rotation == 0


def test_undo_is_refused_when_somebody_else_worked_on_the_pages(scene: Scene) -> None:
    model = scene.viewer(3)
    model.rotate(ids(model)[:1], 90)
    ViewerModel(scene.desk, lambda: scene.clerk, model.batch_id).rotate(ids(model)[:1], 90)
    with pytest.raises(RefusedError, match="changed since"):
        model.undo()


def test_what_cannot_be_done_says_why(scene: Scene) -> None:
    blocked = scene.viewer(2).blockers()
    assert blocked["merge"] == "This is the first set; there is none before it."
    assert blocked["undo"] == "There is nothing to undo."
    assert set(blocked) == {"merge", "undo", "redo"}


def test_a_reader_may_look_and_nothing_else(scene: Scene) -> None:
    batch_id = scene.batch(2)
    rights = frozenset({Permission.BATCH_VIEW, Permission.IMAGE_VIEW, Permission.PAYMENT_PAPER})
    reader = actor(scene.clerk.user_id, scene.office.north, permissions=rights)
    model = ViewerModel(scene.desk, lambda: reader, batch_id)
    assert model.picture(ids(model)[0], Size.PREVIEW).mime == "image/jpeg"
    assert {
        "import", "scan", "rotate", "split", "move", "delete", "type", "note", "hold", "ask_restore"
    } <= set(model.blockers())  # fmt: skip


def test_looks_are_audited(scene: Scene) -> None:
    model = scene.viewer(2)
    model.look(ids(model)[1])
    with scene.office.database.reading() as stores:
        actions = [event.action for event in stores.audit.of("image", ids(model)[1])]
    assert actions == ["image.view"]


class Screen:
    """The screen as the browser drives it: events in, messages out."""

    def __init__(self, scene: Scene, batch_id: int) -> None:
        desk: Any = SimpleNamespace(
            scan_desk=scene.desk, actor=scene.clerk, settings=SimpleNamespace(scratch=scene.scratch)
        )
        self.screen = ImageViewerScreen(desk, Shell({}, {}, ""))
        self.messages: list[tuple[dict[str, Any], list[bytes]]] = []
        self.screen.viewer.send = lambda content, buffers=None: self.messages.append((content, buffers or []))
        self.title = self.screen.enter({"batch": str(batch_id)})

    def send(self, event: str, **content: object) -> None:
        self.screen.viewer._receive(None, {"event": event, "content": content}, [])

    @property
    def state(self) -> dict[str, Any]:
        return self.screen.viewer.state


def test_the_screen_draws_and_obeys(scene: Scene) -> None:
    screen = Screen(scene, scene.batch(3, 1))
    assert screen.title == screen.state["title"]
    first, second, third = (image["id"] for image in screen.state["images"])
    screen.send("act", name="rotate", image=first, images=[first, third], degrees=90)
    assert [image["rotation"] for image in screen.state["images"]] == [90, 0, 90]
    screen.send("act", name="type", image=second, images=[second], document="EOB")
    assert screen.state["images"][1]["type"] == "EOB"
    screen.send("act", name="set_type", image=second, document="Check")
    assert [image["type"] for image in screen.state["images"]] == ["Check", "EOB", "Check"]
    screen.send("act", name="split", image=second, images=[second])
    assert [each["count"] for each in screen.state["sets"]] == [1, 2, 1]
    assert screen.state["image"] == second


def test_pictures_come_as_bytes_with_their_place(scene: Scene) -> None:
    screen = Screen(scene, scene.batch(2))
    wanted = [image["id"] for image in screen.state["images"]]
    screen.send("pictures", size="thumbnail", images=[*wanted, 999_999])
    content, buffers = screen.messages[-1]
    assert [(each["id"], each["at"]) for each in content["images"]] == [
        (wanted[0], 0),
        (wanted[1], 1),
        (999_999, None),
    ]
    assert [data[:3] for data in buffers] == [b"\xff\xd8\xff", b"\xff\xd8\xff"]


@pytest.mark.parametrize(
    "content",
    [
        {"name": "rotate", "images": [999_999], "degrees": 90},
        {"name": "rotate", "images": ["1; drop table"], "degrees": 90},
        {"name": "delete", "images": [True]},
        {"name": "move", "images": [], "set": None},
        {"name": "__class__"},
        {"name": None},
    ],
)
def test_what_a_browser_makes_up_changes_nothing(scene: Scene, content: dict[str, object]) -> None:
    batch_id = scene.batch(2)
    screen = Screen(scene, batch_id)
    before = scene.desk.views.contents(scene.clerk, batch_id)
    screen.send("act", image=None, **content)
    assert scene.desk.views.contents(scene.clerk, batch_id) == before


def test_a_reload_comes_back_to_the_same_page(scene: Scene) -> None:
    screen = Screen(scene, scene.batch(2, 3))
    sent: list[dict[str, Any]] = []
    screen.screen._shell.send = lambda content, **_: sent.append(content)
    second = screen.state["sets"][1]["id"]
    screen.send("open_set", set=second)
    assert sent == [], "another screen is shown"
    screen.screen._shell.content = screen.screen.widget
    screen.send("open_set", set=second)
    last = screen.state["images"][2]["id"]
    screen.send("look", image=last)
    screen.send("look", image=last)
    assert [each["kind"] for each in sent] == ["address", "address"]
    params = sent[-1]["params"]
    assert params == {"batch": str(screen.screen.model.batch_id), "set": str(second), "image": str(last)}  # type: ignore[union-attr]
    again = Screen(scene, int(params["batch"]))
    again.screen.enter(params)
    assert (again.state["set"], again.state["image"]) == (second, last)
    scene.desk.sets.delete_images(scene.clerk, int(params["batch"]), [last])
    again.screen.enter(params)
    assert again.state["set"] == second, "the page is gone, its set is there"
    assert again.messages[-1][0]["text"] == "The page was not found. It may have been deleted or moved."


def test_a_batch_of_another_practice_does_not_open(scene: Scene) -> None:
    batch_id = scene.batch(1)
    scene.clerk = scene.office.south_clerk
    with pytest.raises(NotFoundError):
        Screen(scene, batch_id)


def test_without_a_batch_it_says_where_to_go(scene: Scene) -> None:
    screen = Screen(scene, scene.batch(1))
    with pytest.raises(NotFoundError, match="Image Batches page"):
        screen.screen.enter({})
