"""The grids and forms of Deposit Management as they are set up; the screen says what their events do."""

from collections.abc import Callable
from typing import Any

from workbench.widgets.deposit import rows
from workbench.widgets.deposit.find_dialog import TITLE
from workbench.widgets.deposit.model import FILTER_LABELS
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Grid, GridEvents, Look

MAXIMUM = "Maximum claims per deposit page"


def error_panel(on_action: Callable[[str, Any], None]) -> Grid:
    return Grid(
        "Deposit Errors",
        rows.ERROR_COLUMNS,
        GridEvents(on_action=on_action),
        Look(empty="No open errors.", paged=False, height="168px", key="Alt+KeyE"),
    )


def claims_grid(events: GridEvents) -> Grid:
    look = Look(
        empty="No claim fits this filter.",
        selectable="multi",
        size_label=MAXIMUM,
        key="Alt+KeyL",
        height="70vh",
    )
    return Grid("Deposit Claims", rows.CLAIM_COLUMNS, events, look)


def claim_filter(on_change: Callable[[str, Any], None]) -> Form:
    return Form(
        "Claim Filter",
        [
            Field("show", "Show", "select", options=list(FILTER_LABELS.items())),
            Field("search", "Claim or Patient", "search", live=True, key="Slash", width="17em"),
        ],
        events=FormEvents(on_change=on_change),
        arrangement="line",
    )


def claim_actions(on_press: Callable[[str], None]) -> Form:
    return Form(
        "Claim Actions of the Deposit",
        [],
        [
            Action("find", TITLE, key="Alt+KeyA", title="Find a claim of this deposit, or add one"),
            Action("exclude", "Exclude", key="Alt+KeyX", title="Leave the selected claims out of posting"),
            Action("include", "Include", key="Alt+KeyI", title="Take the selected claims in again"),
        ],
        FormEvents(on_press=on_press),
    )


def provider_grid(on_action: Callable[[str, Any], None]) -> Grid:
    return Grid(
        "Provider Adjustments",
        rows.PROVIDER_COLUMNS,
        GridEvents(on_action=on_action),
        look=Look(empty="No provider-level adjustments.", paged=False, height="220px"),
    )
