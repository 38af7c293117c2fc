"""Accounts as services and screens see them; password hashes never leave the store and the account service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from gis.model.access import Role
    from gis.model.ids import OrgId, UserId


@dataclass(frozen=True, slots=True)
class Account:
    """账号, without its secret."""

    id: UserId
    username: str
    display_name: str
    role: Role
    org_roots: frozenset[OrgId]
    is_active: bool = True
    must_change: bool = False
    failures: int = 0
    locked_until: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class SignIn:
    """One signed-in browser; the token itself is known to the browser only."""

    token_hash: str
    account: Account
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class DisplayToken:
    """What lets a screen on the wall in: counts only, until it expires or is revoked (times in UTC)."""

    id: int
    name: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it lets a screen in."""
        return self.revoked_at is None and now < self.expires_at
