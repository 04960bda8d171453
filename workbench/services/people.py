"""The persons of the office: who they are, what they may do, and for which practices (spec scan-batches 2.5)."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from workbench.config import read_settings
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.roles import SEES_EVERY_PRACTICE, SEES_UNASSIGNED, Role, permissions_of
from workbench.errors import NotFoundError, NotPermittedError, RefusedError
from workbench.services.passwords import hash_password
from workbench.storage import Database, Stores
from workbench.storage.people_roles import admit, dismiss
from workbench.storage.secret_files import secret
from workbench.storage.stores.office import UserRow

# What an identity provider may send (a mail address at most), and a database role can be named after.
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,49}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Person:
    """Attributes:
    practices: names of the practices the person works for; an administrator sees every one besides.
    """

    id: int
    login: str
    name: str
    active: bool
    roles: tuple[Role, ...]
    practices: tuple[str, ...]


def database_key(secrets: Path) -> bytes:
    """What the passwords of the persons' database roles are computed from."""
    return secret(secrets / "database.key")


def clean_login(text: str) -> str:
    """A login as it is stored and compared. Raises RefusedError when it cannot be one."""
    login = text.strip().casefold()
    if not _LOGIN.fullmatch(login):
        raise RefusedError(
            "A login has up to 50 small letters, digits and . _ @ + -, and begins with a letter or digit."
        )
    return login


class People:
    """Who works here. Changes need the right to set up, and each is audited."""

    def __init__(self, database: Database, secrets: Path | None = None) -> None:
        """`secrets`: the folder of the keys, by default that of `WORKBENCH_HOME`."""
        self._database = database
        self._secrets = secrets or read_settings().secrets

    def at_this_desk(self, login: str) -> Actor:
        """The person with this login, with the rights and practices of this moment.

        Where nobody has a role yet, the office is one desk: whoever sits there is made known at first sight and
        has every right in every practice. Read anew for each task: practices come and go while a page is open.
        """
        with self._database.reading() as stores:
            user = stores.office.user(login)
            one_desk = not stores.people.anybody_has_a_role()
            if user is not None and (user.roles or not one_desk):
                return _actor(stores, user)
            practices = _every_practice(stores)
        if not one_desk:
            raise NotPermittedError(
                f"{login} is not a person of this office. An administrator adds people: workbench people add."
            )
        user_id = self._welcome(login) if user is None else user.id
        name = login if user is None else user.name
        return Actor(user_id, login, name, practices, frozenset(Permission), sees_unassigned=True)

    def named(self, login: str) -> Actor:
        """The person who signed in with this login. Raises NotPermittedError when there is none, or no longer."""
        with self._database.reading() as stores:
            user = stores.office.user(login)
            if user is None:
                raise NotPermittedError("You are not a person of this office. Ask your administrator.")
            return _actor(stores, user)

    def everybody(self, actor: Actor) -> list[Person]:
        """Everybody, active or not, by login."""
        actor.require(Permission.SETUP)
        with self._database.reading() as stores:
            names = {practice.id: practice.name for practice in stores.office.practices()}
            return [_person(user, names) for user in stores.people.all()]

    def practices(self, actor: Actor) -> list[str]:
        """Names of the practices that somebody can work for."""
        actor.require(Permission.SETUP)
        with self._database.reading() as stores:
            return [practice.name for practice in stores.office.practices()]

    def add(
        self,
        actor: Actor,
        login: str,
        name: str,
        *,
        roles: Iterable[Role] = (),
        practices: Iterable[str] = (),
    ) -> None:
        """A new person, who can sign in once a password is set.

        The first to add somebody is the office's administrator from then on: at least one there must be.
        """
        actor.require(Permission.SETUP)
        clean, roles = clean_login(login), frozenset(roles)
        with self._database.transaction() as stores:
            stores.people.lock_roles()
            if not stores.people.anybody_has_a_role():
                stores.people.set_roles(actor.user_id, [Role.ADMINISTRATOR])
                _note(stores, actor, "people.roles", actor.user_id, roles=([], [Role.ADMINISTRATOR]))
            if stores.office.user(clean) is not None:
                raise RefusedError(f"There is a person {clean} already.")
            chosen = _practice_ids(stores, practices)
            shown = name.strip() or clean
            user_id = stores.office.add_user(clean, shown, roles=sorted(roles))
            self._admit(stores, clean)
            stores.people.set_practices(user_id, chosen)
            _note(
                stores,
                actor,
                "people.add",
                user_id,
                login=("", clean),
                name=("", shown),
                roles=([], sorted(roles)),
            )

    def set_roles(self, actor: Actor, login: str, roles: Iterable[Role]) -> None:
        """Exactly these roles. Refused when nobody would be left as administrator."""
        wanted = sorted(frozenset(roles))

        def change(stores: Stores, user: UserRow) -> None:
            stores.people.lock_roles()
            stores.people.set_roles(user.id, wanted)
            _keep_an_administrator(stores)
            _note(stores, actor, "people.roles", user.id, roles=(sorted(user.roles), wanted))

        self._change(actor, login, change)

    def set_practices(self, actor: Actor, login: str, practices: Iterable[str]) -> None:
        """Exactly these practices, by name."""
        wanted = sorted(frozenset(practices))

        def change(stores: Stores, user: UserRow) -> None:
            ids = _practice_ids(stores, wanted)
            stores.people.set_practices(user.id, ids)
            _note(stores, actor, "people.practices", user.id, practices=(sorted(user.practice_ids), ids))

        self._change(actor, login, change)

    def set_password(self, actor: Actor, login: str, password: str) -> None:
        """Raises RefusedError with what is wrong about the password. That it was set is audited, never what it is."""
        hashed = hash_password(clean_login(login), password)

        def change(stores: Stores, user: UserRow) -> None:
            if not user.active:
                raise RefusedError(f"{user.login} is not active.")
            stores.people.set_password_hash(user.id, hashed)
            _note(stores, actor, "people.password", user.id)

        self._change(actor, login, change)

    def deactivate(self, actor: Actor, login: str) -> None:
        """The person can no longer sign in, and open pages of theirs do nothing more; what they did stays theirs."""

        def change(stores: Stores, user: UserRow) -> None:
            stores.people.lock_roles()
            stores.people.set_active(user.id, active=False)
            stores.people.forget_password(user.id)
            _keep_an_administrator(stores)
            dismiss(stores.connection, user.login)
            _note(stores, actor, "people.deactivate", user.id, active=(user.active, False))

        self._change(actor, login, change)

    def activate(self, actor: Actor, login: str) -> None:
        """The person comes back, with the roles and practices of before; a password is to be set anew."""

        def change(stores: Stores, user: UserRow) -> None:
            stores.people.set_active(user.id, active=True)
            self._admit(stores, user.login)
            _note(stores, actor, "people.activate", user.id, active=(user.active, True))

        self._change(actor, login, change)

    def _change(self, actor: Actor, login: str, change: Callable[[Stores, UserRow], None]) -> None:
        actor.require(Permission.SETUP)
        with self._database.transaction() as stores:
            user = stores.office.user(clean_login(login))
            if user is None:
                raise NotFoundError(f"There is no person {login}.")
            change(stores, user)

    def _admit(self, stores: Stores, login: str) -> None:
        """On PostgreSQL each person has a role of their own, which the rows they see are bound to."""
        if self._database.dialect == "postgresql":
            admit(stores.connection, login, database_key(self._secrets))

    def _welcome(self, login: str) -> int:
        """Adds the user; two processes that start at once find the same one."""
        with self._database.transaction() as stores:
            user = stores.office.user(login)
            return stores.office.add_user(login, login) if user is None else user.id


def roles_of(words: Iterable[str]) -> frozenset[Role]:
    """Stored words that are roles of this version; a word that is none grants nothing."""
    return frozenset(role for role in Role if role.value in frozenset(words))


def _actor(stores: Stores, user: UserRow) -> Actor:
    if not user.active:
        raise NotPermittedError("You no longer work here. Ask your administrator.")
    roles = roles_of(user.roles)
    practices = _every_practice(stores) if roles & SEES_EVERY_PRACTICE else user.practice_ids
    return Actor(
        user.id,
        user.login,
        user.name,
        practices,
        permissions_of(roles),
        sees_unassigned=bool(roles & SEES_UNASSIGNED),
    )


def _every_practice(stores: Stores) -> frozenset[int]:
    return frozenset(practice.id for practice in stores.office.practices())


def _person(user: UserRow, practices: dict[int, str]) -> Person:
    names = sorted(practices[practice_id] for practice_id in user.practice_ids if practice_id in practices)
    return Person(
        user.id, user.login, user.name, user.active, tuple(sorted(roles_of(user.roles))), tuple(names)
    )


def _practice_ids(stores: Stores, names: Iterable[str]) -> list[int]:
    known = {practice.name.casefold(): practice.id for practice in stores.office.practices()}
    missing = [name for name in names if name.casefold() not in known]
    if missing:
        raise NotFoundError(f"There is no practice {', '.join(missing)}.")
    return sorted({known[name.casefold()] for name in names})


def _keep_an_administrator(stores: Stores) -> None:
    if not stores.people.active_with_role(Role.ADMINISTRATOR):
        raise RefusedError("At least one administrator must stay. Make somebody else one first.")


def _note(stores: Stores, actor: Actor, action: str, user_id: int, **changes: tuple[object, object]) -> None:
    """The audit row; `changes` are pairs of before and after."""
    stores.audit.add(
        actor,
        action,
        "user",
        user_id,
        before={key: before for key, (before, _) in changes.items()},
        after={key: after for key, (_, after) in changes.items()},
    )
