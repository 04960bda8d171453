"""How passwords are kept: argon2id with the second recommendation of RFC 9106 (64 MiB, 3 passes, 4 lanes)."""

import argon2

from workbench.errors import RefusedError

# NIST SP 800-63B: length protects, rules about kinds of characters do not.
SHORTEST, LONGEST = 12, 200
FEWEST_CHARACTERS = 5  # different ones: "aaaaaaaaaaaa" is long and no password

_hasher = argon2.PasswordHasher()
# Compared when there is no such login, so that the time of an answer does not tell whether there is.
_NOBODY = _hasher.hash("the password of nobody")


def hash_password(login: str, password: str) -> str:
    """The hash to store. Raises RefusedError with what is wrong about the password."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise RefusedError(f"A password has {SHORTEST} to {LONGEST} characters. Several words are best.")
    if len(set(password)) < FEWEST_CHARACTERS or login.casefold() in password.casefold():
        raise RefusedError(
            "Choose a password that cannot be guessed: not the login, not one letter repeated."
        )
    return _hasher.hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Whether the password is the one of the hash; takes as long when there is no hash."""
    try:
        _hasher.verify(stored or _NOBODY, password[: LONGEST + 1])
    except argon2.exceptions.VerificationError:
        return False
    return stored is not None


def is_old(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)
