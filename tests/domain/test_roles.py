"""The roles against the table of spec scan-batches 2.5, written out here cell by cell as the spec has it."""

import pytest

from workbench.domain.permissions import Permission
from workbench.domain.roles import ROLES, Role, permissions_of

COLUMNS = (Role.SCAN_CLERK, Role.CODER, Role.PAYMENT_POSTER, Role.SUPERVISOR, Role.READ_ONLY)
# Whether the cell grants; for which paper is the table below.
TABLE_2_5 = {
    "batch.view": "yes yes yes yes yes",
    "image.view": "yes yes yes yes yes",
    "batch.create": "yes - yes yes -",
    "batch.update": "yes - yes yes -",
    "batch.delete": "yes - yes yes -",
    "batch.post": "yes - yes yes -",
    "batch.unpost": "- - - yes -",
    "image.add": "yes yes yes yes -",
    "image.arrange_posted": "- - - yes -",
    "set.code": "- yes - yes -",
    "set.hold": "- yes yes yes -",
    "set.attach": "- yes yes yes -",
    "export": "- yes yes yes -",
}
PAPER = {"paper.charge": "yes yes - yes yes", "paper.payment": "yes - yes yes yes"}


@pytest.mark.parametrize(("verb", "cells"), list((TABLE_2_5 | PAPER).items()))
def test_table_2_5_of_the_spec(verb: str, cells: str) -> None:
    granted = {role for role, cell in zip(COLUMNS, cells.split(), strict=True) if cell == "yes"}
    assert {role for role in COLUMNS if Permission(verb) in ROLES[role]} == granted


def test_administrators_are_unrestricted() -> None:
    assert ROLES[Role.ADMINISTRATOR] == frozenset(Permission)


def test_taking_money_back_and_closing_is_not_the_posters() -> None:
    """Our additions to spec deposits 6.11: `reverse`, `void`, `close_period`, `edit_rules`, and reset."""
    ours = {"deposit.reverse", "deposit.void", "deposit.reset", "period.close", "rules.edit"}
    for role in Role:
        has = {str(each) for each in ROLES[role]} & ours
        assert has == (ours if role in (Role.SUPERVISOR, Role.ADMINISTRATOR) else set()), role


def test_set_up_is_the_administrators_alone() -> None:
    assert [role for role in Role if Permission.SETUP in ROLES[role]] == [Role.ADMINISTRATOR]


def test_the_audit_is_for_supervisors_and_administrators() -> None:
    assert [role for role in Role if Permission.AUDIT_VIEW in ROLES[role]] == [
        Role.SUPERVISOR,
        Role.ADMINISTRATOR,
    ]


def test_an_analyst_reads_and_exports_and_changes_nothing() -> None:
    changing = {
        each for each in ROLES[Role.ANALYST] if not str(each).endswith(".view") and "paper" not in str(each)
    }
    assert changing == {Permission.EXPORT, Permission.ERA_DISPLAY}


def test_several_roles_are_a_union_and_none_is_nothing() -> None:
    assert permissions_of([Role.SCAN_CLERK, Role.CODER]) == set(ROLES[Role.SCAN_CLERK]) | set(
        ROLES[Role.CODER]
    )
    assert permissions_of([]) == frozenset()


def test_every_permission_is_in_some_role_besides_the_administrators() -> None:
    """A verb that nobody was given was forgotten in the table."""
    below = frozenset().union(*(ROLES[role] for role in Role if role is not Role.ADMINISTRATOR))
    assert frozenset(Permission) - below == {Permission.SETUP}
