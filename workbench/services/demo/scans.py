"""Pages as a scanner would bring them: explanations of benefits and anesthesia records, drawn, black on white."""

import io
from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw, ImageFont

from workbench.domain.money import format_dollars
from workbench.services.demo.claims import Claim
from workbench.services.demo.office import FACILITIES, PAYERS, PRACTICES
from workbench.services.demo.paper import PaperEob

DPI = 150
PAGE = (1275, 1650)  # US letter at 150 dpi
MARGIN, LINE_HEIGHT = 90, 38
CLAIMS_ON_A_PAGE = 3


def eob_scan(eob: PaperEob) -> bytes:
    """The explanation of benefits as a multi-page TIFF, as many pages as its claims need."""
    batches = [eob.answers[at : at + CLAIMS_ON_A_PAGE] for at in range(0, len(eob.answers), CLAIMS_ON_A_PAGE)]
    heading = [
        PAYERS[eob.payer].name,
        f"Explanation of benefits for {PRACTICES[eob.practice].name}",
        f"Check {eob.check_number}   {eob.day:%m/%d/%Y}   ${format_dollars(eob.amount_cents)}",
    ]
    pages = []
    for number, answers in enumerate(batches, start=1):
        rows = []
        for answer in answers:
            rows += [
                "",
                f"{answer.pcn}   {answer.patient_last}, {answer.patient_first}   {answer.payer_claim_no}",
            ]
            for line in answer.lines:
                why = "  ".join(
                    f"{row.group}-{row.reason} {format_dollars(row.amount_cents)}" for row in line.adjustments
                )
                rows.append(
                    f"   {line.service_from:%m/%d/%Y}  {line.code}  billed {format_dollars(line.charge_cents)}"
                    f"  paid {format_dollars(line.paid_cents)}  {why}"
                )
        pages.append(_page([*heading, *rows], f"Page {number} of {len(batches)}"))
    return _tiff(pages)


def record_scan(claim: Claim) -> bytes:
    """The anesthesia record and the encounter form of one case, as a two-page TIFF."""
    who = f"{claim.last}, {claim.first}   born {claim.birth_date:%m/%d/%Y}   {claim.service_date:%m/%d/%Y}"
    first = claim.lines[0]
    record = [
        "Anesthesia record",
        FACILITIES[claim.facility].name,
        who,
        "",
        f"Procedure {first.code}   {' '.join(first.modifiers)}   {first.units} minutes",
    ]
    form = ["Encounter form", FACILITIES[claim.facility].name, who, "", f"Member {claim.member_id}"]
    return _tiff([_page(record, claim.pcn), _page(form, claim.pcn)])


def _page(lines: Iterable[str], foot: str) -> Image.Image:
    page = Image.new("1", PAGE, 1)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(size=24)
    for number, text in enumerate(lines):
        pen.text((MARGIN, MARGIN + number * LINE_HEIGHT), text, fill=0, font=font)
    pen.text((MARGIN, PAGE[1] - MARGIN), foot, fill=0, font=font)
    pen.rectangle(
        (MARGIN // 2, MARGIN // 2, PAGE[0] - MARGIN // 2, PAGE[1] - MARGIN // 2), outline=0, width=2
    )
    return page


def _tiff(pages: Sequence[Image.Image]) -> bytes:
    """Fax compression, as scanners write black and white pages."""
    buffer = io.BytesIO()
    pages[0].save(
        buffer,
        "TIFF",
        save_all=True,
        append_images=pages[1:],
        compression="group4",
        dpi=(DPI, DPI),
    )
    return buffer.getvalue()
