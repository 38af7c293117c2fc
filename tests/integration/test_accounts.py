"""Sign-in: no default password, a lock after five failures, sessions that end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gis.config import Settings
from gis.errors import DeniedError, InputError, SignInError
from gis.model.access import Role, operator
from gis.services import accounts

if TYPE_CHECKING:
    from gis.store.database import Store

SETTINGS = Settings(idle_minutes=30, session_hours=12)


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 9, 0, 0)  # noqa: DTZ001  # the database holds naive UTC

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(store: Store) -> Clock:
    moved = Clock()
    store.clock = moved
    return moved


@pytest.fixture
def password(store: Store, clock: Clock) -> str:
    found = accounts.ensure_administrator(store)
    assert found is not None
    return found


def test_the_first_start_makes_one_administrator_and_says_the_password_once(store: Store, password: str):
    assert accounts.ensure_administrator(store) is None
    token = accounts.sign_in(store, "admin", password)
    actor = accounts.actor_for_token(store, token, settings=SETTINGS)
    assert (actor.name, actor.role) == ("admin", Role.SYS_ADMIN)
    assert accounts.account_for_token(store, token, settings=SETTINGS).must_change


def test_a_wrong_name_and_a_wrong_password_read_the_same(store: Store, password: str):
    with pytest.raises(SignInError) as wrong_name:
        accounts.sign_in(store, "nobody", password)
    with pytest.raises(SignInError) as wrong_password:
        accounts.sign_in(store, "admin", password + "x")
    assert str(wrong_name.value) == str(wrong_password.value)


def test_five_failures_lock_for_a_quarter_of_an_hour(store: Store, clock: Clock, password: str):
    for _ in range(5):
        with pytest.raises(SignInError):
            accounts.sign_in(store, "admin", "wrong")
    with pytest.raises(SignInError, match="已锁定"):
        accounts.sign_in(store, "admin", password)
    clock.now += timedelta(minutes=16)
    assert accounts.sign_in(store, "admin", password)


def test_a_session_ends_when_idle_and_at_the_latest_after_its_hours(store: Store, clock: Clock, password: str):
    token = accounts.sign_in(store, "admin", password)
    clock.now += timedelta(minutes=29)
    accounts.actor_for_token(store, token, settings=SETTINGS)
    clock.now += timedelta(minutes=29)
    accounts.actor_for_token(store, token, settings=SETTINGS)
    clock.now += timedelta(minutes=31)
    with pytest.raises(SignInError):
        accounts.actor_for_token(store, token, settings=SETTINGS)


def test_a_refresh_nobody_asked_for_does_not_keep_a_session_alive(store: Store, clock: Clock, password: str):
    token = accounts.sign_in(store, "admin", password)
    clock.now += timedelta(minutes=20)
    accounts.actor_for_token(store, token, settings=SETTINGS, is_touch=False)
    clock.now += timedelta(minutes=20)
    with pytest.raises(SignInError):
        accounts.actor_for_token(store, token, settings=SETTINGS)


def test_signing_out_ends_the_session_at_once(store: Store, password: str):
    token = accounts.sign_in(store, "admin", password)
    actor = accounts.actor_for_token(store, token, settings=SETTINGS)
    accounts.sign_out(actor, store, token)
    with pytest.raises(SignInError):
        accounts.actor_for_token(store, token, settings=SETTINGS)


def test_a_disabled_account_is_out_at_once(store: Store, password: str):
    first = accounts.add_account(
        accounts.SYSTEM, store, accounts.NewAccount("zuzhi", "组织员", Role.STREET_CLERK), None
    )
    token = accounts.sign_in(store, "zuzhi", first)
    user = accounts.actor_for_token(store, token, settings=SETTINGS)
    assert user.user_id is not None
    accounts.set_active(accounts.SYSTEM, store, user.user_id, is_active=False)
    with pytest.raises(SignInError):
        accounts.actor_for_token(store, token, settings=SETTINGS)
    with pytest.raises(SignInError, match="已停用"):
        accounts.sign_in(store, "zuzhi", first)


def test_only_the_system_administrator_opens_accounts(store: Store, password: str):
    with pytest.raises(DeniedError):
        accounts.add_account(operator(), store, accounts.NewAccount("x", "x", Role.STREET_CLERK))


def test_a_name_is_given_once(store: Store, password: str):
    with pytest.raises(InputError, match="已被使用"):
        accounts.add_account(accounts.SYSTEM, store, accounts.NewAccount("admin", "x", Role.STREET_CLERK))


def test_a_new_password_must_be_long_and_mixed(store: Store, password: str):
    token = accounts.sign_in(store, "admin", password)
    actor = accounts.actor_for_token(store, token, settings=SETTINGS)
    with pytest.raises(InputError):
        accounts.change_password(actor, store, password, "short1A")
    with pytest.raises(SignInError):
        accounts.change_password(actor, store, "not it", "Qinghe-2026-x")
    accounts.change_password(actor, store, password, "Qinghe-2026-x")
    with pytest.raises(SignInError):
        accounts.actor_for_token(store, token, settings=SETTINGS)
    token = accounts.sign_in(store, "admin", "Qinghe-2026-x")
    assert not accounts.account_for_token(store, token, settings=SETTINGS).must_change
