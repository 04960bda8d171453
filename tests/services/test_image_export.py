"""Pages taken out of the office: who may, what is in the document, what the audit says."""

import io
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest

from tests.builders import Office
from tests.images import pictures
from tests.services.scan_desk import with_only
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.words import BatchType
from workbench.errors import NotFoundError, NotPermittedError, RefusedError
from workbench.images.intake import Incoming
from workbench.images.store import ImageStore
from workbench.services.image_export import MOST_PAGES
from workbench.services.image_store import Size
from workbench.services.scan_desk import ScanDesk, furnish


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Iterator[ScanDesk]:
    made = furnish(office.database, ImageStore(tmp_path / "images"))
    yield made
    made.files.close()


def batch(office: Office, desk: ScanDesk) -> tuple[int, list[int]]:
    """A set of a scan and a fax of two pages, and a set of a scanned PDF."""
    batch_id = desk.batches.create(office.supervisor, BatchHeader("Mail", office.north, BatchType.PAYMENT))
    for files in (
        [Incoming("scan.jpg", pictures.jpeg(1)), Incoming("fax.tif", pictures.tiff((2, 3)))],
        [Incoming("eob.pdf", pictures.scanned_pdf([pictures.jpeg(4)]))],
    ):
        list(desk.imports.run(office.supervisor, batch_id, files))
    images = desk.views.contents(office.supervisor, batch_id).images
    return batch_id, [each.state.image_id for each in images]


def test_a_set_becomes_a_pdf_in_order_and_upright(office: Office, desk: ScanDesk) -> None:
    batch_id, (scan, first, second, eob) = batch(office, desk)
    desk.marks.rotate(office.supervisor, batch_id, [scan], 90)
    original = desk.files.picture(office.supervisor, scan, Size.FULL).data
    document = desk.export.pdf(office.supervisor, batch_id, [second, scan, first])
    set_id = desk.views.contents(office.supervisor, batch_id).sets[0].state.set_id
    assert (document.name, document.pages) == (f"batch-{batch_id}-set-{set_id}.pdf", 3)
    sizes = [page.get_size() for page in pdfium.PdfDocument(document.data)]
    assert [width > height for width, height in sizes] == [True, False, False]
    with pikepdf.open(io.BytesIO(document.data)) as made:
        embedded = next(iter(made.pages[0].images.values())).read_raw_bytes()
    assert embedded == original == pictures.jpeg(1), "the original is not altered"
    both = desk.export.pdf(office.supervisor, batch_id, [scan, eob])
    assert both.name == f"batch-{batch_id}-2-sets.pdf"


def test_what_leaves_is_in_the_audit_before_it_leaves(office: Office, desk: ScanDesk) -> None:
    batch_id, (scan, *_, eob) = batch(office, desk)
    desk.export.pdf(office.supervisor, batch_id, [scan, eob])
    desk.export.take_out(office.supervisor, batch_id, [scan], "print")
    sets = [each.state.set_id for each in desk.views.contents(office.supervisor, batch_id).sets]
    with office.database.reading() as stores:
        of_sets = [
            [(each.action, each.after) for each in stores.audit.of("image_set", set_id)] for set_id in sets
        ]
    took = {"batch": batch_id, "images": [scan]}
    outgoing = [[each for each in events if each[0] in ("set.export", "set.print")] for events in of_sets]
    assert sorted(outgoing[0]) == [("set.export", took), ("set.print", took)]
    assert outgoing[1] == [("set.export", {"batch": batch_id, "images": [eob]})]


def test_who_may_not_take_pages_out(office: Office, desk: ScanDesk) -> None:
    batch_id, (scan, *_) = batch(office, desk)
    clerk = with_only(office.supervisor, office.supervisor.permissions - {Permission.EXPORT})
    with pytest.raises(NotPermittedError, match="export"):
        desk.export.pdf(clerk, batch_id, [scan])
    for stranger, images in ((office.south_clerk, [scan]), (office.supervisor, [scan, 999_999])):
        with pytest.raises(NotFoundError):
            desk.export.pdf(stranger, batch_id, images)
    with pytest.raises(RefusedError, match="no page to export"):
        desk.export.pdf(office.supervisor, batch_id, [])
    with pytest.raises(RefusedError, match="At most 500 pages"):
        desk.export.pdf(office.supervisor, batch_id, range(MOST_PAGES + 1))
