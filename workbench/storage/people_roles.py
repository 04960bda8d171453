"""Each person's own login role on PostgreSQL: made, shut out, and the URL that signs in with it.

A role is named `<database>.<login>`, for roles belong to the whole server and people to one database. Its
password is never stored: it is computed from the office's key (`WORKBENCH_HOME/secrets/database.key`) and the
role's name. The role of a new person holds nothing but membership in the group `<database>/people`, whose
grants say which tables can be reached at all; which rows, the policies of `row_security` say.
"""

import hashlib
import hmac
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, make_url

from workbench.errors import SetUpError
from workbench.storage.row_security.ddl import grants
from workbench.storage.tables.office import user_roles, users

LONGEST_NAME = 63  # bytes of a role's name in PostgreSQL


def admit(owner: Connection, login: str, key: bytes) -> None:
    """Lets a person sign in to PostgreSQL; makes the role or opens it again. Part of the running transaction.

    `owner` is a connection with the owner's role. Raises SetUpError when that role may not make roles, or when
    the names of database and person are too long together. Does nothing on SQLite.
    """
    if owner.dialect.name != "postgresql":
        return
    database = _database(owner)
    role = _role(database, login)
    driver: Any = owner.connection.driver_connection
    verifier = driver.pgconn.encrypt_password(
        _password(role, key).encode(), role.encode(), b"scram-sha-256"
    ).decode()
    try:
        ensure_group(owner, database)
        if not _exists(owner, role):
            group = _quoted(owner, _group(database))
            owner.exec_driver_sql(f"CREATE ROLE {_quoted(owner, role)} NOLOGIN IN ROLE {group}")
        # What the server keeps of the password, not the password: statements are logged.
        owner.exec_driver_sql(f"ALTER ROLE {_quoted(owner, role)} LOGIN PASSWORD '{verifier}'")
    except sa.exc.ProgrammingError as fault:
        if isinstance(fault.orig, psycopg.errors.InsufficientPrivilege):
            raise SetUpError(
                "The role that owns the database may not make roles for people: ALTER ROLE <owner> CREATEROLE."
            ) from None
        raise


def readmit(owner: Connection, key: bytes) -> None:
    """Admits everybody who is active and has a role: for a database that comes from elsewhere."""
    logins = owner.scalars(
        sa.select(users.c.login)
        .where(users.c.active, users.c.id.in_(sa.select(user_roles.c.user_id)))
        .order_by(users.c.login)
    ).all()
    for login in logins:
        admit(owner, login, key)


def dismiss(owner: Connection, login: str) -> None:
    """Shuts a person out of PostgreSQL and ends what they have open; the role stays, as do the person's acts."""
    if owner.dialect.name != "postgresql":
        return
    role = _role(_database(owner), login)
    if _exists(owner, role):
        owner.exec_driver_sql(f"ALTER ROLE {_quoted(owner, role)} NOLOGIN")
        owner.execute(
            # An owner who may not end sessions leaves them: the policies show an inactive person nothing.
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename = :role AND pg_has_role(usename, 'USAGE')"
            ),
            {"role": role},
        )


def person_url(owner_url: str, login: str, key: bytes) -> str:
    """The URL that signs in as the person. A SQLite URL is given back as it is: a file has no roles."""
    url: URL = make_url(owner_url)
    if url.get_backend_name() != "postgresql":
        return owner_url
    role = _role(str(url.database), login)
    return url.set(username=role, password=_password(role, key)).render_as_string(hide_password=False)


def ensure_group(owner: Connection, database: str) -> None:
    """Makes the group of the people when absent, and grants it what this version of the schema has."""
    group = _quoted(owner, _group(database))
    if not _exists(owner, _group(database)):
        owner.exec_driver_sql(f"CREATE ROLE {group} NOLOGIN")
    owner.exec_driver_sql(f"GRANT CONNECT, TEMPORARY ON DATABASE {_quoted(owner, database)} TO {group}")
    for statement in grants(group):
        owner.exec_driver_sql(statement)


def renew_grants(owner: Connection) -> None:
    """After an upgrade: the group, where there is one, reaches the new tables as well."""
    database = _database(owner)
    if _exists(owner, _group(database)):
        ensure_group(owner, database)


def _database(connection: Connection) -> str:
    return str(connection.scalar(sa.select(sa.func.current_database())))


def _quoted(connection: Connection, name: str) -> str:
    quoted: str = connection.dialect.identifier_preparer.quote_identifier(name)
    return quoted


def _group(database: str) -> str:
    return f"{database}/people"


def _role(database: str, login: str) -> str:
    role = f"{database}.{login}"
    if len(role.encode()) > LONGEST_NAME:
        raise SetUpError(
            f"The database's name and a login have {LONGEST_NAME - 1} letters together at most: "
            "choose a shorter login, or a shorter name for the database."
        )
    return role


def _exists(connection: Connection, role: str) -> bool:
    found = connection.scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
    return found is not None


def _password(role: str, key: bytes) -> str:
    return hmac.new(key, role.encode(), hashlib.sha256).hexdigest()
