"""The buttons of Deposit Errors and Provider Adjustments, each to the dialog that settles its kind."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from workbench.domain.deposit import Disposition
from workbench.errors import ChangedByAnotherError
from workbench.services.deposit_desk.like_errors import KnownError
from workbench.widgets.deposit.changes import ChangesDialog, differences_of
from workbench.widgets.deposit.error_list import ClaimDoors, ErrorListDialog, SettledDialog
from workbench.widgets.deposit.error_ways import claim_way
from workbench.widgets.deposit.resolve_compare import CompareDialog
from workbench.widgets.deposit.resolve_effect import EffectDialog
from workbench.widgets.deposit.resolve_frame import Tell
from workbench.widgets.deposit.resolve_map import MapDialog
from workbench.widgets.deposit.resolve_model import ResolveModel
from workbench.widgets.deposit.resolve_payer import ClaimPayerDialog, PayerDialog
from workbench.widgets.deposit.resolve_plb import ProviderDialog
from workbench.widgets.deposit.resolve_practice import PracticeDialog
from workbench.widgets.deposit.resolve_spread import SpreadDialog
from workbench.widgets.desk import DepositsDesk
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.form import Action, Form, FormEvents
from workbench.widgets.kit.panel import Panel, stack

BUTTONS = [
    Action(
        "settled",
        "Settled Errors",
        key="Alt+KeyJ",
        title="What was ignored or resolved, and opening it again",
    ),
    Action("rematch", "Find Claims Again", title="For claims of ours that came after the remittance"),
    Action("rules", "Apply Rules Again", title="Today's rules decide what nobody chose by hand"),
]


class KindDialog(Protocol):
    """A dialog about everything of one kind that waits on a deposit."""

    def show(self, deposit_id: int) -> None: ...


# By the name of the button in `error_ways`.
OF_KIND: dict[str, Callable[[DepositsDesk, Panel, Tell], KindDialog]] = {
    "payer": PayerDialog,
    "practice": PracticeDialog,
    "spread": SpreadDialog,
    "map": MapDialog,
    "effect": EffectDialog,
    "claim_payer": ClaimPayerDialog,
}


@dataclass(frozen=True, slots=True)
class Doors:
    """What other parts of the page do for an error."""

    edit_claim: Callable[[int], None]
    find_claim: Callable[[int, str], None]
    add_claims: Callable[[], None]
    edit_header: Callable[[], None]
    show_balancing: Callable[[], None]
    open_deposit: Callable[[int], None]


class Resolver:
    """`tell(text, tone)` runs after something was settled. Dialogs are made when first asked for."""

    def __init__(self, desk: DepositsDesk, tell: Tell, doors: Doors) -> None:
        self.model = ResolveModel(desk)
        self.place: Panel = stack()
        self.bar = Form("Error Actions", [], BUTTONS, FormEvents(on_press=self._press))
        self._desk, self._tell, self._doors = desk, tell, doors
        self._deposit_id = 0
        self._made: dict[str, KindDialog] = {}

    def enter(self, deposit_id: int) -> None:
        """The deposit that the buttons are about."""
        self._deposit_id = deposit_id

    def error(self, name: str, error_id: int) -> None:
        """A button of a row of the error panel, by the name it has in `error_ways`."""
        number = self._deposit_id
        like = self.model.like(number, error_id)
        if not like:
            self._tell("Somebody else has settled it meanwhile. The page shows what is now.", "info")
        elif name == "provider":
            self.provider_dialog.show_at(number, self.model.position(number, error_id))
        elif name == "compare":
            self.compare.show(number, error_id)
        elif name == "ignore":
            self._ignore(like)
        elif name in ("edit", "find", "list"):
            self._open_claims(name, like)
        elif name == "header":
            self._doors.edit_header()
        elif name == "balancing":
            self._doors.show_balancing()
        else:
            self._of_kind(name)

    def provider(self, name: str, provider_adjustment_id: int) -> None:
        """A button of a row of the provider adjustments: the disposition by its name."""
        if name == Disposition.APPLY_TO_CLAIM.value:
            self.provider_dialog.show(self._deposit_id, provider_adjustment_id)
        else:
            self.provider_dialog.dispose(self._deposit_id, provider_adjustment_id, Disposition(name))

    def _of_kind(self, name: str) -> None:
        if name not in self._made:
            self._made[name] = OF_KIND[name](self._desk, self.place, self._tell)
        self._made[name].show(self._deposit_id)

    def _open_claims(self, name: str, like: list[KnownError]) -> None:
        """The only claim at once; several in a list, so that like ones are settled together.

        Where money has no claim yet, one of ours is looked for and added.
        """
        claims = {error.deposit_claim_id: error.pcn for error in like if error.deposit_claim_id is not None}
        if not claims and name == "find":
            self._doors.add_claims()
            return
        if len(claims) == 1 and name != "list":
            ((number, pcn),) = claims.items()
            if name == "edit":
                self._doors.edit_claim(number)
            else:
                self._doors.find_claim(number, pcn)
        else:
            self.listing.show(self._deposit_id, like[0].code, claim_way(like[0].code))

    def _ignore(self, like: list[KnownError]) -> None:
        if len(like) > 1:
            self.listing.show(self._deposit_id, like[0].code, claim_way(like[0].code))
            return
        text = "This error will not stop anything any more, and comes back only when its facts change."
        self._ignoring.ask(text, lambda reason: self._ignore_now(like, reason))

    def _ignore_now(self, like: list[KnownError], reason: str) -> None:
        try:
            count = self.model.ignore(self._deposit_id, [error.id for error in like], reason)
        except ChangedByAnotherError as error:
            self._changes.show(differences_of(error))
            return
        self._tell("1 error ignored." if count == 1 else f"{count:,} errors ignored.", "success")

    def _press(self, name: str) -> None:
        if name == "settled":
            self.settled.show(self._deposit_id)
        elif name == "rematch":
            self._tell(self.model.rematch(self._deposit_id), "success")
        else:
            self._tell(self.model.apply_rules(self._deposit_id), "success")

    @cached_property
    def provider_dialog(self) -> ProviderDialog:
        return ProviderDialog(self._desk, self.place, self._tell)

    @cached_property
    def compare(self) -> CompareDialog:
        return CompareDialog(self._desk, self.place, self._tell, self._doors.open_deposit)

    @cached_property
    def listing(self) -> ErrorListDialog:
        doors = ClaimDoors(self._doors.edit_claim, self._doors.find_claim)
        return ErrorListDialog(self._desk, self.place, self._tell, doors)

    @cached_property
    def settled(self) -> SettledDialog:
        return SettledDialog(self._desk, self.place, self._tell)

    @cached_property
    def _ignoring(self) -> Confirm:
        made = Confirm("Ignore", "Ignore", reason="required")
        self.place.add(made)
        return made

    @cached_property
    def _changes(self) -> ChangesDialog:
        made = ChangesDialog(lambda _: self._tell("The page shows what is now.", "info"))
        self.place.add(made.dialog)
        return made
