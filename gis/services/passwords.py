"""Passwords: argon2id, how good they must be, and first ones that can be read aloud."""

from __future__ import annotations

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from gis.errors import InputError

MIN_PASSWORD = 10
MIN_CLASSES = 3
AT_ONCE = 4  # passwords checked side by side: each check takes 64 MB for a moment
# Without look-alikes (0O1lI), so that it can be read from a screen and typed.
_READABLE = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_hasher = PasswordHasher()
_turns = BoundedSemaphore(AT_ONCE)


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with _turns:
        return _hasher.hash(_bytes(password))


def matches(password_hash: str, password: str) -> bool:
    """Whether this is the password."""
    with _turns:
        try:
            return _hasher.verify(password_hash, _bytes(password))
        except VerificationError:
            return False


def matches_nobody(password: str) -> None:
    """Take as long as a real check, so that names cannot be guessed by time."""
    matches(_nobody(), password)


@cache
def _nobody() -> str:
    return hash_password(secrets.token_hex(16))


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")  # half a character is a wrong password, not an error


def check_password(password: str) -> None:
    """Refuse a password that is too short or uses too few kinds of characters."""
    kinds = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
    found = sum(any(kind(letter) for letter in password) for kind in kinds)
    if len(password) < MIN_PASSWORD or found < MIN_CLASSES:
        msg = f"口令至少 {MIN_PASSWORD} 位，大写、小写、数字、符号四类中至少三类"
        raise InputError(msg)


def random_password(length: int = 12) -> str:
    """Return a random password of three kinds of characters that can be read aloud."""
    while True:
        text = "".join(secrets.choice(_READABLE) for _ in range(length))
        if any(c.islower() for c in text) and any(c.isupper() for c in text) and any(c.isdigit() for c in text):
            return text
