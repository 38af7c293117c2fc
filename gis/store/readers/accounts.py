"""Accounts, for the sign-in and for the system administrator."""

from __future__ import annotations

from sqlalchemy import func, select

from gis.model.accounts import Account, DisplayToken, SignIn
from gis.model.ids import OrgId, UserId
from gis.store.readers.base import ScopedReads
from gis.store.schema import DisplayTokenRow, ScopeRow, SignInRow, UserRow


class AccountReads(ScopedReads):
    """Accounts; not narrowed by scope: services ask for `MANAGE_USERS`, or hold the very token or name."""

    def account_named(self, username: str) -> tuple[Account, str] | None:
        """Return the account and its password hash, for the sign-in only."""
        row = self.session.scalar(select(UserRow).where(UserRow.username == username))
        return (self._account(row), row.password_hash) if row else None

    def accounts(self) -> tuple[Account, ...]:
        """List accounts by name."""
        return tuple(self._account(row) for row in self.session.scalars(select(UserRow).order_by(UserRow.username)))

    def has_accounts(self) -> bool:
        """Whether anybody can sign in at all."""
        return bool(self.session.scalar(select(func.count()).select_from(UserRow)))

    def sign_in(self, token_hash: str) -> SignIn | None:
        """Return the session of this token's hash."""
        row = self.session.get(SignInRow, token_hash)
        user = self.session.get(UserRow, row.user_id) if row else None
        if row is None or user is None:
            return None
        return SignIn(row.token_hash, self._account(user), row.created_at, row.seen_at)

    def display_token(self, token_hash: str) -> DisplayToken | None:
        """Return the display token of this hash, also an ended one."""
        row = self.session.scalar(select(DisplayTokenRow).where(DisplayTokenRow.token_hash == token_hash))
        return display_of(row) if row else None

    def display_tokens(self) -> tuple[DisplayToken, ...]:
        """List all display tokens by id; their hashes stay here."""
        rows = self.session.scalars(select(DisplayTokenRow).order_by(DisplayTokenRow.id))
        return tuple(display_of(row) for row in rows)

    def _account(self, row: UserRow) -> Account:
        roots = self.session.scalars(select(ScopeRow.org_id).where(ScopeRow.user_id == row.id))
        return Account(
            id=UserId(row.id),
            username=row.username,
            display_name=row.display_name,
            role=row.role,
            org_roots=frozenset(OrgId(org) for org in roots),
            is_active=row.is_active,
            must_change=row.must_change,
            failures=row.failures,
            locked_until=row.locked_until,
            version=row.version,
        )


def display_of(row: DisplayTokenRow) -> DisplayToken:
    """Row to model."""
    return DisplayToken(row.id, row.name, row.created_at, row.created_by, row.expires_at, row.revoked_at)
