"""Accounts and sign-in: local passwords (argon2id), sessions held by hash, no default password anywhere."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError, SignInError
from gis.model.access import Action, Actor, Role, Scope, scope_for
from gis.model.enums import CommunityKind
from gis.services.access import require, require_orgs
from gis.services.passwords import check_password, hash_password, matches, matches_nobody, random_password

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gis.config import Settings
    from gis.model.accounts import Account
    from gis.model.ids import OrgId, UserId
    from gis.store.database import Store
    from gis.store.writer import Writer

MAX_FAILURES = 5  # then locked, GB/T 22239-2019 8.1.4.1 as read in domain.md 2B
LOCK_MINUTES = 15
MAX_NAME = 64
KEEP_SIGN_INS_DAYS = 2  # longer than any session may last; rows of ended sessions go after that
ADMIN_NAME = "admin"
_WRONG = "登录名或口令不正确"

#: The program itself, for acts before anybody has signed in.
SYSTEM = Actor(name="系统", role=Role.SYS_ADMIN, scope=Scope(whole_street=True))


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What the administrator fills in."""

    username: str
    display_name: str
    role: Role
    org_ids: tuple[OrgId, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One sign-in of the made-up street, printed by `jiujin sample`."""

    username: str
    password: str
    role: str
    org: str


def sign_in(store: Store, username: str, password: str, *, address: str = "") -> str:
    """Return a new session token.

    Raises
    ------
    SignInError
        Wrong name or password (the same words for both), a disabled account, or a lock after five failures.
    """
    with store.reading(None) as reader:  # no name holds what cannot be printed, and not every database takes it
        found = reader.account_named(username.strip()) if username.isprintable() else None
    if found is None:
        matches_nobody(password)  # takes as long as a real check, so names cannot be guessed by time
        raise SignInError(_WRONG)
    account, password_hash = found
    _check_lock(store, account)
    actor = actor_of(account)
    if not matches(password_hash, password):
        _note_failure(store, actor, username)
        raise SignInError(_WRONG)
    if not account.is_active:
        msg = "账号已停用，请联系系统管理员"
        raise SignInError(msg)
    token = secrets.token_urlsafe(32)
    with store.writing(actor, Action.SIGN_IN, "登录成功") as writer:
        _check_standing(store, writer, account, password_hash)
        writer.note_attempt(account.id, failures=0, locked_until=None)
        writer.drop_sign_ins(unseen_since=writer.now - timedelta(days=KEEP_SIGN_INS_DAYS))
        writer.begin_sign_in(_digest(token), account.id, address)
    return token


def _check_lock(store: Store, account: Account) -> None:
    now = store.clock()
    if account.locked_until and account.locked_until > now:
        minutes = int((account.locked_until - now).total_seconds() // 60) + 1
        msg = f"口令连续输错 {MAX_FAILURES} 次，账号已锁定，请 {minutes} 分钟后再试"
        raise SignInError(msg)


def _check_standing(store: Store, writer: Writer, before: Account, password_hash: str) -> None:
    """Look again inside the transaction: guesses sent side by side may have locked the account in the meantime."""
    found = writer.account_named(before.username)
    if found is None or not found[0].is_active or found[1] != password_hash:
        raise SignInError(_WRONG)
    _check_lock(store, found[0])


def _note_failure(store: Store, actor: Actor, username: str) -> None:
    with store.writing(actor, Action.SIGN_IN, "口令错误") as writer:
        found = writer.account_named(username.strip())
        if found is None:
            return
        failures = found[0].failures + 1
        if failures < MAX_FAILURES:
            writer.note_attempt(found[0].id, failures=failures, locked_until=found[0].locked_until)
            return
        until = store.clock() + timedelta(minutes=LOCK_MINUTES)
        writer.note_attempt(found[0].id, failures=0, locked_until=until)
        writer.say("口令错误，账号锁定")


def account_for_token(store: Store, token: str, *, settings: Settings, is_touch: bool = True) -> Account:
    """Return the account that holds this token.

    `is_touch` False leaves the idle clock alone (for refreshes that nobody asked for).

    Raises
    ------
    SignInError
        No such session, it has ended, or the account was disabled.
    """
    msg = "登录已过期，请重新登录"
    if not token:
        raise SignInError(msg)
    with store.reading(None) as reader:
        found = reader.sign_in(_digest(token))
    now = store.clock()
    if found is None or not found.account.is_active:
        raise SignInError(msg)
    is_idle = now - found.seen_at > timedelta(minutes=settings.idle_minutes)
    if is_idle or now - found.created_at > timedelta(hours=settings.session_hours):
        raise SignInError(msg)
    if is_touch and now - found.seen_at > timedelta(seconds=30):  # a write per click would be waste
        store.touch_sign_in(found.token_hash)
    return found.account


def actor_for_token(store: Store, token: str, *, settings: Settings, is_touch: bool = True) -> Actor:
    """Return who holds this token; raises SignInError as `account_for_token` does."""
    return actor_of(account_for_token(store, token, settings=settings, is_touch=is_touch))


def actor_of(account: Account) -> Actor:
    """Return the acting side of an account."""
    return Actor(
        name=account.username,
        role=account.role,
        scope=scope_for(account.role, account.org_roots),
        user_id=account.id,
        display_name=account.display_name,
    )


def sign_out(actor: Actor, store: Store, token: str) -> None:
    """End the session of this token."""
    with store.writing(actor, Action.SIGN_IN, "退出登录") as writer:
        writer.end_sign_in(_digest(token))


def ensure_administrator(store: Store) -> str | None:
    """Create the administrator of an empty database; returns the password, which is kept nowhere else.

    None where accounts exist already.
    """
    with store.reading(None) as reader:
        if reader.has_accounts():
            return None
    password = random_password()
    with store.writing(SYSTEM, Action.MANAGE_USERS, "首次启动建立系统管理员") as writer:
        if writer.has_accounts():
            return None
        writer.add_account(ADMIN_NAME, "系统管理员", Role.SYS_ADMIN, hash_password(password), must_change=True)
    return password


def list_accounts(actor: Actor, store: Store) -> tuple[Account, ...]:
    """List all accounts, for the system administrator."""
    require(actor, Action.MANAGE_USERS)
    with store.reading(actor.scope) as reader:
        return reader.accounts()


def add_account(actor: Actor, store: Store, new: NewAccount, password: str | None = None) -> str:
    """Open an account and return its first password, which must be changed at the first sign-in.

    Raises
    ------
    InputError
        The name is taken or not usable, or the role needs organisations.
    """
    require(actor, Action.MANAGE_USERS)
    username = new.username.strip()
    is_plain = username.isprintable() and not any(letter.isspace() for letter in username)
    if not username or len(username) > MAX_NAME or not is_plain:
        msg = f"登录名请填 1 到 {MAX_NAME} 个字符，中间不要有空格"
        raise InputError(msg)
    _check_scope(new.role, new.org_ids)
    first = password or random_password()
    with store.writing(actor, Action.MANAGE_USERS, "开设账号") as writer:
        if writer.account_named(username) is not None:
            msg = f"登录名 {username} 已被使用，请换一个"
            raise InputError(msg)
        require_orgs(actor, writer, new.org_ids)
        user_id = writer.add_account(
            username, new.display_name.strip() or username, new.role, hash_password(first), must_change=password is None
        )
        writer.set_scope(user_id, new.org_ids)
        writer.say("开设账号", account=user_id, role=new.role.value, orgs=sorted(new.org_ids))
    return first


def _check_scope(role: Role, org_ids: Collection[OrgId]) -> None:
    if not org_ids and role not in _OFFICE_ROLES and not scope_for(role, frozenset()).whole_street:
        msg = f"{role.label}需要指定所管的组织"
        raise InputError(msg)


def orgs_named(actor: Actor, store: Store, names: Sequence[str]) -> tuple[OrgId, ...]:
    """Return the organisations with these names, for an account's scope.

    Raises
    ------
    NotFoundError
        A name is unknown.
    """
    require(actor, Action.MANAGE_USERS)
    with store.reading(actor.scope) as reader:
        ids = {org.name: org.id for org in reader.orgs() if org.id is not None}
    unknown = [name for name in names if name not in ids]
    if unknown:
        msg = f"没有组织：{'、'.join(unknown)}"
        raise NotFoundError(msg)
    return tuple(ids[name] for name in names)


_OFFICE_ROLES = frozenset({Role.SEC_ADMIN, Role.AUDIT_ADMIN})


def reset_password(actor: Actor, store: Store, user_id: UserId) -> str:
    """Set a new random password and return it; the account's sessions end."""
    require(actor, Action.MANAGE_USERS)
    password = random_password()
    with store.writing(actor, Action.MANAGE_USERS, "重置口令") as writer:
        writer.set_password(user_id, hash_password(password), must_change=True)
        writer.say("重置口令", account=user_id)
    return password


def set_active(actor: Actor, store: Store, user_id: UserId, *, is_active: bool) -> None:
    """Enable or disable an account; nobody disables themselves."""
    require(actor, Action.MANAGE_USERS)
    if not is_active and user_id == actor.user_id:
        msg = "不能停用自己的账号"
        raise InputError(msg)
    with store.writing(actor, Action.MANAGE_USERS) as writer:
        writer.set_active(user_id, is_active=is_active)
        writer.say("启用账号" if is_active else "停用账号", account=user_id)


def set_account_scope(actor: Actor, store: Store, user_id: UserId, org_ids: Collection[OrgId]) -> None:
    """Replace the organisations an account reaches.

    Raises
    ------
    NotFoundError
        There is no such account.
    InputError
        The account's role needs organisations.
    """
    require(actor, Action.MANAGE_USERS)
    with store.writing(actor, Action.MANAGE_USERS) as writer:
        account = next((one for one in writer.accounts() if one.id == user_id), None)
        if account is None:
            msg = "账号不存在"
            raise NotFoundError(msg)
        _check_scope(account.role, org_ids)
        require_orgs(actor, writer, org_ids)
        writer.set_scope(user_id, org_ids)
        writer.say("调整账号范围", account=user_id, before=sorted(account.org_roots), after=sorted(org_ids))


def change_password(actor: Actor, store: Store, old: str, new: str) -> None:
    """Change one's own password; all sessions end.

    Raises
    ------
    SignInError
        The old password is wrong, or has been wrong five times.
    InputError
        The new one is too short or too simple.
    """
    with store.reading(None) as reader:
        found = reader.account_named(actor.name)
    if found is None:
        msg = "账号不存在"
        raise NotFoundError(msg)
    account, password_hash = found
    _check_lock(store, account)  # whoever sits down at an open screen must not guess here either
    if not matches(password_hash, old):
        _note_failure(store, actor, account.username)
        msg = "原口令不正确"
        raise SignInError(msg)
    check_password(new)
    if matches(password_hash, new):
        msg = "新口令不能与原口令相同"
        raise InputError(msg)
    with store.writing(actor, Action.SIGN_IN, "修改口令") as writer:
        _check_standing(store, writer, account, password_hash)
        writer.set_password(account.id, hash_password(new), must_change=False)


def create_demo_accounts(actor: Actor, store: Store) -> tuple[DemoAccount, ...]:
    """Open sign-ins for the made-up street, one a role, with random passwords.

    Existing demo accounts keep their names and get new passwords.
    """
    with store.reading(actor.scope) as reader:
        orgs = reader.orgs()
    branch = next((org for org in orgs if org.is_branch and _is_moving(org.parent_id, orgs)), None)
    branch = branch or next((org for org in orgs if org.is_branch), None)
    village = next((org for org in orgs if branch and org.id == branch.parent_id), None)
    wanted = [
        (NewAccount(ADMIN_NAME, "系统管理员", Role.SYS_ADMIN), ""),
        (NewAccount("zuzhi", "街道组织员（演示）", Role.STREET_CLERK), "全街道"),
        (NewAccount("lingdao", "街道领导（演示）", Role.STREET_LEADER), "全街道"),
    ]
    if village is not None and village.id is not None:
        wanted.append((NewAccount("cun", "村书记（演示）", Role.VILLAGE_SECRETARY, (village.id,)), village.name))
    if branch is not None and branch.id is not None:
        below = (("zhibu", Role.BRANCH_SECRETARY), ("zuzhang", Role.GROUP_LEADER), ("lianluo", Role.LIAISON))
        wanted += [(NewAccount(name, f"{role.label}（演示）", role, (branch.id,)), branch.name) for name, role in below]
    return tuple(_demo(store, new, org) for new, org in wanted)


def _is_moving(org_id: OrgId | None, orgs: Collection[object]) -> bool:
    return any(
        getattr(org, "id", None) == org_id and getattr(org, "community_kind", None) is CommunityKind.DEMOLITION_VILLAGE
        for org in orgs
    )


def _demo(store: Store, new: NewAccount, org: str) -> DemoAccount:
    password = random_password()
    with store.writing(SYSTEM, Action.MANAGE_USERS, "建立演示账号") as writer:
        found = writer.account_named(new.username)
        if found is None:
            user_id = writer.add_account(new.username, new.display_name, new.role, hash_password(password))
        else:
            user_id = found[0].id
            writer.set_password(user_id, hash_password(password), must_change=False)
        writer.set_scope(user_id, new.org_ids)
    return DemoAccount(new.username, password, new.role.label, org)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
