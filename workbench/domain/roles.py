"""Roles as sets of permissions.

The scan clerk, the coder, the payment poster, the supervisor and the read-only person are the columns of table 2.5
of spec scan-batches; spec deposits 6.11 names the verbs of the deposit desk without saying who has them, so they
follow the work: money is the payment poster's, taking it back and closing the books is the supervisor's. The
analyst is the issue's: sees what a read-only person sees, and may take it along. Administrators are unrestricted.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from workbench.domain.permissions import Permission


class Role(StrEnum):
    """The values are what `user_roles` stores and what the command line takes."""

    SCAN_CLERK = "scan_clerk"
    CODER = "coder"
    PAYMENT_POSTER = "payment_poster"
    SUPERVISOR = "supervisor"
    READ_ONLY = "read_only"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


_BOTH_PAPERS = frozenset({Permission.CHARGE_PAPER, Permission.PAYMENT_PAPER})
_SEE_BATCHES = frozenset({Permission.BATCH_VIEW, Permission.IMAGE_VIEW})
_SEE_DEPOSITS = frozenset({Permission.DEPOSIT_VIEW, Permission.ERA_DISPLAY, Permission.BANK_VIEW})
# "batch.create / update / delete (unposted)" and "batch.post"; whoever makes a batch puts its pages in order.
_MAKE_BATCHES = frozenset(
    {
        Permission.BATCH_CREATE,
        Permission.BATCH_UPDATE,
        Permission.BATCH_DELETE,
        Permission.BATCH_POST,
        Permission.IMAGE_ADD,
        Permission.IMAGE_ARRANGE,
    }
)
_POST_MONEY = frozenset(
    {
        Permission.DEPOSIT_NEW,
        Permission.DEPOSIT_IMPORT,
        Permission.DEPOSIT_EDIT,
        Permission.DEPOSIT_CLAIMS,
        Permission.DEPOSIT_IGNORE,
        Permission.DEPOSIT_SEND,
        Permission.BANK_IMPORT,
        Permission.BANK_MATCH,
    }
)
_READ_ONLY = _SEE_BATCHES | _BOTH_PAPERS | _SEE_DEPOSITS
_PAYMENT_POSTER = (
    _SEE_BATCHES
    | _SEE_DEPOSITS
    | _MAKE_BATCHES
    | _POST_MONEY
    | {Permission.PAYMENT_PAPER, Permission.SET_HOLD, Permission.SET_ATTACH, Permission.EXPORT}
)
# Everything of the desk; users, practices, code lists and company settings are the administrator's.
_SUPERVISOR = frozenset(Permission) - {Permission.SETUP}

ROLES: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.SCAN_CLERK: _SEE_BATCHES | _MAKE_BATCHES | _BOTH_PAPERS,
        Role.CODER: _SEE_BATCHES
        | {
            Permission.CHARGE_PAPER,
            Permission.IMAGE_ADD,
            Permission.SET_CODE,
            Permission.SET_HOLD,
            Permission.SET_ATTACH,
            Permission.EXPORT,
        },
        Role.PAYMENT_POSTER: _PAYMENT_POSTER,
        Role.SUPERVISOR: _SUPERVISOR,
        Role.READ_ONLY: _READ_ONLY,
        Role.ANALYST: _READ_ONLY | {Permission.EXPORT},
        Role.ADMINISTRATOR: frozenset(Permission),
    }
)

# Administrators are unrestricted (spec scan-batches 2.5).
SEES_EVERY_PRACTICE = frozenset({Role.ADMINISTRATOR})
# Work that belongs to no practice yet must find its way to one: theirs.
SEES_UNASSIGNED = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """What somebody with these roles may do; nothing without one."""
    return frozenset().union(*(ROLES[role] for role in roles))
