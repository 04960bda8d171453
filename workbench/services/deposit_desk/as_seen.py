"""Two clerks on one deposit: a decision counts only about what the person saw (spec deposits 8 row 27)."""

from collections.abc import Mapping

from workbench.domain.deposit_work import ClaimWork
from workbench.errors import ChangedByAnotherError

# Field -> (what is stored now, what the person wanted).
Changes = Mapping[str, tuple[object, object]]
_TOLD = "was changed by somebody else meanwhile. Look at the changes and try again."


def require_claim_as_seen(claim: ClaimWork, seen_version: int | None, changes: Changes) -> None:
    """Raises ChangedByAnotherError when the claim is not the one that was shown; None asks nothing."""
    if seen_version is not None and claim.version != seen_version:
        raise ChangedByAnotherError(f"The claim {_TOLD}", dict(changes))


def require_as_seen(what: str, *, same: bool, changes: Changes) -> None:
    """The same for rows without a version: `same` says whether they are as they were shown."""
    if not same:
        raise ChangedByAnotherError(f"{what} {_TOLD}", dict(changes))
