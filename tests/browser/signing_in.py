"""Signing in on the page, as a person does."""

from playwright.sync_api import Page, expect

from tests.server.people import PASSWORD


def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    """By keyboard alone: the cursor stands in the first field."""
    expect(page.get_by_role("heading", name="Workbench")).to_be_visible()
    expect(page.get_by_label("Login")).to_be_focused()
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
