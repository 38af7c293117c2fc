"""Writes of accounts, scopes and sign-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from gis.errors import NotFoundError
from gis.model.ids import UserId
from gis.store.schema import DisplayTokenRow, ScopeRow, SignInRow, UserRow
from gis.store.writers.base import Writes

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from gis.model.access import Role
    from gis.model.ids import OrgId


class AccountWrites(Writes):
    """Open, change and close accounts; begin and end sign-ins."""

    def add_account(
        self, username: str, display_name: str, role: Role, password_hash: str, *, must_change: bool = False
    ) -> UserId:
        """Open an account."""
        row = UserRow(
            username=username,
            display_name=display_name,
            role=role,
            password_hash=password_hash,
            is_active=True,
            must_change=must_change,
            failures=0,
        )
        self.session.add(row)
        self.session.flush()
        return UserId(row.id)

    def set_scope(self, user_id: UserId, org_ids: Collection[OrgId]) -> None:
        """Replace the organisations an account reaches."""
        self.session.execute(delete(ScopeRow).where(ScopeRow.user_id == user_id))
        self.session.add_all(ScopeRow(user_id=user_id, org_id=org) for org in sorted(org_ids))
        self.session.flush()

    def set_password(self, user_id: UserId, password_hash: str, *, must_change: bool) -> None:
        """Replace the password and end all sign-ins of the account."""
        row = self._user(user_id)
        row.password_hash, row.must_change, row.failures, row.locked_until = password_hash, must_change, 0, None
        self.end_sign_ins(user_id)

    def set_active(self, user_id: UserId, *, is_active: bool) -> None:
        """Enable or disable an account; disabling ends its sign-ins."""
        self._user(user_id).is_active = is_active
        if not is_active:
            self.end_sign_ins(user_id)

    def note_attempt(self, user_id: UserId, *, failures: int, locked_until: datetime | None) -> None:
        """Keep the count of failed sign-ins and the lock."""
        row = self._user(user_id)
        row.failures, row.locked_until = failures, locked_until

    def begin_sign_in(self, token_hash: str, user_id: UserId, address: str) -> None:
        """Begin a session."""
        self.session.add(
            SignInRow(token_hash=token_hash, user_id=user_id, created_at=self.now, seen_at=self.now, address=address)
        )

    def drop_sign_ins(self, *, unseen_since: datetime) -> None:
        """Remove the rows of sessions that nobody has used since then."""
        self.session.execute(delete(SignInRow).where(SignInRow.seen_at < unseen_since))

    def end_sign_in(self, token_hash: str) -> None:
        """End one session."""
        self.session.execute(delete(SignInRow).where(SignInRow.token_hash == token_hash))

    def end_sign_ins(self, user_id: UserId) -> None:
        """End all sessions of an account."""
        self.session.execute(delete(SignInRow).where(SignInRow.user_id == user_id))

    def add_display_token(self, name: str, token_hash: str, expires_at: datetime) -> int:
        """Keep a new display token by its hash."""
        row = DisplayTokenRow(name=name, token_hash=token_hash, expires_at=expires_at)
        self.session.add(row)
        self.session.flush()
        return row.id

    def revoke_display_token(self, number: int) -> None:
        """End a display token; one that has ended stays as it is."""
        row = self.session.get(DisplayTokenRow, number)
        if row is None:
            msg = f"没有编号为 {number} 的大屏令牌"
            raise NotFoundError(msg)
        row.revoked_at = row.revoked_at or self.now

    def _user(self, user_id: UserId) -> UserRow:
        row = self.session.scalar(select(UserRow).where(UserRow.id == user_id))
        if row is None:
            msg = "账号不存在"
            raise NotFoundError(msg)
        return row
