"""Who is working. Until there is sign-in (issue E), whoever sits at this desk is the whole office."""

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.storage import Database


class People:
    """The persons of the office."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def at_this_desk(self, login: str) -> Actor:
        """The person with this login, made known at first sight, with every right in every practice.

        Read anew for each task: practices come and go while a page is open.
        """
        with self._database.reading() as stores:
            user = stores.office.user(login)
            practices = frozenset(practice.id for practice in stores.office.practices())
        user_id = self._welcome(login) if user is None else user.id
        name = login if user is None else user.name
        return Actor(user_id, login, name, practices, frozenset(Permission), sees_unassigned=True)

    def _welcome(self, login: str) -> int:
        """Adds the user; two processes that start at once find the same one."""
        with self._database.transaction() as stores:
            user = stores.office.user(login)
            return stores.office.add_user(login, login) if user is None else user.id
