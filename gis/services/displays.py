"""大屏令牌: what lets a screen on the wall in. It belongs to nobody, sees counts only and ends when it is revoked."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from gis.errors import InputError, SignInError
from gis.model.access import Action, Actor, Role, scope_for
from gis.services.access import require
from gis.services.kept_answers import KeptAnswers
from gis.services.kpi import read_kpis

if TYPE_CHECKING:
    from gis.model.accounts import DisplayToken
    from gis.model.kpis import KpiBoard
    from gis.store.database import Store

MAX_DAYS, MAX_NAME = 366, 64
_kept = KeptAnswers(16)


def add_display(actor: Actor, store: Store, name: str, days: int) -> tuple[DisplayToken, str]:
    """Let a screen in for so many days; the token is kept nowhere else and said only here.

    Raises
    ------
    InputError
        No name, or a term that is not 1 to 366 days.
    """
    require(actor, Action.MANAGE_USERS)
    name = name.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        msg = f"请写明是哪一块大屏，1 到 {MAX_NAME} 个字"
        raise InputError(msg)
    if not 1 <= days <= MAX_DAYS:
        msg = f"有效天数请填 1 到 {MAX_DAYS}"
        raise InputError(msg)
    token = secrets.token_urlsafe(32)
    with store.writing(actor, Action.MANAGE_USERS, "开通大屏") as writer:
        number = writer.add_display_token(name, _digest(token), writer.now + timedelta(days=days))
        writer.say("开通大屏", display=number, days=days)
        made = next(one for one in writer.display_tokens() if one.id == number)
    return made, token


def list_displays(actor: Actor, store: Store) -> tuple[DisplayToken, ...]:
    """List all screens, also those that have ended."""
    require(actor, Action.MANAGE_USERS)
    with store.reading(actor.scope) as reader:
        return reader.display_tokens()


def revoke_display(actor: Actor, store: Store, number: int) -> None:
    """Turn a screen away from its next request on.

    Raises
    ------
    NotFoundError
        There is no such screen.
    """
    require(actor, Action.MANAGE_USERS)
    with store.writing(actor, Action.MANAGE_USERS, "停用大屏") as writer:
        writer.revoke_display_token(number)
        writer.say("停用大屏", display=number)


def display_for_token(store: Store, token: str) -> DisplayToken:
    """Return the screen that holds this token.

    Raises
    ------
    SignInError
        There is none, it has expired, or it was revoked.
    """
    with store.reading(None) as reader:
        found = reader.display_token(_digest(token)) if token else None
    if found is None or not found.is_open(store.clock()):
        msg = "大屏令牌无效、已到期或已停用，请联系系统管理员"
        raise SignInError(msg)
    return found


def actor_of_display(display: DisplayToken) -> Actor:
    """Return the acting side of a screen: counts of the whole street, nobody's name."""
    role = Role.VIEWER_BIG_SCREEN
    return Actor(name=f"大屏{display.id}", role=role, scope=scope_for(role, frozenset()), display_name=display.name)


def board_now(actor: Actor, store: Store) -> KpiBoard:
    """Return the board as of this moment; counted anew only where something or the day has changed."""
    require(actor, Action.VIEW_KPIS)
    now = store.clock()
    board = _kept.answer(actor, store, "board", lambda: read_kpis(actor, store))
    return replace(board, as_of=now)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
