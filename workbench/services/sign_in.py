"""Who is let in: by password, or by the word of an identity provider that the server trusts. Every try is audited."""

from workbench.domain.identity import Actor
from workbench.domain.roles import permissions_of
from workbench.errors import NotPermittedError, RefusedError
from workbench.services.passwords import hash_password, is_old, is_right
from workbench.services.people import People, clean_login
from workbench.storage import Database


class SignIn:
    """What the server asks before it opens a session, and while one lasts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._people = People(database)

    def is_asked(self) -> bool:
        """Whether anybody could sign in with a password."""
        with self._database.reading() as stores:
            return stores.people.anybody_has_a_password()

    def by_password(self, login: str, password: str) -> Actor | None:
        """The person, or None; a wrong login takes as long as a wrong password. Costs 64 MiB and about 0.1 s.

        Who gets None calls `refused` when the answer is out: writing takes time, for people who are there alone.
        """
        try:
            clean = clean_login(login)
        except RefusedError:
            clean = ""
        with self._database.reading() as stores:
            stored = stores.people.password_hash(clean)
        if not is_right(stored, password):
            return None
        if stored is not None and is_old(stored):
            self._keep_anew(clean, password)
        return self.by_name(clean)

    def by_name(self, login: str) -> Actor | None:
        """The person an identity provider vouches for, or None when nobody active here has that login."""
        person = self.known(login)
        if person is not None:
            self._note(person.login, "sign_in")
        return person

    def known(self, login: str) -> Actor | None:
        """The person with this login, while they work here."""
        try:
            return self._people.named(clean_login(login))
        except (NotPermittedError, RefusedError):
            return None

    def refused(self, login: str) -> None:
        """Notes that somebody tried a wrong password; a login that nobody has leaves no trace here."""
        self._note(login.strip().casefold(), "sign_in.refused")

    def out(self, login: str) -> None:
        """Notes that the person has signed out."""
        self._note(login, "sign_out")

    def _note(self, login: str, action: str) -> None:
        """An audit row with the person as author; a login that nobody has leaves none."""
        with self._database.transaction() as stores:
            user = stores.office.user(login)
            if user is not None:
                actor = Actor(user.id, user.login, user.name, frozenset(), permissions_of(()))
                stores.audit.add(actor, action, "user", user.id)

    def _keep_anew(self, login: str, password: str) -> None:
        with self._database.transaction() as stores:
            user = stores.office.user(login)
            if user is not None:
                stores.people.set_password_hash(user.id, hash_password(login, password))
