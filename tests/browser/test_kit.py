"""The kit in a real browser: what every screen relies on, once, on a page with all of it (gallery/)."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


@pytest.fixture
def page(gallery: str, open_tab: OpenPage) -> Page:
    return open_tab(gallery)


def heard(page: Page) -> str:
    return page.get_by_role("group", name="Last", exact=True).locator(".wb-fact-value").inner_text()


def expect_heard(page: Page, text: str) -> None:
    expect(page.get_by_role("group", name="Last", exact=True)).to_contain_text(text)


def cell(page: Page, row: int, column: int) -> Locator:
    return (
        page.get_by_role("grid", name="Numbers")
        .locator("tbody tr")
        .nth(row)
        .get_by_role("gridcell")
        .nth(column)
    )


def test_no_serious_accessibility_violation(page: Page) -> None:
    assert violations(page) == []
    page.get_by_role("button", name="Ignore …").click()
    page.get_by_role("dialog", name="Ignore it").wait_for()
    assert violations(page) == []


def test_texts_of_people_stay_texts(page: Page) -> None:
    assert "<img src=x onerror=alert(1)>" in heard(page)
    assert page.locator("img[src=x]").count() == 0


def test_the_browsers_address_reaches_the_kernel(gallery: str, open_tab: OpenPage) -> None:
    page = open_tab(f"{gallery}?id=7&tab=errors")
    expect_heard(page, "entered {'id': '7', 'tab': 'errors'}")


def test_a_link_opens_in_place_and_back_leads_back(page: Page) -> None:
    page.get_by_role("link", name="3", exact=True).click()
    expect_heard(page, "entered {'id': '3'}")
    assert page.url.endswith("gallery.ipynb?id=3")
    page.go_back()
    expect_heard(page, "entered {}")


def test_grid_sorts_by_heading_and_says_so(page: Page) -> None:
    heading = page.get_by_role("columnheader", name="Amount")
    heading.click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    heading.click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(cell(page, 0, 2)).to_have_text("1010.00")


def test_grid_pages_come_from_python(page: Page) -> None:
    expect(page.get_by_text("1 to 25 of 1,000")).to_be_visible()
    page.get_by_role("button", name="Last Page").click()
    expect(cell(page, 24, 0)).to_have_text("1000")
    page.get_by_label("Page", exact=True).fill("2")
    page.get_by_label("Page", exact=True).press("Enter")
    expect(cell(page, 0, 0)).to_have_text("26")
    page.get_by_label("Rows per page").select_option("100")
    expect(page.get_by_text("1 to 100 of 1,000")).to_be_visible()


def test_grid_by_keys_alone(page: Page) -> None:
    page.keyboard.press("Alt+KeyL")
    expect(cell(page, 0, 0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(cell(page, 1, 1)).to_be_focused()
    page.keyboard.press("End")
    expect(cell(page, 1, 4)).to_be_focused()
    page.keyboard.press("Enter")
    expect_heard(page, "view 2")
    page.keyboard.press("Home")
    page.keyboard.press("PageDown")
    expect(cell(page, 0, 0)).to_have_text("26")
    expect(cell(page, 0, 0)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect_heard(page, "used 26")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "ascending")


def test_grid_selects_several_rows(page: Page) -> None:
    chosen = page.get_by_role("grid", name="Numbers").locator("tr[aria-selected=true]")
    cell(page, 1, 1).click()
    expect(chosen).to_have_count(1)
    cell(page, 4, 1).click(modifiers=["Shift"])
    expect(chosen).to_have_count(4)
    cell(page, 2, 1).click(modifiers=["Control"])
    expect(chosen).to_have_count(3)
    page.keyboard.press("Space")
    expect(chosen).to_have_count(4)


def test_grid_cell_is_edited_and_a_refused_value_stays_to_be_mended(page: Page) -> None:
    cell(page, 0, 2).focus()
    page.keyboard.type("oops")
    page.keyboard.press("Enter")
    editor = page.get_by_role("textbox", name="Amount").last
    expect(editor).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_contain_text("Type an amount.")
    editor.fill("0.50")
    editor.press("Enter")
    expect_heard(page, "amount of 1 is 0.50")
    expect(cell(page, 0, 2)).to_have_text("0.50")
    expect(cell(page, 1, 2)).to_be_focused()


def test_dates_and_amounts_are_typed_the_short_way(page: Page) -> None:
    deposited = page.get_by_label("Deposited", exact=True)
    deposited.press("t")
    expect(deposited).to_have_value("03/09/2026")
    deposited.fill("+1")
    deposited.press("Tab")
    expect(deposited).to_have_value("03/10/2026")
    deposited.fill("2/30/26")
    deposited.press("Tab")
    expect(page.get_by_text("Type a date as mm/dd/yyyy")).to_be_visible()
    expect(deposited).to_have_attribute("aria-invalid", "true")
    amount = page.get_by_label("Amount", exact=True)
    amount.fill("$1234.5")
    amount.press("Tab")
    expect(amount).to_have_value("1,234.50")
    expect_heard(page, "amount = 123450")


def test_look_up_among_five_thousand_by_keys(page: Page) -> None:
    payer = page.get_by_role("combobox", name="Payer")
    payer.press_sequentially("payer 491")
    expect(page.get_by_role("listbox", name="Payer").get_by_role("option")).to_have_count(10)
    payer.press("ArrowDown")
    payer.press("Enter")
    expect(payer).to_have_value("Payer 4911")
    expect_heard(page, "payer = 4911")
    payer.fill("")
    payer.press("Tab")
    expect_heard(page, "payer = None")


def test_enter_saves_what_was_just_typed(page: Page) -> None:
    name = page.get_by_label("Name", exact=True)
    name.fill("Batch of Monday")
    name.press("Enter")
    expect_heard(page, "'name': 'Batch of Monday'")
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()


def test_quick_search_tells_while_typing_and_letters_are_not_keys(page: Page) -> None:
    page.keyboard.press("KeyQ")
    quick = page.get_by_role("searchbox", name="Quick Search")
    expect(quick).to_be_focused()
    page.keyboard.type("qq?")
    expect(quick).to_have_value("qq?")
    expect_heard(page, "quick = 'qq?'")


def test_a_dialog_keeps_the_focus_asks_for_the_reason_and_gives_the_focus_back(page: Page) -> None:
    page.keyboard.press("Alt+KeyI")
    dialog = page.get_by_role("dialog", name="Ignore it")
    expect(dialog.get_by_label("Reason")).to_be_focused()
    dialog.get_by_role("button", name="Ignore", exact=True).click()
    expect(dialog.get_by_text("Say why")).to_be_visible()
    for _ in range(8):
        page.keyboard.press("Tab")
    assert page.evaluate(
        "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
    )
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Ignore …").click()
    dialog.get_by_label("Reason").fill("paid twice")
    dialog.get_by_role("button", name="Ignore", exact=True).click()
    expect_heard(page, "because paid twice")
    expect(dialog).to_be_hidden()


def test_a_blocked_button_says_why(page: Page) -> None:
    page.get_by_role("button", name="Never").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Nobody may.")
    expect(page.get_by_role("button", name="Never")).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_label("Note", exact=True)).to_be_disabled()


def test_our_refusal_is_shown_and_a_fault_becomes_a_reference(page: Page) -> None:
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_role("alert")).to_contain_text("Posted batches cannot be deleted.")
    page.get_by_role("button", name="Fail").click()
    expect(page.get_by_role("alert").last).to_contain_text("Reference")
    assert "SECRET" not in page.content()


def test_question_mark_lists_the_keys(page: Page) -> None:
    page.locator("body").press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys.get_by_role("row", name="Alt+I Ignore …")).to_be_visible()
    expect(keys.get_by_role("row", name="Alt+L Numbers")).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_figures_explain_themselves_to_eye_and_ear(page: Page) -> None:
    figure = page.get_by_role("group", name="Sum", exact=True)
    expect(figure).to_have_accessible_description("1.00 + 2.00 = 3.00")
    expect(figure.get_by_role("tooltip", include_hidden=True)).to_be_hidden()
    figure.focus()
    expect(figure.get_by_role("tooltip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(figure.get_by_role("tooltip", include_hidden=True)).to_be_hidden()


def test_tabs_by_arrow(page: Page) -> None:
    page.get_by_role("tab", name="Grid").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Other")).to_be_focused()
    expect(page.get_by_role("grid", name="Numbers")).to_be_hidden()
    expect_heard(page, "tab 1")


def test_files_larger_than_one_message_arrive_whole(page: Page, tmp_path: Path) -> None:
    big, empty = tmp_path / "big.bin", tmp_path / "empty.835"
    big.write_bytes(bytes(range(256)) * 4096 * 12)
    empty.write_bytes(b"")
    page.locator("input[type=file]").set_input_files([big, empty])
    expect(page.get_by_text("2 files taken.")).to_be_visible()
    expect(page.get_by_text(f"{12 * 2**20} bytes of big.bin")).to_be_visible()
    expect(page.get_by_text("first 3: 000102")).to_be_visible()
    expect(page.get_by_text("0 bytes of empty.835")).to_be_visible()


def test_a_picture_has_words_and_numbers(page: Page) -> None:
    expect(page.get_by_role("img", name="A square")).to_be_visible()
    page.get_by_text("Numbers", exact=True).click()
    expect(page.get_by_role("row", name="Claims 12.00")).to_be_visible()


def test_a_file_arrives_whole_over_a_line_that_swallows_a_chunk(gallery: str, open_tab: OpenPage) -> None:
    page = open_tab(gallery)
    swallowed: list[int] = []

    def line(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            if not swallowed and b'"event":"chunk"' in (message if isinstance(message, bytes) else b""):
                swallowed.append(len(message))
            else:
                server.send(message)

        socket.on_message(pass_on)

    page.route_web_socket(re.compile("/channels"), line)
    page.reload()
    page.locator(".wb-screen").first.wait_for()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add Files").click()
    content = bytes(range(256)) * 6000  # three chunks
    chooser.value.set_files({"name": "day.835", "mimeType": "text/plain", "buffer": content})
    expect(page.get_by_text(f"{len(content)} bytes of day.835")).to_be_visible()
    assert swallowed
