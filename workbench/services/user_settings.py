"""What each person set for themselves (spec deposits 6.10, level user)."""

from workbench.domain.identity import Actor
from workbench.errors import RefusedError
from workbench.storage import Database, Stores

MAX_CLAIMS = "max_claims_per_deposit_page"
CLAIM_SEARCH_DAYS = "claim_search_time_period"
DEFAULTS = {MAX_CLAIMS: "50", CLAIM_SEARCH_DAYS: "365"}
# Settings that are whole numbers: their name on the screen and their bounds.
_NUMBERS = {
    MAX_CLAIMS: ("Maximum claims per deposit page", 1, 1000),
    CLAIM_SEARCH_DAYS: ("Claim Search Time Period", 1, 36_500),
}


class UserSettings:
    """Each person reads and writes only their own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, actor: Actor, key: str) -> str:
        """The value, else the default, else an empty text."""
        with self._database.reading() as stores:
            return stores.office.user_setting(actor.user_id, key, DEFAULTS.get(key, ""))

    def set(self, actor: Actor, key: str, value: str) -> None:
        """Raises RefusedError when the value is not one the setting can have."""
        if key in _NUMBERS:
            label, least, most = _NUMBERS[key]
            if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
                raise RefusedError(f"{label} must be a whole number from {least} to {most}.")
        with self._database.transaction() as stores:
            stores.office.set_user_setting(actor.user_id, key, value)


def number_setting(stores: Stores, actor: Actor, key: str) -> int:
    """A setting of `_NUMBERS` within a running transaction."""
    return int(stores.office.user_setting(actor.user_id, key, DEFAULTS[key]))
